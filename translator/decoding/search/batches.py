"""Which rows are worked on together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def batches_by_length(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yield the indices in batches of like lengths, the longest first.

    A batch holds at most `budget` tokens, padding included, or a single row that is longer.
    """
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    start = 0
    while start < len(order):
        rows = max(1, budget // lengths[order[start]])
        yield order[start : start + rows]
        start += rows


def even_budget(tokens: int, budget: int, workers: int) -> int:
    """Return the budget of batches of which each of the workers gets as many as the others.

    Args:
        tokens: of all rows.
        budget: tokens of a batch, at most.
    """
    budget = max(1, budget)
    rounds = max(1, -(-tokens // (budget * workers)))
    return min(budget, max(1, -(-tokens // (rounds * workers))))
