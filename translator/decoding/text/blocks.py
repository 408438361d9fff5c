"""Lines that belong together: what is to be translated in them, and how it is put back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from translator.corpora.lines import Line, clean


def all_shown(found: Sequence[str]) -> list[bool]:
    """Return that each of the translations comes out."""
    return [True] * len(found)


class Block(NamedTuple):
    """Some lines of the input, as texts to translate and the rest around them."""

    first: int
    """Number of the first line."""
    last: int
    """Number of the last line."""
    texts: list[str]
    """What the translator shall see; nothing if the lines are only copied."""
    numbers: list[int]
    """The line in which each of the texts begins."""
    join: Callable[[Sequence[str]], str]
    """Makes the block's output, line ends included, from the translations of the texts."""
    problems: list[tuple[int, str]]
    """Lines whose bytes were no good text, and what was wrong with them."""
    shown: Callable[[Sequence[str]], list[bool]] = all_shown
    """Tells which of the translations come out; the others have only helped to place marks."""


def line_blocks(lines: Iterable[Line]) -> Iterator[Block]:
    """Yield each line as a block of its own: N lines in, N lines out.

    A blank line is copied, and so is the white space around others. A translation is always on one
    line.
    """
    for line in lines:
        problems = [(line.number, line.problem)] if line.problem else []
        if line.text.strip():
            texts, numbers, join = [line.text], [line.number], _in_place_of(line)
        else:
            texts, numbers, join = [], [], copying([line])
        yield Block(line.number, line.number, texts, numbers, join, problems)


def copying(lines: Sequence[Line]) -> Callable[[Sequence[str]], str]:
    """Return a `join` that gives the lines as they are."""
    text = "".join(line.text + line.ending for line in lines)
    return lambda found: text


def _in_place_of(line: Line) -> Callable[[Sequence[str]], str]:
    bare = line.text.strip()
    before, _, after = line.text.partition(bare)
    return lambda found: clean(before + found[0] + after) + line.ending
