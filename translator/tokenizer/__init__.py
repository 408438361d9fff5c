"""Text <-> ids, by one SentencePiece vocabulary for both languages."""

from translator.tokenizer.learn import learn_vocabulary
from translator.tokenizer.placeholders import (
    Marked,
    Protected,
    mark,
    pair_spans,
    protect,
    protect_pair,
)
from translator.tokenizer.tokenizer import Tokenizer

__all__ = [
    "Marked",
    "Protected",
    "Tokenizer",
    "learn_vocabulary",
    "mark",
    "pair_spans",
    "protect",
    "protect_pair",
]
