"""Weights + text -> translations: beam search, forced scoring, and the `Translator` around them."""
