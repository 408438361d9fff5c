from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from translator.config import DecodingConfig, ModelConfig, TokenizerConfig
from translator.decoding.translator import Translator
from translator.model.transformer import Transformer
from translator.tokenizer import Tokenizer, learn_vocabulary
from translator.tokenizer.tokenizer import PAD_ID

SENTENCES = [
    "The small cat sat on the old mat.",
    "Le petit chat s'est assis sur le vieux tapis.",
    "A green bird sings in the garden near the river.",
    "Un oiseau vert chante dans le jardin près de la rivière.",
    "She finds a letter under the table.",
    "Elle trouve une lettre sous la table.",
]


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return learn_vocabulary(SENTENCES, TokenizerConfig(vocab_size=340), ["en", "fr"])


@pytest.fixture(scope="session")
def new_translator(tokenizer: Tokenizer) -> Callable[..., Translator]:
    """Build a model with random weights: what it looks at makes no sense, but stays the same."""

    def build(
        source: str = "en",
        target: str = "fr",
        seed: int = 1,
        max_length: int = 40,
        tag: bool = False,
    ) -> Translator:
        config = ModelConfig(
            d_model=16, ffn_dim=16, attention_heads=2, encoder_layers=1, decoder_layers=3
        )
        torch.manual_seed(seed)
        model = Transformer(config, len(tokenizer), PAD_ID)
        with torch.no_grad():
            for layer in model.decoder.layers:
                layer.encoder_attn.q_proj.weight *= 6  # far from even
        found = Translator(
            model,
            tokenizer,
            source=source,
            target=target,
            max_length=max_length,
            decoding=DecodingConfig(beam=2, max_length_ratio=0.5),
        )
        if not tag:
            found.tag = []
        return found

    return build


@pytest.fixture(scope="session")
def translator(new_translator: Callable[..., Translator]) -> Translator:
    return new_translator()
