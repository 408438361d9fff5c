"""A document as blocks: paragraphs to translate by sentences, and all around them as it was.

Plain text and Markdown are read in the same way. Blank lines, indentation, the marks of headings,
lists, quotes and tables, code between fences, and lines without letters are copied. A line of a
paragraph that was broken for its length is joined with the next one, and the translation is broken
anew at the paragraph's width; every other line break stays where it was.
"""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from translator.corpora.lines import Line, clean
from translator.decoding.text import inline
from translator.decoding.text.blocks import Block, all_shown, copying
from translator.decoding.text.sentences import space_between, split

_MOST_LINES = 200
"""Lines of one paragraph; a longer one is cut, so that memory stays bounded."""
_NARROW = 30
"""No text is broken for its length where all its lines are shorter than this."""

_WIDE = 0x2E7F
"""Chinese and Japanese characters, and their marks, lie beyond this one."""

_QUOTE = r"[ \t]*(?:>[ \t]?)*"
_FENCE = re.compile(rf"{_QUOTE}[ \t]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(`{{3,}}|~{{3,}})([^`]*)$")
_HEADING = re.compile(rf"({_QUOTE} {{0,3}}#{{1,6}}[ \t]+)(.*?)([ \t]*#*[ \t]*)$")
_ITEM = re.compile(
    rf"({_QUOTE}[ \t]*(?:[-*+•‣–]|\d{{1,9}}[.)]|\w\)|\[\^[^\s\]]+\]:)[ \t]+"  # noqa: RUF001
    r"(?:\[[ xX]\][ \t]+)?)(.*)$"
)
_ROW = re.compile(rf"{_QUOTE}[ \t]*\|.*\|[ \t]*$")
_DEFINITION = re.compile(
    r" {0,3}\[(?!\^)[^\]]+\]:[ \t]*(?:<[^<>]*>|\S+)"
    r"(?:[ \t]+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*$"
)
"""The address of a link; a footnote is text."""
_PLAIN = re.compile(rf"({_QUOTE}[ \t]*)(.*)$")
_SENTENCE_END = re.compile(r"[.!?:…。！？؟।]['\"»”’)\]]*$")  # noqa: RUF001

Join = Callable[[Sequence[str]], str]
Shown = Callable[[Sequence[str]], list[bool]]


class _Part(NamedTuple):
    """A part of a line or paragraph: texts to translate, and how the part is made of them."""

    texts: list[str]
    join: Join
    shown: Shown = all_shown


class _Row(NamedTuple):
    """A line of a paragraph."""

    line: Line
    prefix: str
    """Indentation, marks of quotes, the mark of a list item."""
    text: str
    item: bool

    @property
    def width(self) -> int:
        return len(self.line.text.rstrip())

    @property
    def quote(self) -> int:
        return self.prefix.count(">")


class Reader:
    """Cuts the lines of a document into blocks, in one direction of translation."""

    def __init__(self, source: str, target: str) -> None:
        """Read text in the language `source`, for translation into `target` (language tags)."""
        self._source, self._target = source, target

    def blocks(self, lines: Iterable[Line]) -> Iterator[Block]:
        """Yield the blocks; each line is in one of them."""
        paragraph: list[_Row] = []
        fence = ""
        matter = False
        for line in lines:
            if fence or matter:
                yield self._copied(line)
                if fence and _closes(line.text, fence):
                    fence = ""
                matter = matter and line.text.rstrip() not in ("---", "...")
                continue
            opened = _FENCE.match(line.text)
            matter = line.number == 1 and line.text.rstrip() == "---"
            row = None if opened or matter else _row(line)
            if paragraph and (row is None or not _continues(paragraph, row)):
                yield self._paragraph(paragraph)
                paragraph = []
            if row is not None:
                paragraph.append(row)
                continue
            if opened:
                fence = opened[1]
                yield self._copied(line)
            else:
                yield self._single(line) if not matter else self._copied(line)
        if paragraph:
            yield self._paragraph(paragraph)

    def _copied(self, line: Line) -> Block:
        return _block([line], _Part([], copying([line])), [])

    def _single(self, line: Line) -> Block:
        """Return a line that stands for itself: a heading, a row of a table, or nothing to do."""
        text = line.text
        if not inline.has_letters(text) or _DEFINITION.match(text):
            return self._copied(line)
        heading = _HEADING.match(text)
        if heading:
            parts = [_fixed(heading[1]), self._text(heading[2]), _fixed(heading[3])]
        elif _ROW.match(text):
            cells = re.split(r"(?<!\\)(\|)", text)
            parts = [
                self._spaced(cell) if inline.has_letters(cell) else _fixed(cell) for cell in cells
            ]
        else:
            parts = [self._spaced(text)]
        part = _sequence([*parts, _fixed(line.ending)])
        return _block([line], part, [line.number] * len(part.texts))

    def _spaced(self, text: str) -> _Part:
        bare = text.strip()
        at = text.index(bare)
        return _sequence([_fixed(text[:at]), self._text(bare), _fixed(text[at + len(bare) :])])

    def _paragraph(self, rows: list[_Row]) -> Block:
        width = max(row.width for row in rows)
        parts: list[_Part] = []
        numbers: list[int] = []
        run: list[_Row] = []
        for row, following in zip(rows, [*rows[1:], None], strict=True):
            run.append(row)
            if following is None or not _was_broken(row, following, width):
                part = self._run(run, width)
                parts.append(part)
                numbers += [run[0].line.number] * len(part.texts)
                run = []
        whole = _sequence(parts)
        return _block([row.line for row in rows], whole, numbers)

    def _run(self, rows: list[_Row], width: int) -> _Part:
        """Return lines that were one line before somebody broke it for its length."""
        last = rows[-1]
        bare = last.text.rstrip().removesuffix("\\").rstrip()
        after = last.text[len(bare) :] + last.line.ending
        lines = [*(row.text.strip() for row in rows[:-1]), bare]
        part = self._text(" ".join(lines) if _has_spaces(lines) else "".join(lines))
        first = rows[0]
        if len(rows) == 1:
            return _sequence([_fixed(first.prefix), part, _fixed(after)])
        ending = first.line.ending or "\n"

        def join(found: Sequence[str]) -> str:
            wrapped = textwrap.wrap(
                part.join(found),
                width,
                initial_indent=first.prefix,
                subsequent_indent=rows[1].prefix,
                break_long_words=False,
                break_on_hyphens=False,
                replace_whitespace=False,
                expand_tabs=False,
            )
            return ending.join(wrapped) + after

        return _Part(part.texts, join, part.shown)

    def _text(self, text: str) -> _Part:
        """Return the sentences of a text on one line."""
        if not inline.has_letters(text):
            return _fixed(text)
        parts = []
        sentences = split(text, self._source)
        for sentence in sentences:
            space = sentence.space
            if sentence is not sentences[-1]:
                space = space_between(space, self._source, self._target)
            parts += [_sentence(sentence.text), _fixed(space)]
        return _sequence(parts)


