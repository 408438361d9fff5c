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


def test_pairs_that_do_not_belong_together_are_planted_for_a_model():
    pairs = [
        (f"source {i} {'é' * (i % 5)} a b c d", f"target é {i} {'x' * (i % 5)}") for i in range(200)
    ]
    planted = corpus_doctor.plant(pairs, {}, 5, unrelated=True)
    own = dict(pairs)
    for line in planted.truth["unrelated"]:
        source, target = planted.rows[line - 1]
        assert target in own.values()
        assert target != own[source]
        assert abs(len(target) - len(own[source])) <= 0.1 * len(own[source])
    assert len(planted.truth["unrelated"]) == 5
    assert "unrelated" not in corpus_doctor.plant(pairs, {}, 5).truth
