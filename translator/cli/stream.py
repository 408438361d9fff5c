"""From blocks of lines to their translations: in order, in bounded memory.

What is odd about a line is told by its number: bytes that are no text, a translation cut at the
length limit, one that looks doubtful.
"""

from __future__ import annotations

import json
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from itertools import compress
from typing import TYPE_CHECKING, NamedTuple

from translator.cli.asked import Asked
from translator.cli.results import Results
from translator.corpora.lines import clean
from translator.decoding.alarms import Checked, checked, inspected
from translator.decoding.text.blocks import Block
from translator.errors import Interrupted
from translator.progress import counted, progress, say

if TYPE_CHECKING:
    from translator.decoding.glossary import Glossary
    from translator.decoding.translation import Translation
    from translator.decoding.translator import Translator

_PLAIN = Asked()

FIRST_CHUNK, CHUNK = 16, 1024
"""Texts translated together: few at first where somebody waits to see them."""

CHUNK_CHARACTERS = 200_000
"""A chunk ends earlier at this size: lines may be of any length."""

_NAMED = 20
"""Doubtful lines that are named one by one on stderr; --report names them all."""

Advance = Callable[[float], None]


class Piece(NamedTuple):
    """What became of one chunk; plain values, which can be sent from one process to another."""

    done: int
    """The chunk's last line."""
    text: str
    report: str
    """JSON Lines, one for each doubtful text."""
    messages: list[str]
    alignments: str = ""
    """A line for each line of the chunk, if links between words were asked for."""


@dataclass
class Work:
    """How the chunks of one input are translated.

    Attributes:
        name: what messages call the input.
        asked: what the translations are to be like, and what is told of them.
        retry: search again where a translation looks doubtful.
        align: tells the links between the words of texts and their translations, one text for
            each; None if nobody asked for them.
    """

    translator: Translator
    name: str
    asked: Asked = _PLAIN
    retry: bool = True
    align: Callable[[list[str], list[Translation]], list[str]] | None = None

    def translate(self, chunk: list[Block], advance: Advance) -> Piece:
        """Translate the texts of a chunk, and tell `advance` how many of its lines are done."""
        messages = [
            f"{self.name}:{number}: {problem}, read as \N{REPLACEMENT CHARACTER}"
            for block in chunk
            for number, problem in block.problems
        ]
        for message in messages:
            say(message)
        texts = [text for block in chunk for text in block.texts]
        numbers = [number for block in chunk for number in block.numbers]
        lines = chunk[-1].last - chunk[0].first + 1

        def share(count: float) -> None:
            advance(count * lines / max(len(texts), 1))

        options = self.asked.options(numbers)
        if not self.asked.plain:
            rows = self.translator.search(texts, on_progress=share, **options)
            found = inspected(self.translator, texts, rows)
            links = self._links(chunk, texts, found)
            text = "".join(_listed(chunk, rows, self.asked))
        else:
            found = checked(self.translator, texts, retry=self.retry, on_progress=share, **options)
            links = self._links(chunk, texts, found)
            blocks = list(_by_block(chunk, [one.translation.text for one in found]))
            text = "".join(block.join(own) for block, own in blocks)
            # no word about what does not come out
            shown = [flag for block, own in blocks for flag in block.shown(own)]
            numbers, found = list(compress(numbers, shown)), list(compress(found, shown))
        report = "".join(
            json.dumps({"line": number, **one.as_dict()}, ensure_ascii=False) + "\n"
            for number, one in zip(numbers, found, strict=True)
            if one.alarms
        )
        after = []
        cut = [
            number
            for number, one in zip(numbers, found, strict=True)
            if not one.translation.complete
        ]
        if cut:
            cut = list(dict.fromkeys(cut))  # several texts of a document may be on one line
            after.append(
                f"{self.name}: the translation was cut at the length limit in {lines_text(cut)}"
            )
        after += self.asked.missed(self.name, numbers, [one.translation for one in found])
        for message in after:
            say(message)
        messages += after
        return Piece(chunk[-1].last, text, report, messages, links)

    def _links(self, chunk: list[Block], texts: list[str], found: list[Checked]) -> str:
        """Return a line of links for each line of the chunk, if they were asked for."""
        if self.align is None:
            return ""
        links = self.align(texts, [one.translation for one in found])
        return "".join((own[0] if own else "") + "\n" for _, own in _by_block(chunk, links))


def translate_stream(
    work: Work,
    blocks: Iterable[Block],
    results: Results,
    *,
    total: int | None = None,
    at_once: bool = False,
    waiting: Callable[[], bool] = lambda: False,
) -> None:
    """Translate the blocks and write them to `results`, but for those that are there already.

    Args:
        work: how they are translated.
        blocks: from the first line of the input on.
        results: where they go.
        total: how many lines there are, if that is known.
        at_once: somebody types: answer each line, and show no bar.
        waiting: whether the next line is still to come; what is there is translated then.

    Raises:
        Interrupted: by Ctrl-C; the message says how far the work had come.
    """
    doubts = Doubts(work.name, results.reported())
    shown = (
        nullcontext()
        if at_once
        else progress("translating", total=total, unit="lines", begin=results.done)
    )
    try:
        with shown as bar:
            advance: Advance = bar.advance if bar is not None else lambda count: None
            first, largest = (1, 1) if at_once else (FIRST_CHUNK, CHUNK)
            if not results.followed:
                first = largest
            for chunk in chunks(not_done(blocks, results.done), first, largest, waiting):
                piece = work.translate(chunk, advance)
                with to_its_end():
                    results.keep(piece.text, piece.report, piece.done, piece.alignments)
                doubts.add(piece.report)
                if at_once:
                    doubts.tell()
                if bar is not None:
                    bar.move_to(piece.done)
    except KeyboardInterrupt:
        raise interrupted(work, results) from None
    doubts.tell()