def _sentence(text: str) -> _Part:
    before = text[: len(text) - len(text.lstrip())]
    marked = inline.parse(text)
    if marked is not None:
        texts, join, shown = marked.texts, marked.join, marked.shown
        return _Part(
            texts,
            lambda found: join([clean(one) for one in found]),
            lambda found: shown([clean(one) for one in found]),
        )
    if not inline.has_letters(text):
        return _fixed(text)
    return _Part([text.strip()], lambda found: before + clean(found[0]))


def _fixed(text: str) -> _Part:
    return _Part([], lambda found: text)


def _sequence(parts: Sequence[_Part]) -> _Part:
    """Return the parts one after the other as one part."""

    def shares(found: Sequence[str]) -> Iterator[tuple[_Part, Sequence[str]]]:
        begin = 0
        for part in parts:
            end = begin + len(part.texts)
            yield part, found[begin:end]
            begin = end

    return _Part(
        [text for part in parts for text in part.texts],
        lambda found: "".join(part.join(own) for part, own in shares(found)),
        lambda found: [flag for part, own in shares(found) for flag in part.shown(own)],
    )


def _block(lines: list[Line], part: _Part, numbers: list[int]) -> Block:
    problems = [(line.number, line.problem) for line in lines if line.problem]
    first, last = lines[0].number, lines[-1].number
    return Block(first, last, part.texts, numbers, part.join, problems, part.shown)


def _closes(text: str, fence: str) -> bool:
    closing = re.match(rf"{_QUOTE}[ \t]*({re.escape(fence[0])}+)[ \t]*$", text)
    return closing is not None and len(closing[1]) >= len(fence)


def _row(line: Line) -> _Row | None:
    """Return a line of a paragraph; None if the line stands for itself."""
    text = line.text
    if (
        not inline.has_letters(text)
        or _HEADING.match(text)
        or _ROW.match(text)
        or _DEFINITION.match(text)
    ):
        return None
    item = _ITEM.match(text)
    if item and item[2].strip():
        return _Row(line, item[1], item[2], item=True)
    plain = _PLAIN.match(text)
    assert plain is not None
    return _Row(line, plain[1], plain[2], item=False)


def _continues(paragraph: list[_Row], row: _Row) -> bool:
    """Return whether a line belongs to the paragraph before it."""
    last = paragraph[-1]
    if row.item or row.quote != last.quote or len(paragraph) >= _MOST_LINES:
        return False
    if len(paragraph) == 1:
        # the first line may be indented, or hang out as a list's mark does
        return last.item or len(row.prefix) <= len(last.prefix)
    return row.prefix == last.prefix


def _was_broken(row: _Row, following: _Row, width: int) -> bool:
    """Return whether a line ends where it does only because the next word had no room in it."""
    text = row.line.text
    if text.endswith(("  ", "\\")) or width < _NARROW:
        return False  # Markdown's own line break, or verse, or a list of short things
    word = following.text.split(maxsplit=1)[0]
    if row.width + 1 + len(word) > width:
        return True
    return following.text[:1].islower() and not _SENTENCE_END.search(text.rstrip())


def _has_spaces(lines: Sequence[str]) -> bool:
    """Return whether words are separated by spaces where these lines meet."""
    pairs = itertools.pairwise(line for line in lines if line)
    return not any(ord(one[-1]) > _WIDE and ord(other[0]) > _WIDE for one, other in pairs)
