"""What only a process of its own shows: signals, closed and full streams, exit codes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

LINES = b"The cat sat on the mat.\n" * 20_000
TRANSLATOR = '"$PYTHON" -m translator'
"""In a shell; the path of the interpreter may hold spaces."""


def test_nobody_reads_on(model, start):
    Path("in.txt").write_bytes(LINES)
    process = start("translate", "-m", model, "--input", "in.txt")
    assert process.stdout.readline()
    process.stdout.close()
    process.stdout = None
    told = process.communicate(timeout=120)[1]
    assert process.returncode == 141
    assert b"Traceback" not in told
    assert b"rror" not in told


def test_ctrl_c_while_translating_to_stdout(model, start):
    Path("in.txt").write_bytes(LINES)
    process = start("translate", "-m", model, "--input", "in.txt")
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert b"Traceback" not in told
    printed = (first + rest).count(b"\n")
    assert printed > 0
    assert (first + rest).endswith(b"\n")
    assert f"interrupted: {printed:,} lines of in.txt were translated".encode() in told
    assert f"tail -n +{printed + 1} INPUT".encode() in told


def test_ctrl_c_while_translating_to_a_file(model, start):
    Path("in.txt").write_bytes(b"\xff\n" + LINES)
    Path("out.txt").write_text("as before")
    process = start("translate", "-m", model, "--input", "in.txt", "--output", "out.txt")
    # the first line is told of when its chunk is being translated
    assert b"in.txt:1: invalid UTF-8" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert out == b""
    assert Path("out.txt").read_text() == "as before"
    if b"interrupted: 0 lines" in told:
        assert b"out.txt is as it was before" in told
        assert {path.name for path in Path().iterdir()} == {"in.txt", "out.txt"}
    else:
        assert b"They are kept in out.txt.partial: the same command goes on after them." in told
        assert Path("out.txt.partial").is_dir()


def test_a_full_disk(model, cli):
    result = cli("translate", "-m", model, "--output", "/dev/full", "The cat.")
    assert result.returncode == 2
    assert b"error: /dev/full: No space left on device" in result.stderr
    assert b"Traceback" not in result.stderr


def test_a_full_disk_for_the_translations_of_a_test_set(model, cli):
    Path("test.tsv").write_text("The cat.\tLe chat.\n")
    result = cli("evaluate", "-m", model, "--data", "test.tsv", "--output", "/dev/full")
    assert result.returncode == 2
    assert result.stdout == b""
    assert b"error: /dev/full: No space left on device" in result.stderr
    assert b"Traceback" not in result.stderr


def test_a_full_stdout(model, cli):
    with Path("/dev/full").open("wb") as full:
        options = {"stdout": full, "stderr": subprocess.PIPE, "capture_output": False}
        result = cli("translate", "-m", model, "The cat.", **options)
        short = cli("--help", **options)
    assert result.returncode == 2
    assert b"error: standard output: No space left on device" in result.stderr
    assert short.returncode == 2
    assert b"No space left on device" in short.stderr
    assert b"Traceback" not in result.stderr + short.stderr
    assert b"Exception ignored" not in result.stderr + short.stderr


def shell(command):
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"],
        capture_output=True,
        timeout=120,
        env={**os.environ, "PYTHON": sys.executable},
    )


def test_closed_streams(model):
    told = shell(f"{TRANSLATOR} translate -m '{model}' 'The cat.' >&-")
    assert told.returncode == 2
    assert b"standard output is closed" in told.stderr
    told = shell(f"{TRANSLATOR} translate -m '{model}' <&-")
    assert told.returncode == 2
    assert b"standard input is closed" in told.stderr
    told = shell(f"{TRANSLATOR} translate -m nowhere 'The cat.' 2>&-")
    assert told.returncode == 2
    assert told.stdout == b""


def test_help_into_a_closed_pipe():
    told = shell(f"{TRANSLATOR} train --options | true")
    assert told.returncode in (0, 141)
    assert told.stderr == b""


def test_scores_into_a_closed_pipe():
    Path("h").write_text("Le chat.\n")
    told = shell(f"{TRANSLATOR} evaluate --hypotheses h --references h --json | true")
    assert told.returncode == 141
    assert told.stderr == b""


def test_ctrl_c_while_a_test_set_is_translated(model, start):
    Path("test.tsv").write_text("The cat.\t\n" + "The cat sat on the mat.\tLe chat.\n" * 20_000)
    Path("out.txt").write_text("as before")
    # what is being done is told at once
    code = "from translator import progress; progress.PLAIN_INTERVAL = 0\n"
    code += "from translator.cli.app import main; main()"
    process = start(
        *["evaluate", "-m", model, "--data", "test.tsv", "--output", "out.txt"],
        program=["-c", code],
    )
    told = b""
    while b"translating: " not in told:
        line = process.stderr.readline()
        assert line, told
        told += line
    process.send_signal(signal.SIGINT)
    out, rest = process.communicate(timeout=120)
    assert process.returncode == 130, told + rest
    assert out == b""
    assert rest.endswith(b"interrupted: run the same command again\n")
    assert b"Traceback" not in rest
    assert Path("out.txt").read_text() == "as before"
    assert {path.name for path in Path().iterdir()} == {"test.tsv", "out.txt"}


def test_ctrl_c_while_the_data_are_read(start, own_cache):
    Path("train.tsv").write_text("".join(f"The cat {i}.\tLe chat {i}.\n" for i in range(500_000)))
    process = start("train", "--train", "train.tsv", "-s", "en", "-t", "fr", "--out", "run")
    while not list(own_cache.glob(".partial-*")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=120)
    assert process.returncode == 130, told
    assert out == b""
    assert told == b"interrupted: run the same command again\n"
    assert list(own_cache.iterdir()) == []
    assert not Path("run").exists()


def test_real_bad_input_from_a_shell(model, cli):
    missing = cli("translate", "-m", model, "--input", "missing.txt")
    assert (missing.returncode, missing.stdout) == (2, b"")
    assert missing.stderr == b"error: missing.txt: there is no such file\n"
    option = cli("translate", "--inptu", "x")
    assert option.returncode == 2
    assert b"--input" in option.stderr
    unequal = cli("evaluate", "--hypotheses", __file__, "--references", os.devnull)
    assert unequal.returncode == 2
