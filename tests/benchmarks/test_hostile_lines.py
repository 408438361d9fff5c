import random

import pytest

from benchmarks import hostile_lines as script
from benchmarks.hostile_lines import hostile_lines, moved_blanks, scripts


def test_the_lines_are_hostile_and_the_same_each_time():
    lines = list(hostile_lines(2000, 7, long=300))
    assert lines == list(hostile_lines(2000, 7, long=300))
    assert len(lines) == 2000
    assert not any(b"\n" in line for line in lines)
    broken = 0
    for line in lines:
        try:
            line.decode()
        except UnicodeDecodeError:
            broken += 1
    assert 200 < broken < 1000
    assert max(map(len, lines)) >= 300
    assert any(b"\xed\xa0\x80" in line for line in lines), "lone surrogates"
    assert len(scripts()) > 250
    assert random.Random(1).choice(scripts())


def test_blank_lines_must_come_out_in_their_places(tmp_path):
    source, result = tmp_path / "in", tmp_path / "out"
    source.write_bytes(b"a\n \t\r\nb\n\n\xe2\x80\x83\n")
    result.write_bytes(b"x\n \t\r\n\n\n\xe2\x80\x83\n")
    assert moved_blanks(source, result) == []  # of a line that says something all may become
    result.write_bytes(b"x\n\n \t\r\n\n\xe2\x80\x83\n")
    assert moved_blanks(source, result) == [2]


def test_more_memory_than_the_ceiling_fails_the_check(benchmark, model, capsys):
    with pytest.raises(SystemExit) as ended:
        benchmark(script, f"--model={model}", "--lines=12", "--check", "--ceiling=1")
    assert ended.value.code == 1
    told = capsys.readouterr()
    assert told.out.startswith("12 lines in and out in ")
    assert told.err == "more than 1 MiB\n"
