"""The commands of the walk-through are run in their order, with less data and a tiny model."""

from __future__ import annotations

import re
import runpy
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from translator.evaluation import significance

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "walk-through.md").read_text(encoding="utf-8")
TINY = """
[tokenizer]
vocab_size = 400
[model]
d_model = 16
ffn_dim = 32
attention_heads = 2
encoder_layers = 1
decoder_layers = 1
[training]
validate_every = 3
[decoding]
beam = 1
max_length = 4
retry = false
"""
LESS = {
    "docs/messy_memory.py": ["--pairs", "600"],
    "split": ["--dev", "20", "--test", "20"],
    "train": ["--preset", "tiny.toml", "--max-steps", "3"],
}
"""What the test puts behind a command, where its reader has more time."""


def commands() -> list[list[str]]:
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [shlex.split(line, comments=True) for line in lines if line.strip()]


@pytest.mark.slow
def test_the_commands_run(fast: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(significance, "RANDOMISED", 100)
    monkeypatch.setattr(significance, "RESAMPLED", 100)
    Path("docs").symlink_to(ROOT / "docs")
    Path("tiny.toml").write_text(TINY)
    codes = []
    for program, *words in commands():
        words += next((more for name, more in LESS.items() if name in words[:2]), [])
        if program == "python":
            monkeypatch.setattr(sys, "argv", words)
            runpy.run_path(words[0], run_name="__main__")
            continue
        assert program == "translator"
        done = fast(*words)
        codes.append(done.exit_code)
        # a check tells with its exit code that something is serious
        assert done.exit_code == 0 or words[:2] == ["corpus", "check"], f"{words}\n{done.output}"
    assert codes.count(1) == 1, "only the memory as it was is seriously wrong"
    assert "Do not train" in PAGE


COMPARED = ["docs/messy_memory.py", "info"]
"""Commands whose output is compared: those that take little time with the whole memory."""


def outputs() -> list[tuple[list[str], str]]:
    """Return the commands of the page below which an output stands."""
    found = re.findall(r"^```sh\n(.*?)^```\n\n```text\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return [(shlex.split(command.replace("\\\n", " ")), output) for command, output in found]


@pytest.mark.slow
def test_the_outputs_are_those_of_the_page(
    fast: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("docs").symlink_to(ROOT / "docs")
    compared = []
    for (program, *words), expected in outputs():
        name = next((name for name in COMPARED if name in words[:2]), None)
        if name is None:
            continue
        compared.append(name)
        if program == "python":
            monkeypatch.setattr(sys, "argv", words)
            runpy.run_path(words[0], run_name="__main__")
            told = capsys.readouterr().out
        else:
            told = fast(*words).output
        # shortened where a line is nothing but this mark
        for part in filter(None, re.split(r"^ *…\n", expected, flags=re.MULTILINE)):
            assert part in told
            told = told.partition(part)[2]
    assert compared == COMPARED


def test_the_memory_is_the_same_each_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = ROOT / "docs" / "messy_memory.py"
    told = []
    for out in ("a", "b"):
        monkeypatch.setattr(sys, "argv", ["", "--out", "office", "--pairs", "600"])
        runpy.run_path(str(script), run_name="__main__")
        told.append(capsys.readouterr().out)
        shutil.move("office", out)
    assert told[0] == told[1]
    files = [path.relative_to("a") for path in sorted(Path("a").rglob("*.*"))]
    assert [path.name for path in files] == ["dev.tsv", "test.tsv", "fr.po", "office.tmx"]
    for path in files:
        assert ("a" / path).read_bytes() == ("b" / path).read_bytes()


def test_every_link_of_the_page_leads_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", PAGE):
        assert (ROOT / "docs" / link).exists(), link
