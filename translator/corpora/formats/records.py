"""What a reader yields, and the choice of languages in a unit that has several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from translator.corpora.columns import Wanted
from translator.corpora.lines import clean
from translator.errors import DataError

Record = tuple[int, str, Sequence[str | None], Mapping[str, str]]
"""Line (or row) number, source, one text for each target (None where there is none), and what else
the file says of the pair, by name: only where `Wanted.extras` asks for it, but for `LEFT_OUT`."""

LEFT_OUT = "\0"
"""Among the extras of a pair that is none: why. No file has this name."""

KINDS = 1000
"""Names, of languages or columns, that are remembered: a damaged file may have any number."""

NOTHING: Mapping[str, str] = {}


class OtherLanguagesError(DataError):
    """A file that holds other languages than those asked for; of many files it is left out."""


class Unit(NamedTuple):
    """One text in several languages."""

    line: int
    variants: list[tuple[str, str]]
    """Language and text as it is; the language may be empty where the file does not tell it."""
    extras: dict[str, str]


def pick(units: Iterable[Unit], wanted: Wanted, path: Path) -> Iterator[Record]:
    """Take the wanted languages out of units.

    A language is the one named exactly, else its plain form for a variant (`fr` for `fr-CA`), else
    a variant for the plain form (`fr-FR` for `fr`). Further texts in it are further references.

    Raises:
        OtherLanguagesError: no unit has the source language, or none has the target language.
    """
    choices: dict[tuple[str, ...], tuple[int | None, list[int]]] = {}
    found: Counter[str] = Counter()
    sources = targets = 0
    for line, variants, extras in units:
        languages = tuple([language for language, _ in variants])
        if languages not in choices:
            if len(choices) >= KINDS:
                choices.clear()
            choices[languages] = _choose(languages, wanted)
        if len(found) < KINDS:
            found.update(languages)
        source, chosen = choices[languages]
        if source is None and not chosen:
            continue  # of other languages altogether
        sources += source is not None
        targets += bool(chosen)
        text = "" if source is None else clean(variants[source][1], path, line)
        texts = [clean(variants[at][1], path, line) for at in chosen] or [""]
        kept = extras if wanted.extras or LEFT_OUT in extras else NOTHING
        yield line, text, texts, kept
    for tag, number in ((wanted.source, sources), (wanted.target, targets)):
        if found and not number:
            listed = ", ".join(
                f"{language or 'unnamed'} ({count:,})" for language, count in found.most_common(10)
            )
            raise OtherLanguagesError(
                f"holds no text in {tag!r}: found {listed}",
                where=path,
                hint="--source and --target name languages as the file does, or without country.",
            )


def _choose(languages: tuple[str, ...], wanted: Wanted) -> tuple[int | None, list[int]]:
    """Return which variant is the source, and which are targets."""
    places = range(len(languages))
    source = next(iter(_best(languages, wanted.source, places)), None)
    targets = _best(languages, wanted.target, [at for at in places if at != source])
    unnamed = [at for at in places if not languages[at]]
    if len(unnamed) == 2 and source is None and not targets:
        first, second = unnamed[::-1] if wanted.turned else unnamed
        return first, [second]
    if len(unnamed) == 1 and (source is None) != (not targets):
        # two languages, of which the file names one
        source, targets = (unnamed[0], targets) if source is None else (source, unnamed)
    return source, targets


def _best(languages: Sequence[str], tag: str, places: Iterable[int]) -> list[int]:
    ranks = {at: match_rank(languages[at], tag) for at in places}
    best = max(ranks.values(), default=0)
    return [at for at, rank in ranks.items() if best and rank == best]


def match_rank(language: str, tag: str) -> int:
    """Return how well a language of a file is the one asked for: 3 best, 0 not at all."""
    found, asked = standard(language), standard(tag)
    if not found:
        return 0
    if found == asked:
        return 3
    if found == asked.partition("-")[0]:
        return 2
    return 1 if "-" not in asked and found.partition("-")[0] == asked else 0


def standard(language: str) -> str:
    """Return a language tag as BCP 47 writes it, in lower case: `fr-fr` for `FR_fr`."""
    import langcodes

    tag = language.strip().replace("_", "-").partition("@")[0].partition(".")[0]
    if tag and langcodes.tag_is_valid(tag):
        tag = langcodes.standardize_tag(tag)
    return tag.casefold()
