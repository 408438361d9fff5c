"""From weights to links."""

from __future__ import annotations

import numpy as np

Link = tuple[int, int]
"""A word of the source and one of the target, counted from 0."""


def links_of(weights: np.ndarray, threshold: float) -> tuple[Link, ...]:
    """Return the links between words, in order of the source.

    Each word of the target is linked to the word of the source that it looks at most.

    Args:
        weights: T x S.
        threshold: a word that looks at none as much as this is not linked.
    """
    if not weights.size:
        return ()
    best = weights.argmax(axis=1)
    seen = weights[np.arange(len(best)), best]
    found = np.flatnonzero((seen >= threshold) & (seen > 0))
    return tuple(sorted((int(best[t]), int(t)) for t in found))
