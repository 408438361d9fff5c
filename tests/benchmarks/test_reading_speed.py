import pytest

from benchmarks import reading_speed


@pytest.mark.parametrize("kind", reading_speed.FORMATS)
def test_what_is_written_is_read(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(reading_speed, "_SENTENCES", 50)
    monkeypatch.setattr(reading_speed, "MEGABYTE", 50_000)
    path = str(tmp_path / f"a.{kind}")
    pairs = reading_speed.write_file(path, 1, 3)
    assert pairs
    assert reading_speed.read_once(path)["pairs"] == pairs
