"""BLEU as older papers have it, those on Multi30k among them: lower-cased and tokenised beforehand.

It is no measure for new work. The text is prepared as those papers prepared it (lower-cased, its
punctuation normalised, cut by the Moses tokenizer, here that of sacremoses), and scored as
`multi-bleu.perl` does: without smoothing. Figures on German differ little from cased BLEU, and on
French by several points.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version
from typing import Any

from translator.errors import ConfigError

NAME = "BLEU-lc-tok"


def tokenised_bleu(target: str) -> Any:
    """Return sacrebleu's BLEU with the Moses tokenizer for the language `target`.

    Raises:
        ConfigError: sacremoses is not installed.
    """
    from sacrebleu import BLEU

    metric: Any = BLEU(lowercase=True, tokenize="none", smooth_method="none", force=True)
    metric.tokenizer = _Moses(target.lower().replace("_", "-").partition("-")[0] or "en")
    metric.tokenizer_signature = metric.tokenizer.signature()
    return metric


class _Moses:
    """Cuts text as the Moses scripts do, in the form of sacrebleu's own tokenizers."""

    def __init__(self, language: str) -> None:
        try:
            from sacremoses import MosesPunctNormalizer, MosesTokenizer
        except ImportError:
            raise ConfigError(
                "--tokenised-bleu needs sacremoses, which is not installed",
                hint="pip install sacremoses",
            ) from None
        self.language = language
        self._normalizer = MosesPunctNormalizer(lang=language)
        self._tokenizer = MosesTokenizer(lang=language)
        self._cut = lru_cache(maxsize=1 << 16)(self._tokenize)

    def signature(self) -> str:
        """Return what the figure depends on."""
        return f"moses-{self.language}-sacremoses{version('sacremoses')}"

    def __call__(self, text: str) -> str:
        """Return the tokens of a text, with a space between each two."""
        return self._cut(text)

    def _tokenize(self, text: str) -> str:
        normalised = self._normalizer.normalize(text)
        return str(self._tokenizer.tokenize(normalised, return_str=True, escape=False))
