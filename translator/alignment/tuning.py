"""Which layer, heads and rows tell most about who translates whom, for one model.

What is best differs from model to model, and the attention of most heads is no alignment at all. So
the choice is made on pairs that the model has not learned from: by gold links, or, without them,
by how far two directions agree (arXiv 2004.14837, section 3.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from typing import NamedTuple, get_args

import numpy as np

from translator.alignment.choice import Choice, Row
from translator.alignment.gold import Gold
from translator.alignment.links import Link, linked
from translator.alignment.passages import Pair, Passage, Reader
from translator.alignment.reading import all_weights
from translator.decoding.translator import Translator
from translator.errors import DataError

_MOST_PAIRS, _MOST_WORDS = 500, 60
"""Pairs that are looked at, and words that a side of them may have."""
_THRESHOLDS = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 1.1)
_FLOORS = (0.0, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4)

_STARTS = ((1.1, 0.0), (0.4, 0.0))
"""Thresholds and floors with which heads are looked at."""
_ROUNDS = 2
"""Times that each direction is fitted to the other."""


_BITS = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).sum(axis=1)


class Tuned(NamedTuple):
    """What was chosen for a model, and how good it is."""

    choice: Choice
    error: float
    """On the pairs it was chosen on: the alignment error rate, or, without gold links, what one is
    between both directions."""
    pairs: int


def tune_by_gold(translator: Translator, pairs: Sequence[Pair], gold: Sequence[Gold]) -> Tuned:
    """Return what the links nearest to those of people are made with.

    Args:
        translator: the model.
        pairs: not learned from.
        gold: the links of each pair.

    Raises:
        DataError: none of the pairs is short enough.
    """
    numbers = _usable(pairs)
    weights = _Weights(translator, [pairs[i].passages[0] for i in numbers])
    sure = weights.mask([gold[i].sure for i in numbers])
    possible = weights.mask([gold[i].possible for i in numbers])

    def error(choice: Choice) -> float:
        found = weights.found(choice)
        right = (found & sure).sum() + (found & possible).sum()
        total = found.sum() + sure.sum()
        return float(1 - right / total) if total else 0.0

    best = min(
        (
            _with_more_heads(replace(start, threshold=threshold, floor=floor), weights, error)
            for start in weights.single_heads()
            for threshold, floor in _STARTS
        ),
        key=error,
    )
    grid = [
        replace(best, threshold=threshold, floor=floor)
        for threshold in _THRESHOLDS
        for floor in _FLOORS
        if floor < threshold
    ]
    best = _with_more_heads(min([best, *grid], key=error), weights, error)
    return Tuned(best, error(best), len(numbers))


def tune_by_agreement(
    translator: Translator, reverse: Translator, pairs: Sequence[Pair]
) -> tuple[Tuned, Tuned]:
    """Return, for a model and one of the opposite direction, what their links agree most with.

    Raises:
        DataError: none of the pairs is short enough.
    """
    passages = [pairs[i].passages[0] for i in _usable(pairs)]
    ways = _Weights(translator, passages), _Weights(reverse, [one.turned() for one in passages])
    known: list[dict[Choice, np.ndarray]] = [{}, {}]

    def found(way: int, choice: Choice) -> np.ndarray:
        if choice not in known[way]:
            links = ways[way].found(choice)
            links = links.swapaxes(1, 2) if way else links
            known[way][choice] = np.packbits(links.reshape(-1))
        return known[way][choice]

    def disagreement(ours: Choice, theirs: Choice) -> float:
        a, b = found(0, ours), found(1, theirs)
        total = _count(a) + _count(b)
        return 1 - 2 * _count(a & b) / total if total else 1.0

    starts = [[*way.single_heads(), *way.whole_layers()] for way in ways]
    ours, theirs = min(product(*starts), key=lambda pair: disagreement(*pair))
    for _ in range(_ROUNDS):
        ours = _with_more_heads(ours, ways[0], partial(_turned(disagreement), theirs))
        theirs = _with_more_heads(theirs, ways[1], partial(disagreement, ours))
    error, count = disagreement(ours, theirs), len(passages)
    # how many links there are to be, agreement cannot tell: that stays as it mostly is good
    ours, theirs = (replace(one, threshold=Choice.threshold) for one in (ours, theirs))
    return Tuned(ours, error, count), Tuned(theirs, error, count)


def _turned(function: Callable[[Choice, Choice], float]) -> Callable[[Choice, Choice], float]:
    return lambda second, first: function(first, second)


def _count(packed: np.ndarray) -> int:
    return int(_BITS[packed].sum())


def _usable(pairs: Sequence[Pair]) -> list[int]:
    """Return which pairs are looked at: short ones, spread evenly."""
    short = [
        i
        for i, pair in enumerate(pairs)
        if len(pair.passages) == 1
        and min(len(pair.source), len(pair.target)) > 0
        and max(len(pair.source), len(pair.target)) <= _MOST_WORDS
    ]
    if not short:
        raise DataError(
            f"none of the {len(pairs):,} pairs is a single sentence of up to {_MOST_WORDS} words, "
            "and the choice is made on such",
        )
    count = min(len(short), _MOST_PAIRS)
    return [short[i * len(short) // count] for i in range(count)]


def _with_more_heads(choice: Choice, weights: _Weights, error: Callable[[Choice], float]) -> Choice:
    """Add the head that helps most, as long as one does."""
    best = error(choice)
    while True:
        others = [
            replace(choice, heads=tuple(sorted((*choice.heads, head))))
            for head in range(weights.heads)
            if head not in choice.heads
        ]
        errors = list(map(error, others))
        if not errors or min(errors) >= best:
            return choice
        best = min(errors)
        choice = others[errors.index(best)]


class _Weights:
    """All the attention of some passages in one array, filled up with zeros."""

    def __init__(self, translator: Translator, passages: Sequence[Passage]) -> None:
        config = translator.model.config
        self.layers, self.heads = config.decoder_layers, config.attention_heads
        sides = Reader(translator).sides(passages)
        self._shape = (
            len(sides),
            max(target.size for _, target in sides),
            max(source.size for source, _ in sides),
        )
        self._rows: dict[str, np.ndarray] = {}
        for row in get_args(Row):
            all_ = np.zeros((self.layers, self.heads, *self._shape), dtype=np.float32)
            for i, own in all_weights(translator, sides, row):
                all_[:, :, i, : own.shape[2], : own.shape[3]] = own
            self._rows[row] = all_

    def found(self, choice: Choice) -> np.ndarray:
        """Return the links that a choice gives, boolean, N x T x S."""
        chosen = self._rows[choice.row][choice.layer, list(choice.heads)].mean(axis=0)
        return linked(chosen, choice)

    def mask(self, links: Iterable[Iterable[Link]]) -> np.ndarray:
        """Return links as an array, boolean, N x T x S."""
        mask = np.zeros(self._shape, dtype=bool)
        for own, some in zip(mask, links, strict=True):
            for s, t in some:
                own[t, s] = True
        return mask

    def single_heads(self) -> Iterator[Choice]:
        """Yield each head of each layer, with both rows."""
        for layer in self.whole_layers():
            for head in layer.heads:
                yield replace(layer, heads=(head,))

    def whole_layers(self) -> Iterator[Choice]:
        """Yield each layer, with both rows."""
        for layer in range(self.layers):
            for row in get_args(Row):
                yield Choice(layer=layer, heads=tuple(range(self.heads)), row=row, threshold=1.1)
