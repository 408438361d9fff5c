from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from translator.config import Config, DataConfig, DecodingConfig, ModelConfig, TokenizerConfig
from translator.model.transformer import Transformer
from translator.model.weights import save_weights
from translator.run_directory import RunDirectory
from translator.tokenizer import learn_vocabulary

WORDS = ["cat", "dog", "house", "garden", "river", "sees", "likes", "small", "old", "green", "and"]
WORDS += ["été", "où", "garçon", "naïve", "straße", "über", "日本", "東京", "привет", "мир", "42"]


def sentences(count: int) -> list[str]:
    chance = random.Random(3)
    return [" ".join(chance.choices(WORDS, k=chance.randint(2, 12))) for _ in range(count)]


@pytest.fixture(scope="session")
def texts() -> list[str]:
    return sentences(40)


@pytest.fixture
def new_run(tmp_path: Path) -> Callable[..., RunDirectory]:
    """Build a run directory with random weights that do look at the source."""

    def build(*, algorithm: str = "unigram", both: bool = False, name: str = "run") -> RunDirectory:
        shape = ModelConfig(
            d_model=16, ffn_dim=32, attention_heads=2, encoder_layers=2, decoder_layers=1
        )
        config = Config(
            data=DataConfig(max_length=64, bidirectional=both),
            tokenizer=TokenizerConfig(vocab_size=380, algorithm=algorithm),  # type: ignore[arg-type]
            model=shape,
            decoding=DecodingConfig(beam=3, max_length_ratio=0.5),
        )
        tokenizer = learn_vocabulary(sentences(300), config.tokenizer, ["en", "fr"] if both else [])
        torch.manual_seed(5)
        model = Transformer(shape, len(tokenizer), 1)
        with torch.no_grad():
            model.embedding.weight.mul_(3)
            bias = torch.randn(16) * 0.5
            model.decoder.layer_norm.weight.copy_(torch.randn(16) * 0.7)
            model.decoder.layer_norm.bias.copy_(bias)
            direction = bias / bias.square().sum()
            model.embedding.weight[3] += 4 * direction
            model.embedding.weight[:3] -= 9 * direction
            model.embedding.weight[4:262] -= 9 * direction
            model.decoder.layers[0].encoder_attn.out_proj.weight.mul_(8)
        run = RunDirectory(tmp_path / name)
        run.path.mkdir()
        run.write_config(config)
        run.tokenizer_file.write_bytes(tokenizer.model)
        run.write_manifest({"source": "en", "target": "fr", "bidirectional": both, "pairs": 300})
        save_weights(run.weights_file, model.state_dict())
        return run

    return build
