"""Aligned words, the markup that writes them by hand, and their final spelling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import count

from data.sample_corpus import english
from data.sample_corpus.morphology import liaison_form, starts_with_vowel
from data.sample_corpus.text import word_set


@dataclass(frozen=True, slots=True)
class Word:
    """One word of one side; words of the two sides that share an id are linked."""

    text: str
    ids: frozenset[int] = frozenset()
    tag: str = ""
    """What the spelling rules need to know: art, poss, dem, adj; a, aux, subj in English."""


Words = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """The same thing said in both languages."""

    en: Words = ()
    fr: Words = ()

    def __add__(self, other: Phrase) -> Phrase:
        return Phrase(self.en + other.en, self.fr + other.fr)


EMPTY = Phrase()
PUNCTUATION = frozenset(".,?!:;")


class Ids:
    """A source of concept ids, new for every sentence."""

    def __init__(self) -> None:
        self._counter = count()

    def new(self) -> frozenset[int]:
        """A set of one id that nothing else has."""
        return frozenset((next(self._counter),))


def words(text: str, ids: frozenset[int], tag: str = "") -> Words:
    """The words of a text, all with the same ids."""
    return tuple(Word(part, ids, tag) for part in text.split())


def markup(ids: Ids, en: str, fr: str, **slots: Phrase) -> Phrase:
    """Build a phrase from two marked texts.

    `word/ab` carries the concepts a and b; `{x}` inserts a side of the slot x; equal punctuation
    marks of the two sides are linked in order. Where neither side has a mark nor a slot the
    phrase is an idiom, and all its words are linked with one another.
    """
    idiom = "/" not in en + fr and "{" not in en + fr
    letters: dict[str, frozenset[int]] = {}
    return Phrase(
        _side(ids, en, letters, idiom, {k: p.en for k, p in slots.items()}),
        _side(ids, fr, letters, idiom, {k: p.fr for k, p in slots.items()}),
    )


def _side(
    ids: Ids, text: str, letters: dict[str, frozenset[int]], idiom: bool, slots: dict[str, Words]
) -> Words:
    out: list[Word] = []
    seen: dict[str, int] = {}
    for part in text.split():
        if part.startswith("{"):
            out.extend(slots[part[1:-1]])
            continue
        word, _, marks = part.partition("/")
        if word in PUNCTUATION:
            seen[word] = seen.get(word, 0) + 1
            keys = [f"{word}{seen[word]}"]
        else:
            keys = list(marks) or (["*"] if idiom else [])
        own: frozenset[int] = frozenset()
        for key in keys:
            own |= letters.setdefault(key, ids.new())
        out.append(Word(word, own, "art" if word in ("le", "la", "les") else ""))
    return tuple(out)


def spell_french(sequence: Iterable[Word]) -> list[Word]:
    """Apply elision, contraction and the forms that depend on the next word."""
    out = list(sequence)
    for i, word in enumerate(out[:-1]):
        form = _before(word, out[i + 1].text)
        if form != word.text:
            out[i] = Word(form, word.ids, word.tag)
    return _contract(out)


ELIDING = word_set("le la je me te se ne de que jusque lorsque puisque")


def _before(word: Word, following: str) -> str:
    """The form of a French word before the next one."""
    text = word.text
    if text == "si" and following in ("il", "ils"):
        return "s'"
    if text == "ce" and following in ("est", "était", "étaient"):
        return "c'"
    if not starts_with_vowel(following):
        return text
    if text in ELIDING:
        return text[:-1] + "'"
    if word.tag == "poss" and text in ("ma", "ta", "sa"):
        return text[0] + "on"
    if word.tag == "dem" and text == "ce":
        return "cet"
    return liaison_form(text) if word.tag == "adj" else text


def _contract(sequence: list[Word]) -> list[Word]:
    table = {("de", "le"): "du", ("de", "les"): "des", ("à", "le"): "au", ("à", "les"): "aux"}
    out: list[Word] = []
    for word in sequence:
        last = out[-1] if out else None
        if last and word.tag == "art" and (last.text, word.text) in table:
            out[-1] = Word(table[last.text, word.text], last.ids | word.ids)
        else:
            out.append(word)
    return out


def spell_english(sequence: Iterable[Word], contract: bool) -> list[Word]:
    """Choose a or an, and contract the auxiliaries where the sentence is colloquial."""
    out = list(sequence)
    for i, word in enumerate(out[:-1]):
        if word.tag == "a":
            out[i] = replace(word, text=english.article(out[i + 1].text))
    out = _negatives(out, contract)
    return _auxiliaries(out) if contract else out


_SHORT = {"can": "ca", "will": "wo"}
_CONTRACTED = word_set("is are was were do does did have has had would could should can must will")


def _negatives(sequence: list[Word], contract: bool) -> list[Word]:
    out: list[Word] = []
    for word in sequence:
        last = out[-1] if out else None
        if last and word.text == "not" and last.tag == "aux":
            if contract and last.text in _CONTRACTED:
                out[-1] = replace(last, text=_SHORT.get(last.text, last.text))
                out.append(replace(word, text="n't"))
                continue
            if last.text == "can":
                out[-1] = Word("cannot", last.ids | word.ids, "aux")
                continue
        out.append(word)
    return out


_CLITICS = {"am": "'m", "are": "'re", "is": "'s", "will": "'ll", "have": "'ve", "would": "'d"}


def _auxiliaries(sequence: list[Word]) -> list[Word]:
    out: list[Word] = []
    for i, word in enumerate(sequence):
        last = out[-1] if out else None
        following = sequence[i + 1].text if i + 1 < len(sequence) else "."
        short = (
            last is not None
            and last.tag == "subj"
            and word.tag == "aux"
            and word.text in _CLITICS
            # "you 're" cannot stand before a pause, and "I've not" is avoided.
            and following not in PUNCTUATION
            and following not in ("not", "n't")
        )
        out.append(replace(word, text=_CLITICS[word.text]) if short else word)
    return out


def join_english(sequence: Iterable[str]) -> str:
    """The text of English words: punctuation, 's and n't stick to the word before them."""
    text = ""
    for word in sequence:
        glued = word in PUNCTUATION or word.startswith("'") or word == "n't"
        text += word if glued or not text else " " + word
    return text


def join_french(sequence: Iterable[str]) -> str:
    """The text of French words: an elided word, a comma, a full stop and a hyphen take no space."""
    text = ""
    for word in sequence:
        glued = word in (".", ",") or word.startswith("-") or text.endswith("'")
        text += word if glued or not text else " " + word
    return text


def capitalise(sequence: list[Word]) -> list[Word]:
    """Give the first word a capital letter."""
    first = sequence[0]
    return [replace(first, text=first.text[0].upper() + first.text[1:]), *sequence[1:]]


def links(en: Iterable[Word], fr: Iterable[Word]) -> list[tuple[int, int]]:
    """The pairs of positions whose words share a concept."""
    targets = list(fr)
    return [
        (i, j)
        for i, source in enumerate(en)
        for j, target in enumerate(targets)
        if source.ids & target.ids
    ]
