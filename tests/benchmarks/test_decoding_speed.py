from __future__ import annotations

import json

import pytest

from benchmarks import decoding_speed

FEW = ["--beam=2", "--batch-tokens=64", "--rounds=1", "--limit=6"]


@pytest.mark.slow
def test_engines_are_measured(benchmark, corpus, model, tmp_path):
    pytest.importorskip("ctranslate2", reason="the comparison needs CTranslate2")
    file, picture = tmp_path / "speed.json", tmp_path / "speed.png"
    options = [f"--model={model}", f"--data={corpus}", f"--json={file}", f"--picture={picture}"]
    options += ["--engines=torch,ctranslate2", "--bare", "--starts"]
    printed = benchmark(decoding_speed, *options, *FEW)
    assert "6 sentences, median of 1 rounds" in printed
    assert "| CTranslate2 itself float32 " in printed
    figures = json.loads(file.read_text())
    assert len(figures["rounds"]) == 3
    assert all(one["tokens"] > 0 for [one] in figures["rounds"].values())
    assert len(figures["starts"]) == 2
    assert all(one["seconds"] > 0 for [one] in figures["starts"].values())
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
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
