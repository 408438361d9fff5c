from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from benchmarks import gpu_speed
from benchmarks.plain_transformer import PlainTransformer
from translator.config import Config, ModelConfig
from translator.model.transformer import Transformer

ON_CPU = ["--device=cpu", "--matrix=64", "--pairs=300", "--rounds=1", "--steps=2", "--warmup=1"]
SHALLOW = ["--set=model.encoder_layers=2", "--set=model.decoder_layers=1"]


@pytest.mark.slow
def test_our_step_is_measured(benchmark, corpus, tmp_path, tiny):
    file = tmp_path / "speed.json"
    options = [f"--train={corpus}", "--contenders=translator", f"--json={file}"]
    printed = benchmark(gpu_speed, *options, *ON_CPU, *tiny, *SHALLOW)
    assert "| translator |" in printed
    assert "aim 40%: " in printed
    (one,) = json.loads(file.read_text())["rounds"]["translator"]
    assert one["tokens"] > 0
    assert one["device_bytes"] > 0
    assert one["waits"] is None
    assert one["utilisation"] == one["flops"] / one["seconds"] / one["matrix_rate"]


@pytest.mark.thorough
def test_all_contenders_see_the_same_tokens_of_a_made_up_corpus(benchmark, tmp_path, tiny):
    pytest.importorskip("transformers", reason="the Marian contender needs transformers")
    file = tmp_path / "speed.json"
    printed = benchmark(gpu_speed, f"--json={file}", *ON_CPU, *tiny, *SHALLOW)
    assert "times Hugging Face, aim 2.0: " in printed
    rounds = json.loads(file.read_text())["rounds"]
    assert set(rounds) == set(gpu_speed.LABELS)
    assert len({(one["tokens"], one["flops"]) for (one,) in rounds.values()}) == 1


def test_a_machine_without_a_gpu_is_told_what_can_be_done(benchmark, monkeypatch, capsys):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SystemExit) as ended:
        benchmark(gpu_speed)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "no GPU here" in told
    assert "--device cpu" in told


def test_each_weight_of_a_matrix_counts_six_times_for_a_token():
    shape = ModelConfig(
        d_model=8, ffn_dim=24, attention_heads=2, encoder_layers=3, decoder_layers=2
    )
    model = Transformer(shape, 50, 1)
    weights = sum(p.numel() for p in model.parameters() if p.dim() > 1)
    one = np.array([1])
    # a position looks at itself in five layers, and at the other side in two
    attention = 12 * 8 * (3 + 2 + 2)
    config = Config(model=shape)
    assert gpu_speed.model_flops(config, 50, one, one) == 6 * weights + attention
    # of 2 source and 3 target tokens, 4, 6 and 1 + 2 + 3 pairs are compared in a layer
    many = gpu_speed.model_flops(config, 50, np.array([2, 1]), np.array([3, 1]))
    of_source = 3 * (4 * 64 + 2 * 8 * 24) + 2 * 2 * 64
    products = 6 * (3 * of_source + 4 * (weights - of_source))
    assert many == products + 12 * 8 * (3 * 4 + 2 * (6 + 6)) + attention


def test_the_aims_are_told_with_what_came_out():
    def taken(*rates, utilisation):
        return [
            {
                "tokens_per_second": rate,
                "utilisation": utilisation,
                "device_bytes": 2**30,
                "waits": 3,
                "tokens": 64_000,
                "matrix_rate": 5e14,
            }
            for rate in rates
        ]

    results = {
        "translator": taken(3e5, 1e5, 3e5, utilisation=0.35),
        "marian-bf16": taken(1e5, 5e4, 1e5, utilisation=0.1),
    }
    assert gpu_speed.aims(results) == {
        "utilisation 35.0%, aim 40%": False,
        "3.00 times Hugging Face, aim 2.0": True,
    }
    *_, marian = gpu_speed.table(results).splitlines()
    assert [cell.strip() for cell in marian.split("|")[2:-1]] == (
        ["100,000", "50,000 to 100,000", "0.33", "10.0%", "1,024", "3"]
    )
    common = {
        "vocabulary": 32000,
        "parameters": 60_500_000,
        "pairs_per_batch": 1000.0,
        "padding": {"source": 0.125, "target": 0.0},
    }
    options = SimpleNamespace(rounds=3, steps=2, warmup=5, device="cpu", matrix=8192)
    lines = gpu_speed.notes(common, options, results)
    assert lines[0] == "The CPU: 500 TFLOP/s in bf16 products of 8,192 x 8,192."
    assert "60.5 M parameters, 32,000 target tokens and 1,000 pairs a batch" in lines[1]
    assert "utilisation 35.0%, aim 40%: missed." in lines


def test_torchs_transformer_sees_no_padding_and_nothing_that_comes_later():
    shape = ModelConfig(
        d_model=8, ffn_dim=16, attention_heads=2, encoder_layers=2, decoder_layers=1
    )
    torch.manual_seed(1)
    model = PlainTransformer(shape, 20, 1).eval()
    source, target = (
        torch.tensor([[5, 6, 3, 1], [7, 8, 9, 3]]),
        torch.tensor([[2, 9, 1], [2, 4, 5]]),
    )
    together = model(source, target)
    assert together.shape == (2, 3, 20)
    alone = model(source[:1, :3], target[:1, :1])
    torch.testing.assert_close(together[:1, :1], alone, atol=1e-5, rtol=1e-4)
    assert model(source[1:], target[1:]).isfinite().all()