def interrupted(work: Work, results: Results, number: int = signal.SIGINT) -> Interrupted:
    """Return the error that says how far the work had come."""
    return Interrupted(
        f"{counted(results.done, 'line')} of {work.name} "
        f"{'was' if results.done == 1 else 'were'} translated",
        hint=results.what_is_left(),
        signal_number=number,
    )


def not_done(blocks: Iterable[Block], done: int) -> Iterator[Block]:
    """Yield the blocks behind the first `done` lines."""
    return (block for block in blocks if block.last > done)


def translate_all(
    translator: Translator, texts: Sequence[str], glossary: Glossary | None = None
) -> tuple[list[str], list[Translation]]:
    """Return what `translate` gives for each text, on one line, and all that is known of it."""
    with progress("translating", total=len(texts), unit="sentences") as bar:
        found = checked(
            translator,
            texts,
            retry=translator.decoding.retry,
            on_progress=bar.advance,
            glossary=glossary,
        )
    best = [one.translation for one in found]
    return [clean(translation.text) for translation in best], best


def chunks(
    blocks: Iterable[Block],
    first: int = FIRST_CHUNK,
    largest: int = CHUNK,
    waiting: Callable[[], bool] = lambda: False,
) -> Iterator[list[Block]]:
    """Yield the blocks in lists of `first` to `largest` texts, or as many as are there."""
    limit = first
    chunk: list[Block] = []
    texts = characters = 0
    for block in blocks:
        chunk.append(block)
        texts += max(1, len(block.texts))
        characters += sum(map(len, block.texts))
        if texts >= limit or characters >= CHUNK_CHARACTERS or waiting():
            yield chunk
            chunk, texts, characters = [], 0, 0
            limit = min(4 * limit, largest)
    if chunk:
        yield chunk


class Doubts:
    """The doubtful translations of one input, as they are told on stderr."""

    def __init__(self, name: str, before: Iterable[dict[str, object]] = ()) -> None:
        self.name = name
        self._counts: Counter[str] = Counter()
        self._named: list[int] = []
        self._lines = self._last = 0
        for entry in before:
            self._add(entry)

    def add(self, report: str) -> None:
        """Count the entries of a piece of the report."""
        for line in report.split("\n"):  # and not at U+2028, which JSON may hold
            if line:
                self._add(json.loads(line))

    def tell(self) -> None:
        """Say how many lines are doubtful, for which reasons, and name the first of them."""
        if self._counts:
            reasons = ", ".join(f"{name} {count:,}" for name, count in self._counts.most_common())
            more = self._lines - len(self._named)
            say(
                f"{self.name}: doubtful translations in {lines_text(self._named)}"
                + (f" and {counted(more, 'more line')}" if more > 0 else "")
                + f" ({reasons})"
            )
        self._counts.clear()
        self._named.clear()
        self._lines = 0

    def _add(self, entry: dict[str, object]) -> None:
        number, alarms = entry["line"], entry["alarms"]
        assert isinstance(number, int)
        assert isinstance(alarms, list)
        self._counts.update(alarms)
        if number != self._last:
            self._lines += 1
            if len(self._named) < _NAMED:
                self._named.append(number)
        self._last = number


def _by_block(chunk: list[Block], found: list[str]) -> Iterator[tuple[Block, list[str]]]:
    begin = 0
    for block in chunk:
        end = begin + len(block.texts)
        yield block, found[begin:end]
        begin = end


def _listed(
    chunk: list[Block], rows: Sequence[Sequence[Translation]], asked: Asked
) -> Iterator[str]:
    left = iter(rows)
    for block in chunk:
        source = block.texts[0] if block.texts else ""
        yield asked.listed(block.first, source, next(left) if block.texts else [])


def lines_text(numbers: Sequence[int]) -> str:
    """Say numbers in words: `line 4`, `lines 1, 3-17, 20`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], number]
        else:
            runs.append([number])
    spans = ", ".join("-".join(map(str, run)) for run in runs)
    return f"line {spans}" if len(numbers) == 1 else f"lines {spans}"


@contextmanager
def to_its_end() -> Iterator[None]:
    """Put Ctrl-C off to the end of the block, or the count would not be what was written.

    A second Ctrl-C ends the block at once: nobody may be reading.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread is interrupted
        return
    asked = False

    def note(signal_number: int, frame: object) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    before = signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if asked:
        raise KeyboardInterrupt
