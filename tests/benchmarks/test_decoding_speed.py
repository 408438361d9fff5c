from __future__ import annotations

import json

import pytest

from benchmarks import decoding_speed

FEW = ["--beam=2", "--batch-tokens=64", "--rounds=1", "--limit=6"]


@pytest.mark.slow
def test_our_search_is_measured(benchmark, corpus, model, tmp_path):
    file = tmp_path / "speed.json"
    options = [f"--model={model}", f"--data={corpus}", f"--json={file}", "--tuned"]
    printed = benchmark(decoding_speed, *options, *FEW)
    assert "6 sentences, float32" in printed
    rounds = json.loads(file.read_text())["rounds"]
    (ours,), (tuned,) = rounds.values()
    assert ours["tokens"] == tuned["tokens"] > 0


@pytest.mark.slow
def test_hugging_face_has_the_same_logits(benchmark, corpus, model, tmp_path):
    pytest.importorskip("transformers", reason="the comparison needs transformers")
    file = tmp_path / "speed.json"
    options = [f"--model={model}", f"--data={corpus}", f"--json={file}", "--hugging-face"]
    printed = benchmark(decoding_speed, *options, *FEW)
    assert "| Hugging Face generate |" in printed
    theirs = json.loads(file.read_text())["rounds"]["Hugging Face generate/2/64"]
    assert theirs[0]["logit_difference"] < 1e-4


def test_a_missing_run_is_told(benchmark, corpus, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        benchmark(decoding_speed, f"--model={tmp_path / 'none'}", f"--data={corpus}")
    assert ended.value.code == 2
    assert "no such run directory" in capsys.readouterr().err
