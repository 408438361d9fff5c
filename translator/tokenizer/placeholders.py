# ruff: noqa: RUF001 - the punctuation of many scripts looks alike
"""What is copied and not translated: URLs, e-mail addresses, `{name}`, `%s`, tags, emoji, `5 km`.

A model spells such things out piece by piece, and never well. So each is put out of the text before
the model sees it: a single character stands for it, and the model moves that character to where it
belongs. Characters are used that Unicode keeps free for inside of programs (noncharacters), so that
no text holds them.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

CHARACTERS = [chr(0xFDD0 + i) for i in range(10)]
"""What stands for the first span of a sentence, for the second, and so on."""

CHARACTER = re.compile(f"[{CHARACTERS[0]}-{CHARACTERS[-1]}]")
"""Finds them in a text."""

_SPACED_CHARACTER = re.compile(f"( ?)({CHARACTER.pattern})")

_EMOJI = (
    "(?:[\U0001f1e6-\U0001f1ff]{2}|[0-9#*]\ufe0f?\u20e3|"
    "[\u2600-\u27bf\u2b50\u2b55\U0001f300-\U0001faff]\ufe0f?[\U0001f3fb-\U0001f3ff]?"
    "(?:\u200d[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?[\U0001f3fb-\U0001f3ff]?)*)"
)
_UNITS = (
    "[kMGT]?Hz|[kKMGT]i?B|[kMG]?bit/s|[kMG]?W|[kMG]?Wh|[kmµ]?[gVA]|[kcmµn]?m[²³]?|km/h|m/s|"
    "[mcd]?[lL]|[mµn]s|°[CF]|[hk]?Pa|[km]?J|kcal|dpi|px|fps"
)
_SPANS = re.compile(
    r"(?:https?|ftp)://[^\s<>\"]*[^\s<>\".,;:!?)\]}'’»…]"
    r"|(?<![\w.])www\.[^\s<>\"]*[^\s<>\".,;:!?)\]}'’»…]"
    r"|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|\{\{[^{}]{1,60}\}\}|\$?\{[^{}\s]{0,60}\}"
    r"|(?<![\w%])(?:%(?:\d+\$|\(\w{1,60}\))?[-+0#]{0,4}\d{0,4}(?:\.\d{1,4})?(?:hh?|ll?|[Lzjt])?"
    r"[diouxXeEfgGcrsa@])+(?![a-zA-Z])"
    r"|</?[a-zA-Z][^<>]{0,200}>|&(?:[a-zA-Z]{2,10}|#\d{1,7}|#x[\da-fA-F]{1,6});"
    rf"|(?:{_EMOJI})+"
    rf"|(?<![\w.,])\d+(?:[.,]\d+)*[ \u00a0\u202f]?(?:{_UNITS})(?![\w²³/°])"
    rf"|{CHARACTER.pattern}"
)
_DIGITS = "".join(filter(str.isdecimal, map(chr, range(0x80, 1 << 16))))
_SIGNS = re.compile(
    # \U00010000 and more are digits and emoji, nearly all of them
    f"[@{{%<&0-9{_DIGITS}\u20e3\u2600-\u27bf\u2b50\u2b55\ufdd0-\ufddf\U00010000-\U0010ffff]"
)
_ASCII_SIGNS = re.compile("[@{%<&0-9]")
"""One of them is in each span but for some addresses. They are listed one by one because a set
without classes such as `\\d` is several times as fast."""

_WORD = re.compile(r"\w+(?:[.,:'’-]\w+)*")
_WORDS_SHARE = 4
"""One of so many pairs may have a name or a number put out."""


class Marked(NamedTuple):
    """A text in which the first character stands for each span, of which there may be any number.

    Its parts get characters that differ with `numbered`.
    """

    text: str
    spans: tuple[str, ...] = ()
    """What the marks stand for, in order."""

    @property
    def is_all_copied(self) -> bool:
        """Return whether there is no word beside the spans, so that nothing is to be translated."""
        return bool(self.spans) and not any(map(str.isalnum, self.text))


@dataclass(frozen=True, slots=True)
class Protected:
    """A text with characters for its spans.

    Attributes:
        text: what the model reads.
        spans: what the characters stand for, in order.
    """

    text: str
    spans: tuple[str, ...] = ()

    @property
    def named(self) -> dict[str, str]:
        """Return the spans by the characters for them."""
        return dict(zip(CHARACTERS, self.spans, strict=False))

    def restore(self, translation: str) -> str:
        """Return the translation with each span put back once; other characters for spans go.

        The space in front of one that goes is lost with it.
        """
        spans = self.named

        def put_back(match: re.Match[str]) -> str:
            span = spans.pop(match[2], None)
            return "" if span is None else match[1] + span

        return _SPACED_CHARACTER.sub(put_back, translation)

    def put_out(self, translation: str) -> str:
        """Return a given translation with characters for the spans that both sides have.

        Of spans that occur several times, and equally often, the first is taken for the first.
        """
        if not self.spans:
            return translation
        characters: dict[str, list[str]] = {}
        for character, span in zip(CHARACTERS, self.spans, strict=False):
            characters.setdefault(span, []).append(character)
        counts = Counter(_SPANS.findall(translation))
        shared = {
            span: iter(ours) for span, ours in characters.items() if len(ours) == counts[span]
        }
        return _SPANS.sub(lambda match: next(shared.get(match[0], iter(())), match[0]), translation)


def mark(text: str) -> Marked:
    """Put out all spans of a text, without telling them apart yet."""
    if not _has_signs(text):
        return Marked(text)
    spans = tuple(match.group() for match in _SPANS.finditer(text))
    return Marked(_SPANS.sub(CHARACTERS[0], text), spans)


def numbered(text: str, spans: Iterator[str]) -> Protected:
    """Return a part of a marked text with a character of its own for each of its spans.

    Args:
        text: with as many marks as there are characters, at most.
        spans: from the first one of this part on; its own are taken.
    """
    own: list[str] = []

    def character(match: re.Match[str]) -> str:
        own.append(next(spans))
        return CHARACTERS[len(own) - 1]

    return Protected(CHARACTER.sub(character, text), tuple(own))


def protect(text: str) -> Protected:
    """Put out the spans of a text, from the left, as long as there are characters for them."""
    if not _has_signs(text):
        return Protected(text)
    spans: list[str] = []
    parts, at = [], 0
    for match in _SPANS.finditer(text):
        if len(spans) == len(CHARACTERS):
            break
        parts += [text[at : match.start()], CHARACTERS[len(spans)]]
        spans.append(match.group())
        at = match.end()
    return Protected("".join([*parts, text[at:]]), tuple(spans))


def protect_pair(source: str, target: str, *, words: bool = False) -> tuple[str, str]:
    """Return a pair in which one character stands for each span that both sides have once.

    Few corpora hold enough spans to learn from them what becomes of the characters. So with `words`
    a name or a number that both sides share is put out too, in a quarter of the pairs, which their
    text decides. Which characters are used changes from pair to pair, so that all are learned.
    """
    pattern, characters = _characters_of(source, target, words)
    if not characters:
        return source, target

    def character(match: re.Match[str]) -> str:
        return characters.get(match.group(), match.group())

    return pattern.sub(character, source), pattern.sub(character, target)


def pair_spans(source: str, target: str, *, words: bool = False) -> dict[str, str]:
    """Return what each character stands for in what `protect_pair` makes of a pair."""
    characters = _characters_of(source, target, words)[1]
    return {character: span for span, character in characters.items()}


def _characters_of(source: str, target: str, words: bool) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return how to find what is put out of a pair, and the character for each of it."""
    pattern, spans = _SPANS, []
    if _has_signs(source):
        spans = _shared(source, target)
    chance = zlib.crc32(source.encode("utf-8", "replace"))
    if words and not spans and not chance % _WORDS_SHARE:
        pattern, spans = _WORD, _name(source, target)
    first = chance // _WORDS_SHARE
    return pattern, {
        span: CHARACTERS[(first + place) % len(CHARACTERS)]
        for place, span in enumerate(spans[: len(CHARACTERS)])
    }


def _has_signs(text: str) -> bool:
    """Return whether there may be a span in a text; this is cheap."""
    pattern = _ASCII_SIGNS if text.isascii() else _SIGNS
    return pattern.search(text) is not None or "://" in text or "www." in text


def _shared(source: str, target: str) -> list[str]:
    """Return the spans that are once on each side, in the order of the source."""
    ours = Counter(_SPANS.findall(source))
    if not ours:
        return []
    theirs = Counter(_SPANS.findall(target))
    return [found for found, count in ours.items() if count == theirs[found] == 1]


def _name(source: str, target: str) -> list[str]:
    """Return the first name or number that both sides have once, if there is one."""
    words = _WORD.findall(source)
    for word in words:
        # what costs least first, as most words fail
        if (
            word in target
            and (word[0].isupper() or any(map(str.isdigit, word)))
            and words.count(word) == 1 == _WORD.findall(target).count(word)
        ):
            return [word]
    return []
