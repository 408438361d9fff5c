from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

LINES = [
    {
        "type": "train",
        "step": 10,
        "epoch": 0.5,
        "loss": 4.5,
        "learning_rate": 0.001,
        "skipped": 0,
        "seconds": 90.0,
        "tokens_per_second": 1234.5,
    },
    {"type": "validation", "step": 10, "loss": 3.25, "bleu": 11.0},
    {"type": "validation", "step": 20, "loss": 2.5, "bleu": 21.5},
]


def make_run(path, lines=LINES):
    Path(path).mkdir(parents=True)
    Path(path, "manifest.json").write_text('{"format_version": 1}')
    record = "".join(json.dumps(line) + "\n" for line in lines)
    Path(path, "metrics.jsonl").write_text(record)


@pytest.fixture
def plain(monkeypatch):
    """Take Matplotlib away."""
    for name in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, name, None)


def test_the_summary_needs_no_matplotlib(fast, plain):
    make_run("checkpoints/a")
    make_run("checkpoints/b", LINES[:2])
    result = fast("curve", "checkpoints/a", "checkpoints/b")
    assert result.exit_code == 0, result.stderr
    assert result.stderr == ""
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["a", "b"]
    assert lines[1].split() == ["steps", "20", "10"]
    assert "best dev BLEU" in result.stdout
    assert sorted(path.name for path in Path().rglob("*") if path.is_file()) == [
        *["manifest.json"] * 2,
        *["metrics.jsonl"] * 2,
    ]


def test_rows(fast):
    make_run("a")
    make_run("b")
    result = fast("curve", "a", "b", "--rows", 1)
    table = (
        "| step | epoch | minutes | dev loss | dev BLEU |\n"
        "| ---: | ----: | ------: | -------: | -------: |\n"
        "|   20 |  0.50 |     1.5 |    2.500 |     21.5 |\n"
    )
    assert result.stdout.endswith(f"\n\na\n\n{table}\nb\n\n{table}")


def test_a_picture(cli):
    pytest.importorskip("matplotlib")
    make_run("checkpoints/a")
    make_run("checkpoints/b", LINES[:2])
    # a run in training, caught in the middle of a line
    with Path("checkpoints/b/metrics.jsonl").open("a") as file:
        file.write('{"type": "train", "step": 2')
    done = cli("curve", "checkpoints/a", "checkpoints/b", "--save", "both.svg")
    assert done.returncode == 0, done.stderr
    assert done.stderr.decode().splitlines()[-1] == "saved both.svg"
    assert done.stdout.decode().splitlines()[0].split() == ["a", "b"]
    assert ">b</text>" in Path("both.svg").read_text(encoding="utf-8")
    assert not list(Path().glob(".partial-*"))


def test_a_picture_without_matplotlib(fast, plain):
    make_run("a")
    result = fast("curve", "a", "--save", "a.png")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == (
        "error: a picture needs Matplotlib, which is not installed\n"
        "  pip install matplotlib; without --save there is a summary in text.\n"
    )
    assert [path.name for path in Path().iterdir()] == ["a"]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["chekpoint/a"], "chekpoint/a: there is no such run directory"),
        (["en-f"], "en-f: there is no such run directory\n  Did you mean en-fr?"),
        (["old"], "old: there is no such run directory\n  Did you mean checkpoints/old?"),
        (["checkpoints"], "checkpoints: is not a run directory: there is no metrics.jsonl"),
        (["file"], "file: is a file, and a run is a directory"),
        (["en-fr", "empty"], "empty/metrics.jsonl: holds nothing yet"),
        (["damaged", "en-fr"], "damaged/metrics.jsonl:2: is damaged: no number for bleu"),
        (
            ["en-fr", "--save", "a.pgn"],
            "a.pgn: there are no pictures of the kind '.pgn'\n  Did you",
        ),
        (["en-fr", "--save", "no/a.png"], "no: there is no such directory\n  Make it first"),
        (["en-fr", "--save", "d.png"], "d.png: is a directory, and --save is a file"),
        (["en-fr", "--save", "/proc/a.png"], "/proc/a.png: "),
        (["en-fr", "--rows", "0"], "--rows"),
        ([], "RUN"),
    ],
)
def test_mistakes(fast, args, message):
    make_run("en-fr")
    make_run("checkpoints/old")
    make_run("empty", [])
    make_run("damaged", [LINES[0], {**LINES[1], "bleu": "high"}])
    Path("file").touch()
    Path("d.png").mkdir()
    before = sorted(Path().rglob("*"))
    result = fast("curve", *args)
    assert result.exit_code == 2, result.stderr
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    assert sorted(Path().rglob("*")) == before
