"""On a terminal, training shows a bar; the terminal here is a pseudo-terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


def everything(descriptor: int) -> bytes:
    """Read a terminal until its other end is closed."""
    read = b""
    while True:
        try:
            block = os.read(descriptor, 65536)
        except OSError:  # how Linux tells the end
            return read
        if not block:
            return read
        read += block


@pytest.mark.slow
def test_training_shows_a_bar(
    tiny_run: Callable[..., list[str]], tmp_path: Path, own_cache: Path
) -> None:
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "160", "LINES": "40"}
    process = subprocess.Popen(
        [sys.executable, "-m", "translator", *tiny_run()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
        env=environment,
    )
    os.close(theirs)
    shown = everything(ours).decode()
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 0, shown
    assert out == b""
    assert shown.startswith("Starting…\r         \r")
    assert "\x1b[" in shown
    assert "Training" in shown
    assert "━" in shown  # the bar itself
    assert "tokens/s" in shown
    # after the share, the time that it took and the time that is left
    plain = re.sub("\x1b\\[[0-9;?]*[a-zA-Z]", "", shown)
    assert re.search(r"Reading for the vocabulary ━{24} 100% +[\d,]+ sentences/s", plain)
    assert "Learning the vocabulary from 600 sentences; SentencePiece does not" in plain
    assert re.search(r"Learning the vocabulary [━ ]{24}", plain)
    assert re.search(r"Training ━{24} 100% +\d:\d\d:\d\d +0:00:00", plain)
    assert "Step 10: dev loss" in shown
    assert "Finished after 20 steps" in shown
    assert "Traceback" not in shown
    assert (tmp_path / "run" / "model.safetensors").exists()
