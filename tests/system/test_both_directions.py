"""One model learns both directions through the real command line, and translates in both."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SETTINGS = {
    "data.bidirectional": "true",
    "model.d_model": 64,
    "model.ffn_dim": 128,
    "model.attention_heads": 4,
    "model.encoder_layers": 2,
    "model.decoder_layers": 1,
    "model.dropout": 0,
    "tokenizer.vocab_size": 340,
    "training.batch_tokens": 800,
    "training.learning_rate": 4e-3,
    "training.warmup_steps": 60,
    "training.ema_decay": 0.98,
    "training.validate_every": 320,
    "training.max_steps": 320,
    "training.precision": "fp32",
}


def test_both_directions_are_learned(
    tmp_path: Path,
    toy: Callable[..., list[tuple[str, str]]],
    run_translator: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    pairs = toy(4150, longest=4)
    for name, part in (("train", pairs[:4000]), ("dev", pairs[4000:4050]), ("test", pairs[4050:])):
        text = "".join(f"{a}\t{b}\n" for a, b in part)
        (tmp_path / f"{name}.tsv").write_text(text, encoding="utf-8")
    run = tmp_path / "run"
    settings = [text for name, value in SETTINGS.items() for text in ("--set", f"{name}={value}")]
    data = ["--train", tmp_path / "train.tsv", "--dev", tmp_path / "dev.tsv"]
    command = ["train", *data, "--source", "en", "--target", "fr", *settings, "--out", run]
    done = run_translator(*command, timeout=500)
    assert done.returncode == 0, done.stderr
    for source in ("en", "fr"):
        asked = ["--model", run, "--source", source, "--beam", 1]
        done = run_translator("evaluate", *asked, "--data", tmp_path / "test.tsv", "--json")
        assert done.returncode == 0, done.stderr
        bleu = json.loads(done.stdout)["scores"][0]
        assert bleu["value"] > 90, source
    assert run_translator("translate", "-m", run, "fura kanu bito").stdout == "leix reax neux\n"
    done = run_translator("translate", "-m", run, "--source", "fr", "leix reax neux")
    assert done.stdout == "fura kanu bito\n"
