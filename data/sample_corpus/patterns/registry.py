"""The register of sentence patterns."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import NamedTuple

from data.sample_corpus.grammar import Gen, Skip
from data.sample_corpus.words import Phrase, Word, capitalise, spell_english, spell_french

__all__ = ["PATTERNS", "Pattern", "Sentence", "Skip", "pattern", "realise"]

Maker = Callable[[Gen], Phrase]


class Pattern(NamedTuple):
    """A way to make sentences."""

    name: str
    weight: float
    end: str
    make: Maker


class Sentence(NamedTuple):
    """A finished pair: the words of both sides."""

    en: list[Word]
    fr: list[Word]


PATTERNS: dict[str, Pattern] = {}


def pattern(weight: float, end: str = ".") -> Callable[[Maker], Maker]:
    """Register a function that makes the words of a sentence without its last mark."""

    def register(make: Maker) -> Maker:
        PATTERNS[make.__name__] = Pattern(make.__name__, weight, end, make)
        return make

    return register


def _not_of_oneself(phrase: Phrase, vocative: Phrase) -> None:
    """Refuse to speak to somebody of him or her in the third person."""
    kin = {"Mom": "mother", "Dad": "father", "Grandma": "grandmother", "Grandpa": "grandfather"}
    called = {kin.get(w.text, w.text) for w in vocative.en} - {","}
    if called & {w.text for w in phrase.en}:
        raise Skip


def realise(entry: Pattern, rng: Random) -> Sentence:
    """Make one sentence.

    The familiar "tu" is always shown on the English side by a form of address, so that the
    translation of "you" follows from the sentence.

    Raises:
        Skip: the pattern's choices did not fit.
    """
    g = Gen(rng)
    phrase = entry.make(g)
    if g.used_you:
        _not_of_oneself(phrase, g.vocative)
        phrase = phrase + g.vocative
    mark = (Word(entry.end, g.ids.new()),)
    phrase = phrase + Phrase(mark, mark)
    return Sentence(
        capitalise(spell_english(phrase.en, g.contract)), capitalise(spell_french(phrase.fr))
    )
