"""Text <-> ids, by one SentencePiece vocabulary for both languages."""

from translator.tokenizer.learn import learn_vocabulary
from translator.tokenizer.tokenizer import Tokenizer

__all__ = ["Tokenizer", "learn_vocabulary"]
