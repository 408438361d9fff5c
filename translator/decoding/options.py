"""What is asked of a search, whichever engine makes it."""

from __future__ import annotations

from dataclasses import dataclass

_EXTRA_LENGTH = 20
"""Tokens that any translation may have beyond `max_length_ratio` times the source's."""


@dataclass(frozen=True, kw_only=True)
class SearchOptions:
    """How translations are searched for; the same for all rows of a call."""

    beam: int
    """Hypotheses kept for each sentence; 1 is greedy search."""
    length_penalty: float
    """The exponent in `Hypothesis.score`."""
    max_length_ratio: float
    """See `limit`."""
    batch_tokens: int
    """Source tokens searched for together, padding and beams included; never changes a result."""
    n_best: int = 1
    """Hypotheses wanted for each sentence, at most `beam`."""

    def limit(self, source_length: int) -> int:
        """Return the most tokens of a translation, its end included.

        Args:
            source_length: tokens of the source row, tag and end included.
        """
        return int(self.max_length_ratio * source_length) + _EXTRA_LENGTH
