"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One translation of one sentence, as ids."""

    ids: list[int]
    """The tokens, without the one that begins or ends a sentence."""
    log_prob: float
    """Sum of the tokens' log probabilities, that of the end included."""
    score: float
    """``log_prob / length ** length_penalty``, where length counts the end of the sentence."""
    complete: bool
    """Whether it ended by itself; False if it was cut at the length limit."""
    token_log_probs: list[float] | None = None
    """Log probability of each token, that of the end last if complete; None if not asked for."""
