"""Words as they are written beside a map of attention: short, on one line, in their direction."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

LONGEST = 24
"""Columns of a terminal that a word takes at most."""
_BREAKS = {"Cc", "Cs", "Zl", "Zp"}
"""Characters that would break a line, a file or a terminal."""
_DIRECTIONS = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""They would turn what stands beside the word."""


def shown(word: str, width: int = LONGEST) -> str:
    """Return a word as it is drawn, in at most `width` columns of a terminal."""
    from rich.cells import cell_len, set_cell_size

    kept = "".join(
        "\ufffd" if unicodedata.category(char) in _BREAKS else char
        for char in word
        if char not in _DIRECTIONS
    )
    return kept if cell_len(kept) <= width else set_cell_size(kept, width - 1).rstrip() + "…"


def is_right_to_left(text: str) -> bool:
    """Return whether most letters of a text are of a script written from right to left."""
    kinds = [unicodedata.bidirectional(char) for char in text]
    return kinds.count("R") + kinds.count("AL") > kinds.count("L")


def isolated(word: str) -> str:
    """Return a word that does not turn what stands beside it, nor is turned by it."""
    return f"\u2068{word}\u2069" if is_right_to_left(word) else word


def in_reading_order(words: Sequence[str]) -> list[int]:
    """Return the places of the words from left to right, as a reader meets them on a line."""
    places = list(range(len(words)))
    return places[::-1] if is_right_to_left("".join(words)) else places
