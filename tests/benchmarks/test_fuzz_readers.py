import random

from benchmarks.fuzz_readers import damaged, fuzz, problem_of, seeds


def test_the_whole_files_are_whole(tmp_path):
    for ending, files in seeds().items():
        if ending in (".srt", ".en"):
            continue
        for data in files:
            path = tmp_path / f"a{ending}"
            path.write_bytes(data)
            assert problem_of(str(path), 60) == ("", "pairs"), ending


def test_damage_is_the_same_each_time():
    made = [damaged(b"a\tb\n" * 9, [b"x"], random.Random(at)) for at in range(50)]
    assert made == [damaged(b"a\tb\n" * 9, [b"x"], random.Random(at)) for at in range(50)]
    assert len(set(made)) > 30


def test_a_finding_is_told(tmp_path, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("here")
        yield

    monkeypatch.setattr("benchmarks.fuzz_readers.read_records", broken)
    (tmp_path / "a.tsv").write_text("a\tb\n", encoding="utf-8")
    assert problem_of(str(tmp_path / "a.tsv"), 60)[0] == "ZeroDivisionError: here"


def test_readers_refuse_or_read(tmp_path):
    results, findings = fuzz(400, 7, 60, tmp_path, print)
    assert findings == []
    assert sum(sum(counts.values()) for counts in results.values()) == 400
    # most kinds of damage leave some files that can be read, and some that cannot
    for ending in (".po", ".csv", ".srt"):
        assert all(results[ending][result] for result in ("pairs", "message")), ending
