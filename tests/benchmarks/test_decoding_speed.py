from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from benchmarks import decoding_speed

FEW = ["--beam=2", "--batch-tokens=64", "--rounds=1", "--limit=6"]


def one_round(texts: str, scores: list[float], *, seconds: float, bleu: float) -> list[dict]:
    return [
        {
            "translations": texts.split(),
            "scores": scores,
            "sentences": 3,
            "tokens": 30,
            "seconds": seconds,
            "bleu": bleu,
            "peak_bytes": 2**20,
        }
    ]


RESULTS = {
    f"run/{contender}/5/64": taken
    for contender, taken in {
        "translator, torch float32": one_round("a b c", [-1, -2, -3], seconds=2, bleu=30),
        "translator, ctranslate2 float32": one_round(
            "a x c", [-1, -2.0000001, -3.000002], seconds=1, bleu=29.98
        ),
        "translator, ctranslate2 int8": one_round("a y z", [-1, -2, -3], seconds=0.5, bleu=29.75),
        "translator translate, auto int8": one_round("a y z", [], seconds=0.5, bleu=29.75),
        "CTranslate2 itself int8": one_round("a y z", [-1, -2, -3], seconds=0.48, bleu=29.75),
    }.items()
}


def test_each_line_is_held_against_the_first_and_against_bare_ctranslate2():
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in decoding_speed.table(RESULTS).splitlines()
    ]
    assert [row[6:9] for row in rows[:1] + rows[2:]] == [
        ["ratio", "of CTranslate2 itself", "BLEU"],
        ["1.00", "", "30.00"],
        ["2.00", "", "29.98"],
        ["4.00", "96.0%", "29.75"],
        ["4.00", "96.0%", "29.75"],
        ["4.17", "100.0%", "29.75"],
    ]


def test_the_notes_tell_what_differs_and_show_it_where_it_should_not():
    lines = decoding_speed.notes(SimpleNamespace(rounds=1, bare=True), RESULTS)[1:-1]
    what = "of 3 translations differ from those of translator, torch float32, BLEU by"
    where = "run, beam 5, 64 tokens"
    assert lines[:4] == [
        f"translator, ctranslate2 float32, {where}: 1 {what} -0.02.",
        "  (the scores of equal translations differ by 2e-06 at most)",
        "  sentence 2, translator, ctranslate2 float32: x (-2.0000001)",
        "  sentence 2, translator, torch float32: b (-2.0000000)",
    ]
    assert lines[4] == f"translator, ctranslate2 int8, {where}: 2 {what} -0.25."
    assert len(lines) == 7


@pytest.mark.slow
def test_engines_are_measured(benchmark, corpus, model, tmp_path):
    pytest.importorskip("ctranslate2", reason="the comparison needs CTranslate2")
    file, picture = tmp_path / "speed.json", tmp_path / "speed.png"
    options = [f"--model={model}", f"--data={corpus}", f"--json={file}", f"--picture={picture}"]
    options += ["--engines=torch,ctranslate2", "--command", "--bare", "--starts"]
    printed = benchmark(decoding_speed, *options, *FEW)
    assert "6 sentences, median of 1 rounds" in printed
    assert "| CTranslate2 itself float32 " in printed
    figures = json.loads(file.read_text())
    assert len(figures["rounds"]) == 5
    assert all(one["tokens"] > 0 for [one] in figures["rounds"].values())
    assert len(figures["starts"]) == 2
    assert all(one["seconds"] > 0 for [one] in figures["starts"].values())
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.thorough
def test_hugging_face_has_the_same_logits(benchmark, corpus, model, tmp_path):
    pytest.importorskip("transformers", reason="the comparison needs transformers")
    file = tmp_path / "speed.json"
    options = [f"--model={model}", f"--data={corpus}", f"--json={file}", "--hugging-face"]
    printed = benchmark(decoding_speed, *options, "--engines=torch", *FEW)
    assert "| Hugging Face generate " in printed
    theirs = json.loads(file.read_text())["rounds"][f"{model.name}/Hugging Face generate/2/64"]
    assert theirs[0]["logit_difference"] < 1e-4


def test_a_missing_run_is_told(benchmark, corpus, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        benchmark(decoding_speed, f"--model={tmp_path / 'none'}", f"--data={corpus}")
    assert ended.value.code == 2
    assert "no such run directory" in capsys.readouterr().err
