"""Pairs of texts, cut into passages that a model can read at once.

A model has learned from single sentences. So a pair of several sentences is first aligned sentence
by sentence, by their lengths (Gale and Church 1993), and a sentence that is too long clause by
clause in the same way. A word is looked for in the passage that its own one is put beside.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from translator.alignment.words import Locator, Side, Span, Tokens, make_side, put_out, word_spans
from translator.decoding.text.segments import cut
from translator.decoding.text.sentences import Stretch, may_be_several, split
from translator.decoding.translator import Translator
from translator.tokenizer import Protected, protect

Sides = tuple[Side, Side]

_KINDS = {(1, 1): 0.0, (1, 2): 2.3, (2, 1): 2.3, (2, 2): 4.4, (1, 0): 4.5, (0, 1): 4.5}
"""How many sentences stand for how many, and what that costs (minus the logarithm of its share)."""
_VARIANCE = 6.8
"""Of the length of a translation, in characters, for each character of its source."""
_BAND = 40
"""Sentences by which a translation may be ahead of its source, or behind."""
_CLAUSES = 3
"""A sentence that is too long is cut into clauses of which so many fit at once."""


class Passage(NamedTuple):
    """A part of a pair that is read at once: two texts, and the places of their words."""

    source: str
    target: str
    source_words: list[Span]
    target_words: list[Span]
    first: tuple[int, int] = (0, 0)
    """Numbers of their first words in the whole texts."""

    def turned(self) -> Passage:
        """Return the same for the other direction."""
        return Passage(
            self.target, self.source, self.target_words, self.source_words, self.first[::-1]
        )


class Pair(NamedTuple):
    """A text and its translation: their words, and the passages they are read in."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    passages: list[Passage]


Spans = tuple[Sequence[Span], Sequence[Span]]
"""Places in a source, and as many or others in its target."""
Places = tuple[Span, Span]
"""A place in a source and the one in its target that belongs to it."""


