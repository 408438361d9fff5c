"""Signs of what is wrong with a translation, seen beside its source and its references.

A sign is no proof: a good translation may leave a number out that stands in a word. What the
references do themselves is never a sign.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from translator.decoding.alarms import COPIED, REPETITION, SCRIPT, find_alarms

EMPTY = "empty"
SHORT, LONG = "under-translation", "over-translation"
COPIED_WORD, UNTRANSLATED_NAME, LOST_NAME = "copied word", "untranslated name", "lost name"
LOST_NUMBER, NEW_NUMBER = "lost number", "new number"

MEANINGS = {
    EMPTY: "nothing was translated",
    SHORT: "shorter by a third or more than every reference",
    LONG: "longer by a half or more than every reference",
    REPETITION: "it repeats itself",
    COPIED: "most of it is the source, unchanged",
    SCRIPT: "letters that the language does not have",
    COPIED_WORD: "a word of the source stands in it, and in no reference",
    UNTRANSLATED_NAME: "a name of the source stands in it, and in no reference",
    LOST_NAME: "a name that source and reference share is missing",
    LOST_NUMBER: "a number that source and reference share is missing",
    NEW_NUMBER: "a number that stands neither in the source nor in a reference",
}
"""Each sign, and what it means."""

_SHORTEST, _LONGEST = 0.67, 1.5
_LETTERS = 12
"""Letters by which the lengths must differ too."""
_COPIED_LETTERS = 4
"""Shorter words are often the same in two languages."""

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f' ]\d{3})*(?:[.,]\d+)?")
_MARKS = re.compile(r"\D")


def find_signs(
    source: str | None, hypothesis: str, references: Sequence[str], *, target: str
) -> dict[str, str]:
    """Return the signs of one translation, each with the words that raise it.

    Args:
        source: what was translated; None where it is not known.
        hypothesis: the translation.
        references: what it should be, one at least.
        target: language tag; empty if it is not known.
    """
    if not hypothesis.strip():
        return {EMPTY: ""}
    found = _length(hypothesis, references)
    if source is None:
        return found
    if target:
        alarms = find_alarms(source, hypothesis, target=target, log_prob=None, tokens=1)
        found |= {alarm: "" for alarm in alarms if alarm in (REPETITION, COPIED, SCRIPT)}
    if COPIED not in found:
        found |= _copied(source, hypothesis, references)
    return found | _numbers(source, hypothesis, references)


def _length(hypothesis: str, references: Sequence[str]) -> dict[str, str]:
    own = len(hypothesis.strip())
    shortest, longest = min(map(len, references)), max(map(len, references))
    if own < _SHORTEST * shortest and shortest - own >= _LETTERS:
        return {SHORT: f"{own} letters for {shortest}"}
    if own > _LONGEST * longest and own - longest >= _LETTERS:
        return {LONG: f"{own} letters for {longest}"}
    return {}


def _copied(source: str, hypothesis: str, references: Sequence[str]) -> dict[str, str]:
    words = _WORD.findall(source)
    ours = {word.casefold() for word in _WORD.findall(hypothesis)}
    theirs = {word.casefold() for text in references for word in _WORD.findall(text)}
    as_written = {word for text in references for word in _WORD.findall(text)}
    common, names, lost = [], [], []
    for at, word in enumerate(words):
        if len(word) < 2:
            continue
        name = word[0].isupper() and at > 0
        folded = word.casefold()
        if name and folded not in ours and word in as_written:
            lost.append(word)
        elif folded in ours and folded not in theirs:
            if name:
                names.append(word)
            elif len(word) >= _COPIED_LETTERS:
                common.append(word)
    kinds = {COPIED_WORD: common, UNTRANSLATED_NAME: names, LOST_NAME: lost}
    return {kind: ", ".join(dict.fromkeys(found)) for kind, found in kinds.items() if found}


def _numbers(source: str, hypothesis: str, references: Sequence[str]) -> dict[str, str]:
    given, ours = _digits(source), _digits(hypothesis)
    theirs: dict[str, str] = {}
    for text in references:
        theirs |= _digits(text)
    lost = [text for key, text in given.items() if key in theirs and key not in ours]
    new = [text for key, text in ours.items() if key not in theirs and key not in given]
    kinds = {LOST_NUMBER: lost, NEW_NUMBER: new}
    return {kind: ", ".join(found) for kind, found in kinds.items() if found}


def _digits(text: str) -> dict[str, str]:
    """Return the numbers of a text by their digits: languages part them by other marks."""
    return {_MARKS.sub("", match[0]): match[0] for match in _NUMBER.finditer(text)}
