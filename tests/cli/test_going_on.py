"""A file of translations is whole in the end, whatever happened while it was made."""

import errno
import json
import os
import random
import shutil
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

from translator.cli import partial

LINES = [f"cat {i % 9}" if i % 4 else "" for i in range(150)]
TEXT = "\r\n".join(LINES).encode() + b"\nThe house \xff is green.\nlast"
COUNT = TEXT.count(b"\n") + 1
SMALL = {"translator.cli.stream:CHUNK": 40}


@pytest.fixture(scope="module")
def whole(model, tmp_path_factory):
    """What comes out when nothing happens."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "in.txt").write_bytes(TEXT)
    with (folder / "in.txt").open("rb") as file:
        done = subprocess.run(
            [sys.executable, "-m", "translator", "translate", "-m", str(model), "--beam", "1"],
            stdin=file,
            capture_output=True,
            check=True,
        )
    return done.stdout


@pytest.fixture
def command(model, tmp_path):
    """The command on files of this test's folder, as arguments."""
    (tmp_path / "in.txt").write_bytes(TEXT)

    def arguments(output="out.txt", *more):
        return [
            *["translate", "--model", str(model), "--beam", "1"],
            *["--input", str(tmp_path / "in.txt"), "--output", str(tmp_path / output), *more],
            *["--report", str(tmp_path / "report.jsonl")],
        ]

    return arguments


@pytest.fixture
def sit(come_to_harm, command, tmp_path):
    """Run the command in a process that may come to harm, and return its exit code."""

    def sit(*arguments, **harm):
        inside = "translator.cli.translate:translate_alone"
        request = {"arguments": command(*arguments), "inside": inside, "constants": SMALL, **harm}
        return come_to_harm(tmp_path / "told.txt", request)

    return sit


def told():
    return Path("told.txt").read_text(encoding="utf-8")


def goes_on_until_done(sit, output="out.txt"):
    for _ in range(3):
        if sit(output) == 0:
            return
    raise AssertionError(told())


def entries():
    return {path.name for path in Path().iterdir()}


PLACES = [
    "translator.cli.partial:PartialOutput._begin",
    "translator.cli.partial:PartialOutput.keep",
    "translator.cli.partial:PartialOutput._note",
    "translator.cli.partial:PartialOutput.finish",
    "translator.cli.partial:PartialOutput._flush",
    "translator.cli.partial:_put",
    "translator.cli.partial:flush",
    "translator.cli.files:Output.write_bytes",
    "translator.cli.partial:write_atomically",
]


@pytest.mark.parametrize("place", PLACES)
def test_killed_at_any_step(sit, whole, place):
    for output, do, call in [("in.txt", "kill", 1), ("out.txt", "kill after", 2)]:
        Path("in.txt").write_bytes(TEXT)
        code = sit(output, place=place, call=call, do=do)
        assert code in (0, -9), told()
        before = Path(output).read_bytes() if Path(output).exists() else None
        assert before in (None, TEXT, whole), "it appears whole"
        if code:
            goes_on_until_done(sit, output)
        assert Path(output).read_bytes() == whole, (do, call)
        lines = [json.loads(line) for line in Path("report.jsonl").read_bytes().splitlines()]
        assert [line["line"] for line in lines] == sorted({line["line"] for line in lines})
        assert len(lines) > 50, "weights that know nothing raise alarms everywhere"
        assert not list(Path().glob("*.partial"))
        Path("report.jsonl").unlink()
        Path("out.txt").unlink(missing_ok=True)


def test_killed_anywhere(sit, whole, tmp_path):
    assert sit(count=str(tmp_path / "count.txt")) == 0
    events = int(Path("count.txt").read_text())
    assert events > 1000
    Path("out.txt").unlink()
    chance = random.Random(4)
    # most of the calls load the model
    moments = [chance.uniform(0, 1) for _ in range(2)] + [chance.uniform(0.8, 1) for _ in range(7)]
    started = killed = 0
    for moment in moments:
        code = sit(event=int(moment * events))
        assert code in (0, -9), told()
        killed += code == -9
        started += "going on after line" in told()
        assert Path("out.txt").exists() == (code == 0)
        if code == 0:
            assert Path("out.txt").read_bytes() == whole
            Path("out.txt").unlink()
    goes_on_until_done(sit)
    assert Path("out.txt").read_bytes() == whole
    assert killed > 4
    assert started
    assert not list(Path().glob("*.partial"))


KEEP = "translator.cli.partial:PartialOutput.keep"


def begin(sit):
    assert sit(place=KEEP, call=3, do="kill") == -9
    assert entries() >= {"out.txt.partial"}
    return Path("out.txt.partial")


def size(path):
    return path.stat().st_size


def append(path, data):
    path.write_bytes(path.read_bytes() + data)


def test_it_says_where_it_goes_on(sit, whole):
    begin(sit)
    assert sit() == 0
    assert "out.txt: going on after line 80\n" in told()
    assert "in.txt:151: invalid UTF-8 at byte 11" in told()
    assert Path("out.txt").read_bytes() == whole