class Reader:
    """Prepares pairs for one model.

    Args:
        translator: the model.
    """

    def __init__(self, translator: Translator) -> None:
        self._translator = translator
        self._tokenizer = translator.tokenizer
        self._copies = bool(translator.tokenizer.placeholders)
        self._locator = Locator(translator.tokenizer)
        # the end of the sentence takes one token
        self._limits = translator.max_length - len(translator.tag) - 1, translator.max_length - 1

    def pairs(
        self,
        sources: Sequence[str],
        targets: Sequence[str],
        *,
        words: Sequence[Spans] | None = None,
        parts: Sequence[Sequence[Places]] | None = None,
    ) -> list[Pair]:
        """Return the pairs, cut where they are of several sentences or too long.

        Args:
            sources: any number of texts.
            targets: a translation of each.
            words: places of their words, where these are not what stands between spaces.
            parts: places that belong together, where these are known.
        """
        tokens = self._tokens(sources, targets)
        pairs = []
        for i, (source, target) in enumerate(zip(sources, targets, strict=True)):
            ours, theirs = tokens[0][i], tokens[1][i]
            spans = words[i] if words else (word_spans(source, ours), word_spans(target, theirs))
            if parts:
                places = list(parts[i])
            else:
                places = self._parts(source, target, (len(ours.ids), len(theirs.ids)))
            pairs.append(
                Pair(
                    tuple(source[a:b] for a, b in spans[0]),
                    tuple(target[a:b] for a, b in spans[1]),
                    [_passage(source, target, spans, place) for place in places],
                )
            )
        return pairs

    def sides(self, passages: Sequence[Passage]) -> list[Sides]:
        """Return the tokens of both sides of each passage, and the words that they make."""
        tokens = self._tokens([one.source for one in passages], [one.target for one in passages])
        return [
            (
                make_side(ours, one.source_words, len(one.source)),
                make_side(theirs, one.target_words, len(one.target)),
            )
            for one, ours, theirs in zip(passages, *tokens, strict=True)
        ]

    def _tokens(
        self, sources: Sequence[str], targets: Sequence[str]
    ) -> tuple[list[Tokens], list[Tokens]]:
        ours = [protect(text) if self._copies else Protected(text) for text in sources]
        theirs = [put_out(one, text) for one, text in zip(ours, targets, strict=True)]
        return (
            self._locator.tokens([one.text for one in ours], [one.named for one in ours]),
            self._locator.tokens([text for text, _ in theirs], [spans for _, spans in theirs]),
        )

    def _parts(self, source: str, target: str, counts: tuple[int, int]) -> list[Places]:
        """Return the places of the passages of a pair, whose sides have so many tokens."""
        whole = (0, len(source)), (0, len(target))
        fits = counts[0] <= self._limits[0] and counts[1] <= self._limits[1]
        several = may_be_several(source) or may_be_several(target)
        if fits and not (several and self._translator.decoding.split_sentences):
            return [whole]
        ours = split(source, self._translator.source)
        theirs = split(target, self._translator.target)
        if fits and (len(ours) < 2 or len(theirs) < 2):
            return [whole]
        return [
            part for place in beside(ours, theirs) for part in self._clauses(source, target, place)
        ]

    def _clauses(self, source: str, target: str, place: Places) -> list[Places]:
        """Cut a passage that is too long."""
        texts = [source[slice(*place[0])], target[slice(*place[1])]]
        if self._fit(*texts):
            return [place]
        clauses = [
            cut(text, self._count, max(1, limit // _CLAUSES))
            for text, limit in zip(texts, self._limits, strict=True)
        ]
        (a, _), (b, _) = place
        joined: list[Places] = []
        for (begin, end), (start, stop) in beside(*clauses):
            if joined:
                (first, _), (other, _) = joined[-1]
                if self._fit(texts[0][first:end], texts[1][other:stop]):
                    joined[-1] = (first, end), (other, stop)
                    continue
            joined.append(((begin, end), (start, stop)))
        return [
            ((a + begin, a + end), (b + start, b + stop)) for (begin, end), (start, stop) in joined
        ]

    def _count(self, text: str) -> int:
        return len(self._tokenizer.encode([text])[0])

    def _fit(self, *texts: str) -> bool:
        return all(
            self._count(text) <= limit for text, limit in zip(texts, self._limits, strict=True)
        )


def _passage(source: str, target: str, words: Spans, places: Places) -> Passage:
    ours, theirs = (_within(spans, place) for spans, place in zip(words, places, strict=True))
    return Passage(
        source[slice(*places[0])],
        target[slice(*places[1])],
        ours[1],
        theirs[1],
        (ours[0], theirs[0]),
    )


def _within(spans: Sequence[Span], place: Span) -> tuple[int, list[Span]]:
    """Return the number of the first word in a place, and the places of its words from there."""
    begin, end = place
    first = bisect_right(spans, begin, key=lambda span: span[1])
    last = bisect_left(spans, end, key=lambda span: span[0])
    inside = [
        (max(a, begin) - begin, min(b, end) - begin) for a, b in spans[first : max(first, last)]
    ]
    return first, inside


def beside(ours: Sequence[Stretch], theirs: Sequence[Stretch]) -> list[Places]:
    """Return which parts of two texts belong together, by their lengths (Gale and Church 1993).

    Args:
        ours, theirs: both texts, in parts that follow each other.

    Returns:
        Places in both texts, in order. A part that seems to have no counterpart is in none.
    """
    ends = [
        list(accumulate((len(one.text) + len(one.space) for one in side), initial=0))
        for side in (ours, theirs)
    ]
    rows, columns = len(ours), len(theirs)
    ratio = max(1, ends[1][-1]) / max(1, ends[0][-1])
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {(0, 0): (0.0, (0, 0))}
    band = _BAND + abs(rows - columns)
    for i in range(rows + 1):
        middle = i * columns // rows
        for j in range(max(0, middle - band), min(columns, middle + band) + 1):
            steps = []
            for (a, b), penalty in _KINDS.items():
                before = best.get((i - a, j - b))
                if before is not None:
                    sizes = ends[0][i] - ends[0][i - a], ends[1][j] - ends[1][j - b]
                    steps.append((before[0] + penalty + _cost(*sizes, ratio), (a, b)))
            if steps:
                best[i, j] = min(steps)
    found: list[Places] = []
    at = rows, columns
    while at != (0, 0):
        a, b = best[at][1]
        i, j = at
        at = i - a, j - b
        if a and b:
            found.append(
                (
                    (ends[0][at[0]], ends[0][i] - len(ours[i - 1].space)),
                    (ends[1][at[1]], ends[1][j] - len(theirs[j - 1].space)),
                )
            )
    return found[::-1]


def _cost(source: int, target: int, ratio: float) -> float:
    """Return how odd it is that texts of these lengths are translations of each other."""
    mean = (source + target / ratio) / 2
    return (source - target / ratio) ** 2 / (2 * _VARIANCE * max(mean, 1.0))
