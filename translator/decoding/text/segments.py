# ruff: noqa: RUF001 - the punctuation of many scripts looks alike
"""A line longer than the model has learned to read, cut into pieces that it can."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable

from translator.decoding.text.sentences import Stretch

# Each pattern ends where a piece may end. The best place comes first.
_CLOSING = r"[\"'»”’›)\]」』】）]*"
_PLACES = [
    re.compile(rf"\n|[.!?…؟۔։።]+{_CLOSING}(?=\s)|[。！？｡।॥]+{_CLOSING}"),
    re.compile(rf"[,;:،؛፣–—]+{_CLOSING}(?=\s)|[，、；：]+{_CLOSING}"),
    re.compile(r"\s+"),
]
_FIRST_WINDOW = 4
"""Characters for each token to look at first; twice as many each time they all fit."""
_TRIES = 8
"""Places of one kind that are tried; a shorter text has more tokens only by rare accident."""


def cut(text: str, count: Callable[[str], int], limit: int) -> list[Stretch]:
    """Return the text in pieces of at most `limit` tokens, none of them blank.

    A piece ends at the last sentence end that it can reach, else at the last clause mark, else at
    the last white space, else in the middle of a word. Joined with their
    spaces the pieces are the text, but for white space at its beginning. A single character that
    needs more than `limit` tokens is a piece of its own.

    Args:
        text: any text; blank text has no pieces.
        count: gives the number of tokens of a text.
        limit: at least 1.
    """
    pieces = []
    start = _skip_space(text, 0)
    while start < len(text):
        end = _end_of_piece(text, start, count, limit)
        bare = text[start:end].rstrip()
        following = _skip_space(text, end)
        pieces.append(Stretch(bare, text[start + len(bare) : following]))
        start = following
    return pieces


def _end_of_piece(text: str, start: int, count: Callable[[str], int], limit: int) -> int:
    """Return where the piece that begins at `start` best ends."""

    def fits(end: int) -> bool:
        return count(text[start:end]) <= limit

    reach = _reach(len(text), start, fits, limit)
    if reach == len(text):
        return reach
    # one more character, so that a pattern sees the space behind the last mark
    window = text[start : reach + 1]
    for pattern in _PLACES:
        ends = [start + match.end() for match in pattern.finditer(window)]
        ends = ends[: bisect_right(ends, reach)]
        for end in reversed(ends[-_TRIES:]):
            if text[start:end].strip() and fits(end):
                return end
    # a letter keeps its accents where that is possible
    for end in range(reach, max(reach - _TRIES, start), -1):
        if not unicodedata.category(text[end]).startswith("M") and fits(end):
            return end
    return reach


def _reach(length: int, start: int, fits: Callable[[int], bool], limit: int) -> int:
    """Return how far the text fits: a place that fits while the next one does not.

    Fitting is all but monotone (a longer text may join letters to one token), so this is a fitting
    place, if not always the very last.
    """
    low, width = start, _FIRST_WINDOW * limit
    while True:
        high = min(length, start + width)
        if not fits(high):
            break
        low = high
        if high == length:
            return length
        width *= 2
    while high - low > 1:
        middle = (low + high) // 2
        if fits(middle):
            low = middle
        else:
            high = middle
    return max(low, start + 1)  # one character at least


def _skip_space(text: str, start: int) -> int:
    while start < len(text) and text[start].isspace():
        start += 1
    return start
