"""Terms whose translation is given: found in a source, looked for in a translation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from translator.corpora.compression import open_bytes
from translator.corpora.lines import clean_lines
from translator.decoding.search.phrases import Phrase
from translator.decoding.text.scripts import UNSPACED, in_word, joins
from translator.errors import DataError
from translator.tokenizer.placeholders import CHARACTER

_TOKEN = re.compile(rf"[{UNSPACED}]|(?:(?![{UNSPACED}])\w)+|\S")
"""Words and marks; only a term's first one is looked up by it."""
_STARTERS = re.compile(r"[.!?…:。！？«“„\"(]")  # noqa: RUF001 - full-width marks are meant
_SHOWN = 5
"""Mistakes of a file that one message lists."""


@dataclass(frozen=True)
class Term:
    """A word or phrase, and what its translation must be."""

    source: str
    target: str

    @property
    def exact(self) -> bool:
        """Return whether only this spelling is meant: with capitals beyond the first letter."""
        return any(char.isupper() for char in self.source[1:])


@dataclass(frozen=True)
class Requirement:
    """What one source text asks of its translation."""

    term: Term
    """The first one of those with this target."""
    phrase: Phrase
    spans: tuple[tuple[int, int], ...] = ()
    """Where the terms stand in the source, written as `normal` does."""


class Glossary:
    """Source terms and the required target terms.

    A term is found in a text as whole words, in lower case and capitals alike; one with capitals
    beyond its first letter (`iPhone`, `US`, `New York`) only as it is written. Where terms overlap
    the longest is taken, and of several spellings in the glossary the one that fits exactly. Each
    time that it occurs, its target is required once, exactly as it is written, but with a capital
    at the start of a sentence, and in capitals where the source is.
    """

    def __init__(self, terms: Mapping[str, str] | Iterable[tuple[str, str]]) -> None:
        """Use these terms; of two with the same source, the first counts."""
        pairs = terms.items() if isinstance(terms, Mapping) else terms
        self.terms: dict[str, Term] = {}
        for pair in pairs:
            source, target = map(normal, pair)
            if source and target:
                self.terms.setdefault(source, Term(source, target))
        self._by_first: dict[str, list[Term]] = {}
        for term in self.terms.values():
            self._by_first.setdefault(_first(term.source), []).append(term)
        for found in self._by_first.values():
            found.sort(key=lambda term: -len(term.source))

    @classmethod
    def read(cls, path: Path) -> tuple[Glossary, list[str]]:
        """Read a file: on each line a source term, a tab, and the required target term.

        Blank lines and lines that begin with ``#`` are left out.

        Returns:
            The glossary, and a message for each line that says nothing new.

        Raises:
            DataError: it cannot be read, a line is malformed, a term has two different targets, or
                there is no term in it.
        """
        terms: dict[str, tuple[str, int]] = {}
        wrong: list[str] = []
        double: list[str] = []
        with open_bytes(path) as stream:
            for number, line in clean_lines(stream, path):
                if not line.strip() or line.lstrip().startswith("#"):
                    continue
                where = f"{path}:{number}"
                fields = [normal(field) for field in line.split("\t")]
                if len(fields) != 2 or not all(fields):
                    wrong.append(f"{where}: {_malformed(fields)}")
                    continue
                source, target = fields
                known, first = terms.setdefault(source, (target, number))
                if first == number:
                    continue
                if known == target:
                    double.append(f"{where}: {source!r} is there already, in line {first}")
                else:
                    wrong.append(
                        f"{where}: {source!r} is to be {target!r}, and {known!r} in line {first}"
                    )
        if wrong:
            more = [f"… and {len(wrong) - _SHOWN:,} more"] if len(wrong) > _SHOWN else []
            raise DataError("\n  ".join([*wrong[:_SHOWN], *more]), hint=_FORMAT)
        if not terms:
            raise DataError("holds no term", where=path, hint=_FORMAT)
        return cls({source: target for source, (target, _) in terms.items()}), double

    def has(self, term: Term) -> bool:
        """Return whether this is one of its terms, and nothing that is copied from the source."""
        return self.terms.get(term.source) == term

    def __len__(self) -> int:
        return len(self.terms)

    def requirements(self, text: str) -> list[Requirement]:
        """Return what the translation of a text must hold."""
        text = normal(text)
        found: dict[str, list[tuple[Term, int, int]]] = {}
        end = 0
        for match in _TOKEN.finditer(text):
            if match.start() < end:
                continue
            for term in self._by_first.get(match[0].casefold(), ()):
                if _stands(term, text, match.start()):
                    start, end = match.start(), match.start() + len(term.source)
                    # a term that is spelt as the text is comes first
                    best = self.terms.get(text[start:end], term)
                    found.setdefault(best.target, []).append((best, start, end))
                    break
        return [_requirement(occurrences, text) for occurrences in found.values()]


