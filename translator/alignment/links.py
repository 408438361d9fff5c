"""From weights to links, and from the links of both directions to those of a pair."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Literal, get_args

import numpy as np

from translator.alignment.choice import Choice

Link = tuple[int, int]
"""A word of the source and one of the target, counted from 0."""

OfLinks = Literal["intersection", "union", "grow-diag", "grow-diag-final", "grow-diag-final-and"]
Symmetrisation = Literal["mean", OfLinks]
SYMMETRISATIONS: tuple[str, ...] = get_args(Symmetrisation)

_MEAN = 0.35
"""The least mean of both directions that is a link."""

_TINY = 1e-30
_NEIGHBOURS = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b]


def linked(weights: np.ndarray, choice: Choice) -> np.ndarray:
    """Return which words are linked, boolean, T x S (… x T x S for several at once).

    Args:
        weights: how much each word of the target looks at each of the source.
        choice: its threshold and floor decide.
    """
    return chosen_of(balanced(weights), choice.threshold, choice.floor)


def balanced(weights: np.ndarray) -> np.ndarray:
    """Let the words of the target compete for those of the source; rows sum to 1, or to 0.

    Many words look at a noun: its article for the gender, a verb for the number. What each source
    word gets is divided up among those that look at it, so that it goes to the one that looks most,
    and the others are left with what is their own. Squares make the difference clearer.

    Args:
        weights: … x T x S.
    """
    squares = np.square(weights, dtype=np.float64)
    shared = squares / np.maximum(squares.sum(axis=-2, keepdims=True), _TINY)
    whole: np.ndarray = shared / np.maximum(shared.sum(axis=-1, keepdims=True), _TINY)
    return whole


def chosen_of(weights: np.ndarray, threshold: float, floor: float) -> np.ndarray:
    """Return which weights are large enough for links, boolean.

    Args:
        weights: … x T x S.
        threshold: at least so large is a link.
        floor: in a row without such a one the largest is a link, if it is at least so large.
    """
    found: np.ndarray = weights >= threshold
    if not weights.shape[-1]:
        return found
    best = weights.max(axis=-1, keepdims=True)
    alone = (best < threshold) & (best >= floor) & (best > 0)
    # the first of several that are equal
    first = np.arange(weights.shape[-1]) == weights.argmax(axis=-1, keepdims=True)
    return found | (alone & first)


def linked_both_ways(
    forward: np.ndarray,
    backward: np.ndarray,
    choices: tuple[Choice, Choice],
    method: Symmetrisation,
) -> np.ndarray:
    """Return which words are linked by what both directions look at, boolean, T x S.

    Args:
        forward: the weights of a model, T x S.
        backward: those of a model of the opposite direction, S x T.
        choices: for the links of each direction.
        method: see `symmetrised`; or ``mean``, which asks for enough weight in both together.
    """
    if method == "mean":
        return (balanced(forward) + balanced(backward).T) / 2 >= _MEAN
    return symmetrised(linked(forward, choices[0]), linked(backward, choices[1]).T, method)


def symmetrised(forward: np.ndarray, backward: np.ndarray, method: OfLinks) -> np.ndarray:
    """Return the links that both directions give together (Koehn, Och and Marcu 2003).

    Args:
        forward, backward: the links of each direction, boolean, both T x S.
        method: ``intersection`` is most certain, ``union`` most complete. ``grow-diag`` begins with
            the first and adds neighbours that are in the second while one of their words has no
            link. ``-final`` adds what else is left of either direction while one of the words has
            no link, ``-final-and`` while neither has one.
    """
    both, either = forward & backward, forward | backward
    if method == "intersection":
        return both
    if method == "union":
        return either
    grown = both.copy()
    _grow(grown, either)
    if method != "grow-diag":
        needed = all if method == "grow-diag-final-and" else any
        for side in (forward, backward):
            _finish(grown, side, needed)
    return grown


def _grow(links: np.ndarray, allowed: np.ndarray) -> None:
    """Add allowed neighbours of links, as long as there are any that a word without link has."""
    T, S = links.shape
    rows, columns = np.any(links, axis=1).tolist(), np.any(links, axis=0).tolist()
    waiting = [(int(t), int(s)) for t, s in np.argwhere(links)]
    while waiting:
        added = []
        for t, s in waiting:
            for a, b in _NEIGHBOURS:
                i, j = t + a, s + b
                if not (0 <= i < T and 0 <= j < S) or not allowed[i, j] or links[i, j]:
                    continue
                if not (rows[i] and columns[j]):
                    links[i, j] = rows[i] = columns[j] = True
                    added.append((i, j))
        waiting = added


def _finish(links: np.ndarray, side: np.ndarray, needed: Callable[[Iterable[bool]], bool]) -> None:
    """Add links of one direction whose words have none."""
    rows, columns = np.any(links, axis=1).tolist(), np.any(links, axis=0).tolist()
    for t, s in np.argwhere(side & ~links):
        if needed((not rows[t], not columns[s])):
            links[t, s] = rows[t] = columns[s] = True


def as_links(found: np.ndarray, first: Link = (0, 0)) -> list[Link]:
    """Return links as pairs, in order of the source.

    Args:
        found: boolean, T x S.
        first: numbers of the first word of source and target.
    """
    columns, rows = np.nonzero(found.T)
    return list(zip((columns + first[0]).tolist(), (rows + first[1]).tolist(), strict=True))


def pharaoh(links: Iterable[Link]) -> str:
    """Return links as Moses and its kin write them: ``0-0 1-2``."""
    return " ".join(f"{s}-{t}" for s, t in links)
