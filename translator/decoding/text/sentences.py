"""A text into its sentences, with the white space that stood between them."""

from __future__ import annotations

import re
from typing import NamedTuple

_INNER_END = re.compile(r"[.!?…؟۔։።。！？｡।॥|‼⁇⁈⁉]['\"»”’)\]」』】）]*\s*[^\s.!?…]")  # noqa: RUF001
_WITHOUT_SPACES = {"zh", "ja", "yue", "wuu", "lzh"}
"""Languages that put no space between sentences."""
_UNSPACED_WORDS = {*_WITHOUT_SPACES, "th", "lo", "km", "my", "bo", "dz"}
"""Languages that put no space between words."""


class Stretch(NamedTuple):
    """A part of a text and the white space behind it."""

    text: str
    space: str


def split(text: str, language: str) -> list[Stretch]:
    """Return the sentences of a text; joined with their spaces they are the text.

    Args:
        text: any text; white space at its beginning belongs to the first sentence.
        language: its language tag, which tells what ends a sentence and what is an abbreviation.
    """
    import sentencex

    parts = sentencex.segment(language.partition("-")[0], text)
    if "".join(parts) != text:
        parts = [text]  # never a character lost
    found: list[Stretch] = []
    for part in parts:
        bare = part.rstrip()
        if bare or not found:
            found.append(Stretch(bare, part[len(bare) :]))
        else:
            found[-1] = Stretch(found[-1].text, found[-1].space + part)
    return found


def may_be_several(text: str) -> bool:
    """Return whether a text could have more than one sentence; a cheap look at its marks."""
    return _INNER_END.search(text) is not None


def space_between(space: str, source: str, target: str) -> str:
    """Return what stands between two translated parts, where `space` stood in the source."""
    source, target = (tag.partition("-")[0] for tag in (source, target))
    if not space and source in _UNSPACED_WORDS and target not in _WITHOUT_SPACES:
        return " "
    if space == " " and source not in _WITHOUT_SPACES and target in _WITHOUT_SPACES:
        return ""
    return space
