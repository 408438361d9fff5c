"""A text into its sentences, with the white space that stood between them."""

from __future__ import annotations

import re
from typing import NamedTuple

_INNER_END = re.compile(r"[.!?…؟۔։።。！？｡।॥|‼⁇⁈⁉]['\"»”’)\]」』】）]*\s*[^\s.!?…]")  # noqa: RUF001
_WITHOUT_SPACES = {"zh", "ja", "yue", "wuu", "lzh"}
"""Languages that put no space between sentences."""


class Sentence(NamedTuple):
    """A sentence and the white space behind it."""

    text: str
    space: str


def split(text: str, language: str) -> list[Sentence]:
    """Return the sentences of a text; joined with their spaces they are the text.

    Args:
        text: any text; white space at its beginning belongs to the first sentence.
        language: its language tag, which tells what ends a sentence and what is an abbreviation.
    """
    import sentencex

    parts = sentencex.segment(language.partition("-")[0], text)
    if "".join(parts) != text:
        parts = [text]  # never a character lost
    found: list[Sentence] = []
    for part in parts:
        bare = part.rstrip()
        if bare or not found:
            found.append(Sentence(bare, part[len(bare) :]))
        else:
            found[-1] = Sentence(found[-1].text, found[-1].space + part)
    return found


def may_be_several(text: str) -> bool:
    """Return whether a text could have more than one sentence; a cheap look at its marks."""
    return _INNER_END.search(text) is not None


def space_between(space: str, source: str, target: str) -> str:
    """Return what stands between two translated sentences, where `space` stood in the source."""
    spaced = [tag.partition("-")[0] not in _WITHOUT_SPACES for tag in (source, target)]
    if spaced == [False, True] and not space:
        return " "
    return "" if spaced == [True, False] and space == " " else space
