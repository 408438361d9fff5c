"""Rules that compare the two sides of a pair."""

from __future__ import annotations

import re
from collections.abc import Iterable

from translator.corpora.doctor.batch import Batch

SLACK = 12
"""Characters that count on both sides, so that the lengths of short texts may differ much."""
FAR, MANY = 2.5, 5.0
"""How many times as long as usual one side is, beside the other; the slack is counted in."""
LONG = 1000
"""Characters."""
RATIO_BATCHES = 5
"""So many batches tell what is usual: German is longer than English, Chinese far shorter."""

_COPIED_WORDS, _COPIED_SHARE = 4, 0.75
"""Words in small letters, so no names or code, that stand on both sides: at least so many, and this
share of the source's."""

_DIGITS = re.compile(r"\d+")
_SOME_DIGIT = re.compile(r"\d.*")
_NUMBER = re.compile(r"\d{1,3}(?:[ .,'\u2019\u00a0\u202f]\d{3})+(?!\d)|\d+")
_NO_DIGIT = re.compile(r"\D")
_LARGE = 3
"""Digits of a number that is hardly ever written out as a word, or as a time of day."""

_SOME_ADDRESS = re.compile(r"(?:@|://|www\.).*")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"'«»“”)\]}]+|[\w.+-]+@[\w-]+\.[\w.-]+")


def usual_ratio(batch: Batch) -> float:
    """Return the median of target length by source length, in characters with slack."""
    import numpy as np

    sources, targets = np.split(batch.lengths + SLACK, 2)
    return float(np.median(targets / sources)) if len(batch) else 1.0


def ratio(batch: Batch, usual: float, limit: float) -> list[int]:
    """Find pairs of which one side is `limit` times as long as usual, or more."""
    import numpy as np

    sources, targets = np.split(batch.lengths + SLACK, 2)
    factor = targets / sources / usual
    found: list[int] = np.flatnonzero((factor >= limit) | (factor <= 1 / limit)).tolist()
    return found


def long(batch: Batch) -> list[int]:
    """Find pairs with a side of more than `LONG` characters."""
    import numpy as np

    sides = np.split(batch.lengths, 2)
    found: list[int] = np.flatnonzero(np.maximum(*sides) > LONG).tolist()
    return found


def identical(batch: Batch) -> list[int]:
    """Find pairs whose sides are the same text, and more than figures and signs."""
    pairs = enumerate(zip(batch.sources, batch.targets, strict=True))
    return [at for at, (a, b) in pairs if a == b and any(map(str.isalpha, a))]


def untranslated(batch: Batch) -> list[int]:
    """Find pairs in which most words of a source sentence come back unchanged."""
    found = []
    for at, (source, target) in enumerate(zip(batch.sources, batch.targets, strict=True)):
        words = source.split()
        if len(words) < _COPIED_WORDS or _many_missing(words, target):  # as nearly always
            continue
        there = set(target.split())
        words = [word for word in words if word.isalpha() and word == word.lower()]
        kept = sum(map(there.__contains__, words))
        if kept >= max(_COPIED_WORDS, _COPIED_SHARE * len(words)):
            found.append(at)
    return found


def _many_missing(words: list[str], target: str) -> bool:
    """Return whether surely too few words come back; to find the first missing ones is enough."""
    left = (1 - _COPIED_SHARE) * len(words)
    for word in words:
        if word not in target and word.isalpha() and word == word.lower():
            left -= 1
            if left < 0:
                return True
    return False


def numbers(batch: Batch) -> list[int]:
    """Find pairs with other numbers on the two sides.

    Two languages may order and separate numbers differently, write small ones as words, and tell
    the time differently. So of small numbers one in common is enough; large ones must be the same.
    """
    found = []
    for at in batch.pairs_of(batch.located(_SOME_DIGIT)):
        sides = batch.sources[at], batch.targets[at]
        if _DIGITS.findall(sides[0]) == _DIGITS.findall(sides[1]):
            continue
        source, target = map(_numbers, sides)
        large = [{n for n in side if len(n) >= _LARGE} for side in (source, target)]
        if large[0] != large[1] or (source and target and not source & target):
            found.append(at)
    return found


def _numbers(text: str) -> set[str]:
    found = {_NO_DIGIT.sub("", number).lstrip("0") for number in _NUMBER.findall(text)}
    if not text.isascii():
        # the digits of other scripts
        found = {str(int(number)) if number else "" for number in found}
    return found


def addresses(batch: Batch) -> list[int]:
    """Find pairs with other URLs or e-mail addresses on the two sides."""
    pairs = batch.pairs_of(batch.located(_SOME_ADDRESS))
    return [at for at in pairs if _addresses(batch.sources[at]) != _addresses(batch.targets[at])]


def _addresses(text: str) -> set[str]:
    return set(_without_ends(_ADDRESS.findall(text)))


def _without_ends(found: Iterable[str]) -> Iterable[str]:
    return (address.rstrip(".,;:!?…/").casefold() for address in found)
