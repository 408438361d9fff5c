"""What is asked of a search, whichever engine makes it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from translator.decoding.search.phrases import Tracker

_EXTRA_LENGTH = 20
"""Tokens that any translation may have beyond `max_length_ratio` times the source's."""


@dataclass(frozen=True, kw_only=True)
class SearchOptions:
    """How translations are searched for; all but the last four count for all rows of a call."""

    beam: int
    """Hypotheses kept for each sentence; 1 is greedy search."""
    length_penalty: float
    """The exponent in `Hypothesis.score`."""
    max_length_ratio: float
    """See `limit`."""
    batch_tokens: int
    """Source tokens searched for together, padding and beams included; never changes a result."""
    n_best: int = 1
    """Hypotheses wanted for each sentence, at most `beam`; of samples, as many as are wanted."""
    max_length: int = 0
    """See `limit`."""
    min_length: int = 0
    """The least number of tokens, end included."""
    no_repeat_ngram: int = 0
    """No sequence of this many tokens comes twice; 0 allows all."""
    temperature: float = 0.0
    """Above 0, hypotheses are drawn at random."""
    top_k: int = 0
    """Draw among so many of the likeliest tokens; 0: among all."""
    top_p: float = 1.0
    """Draw among the likeliest tokens that have this much of the probability together."""
    token_log_probs: bool = False
    """Whether hypotheses tell the log probability of each token."""
    prefixes: Sequence[Sequence[int]] | None = None
    """For each row the ids that its translation begins with; may be empty."""
    draws: Sequence[str] | None = None
    """For each row a text that decides, alone, what is drawn for it; needed with a temperature."""
    trackers: Sequence[Tracker] | None = None
    """For each row the phrases that must be in its translation; there may be no hypothesis then."""

    enough: Sequence[int] | None = None
    """For each row how many tokens are looked at when there are enough hypotheses already."""

    def limit(self, source_length: int) -> int:
        """Return the most tokens of a translation, its end included.

        Args:
            source_length: tokens of the source row, tag and end included.
        """
        limit = int(self.max_length_ratio * source_length) + _EXTRA_LENGTH
        if self.max_length:
            limit = min(limit, self.max_length)
        return max(limit, self.min_length)

    def limits_of(self, rows: Sequence[Sequence[int]]) -> list[int]:
        """Return the limits for all rows; a prefix always has room."""
        limits = [self.limit(len(row)) for row in rows]
        if self.prefixes is not None:
            limits = [
                max(limit, len(prefix) + 1)
                for limit, prefix in zip(limits, self.prefixes, strict=True)
            ]
        return limits

    def of(self, rows: Sequence[int]) -> SearchOptions:
        """Return the options for some of the rows."""
        return dataclasses.replace(
            self,
            prefixes=_chosen(self.prefixes, rows),
            draws=_chosen(self.draws, rows),
            trackers=_chosen(self.trackers, rows),
            enough=_chosen(self.enough, rows),
        )


def _chosen(values: Sequence | None, rows: Sequence[int]) -> list | None:  # type: ignore[type-arg]
    return None if values is None else [values[row] for row in rows]
