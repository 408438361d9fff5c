"""Lines that arrive one by one get their answers one by one."""

import os
import pty
import select
import subprocess
import sys
import time
from pathlib import Path

from translator.cli.arriving import Arriving, is_pipe


def pipe():
    ours, theirs = os.pipe()
    return os.fdopen(ours, "rb", buffering=0), theirs


def test_what_is_there_and_what_is_to_come():
    stream, end = pipe()
    with stream:
        assert is_pipe(stream)
        arriving = Arriving(stream)
        lines = iter(arriving)
        assert arriving.waiting()
        os.write(end, b"one\ntwo\r\nthr")
        assert not arriving.waiting()
        assert next(lines) == b"one\n"
        assert not arriving.waiting()
        assert next(lines) == b"two\r\n"
        assert arriving.waiting(), "half a line is no line"
        os.write(end, b"ee")
        assert arriving.waiting()
        os.write(end, b"\n\nlast")
        assert not arriving.waiting()
        assert [next(lines), next(lines)] == [b"three\n", b"\n"]
        os.close(end)
        assert not arriving.waiting(), "the end is no wait"
        assert list(lines) == [b"last"]
        assert list(lines) == []


def test_a_file_is_no_pipe():
    Path("file").write_bytes(b"x")
    with Path("file").open("rb") as file:
        assert not is_pipe(file)


def read_line(process, seconds):
    """Read a line of the process if there is one in time."""
    if not select.select([process.stdout], [], [], seconds)[0]:
        return None
    return process.stdout.readline()


def test_a_pipe_that_trickles(model, start):
    process = start("translate", "-m", model, "--flush")
    for text in (b"The cat.\n", b"\n", b"A bird\n"):
        process.stdin.write(text)
        answer = read_line(process, 60)
        assert answer is not None
        assert bool(answer.strip()) == bool(text.strip())
    process.stdin.write(b"The cat.\n" * 50 + b"last")
    rest, _ = process.communicate(timeout=60)
    assert rest.count(b"\n") == 50
    assert process.returncode == 0


def test_somebody_types(model):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "translator", "translate", "-m", str(model)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "200"},
    )
    os.close(theirs)
    shown = b""

    def until(text, count=1):
        nonlocal shown
        end = time.monotonic() + 100
        while shown.count(text) < count and time.monotonic() < end:
            if select.select([ours], [], [], 1)[0]:
                shown += os.read(ours, 65536)
        assert shown.count(text) >= count, shown

    until(b"en> ")
    assert b"type en text, a sentence on each line; Ctrl-D ends" in shown
    os.write(ours, b"The cat.\n")
    until(b"en> ", 2)
    os.write(ours, b"\x1b[A\n")  # the line before, once more
    until(b"The cat.", 2)
    until(b"en> ", 3)
    os.write(ours, b"\x04")
    assert process.wait(timeout=60) == 0
    os.close(ours)
