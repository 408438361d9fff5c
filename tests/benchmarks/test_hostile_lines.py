import random

from benchmarks.hostile_lines import hostile_lines, scripts


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
