import json
from pathlib import Path

from benchmarks import corpus_doctor


def test_the_speed_of_whole_corpora(benchmark, corpus, few, tmp_path):
    figures = tmp_path / "speed.json"
    languages = ["--source", "en", "--target", "de"]
    told = benchmark(
        corpus_doctor, "--speed", corpus, few, *languages, "--json", str(figures)
    ).splitlines()
    assert told[0].startswith("| corpus")
    assert [line.split("|")[2].strip() for line in told[2:4]] == ["400", "20"]
    assert "Rules: all,no-language,no-swapped." in told
    measured = json.loads(Path(figures).read_text())["speed"]
    assert set(measured) == {corpus, few}
    assert measured[corpus]["seconds"] > 0
    assert measured[corpus]["processor_seconds"] > 0
