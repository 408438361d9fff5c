"""Pairs whose sides do not belong together, told by what a model finds likely.

The model is asked twice about each target: with its own source, and with one from elsewhere in the
corpus. What a token gains in log probability by its own source is its pointwise mutual information
with it. A translation gains much, a line beside the wrong source nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from translator.decoding.translator import Translator

_FEWEST = 20
"""Pairs from which on something is usual."""
_LITTLE = 0.25
"""A pair that gains less than this share of what is usual does not belong together."""
_KNOWN = 2.5
"""Nats that a token usually gains, at least, where a model knows such text: 4 and 5 where it does,
1 to 1.5 where it does not (`benchmarks/README.md`)."""


class Unrelated:
    """Finds pairs whose sides do not belong together, batch by batch.

    The first batch tells what is usual in the corpus, and lends its sources to all of them.

    Args:
        translator: a model that has learned from such text; best from the corpus itself.

    Attributes:
        unfit: why nothing is found; empty if the model is fit for it.
    """

    def __init__(self, translator: Translator) -> None:
        self._translator = translator
        self._pool: Sequence[str] = ()
        self._numbers = count()
        self._usual = 0.0
        self.unfit = ""

    def __call__(self, sources: Sequence[str], targets: Sequence[str]) -> list[int]:
        """Return the places of the pairs that do not belong together."""
        if self.unfit or not sources:
            return []
        is_first = not self._pool
        if is_first:
            self._pool = list(sources)
        gains = self._gains(sources, targets)
        if is_first:
            self._look_for_what_is_usual(gains)
        if self.unfit:
            return []
        return [i for i, gain in enumerate(gains) if gain < _LITTLE * self._usual]

    def _gains(self, sources: Sequence[str], targets: Sequence[str]) -> np.ndarray:
        """Return what a token of each target gains, in nats; NaN where that cannot be told."""
        size = len(self._pool)
        # from the other end of the corpus: neighbours may be alike
        others = [self._pool[(next(self._numbers) + size // 2) % size] for _ in sources]
        ours, theirs = (self._of_tokens(some, targets) for some in (sources, others))
        same = [a == b for a, b in zip(sources, others, strict=True)]
        return np.where(same, np.nan, ours - theirs)

    def _of_tokens(self, sources: Sequence[str], targets: Sequence[str]) -> np.ndarray:
        scores = self._translator.score(sources, targets)
        return np.array([np.nan if one is None else one.log_prob / one.length for one in scores])

    def _look_for_what_is_usual(self, gains: np.ndarray) -> None:
        known = gains[~np.isnan(gains)]
        if len(known) < _FEWEST:
            self.unfit = f"needs {_FEWEST} pairs, to see what is usual"
            return
        self._usual = float(np.median(known))
        if self._usual < _KNOWN:
            self.unfit = (
                "the model does not know such text: with their own sources, tokens are likelier by "
                f"{self._usual:.1f} nats only"
            )
