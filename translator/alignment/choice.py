"""Which part of a model's cross-attention tells who translates whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from translator.decoding.translator import Translator


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is read of the cross-attention, and how links are made of it.

    Attributes:
        layer: of the decoder, from 0 on.
        heads: of this layer, from 0 on; their mean is taken.
        row: whether a token is at the position where it is the decoder's input, or one earlier,
            where it is predicted (arXiv 2004.14837 finds the first to be better).
        threshold: the least weight of a link.
    """

    layer: int
    heads: tuple[int, ...]
    row: Literal["input", "output"] = "input"
    threshold: float = 0.0


def choice_of(translator: Translator) -> Choice:
    """Return what is known to be best for a model, or what mostly is."""
    config = translator.model.config
    return Choice(
        layer=(config.decoder_layers - 1) // 2, heads=tuple(range(config.attention_heads))
    )
