"""Texts into what is translated at once, and back: lines, sentences, the white space between."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from translator.corpora.lines import clean
from translator.decoding.text.sentences import may_be_several, space_between, split
from translator.tokenizer import mark
from translator.tokenizer.placeholders import CHARACTER

if TYPE_CHECKING:
    from translator.decoding.translator import Translator

_LINE = re.compile(r"(\r\n|\r|\n)")
"""What ends a line for whoever sends a text; other characters that break lines are kept inside."""


@dataclass(frozen=True)
class Segment:
    """A sentence, or a whole line where the model reads lines, and what stands behind it."""

    text: str
    """Empty where there is only white space."""
    space: str


def segments(text: str, translator: Translator) -> list[Segment]:
    """Return the parts of a text that are translated at once; joined with their spaces it is whole.

    What is copied, such as a URL, is never cut.
    """
    found: list[Segment] = []
    parts = _LINE.split(text)
    for line, ending in zip(parts[::2], [*parts[1::2], ""], strict=True):
        bare = line.strip()
        before, _, after = line.partition(bare) if bare else ("", "", line)
        if before or not bare:
            found.append(Segment("", before or after + ending))
        if bare:
            own = _sentences(bare, translator)
            found += own[:-1]
            found.append(Segment(own[-1].text, own[-1].space + after + ending))
    return [one for one in found if one.text or one.space]


def _sentences(line: str, translator: Translator) -> list[Segment]:
    if not translator.decoding.split_sentences or not may_be_several(line):
        return [Segment(line, "")]
    marked = mark(line)
    spans = iter(marked.spans)
    return [
        Segment(CHARACTER.sub(lambda mark: next(spans), sentence.text), sentence.space)
        for sentence in split(marked.text, translator.source)
    ]


def space_after(segment: Segment, translator: Translator) -> str:
    """Return what stands behind the translation of a segment."""
    if not segment.text or _LINE.search(segment.space):
        return segment.space
    return clean(space_between(segment.space, translator.source, translator.target))


def whole(parts: Sequence[Segment], translations: Sequence[str], translator: Translator) -> str:
    """Return the translation of a text, made of those of its segments that have text."""
    rest = iter(translations)
    return "".join(
        (next(rest) if part.text else "") + space_after(part, translator) for part in parts
    )
