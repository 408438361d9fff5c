"""Markdown inside of a sentence: marks come back around what they stood around.

The model never sees the marks. The sentence is translated without them, and what they enclose is
translated alone as well; where that is found again in the sentence, once, the marks are put around
it. Code and addresses must be found as they are. A sentence where this fails is translated in the
parts between the marks: its structure is kept, whatever that costs in style.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_ADDRESS = r"(?:https?|ftp)://[^\s<>()\[\]]*[^\s<>()\[\].,;:!?'\"]|www\.[^\s<>()\[\]]+\w"
_INLINE = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<tag><!--.*?-->|</?[A-Za-z][^<>]*>|<(?:https?://|mailto:)[^<>\s]*>|\[\^[^\s\[\]]+\])"
    rf"|(?P<address>{_ADDRESS})"
    r"|(?P<open>!?\[)(?P<text>[^\[\]]+)"
    r"(?P<close>\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)|\]\[[^\[\]]*\])"
    r"|(?P<mark>\*\*\*|\*\*|\*|(?<!\w)(?:___|__|_))(?=\S)(?P<stressed>[^*_`\[\]]+?)(?<=\S)"
    r"(?P=mark)(?![\w*])"
)
_ENDS = ".!?…。！？।؟"  # noqa: RUF001
"""What only a sentence ends with."""


class Span(NamedTuple):
    """A marked part of a sentence."""

    before: str
    """Marks in front of it, for example `[` or `**`."""
    text: str
    """What stands there when the marks are gone."""
    after: str
    translated: bool
    """False for code and addresses, which stay as they are."""


class Marked:
    """A sentence with marks: what to translate of it, and how to put it together.

    Attributes:
        texts: to be translated, the sentence without marks first.
    """

    def __init__(self, parts: list[str | Span]) -> None:
        self._parts = parts
        bare = "".join(part if isinstance(part, str) else part.text for part in parts)
        pieces = [part if isinstance(part, str) else part.text for part in parts if _to_do(part)]
        self.texts = [bare, *(piece.strip() for piece in pieces)]

    def join(self, found: Sequence[str]) -> str:
        """Return the translation with its marks, from the translations of `texts`."""
        parts = self._translated(found)
        return _wrapped(found[0], parts) or "".join(_alone(part, text) for part, text in parts)

    def shown(self, found: Sequence[str]) -> list[bool]:
        """Return which of these translations come out: the sentence, or what is between marks."""
        whole = bool(_wrapped(found[0], self._translated(found)))
        return [whole] + [not whole] * (len(found) - 1)

    def _translated(self, found: Sequence[str]) -> list[tuple[str | Span, str | None]]:
        alone = iter(found[1:])
        return [(part, next(alone) if _to_do(part) else None) for part in self._parts]


def parse(text: str) -> Marked | None:
    """Return the marked parts of a sentence; None if there are none."""
    parts: list[str | Span] = []
    end = 0
    for match in _INLINE.finditer(text):
        if match.start() > end:
            parts.append(text[end : match.start()])
        parts.append(_span(match))
        end = match.end()
    if not parts or parts == [text]:
        return None
    if end < len(text):
        parts.append(text[end:])
    return Marked(parts)


def _span(match: re.Match[str]) -> Span:
    whole = match.group()
    if match["code"]:
        ticks = match["ticks"]
        return Span(ticks, whole[len(ticks) : -len(ticks)], ticks, translated=False)
    if match["tag"]:
        return Span(whole, "", "", translated=False)
    if match["address"]:
        return Span("", whole, "", translated=False)
    if match["open"]:
        return Span(match["open"], match["text"], match["close"], has_letters(match["text"]))
    return Span(match["mark"], match["stressed"], match["mark"], has_letters(match["stressed"]))


def has_letters(text: str) -> bool:
    """Return whether there is anything to translate."""
    return any(letter.isalpha() for letter in text)


def _to_do(part: str | Span) -> bool:
    return has_letters(part) if isinstance(part, str) else part.translated


def _wrapped(sentence: str, parts: list[tuple[str | Span, str | None]]) -> str | None:
    """Put the marks into the translated sentence; None if a place is not certain."""
    places: list[tuple[int, int, Span]] = []
    for part, alone in parts:
        if isinstance(part, str):
            continue
        wanted = alone.strip(" .!?") if alone is not None else part.text.strip()
        if not wanted:
            return None
        case = re.IGNORECASE if part.translated else re.NOFLAG
        found = list(re.finditer(rf"(?<!\w){re.escape(wanted)}(?!\w)", sentence, case))
        if len(found) != 1:
            return None
        places.append((found[0].start(), found[0].end(), part))
    places.sort(key=lambda place: place[:2])
    text, end = "", 0
    for start, stop, span in places:
        if start < end:
            return None
        text += f"{sentence[end:start]}{span.before}{sentence[start:stop]}{span.after}"
        end = stop
    return text + sentence[end:]


def _alone(part: str | Span, translation: str | None) -> str:
    text = part if isinstance(part, str) else part.text
    if translation is not None:
        bare = text.strip()
        at = text.index(bare)
        if bare[-1] not in _ENDS:
            # it was taken for a sentence, and is a part of one
            translation = translation.rstrip(_ENDS + " \u00a0\u202f") or translation
        text = text[:at] + translation + text[at + len(bare) :]
    return text if isinstance(part, str) else f"{part.before}{text}{part.after}"
