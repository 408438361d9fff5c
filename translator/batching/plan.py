"""Which rows go together, in which order: decided by (seed, epoch) alone.

A plan is the same on every machine and after every restart, so a position in it (epoch, batch
number) is all that resuming needs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]

_BLUR = 2
"""Tokens by which source lengths may be out of order: more mixing, for a little padding."""


def plan_epoch(
    source_lengths: NDArray[np.int32],
    target_lengths: NDArray[np.int32],
    *,
    parts: Sequence[tuple[Rows, float]],
    batch_tokens: int,
    seed: int,
    epoch: int,
) -> list[Rows]:
    """Return the batches of one epoch, as row numbers.

    Rows of like lengths share a batch, so that little is padding; which of them, and the order of
    the batches, are drawn anew each epoch.

    Args:
        source_lengths, target_lengths: tokens of each row, eos included.
        parts: rows and how often each of them is seen in an epoch (0.5: a half of them is drawn).
        batch_tokens: rows times longest length of a batch, at most; a longer row goes alone.
        seed, epoch: what chance depends on.
    """
    chance = np.random.default_rng([seed, epoch])
    rows = np.concatenate([_repeated(rows, weight, chance) for rows, weight in parts])
    sources, targets = source_lengths[rows], target_lengths[rows]
    # target length first: target positions cost more than source ones. Source lengths are blurred,
    # or the same rows would meet in every epoch. They rise and fall in turn, so that a batch with
    # rows of two target lengths does not get the longest sources of one, the shortest of the other.
    blurred = sources + _BLUR * chance.random(len(rows))
    order = np.lexsort((np.where(targets % 2, blurred, -blurred), targets))
    rows, longest = rows[order], np.maximum(sources, targets)[order]
    batches: list[Rows] = []
    start = 0
    while start < len(rows):
        count = max(1, batch_tokens // int(longest[start]))
        while count > 1:
            # the window's longest row may ask for fewer rows; fewer rows have no longer one
            width = int(longest[start : start + count].max())
            if count * width <= batch_tokens:
                break
            count = max(1, batch_tokens // width)
        batches.append(rows[start : start + count])
        start += count
    return [batches[i] for i in chance.permutation(len(batches))]


def padding_share(lengths: NDArray[np.int32], plan: Sequence[Rows]) -> float:
    """Return which share of the positions of some batches is padding, on the side of `lengths`."""
    real = sum(int(lengths[rows].sum()) for rows in plan)
    return 1 - real / sum(len(rows) * int(lengths[rows].max()) for rows in plan)


def _repeated(rows: Rows, weight: float, chance: np.random.Generator) -> Rows:
    """Return each row `weight` times; of a fraction, that share of the rows (at least one)."""
    whole = int(weight)
    some = chance.permutation(rows)[: max(round((weight - whole) * len(rows)), 1 - whole)]
    return np.concatenate([*[rows] * whole, some])