def copied(text: str) -> list[Requirement]:
    """Return what the placeholders of a text ask of its translation: that each is there once."""
    return [
        Requirement(Term(match[0], match[0]), Phrase(1, (match[0],)), (match.span(),))
        for match in CHARACTER.finditer(normal(text))
    ]


def missing(requirements: Sequence[Requirement], text: str) -> list[Term]:
    """Return the terms that are not, or not often enough, in a translation."""
    text = normal(text)
    lacking = []
    longest_first = sorted(requirements, key=lambda one: -len(one.phrase.forms[0]))
    for requirement in longest_first:
        for _ in range(requirement.phrase.count):
            at = _find(requirement.phrase, text)
            if at is None:
                lacking.append(requirement.term)
                break
            # what has been counted is counted once
            text = f"{text[: at[0]]}\0{text[at[1] :]}"
    return lacking


def _requirement(occurrences: list[tuple[Term, int, int]], text: str) -> Requirement:
    term = occurrences[0][0]
    forms, initial = [term.target], []
    spans = tuple((start, end) for _, start, end in occurrences)
    if any(text[start:end].isupper() and end - start > 1 for start, end in spans):
        forms.append(term.target.upper())
    capital = term.target[0].upper() + term.target[1:]
    if capital != term.target:
        initial.append(capital)
    return Requirement(
        term, Phrase(len(occurrences), tuple(dict.fromkeys(forms)), tuple(initial)), spans
    )


def _stands(term: Term, text: str, start: int) -> bool:
    """Return whether a term stands at this place, as whole words."""
    end = start + len(term.source)
    written = text[start:end]
    if written != term.source and (term.exact or written.casefold() != term.source.casefold()):
        return False
    return not (_cut(text, start) or _cut(text, end))


def _cut(text: str, at: int) -> bool:
    """Return whether a word would be cut in two here."""
    return 0 < at < len(text) and joins(text[at - 1], text[at])


def _find(phrase: Phrase, text: str) -> tuple[int, int] | None:
    for form, anywhere in [(f, True) for f in phrase.forms] + [(f, False) for f in phrase.initial]:
        start = text.find(form)
        while start >= 0:
            end = start + len(form)
            if not (_cut(text, start) or _cut(text, end)) and (
                anywhere or _begins_sentence(text, start)
            ):
                return start, end
            start = text.find(form, start + 1)
    return None


def _begins_sentence(text: str, at: int) -> bool:
    before = text[:at]
    marks = before[len(before.rstrip(_marks(before))) :]
    return marks == before or _STARTERS.search(marks) is not None


def _marks(text: str) -> str:
    return "".join({char for char in text if not in_word(char)})


def _first(term: str) -> str:
    match = _TOKEN.match(term)
    return match[0].casefold() if match else ""


def normal(text: str) -> str:
    """Write a text as vocabularies do: NFKC, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _malformed(fields: list[str]) -> str:
    if len(fields) < 2:
        return "has no tab"
    if len(fields) > 2:
        return f"has {len(fields)} columns"
    return f"has no {'target' if fields[0] else 'source'} term"


_FORMAT = "Each line is: source term, a tab, required target term. Lines with # are comments."