@pytest.mark.parametrize(
    ("harm", "line"),
    [
        (lambda folder: os.truncate(folder / "text", size(folder / "text") - 5), 40),
        (lambda folder: (folder / "text").write_bytes(b"x" * 9999), None),
        (lambda folder: (folder / "text").unlink(), None),
        (lambda folder: (folder / "report").unlink(), None),
        (lambda folder: (folder / "journal").unlink(), None),
        (lambda folder: os.truncate(folder / "journal", 5), None),
        (lambda folder: (folder / "job.json").write_bytes(b"{"), None),
        (lambda folder: append(folder / "text", b"torn"), 80),
        (lambda folder: append(folder / "journal", b"99 9"), 80),
    ],
)
def test_what_a_power_cut_may_leave(sit, whole, harm, line):
    harm(begin(sit))
    assert sit() == 0
    assert Path("out.txt").read_bytes() == whole
    assert ("going on" in told()) == (line is not None)
    assert line is None or f"going on after line {line}\n" in told()


def test_another_job_starts_anew(sit, whole):
    begin(sit)
    Path("in.txt").write_bytes(TEXT + b" more")
    assert sit() == 0
    assert "out.txt: other input than before: starting anew" in told()
    assert Path("out.txt").read_bytes().startswith(whole[: -len(b"\nlast")][:200])
    Path("out.txt").unlink()
    Path("in.txt").write_bytes(TEXT)
    begin(sit)
    assert sit("out.txt", "--set", "decoding.length_penalty=0.5") == 0
    assert "out.txt: other options than before: starting anew" in told()
    # what changes only the speed is no other job
    Path("out.txt").unlink()
    begin(sit)
    assert sit("out.txt", "--set", "decoding.batch_tokens=900") == 0
    assert "going on after line 80" in told()
    assert Path("out.txt").read_bytes() == whole


def test_something_in_the_way(fast, command):
    Path("out.txt.partial").mkdir()
    Path("out.txt.partial/precious").write_text("")
    result = fast(*command())
    assert result.exit_code == 2
    assert "out.txt.partial: is in the way" in result.stderr
    assert Path("out.txt.partial/precious").exists()


def test_two_processes_do_not_write_one_file(fast, command, tmp_path):
    job = {"input": "", "model": [], "options": {}}
    other = partial.PartialOutput(tmp_path / "out.txt", job)
    with other.opened():
        result = fast(*command())
    assert result.exit_code == 2
    assert "out.txt: is being written by another process" in result.stderr


def test_a_full_disk_keeps_what_there_is(sit, whole):
    assert sit(limit=400) == 2
    assert "error: " in told()
    assert "File too large" in told()
    assert "out.txt" in told()
    assert sit() == 0
    assert Path("out.txt").read_bytes() == whole


def test_a_finished_file_in_its_own_place_is_not_translated_again(sit, whole):
    assert sit("in.txt", place="translator.cli.partial:_put", call=1, do="kill after") == -9
    assert Path("in.txt").read_bytes() == whole
    assert sit("in.txt") == 0
    assert f"all {COUNT} lines had been translated" in told()
    assert Path("in.txt").read_bytes() == whole
    assert not Path("in.txt.partial").exists()


def test_a_long_report_does_not_fill_the_memory(tmp_path, monkeypatch):
    """Neither where the work goes on, nor where the report is for another disk."""
    job = {"input": "", "model": [], "options": {}}
    report = tmp_path / "report.jsonl"
    report.write_text("old")
    report.chmod(0o640)
    line = json.dumps({"line": 1, "alarms": ["length"], "source": "x" * 3000}) + "\n"
    many = line * 1000
    real = Path.replace

    def replace(self, target):
        if self.parent.name == "out.txt.partial":
            raise OSError(errno.EXDEV, "another disk")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    place = partial.PartialOutput(tmp_path / "out.txt", job, report=report)
    with place.opened():
        place.keep("text\n", many, 1)
        tracemalloc.start()
        try:
            assert sum(entry["line"] for entry in place.reported()) == 1000
            place.finish()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert report.read_text() == many
    assert report.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "out.txt").read_text() == "text\n"
    assert entries() == {"out.txt", "report.jsonl"}
    assert peak < len(many) / 4


def test_a_report_and_the_output_are_two_files(fast, model):
    Path("in.txt").write_bytes(TEXT)
    for option in ("--output", "--input"):
        result = fast("translate", "-m", model, option, "in.txt", "--report", "./in.txt")
        assert result.exit_code == 2
        assert f"{option} and --report name the same file: in.txt" in result.stderr


def test_flushing_now_and_then(sit, whole, fast, command, monkeypatch):
    monkeypatch.setattr(partial, "FLUSH_INTERVAL", 0.0)
    shutil.rmtree("out.txt.partial", ignore_errors=True)
    assert fast(*command()).exit_code == 0
    assert Path("out.txt").read_bytes() == whole
