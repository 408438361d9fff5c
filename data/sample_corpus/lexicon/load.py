"""The word tables parsed into records."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from data.sample_corpus import english, morphology
from data.sample_corpus.lexicon import adjectives, nouns, nouns_places, nouns_things, verbs


class Noun(NamedTuple):
    """A noun with what its phrase needs to know."""

    en: str
    fr: str
    gender: str
    mass: bool
    en_plural: str
    fr_plural: str
    adjectives: str
    """The letters of the adjectives that make sense with the noun in this class."""


class Adjective(NamedTuple):
    """An attributive adjective."""

    en: str
    fr: str
    fits: str
    before: bool
    """Whether it stands before the noun in French."""


class Frame(NamedTuple):
    """A verb with the complements it takes."""

    en: str
    fr: str
    subjects: str
    complements: tuple[str, ...]
    uses: str
    times: str


@cache
def rows(table: str) -> list[tuple[str, ...]]:
    """The lines of a table, cut at the bars and stripped."""
    return [tuple(c.strip() for c in line.split("|")) for line in table.strip().splitlines()]


def _nouns() -> dict[str, list[Noun]]:
    classes: dict[str, list[Noun]] = {}
    name = letters = ""
    for row in rows(nouns.TABLE + nouns_things.TABLE.lstrip() + nouns_places.TABLE.lstrip()):
        if row[0].startswith("@"):
            name, letters = row[0][1:].split()
            continue
        en, fr, gender, en_plural, fr_plural = (*row, "", "")[:5]
        noun = Noun(
            en,
            fr,
            gender.lower(),
            gender.isupper(),
            en_plural or english.plural(en),
            fr_plural or morphology.plural(fr),
            letters,
        )
        classes.setdefault(name, []).append(noun)
    return classes


CLASSES = _nouns()
BY_NAME: dict[str, Noun] = {}
for _members in CLASSES.values():
    for _noun in _members:
        BY_NAME.setdefault(_noun.en, _noun)

ADJECTIVES = [
    Adjective(en, fr, fits, where == "b") for en, fr, fits, where in rows(adjectives.ATTRIBUTIVE)
]
FRAMES = [
    Frame(en, fr, subjects, tuple(c.strip() for c in comps.split(";") if c.strip()), uses, times)
    for en, fr, subjects, comps, uses, times in rows(verbs.FRAMES)
]


@cache
def members(classes: str) -> list[Noun]:
    """The nouns of some classes, separated by commas; a noun may stand for its own class."""
    found: list[Noun] = []
    for name in classes.split(","):
        found.extend(CLASSES[name] if name in CLASSES else [BY_NAME[name]])
    return found


def frame(en: str, fr: str = "") -> Frame:
    """The first frame of an English verb.

    Raises:
        KeyError: there is no such frame.
    """
    for entry in FRAMES:
        if entry.en == en and fr in ("", entry.fr):
            return entry
    raise KeyError(en)
