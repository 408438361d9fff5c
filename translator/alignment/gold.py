"""Links made by people, and how far others are from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from translator.alignment.links import Link
from translator.alignment.words import Span
from translator.corpora.lines import read_text_lines
from translator.errors import DataError
from translator.progress import counted

_LINK = re.compile(r"(\d+)([-pP?])(\d+)")
_FORM = "Write links as 0-0 1-2 (sure) and 3p4 (possible), those of a pair on its line."


@dataclass(frozen=True)
class Gold:
    """The links of a pair, as people made them.

    Attributes:
        sure: links that nobody doubts.
        possible: all that may be linked, the sure ones too.
        words: the words that the links are between, where the file names them.
        line: where it stands in its file.
    """

    sure: frozenset[Link]
    possible: frozenset[Link]
    words: tuple[list[str], list[str]] | None
    line: int


@dataclass(frozen=True)
class Error:
    """How far links are from those of people (Och and Ney 2003)."""

    links: int
    sure: int
    right_sure: int
    """Links that are among the sure ones."""
    right: int
    """Links that are among the possible ones."""

    @property
    def precision(self) -> float:
        """Return the share of the links that are possible; 0 if there are none."""
        return self.right / self.links if self.links else 0.0

    @property
    def recall(self) -> float:
        """Return the share of the sure links that were found; 1 if there are none."""
        return self.right_sure / self.sure if self.sure else 1.0

    @property
    def rate(self) -> float:
        """Return the alignment error rate; 0 if nothing is linked, and nothing should be."""
        total = self.links + self.sure
        return 1 - (self.right_sure + self.right) / total if total else 0.0


def error_of(found: Iterable[Iterable[Link]], gold: Iterable[Gold]) -> Error:
    """Return how far the links of all pairs are from those of people."""
    links = sure = right_sure = right = 0
    for own, one in zip(found, gold, strict=True):
        unique = set(own)
        links += len(unique)
        sure += len(one.sure)
        right_sure += len(unique & one.sure)
        right += len(unique & one.possible)
    return Error(links, sure, right_sure, right)


def read_gold(path: Path, *, from_one: bool = False) -> list[Gold]:
    """Read the links of all pairs: ``i-j`` where sure, ``ipj`` where possible.

    A line may hold the words as well, those of each side with spaces between, in two columns before
    that of the links (tabs).

    Args:
        path: UTF-8 text, a pair on each line.
        from_one: words are counted from 1, not from 0.

    Raises:
        DataError: the file cannot be read, or a line holds something else.
    """
    return [
        parse_gold(line, f"{path}:{number}", number, int(from_one))
        for number, line in enumerate(read_text_lines(path), start=1)
    ]


def parse_gold(line: str, where: str, number: int, first: int = 0) -> Gold:
    """Return the links of a line.

    Args:
        line: see `read_gold`.
        where: how messages call it.
        number: of the line.
        first: the number of the first word.

    Raises:
        DataError: it holds something else.
    """
    columns = line.split("\t")
    if len(columns) not in (1, 3):
        raise DataError(
            f"has {len(columns)} columns, and links stand in the only one or the third",
            where=where,
            hint=_FORM,
        )
    sure: set[Link] = set()
    possible: set[Link] = set()
    for item in columns[-1].split():
        match = _LINK.fullmatch(item)
        if match is None:
            raise DataError(f"{item!r} is no link", where=where, hint=_FORM)
        link = int(match[1]) - first, int(match[3]) - first
        if min(link) < 0:
            raise DataError(f"{item!r}: words are counted from 1, as was said", where=where)
        (sure if match[2] == "-" else possible).add(link)
    words = (columns[0].split(), columns[1].split()) if len(columns) == 3 else None
    return Gold(frozenset(sure), frozenset(sure | possible), words, number)


def check_gold(gold: Sequence[Gold], sizes: Sequence[tuple[int, int]], path: Path) -> None:
    """Check that the links are about these pairs.

    Args:
        gold: of all pairs.
        sizes: words of the source and of the target of each pair.
        path: of the gold links.

    Raises:
        DataError: there are not as many, or a link is about a word that there is not.
    """
    if len(gold) != len(sizes):
        raise DataError(
            f"has the links of {counted(len(gold), 'pair')}, and there are {len(sizes):,}",
            where=path,
            hint="A line of links belongs to each pair, an empty one where nothing is linked.",
        )
    for one, size in zip(gold, sizes, strict=True):
        beyond = [link for link in one.possible if link[0] >= size[0] or link[1] >= size[1]]
        if beyond:
            told = "-".join(map(str, min(beyond)))
            raise DataError(
                f"the link {told} is beyond the {size[0]} and {size[1]} words of the pair "
                "(counted from 0)",
                where=f"{path}:{one.line}",
                hint="Add --from-one if words are counted from 1. Words stand between spaces, "
                "unless the file names them.",
            )


def word_places(words: Sequence[str], text: str, where: str) -> list[Span]:
    """Find words in a text that has them in this order, with or without spaces between.

    Raises:
        DataError: the text has other words.
    """
    places, at = [], 0
    for word in words:
        at = _skip_space(text, at)
        if not text.startswith(word, at):
            break
        places.append((at, at + len(word)))
        at += len(word)
    if len(places) < len(words) or text[at:].strip():
        raise DataError(
            f"has other words than the text: {' '.join(words)!r} for {text!r}", where=where
        )
    return places


def _skip_space(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at
