"""Text <-> ids, by one SentencePiece vocabulary for both languages."""

from translator.tokenizer.learn import learn_vocabulary
from translator.tokenizer.placeholders import Protected, protect, protect_pair
from translator.tokenizer.tokenizer import Tokenizer

__all__ = ["Protected", "Tokenizer", "learn_vocabulary", "protect", "protect_pair"]
