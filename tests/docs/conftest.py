from __future__ import annotations

from pathlib import Path

import pytest

SENTENCES = ["The cat sat on the mat.", "Le chat s'est assis sur le tapis.", "We sleep.", "Dormez."]


@pytest.fixture(scope="session")
def random_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run directory with random weights, shaped like the demo's."""
    import torch

    from translator.config import Config, DecodingConfig, ModelConfig, TokenizerConfig
    from translator.model.transformer import Transformer
    from translator.model.weights import save_weights
    from translator.run_directory import RunDirectory, write_atomically
    from translator.tokenizer import learn_vocabulary

    config = Config(
        tokenizer=TokenizerConfig(vocab_size=320),
        model=ModelConfig(
            d_model=24, ffn_dim=24, attention_heads=6, encoder_layers=1, decoder_layers=2
        ),
        decoding=DecodingConfig(device="cpu"),
    )
    tokenizer = learn_vocabulary(SENTENCES * 5, config.tokenizer)
    torch.manual_seed(1)
    run = RunDirectory(tmp_path_factory.mktemp("docs") / "run")
    run.path.mkdir()
    run.write_config(config)
    write_atomically(run.tokenizer_file, tokenizer.model)
    save_weights(run.weights_file, Transformer(config.model, len(tokenizer), 1).state_dict())
    run.write_manifest({"source": "en", "target": "fr", "bidirectional": False})
    return run.path
