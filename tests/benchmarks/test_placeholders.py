import json

import pytest

from benchmarks import placeholders
from benchmarks.placeholders import is_untouched, spans_of


def test_spans_are_compared_by_what_and_how_often():
    source = spans_of("Dear {name}, write to a@b.org, or to a@b.org within 5 km.")
    assert source == ["{name}", "a@b.org", "a@b.org", "5 km"]
    assert is_untouched(source, spans_of("{name}: 5 km, a@b.org, a@b.org, %s"))
    assert not is_untouched(source, spans_of("{name}: 5 km, a@b.org"))
    assert not is_untouched(source, spans_of("{nom}: 5 km, a@b.org, a@b.org"))


def test_lines_with_spans_are_translated_and_counted(benchmark, model, tmp_path):
    corpus, file = tmp_path / "test.tsv", tmp_path / "found.json"
    rows = [
        ("no span", "naps on"),
        ("{a}", "{a}"),  # nothing to translate
        ("ab {x} de {y}", "{y} ed {x} ba"),
        ("use %s", "%s esu"),
        ("of 5 km", "in miles"),
    ]
    corpus.write_text("".join(f"{a}\t{b}\n" for a, b in rows), encoding="utf-8")
    options = [f"--model={model}", f"--data={corpus}", f"--json={file}", "--beam=2"]
    printed = benchmark(placeholders, *options)
    facts = json.loads(file.read_text())
    assert facts["known"]
    assert (facts["lines"], facts["spans"], facts["placed"]) == (3, 4, 1)
    # where the model has not copied one by itself, the search puts it in
    assert facts["touched"] == []
    assert "| all spans untouched " in printed


def test_a_corpus_without_spans_is_told(benchmark, few, model, capsys):
    with pytest.raises(SystemExit) as ended:
        benchmark(placeholders, f"--model={model}", f"--data={few}")
    assert ended.value.code == 2
    assert "no line holds anything that is copied" in capsys.readouterr().err
