"""The line contract: N lines in, N lines out, in order, in bounded memory.

Blank lines stay as they are, line endings are kept, and whatever happened to a line is told by its
number.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, BinaryIO

from translator.cli.asked import Asked
from translator.cli.files import Output
from translator.corpora.lines import Line, clean, read_lines
from translator.errors import Interrupted
from translator.progress import progress, say

if TYPE_CHECKING:
    from translator.decoding.glossary import Glossary
    from translator.decoding.translator import Translation, Translator

_PLAIN = Asked()

FIRST_CHUNK, CHUNK = 16, 1024
"""Lines translated together: few at first, so that something is seen soon."""

CHUNK_CHARACTERS = 1_000_000
"""A chunk ends earlier at this size: lines may be of any length."""


def translate_stream(
    translator: Translator,
    source: BinaryIO,
    output: Output,
    *,
    name: str,
    asked: Asked = _PLAIN,
    total: int | None = None,
) -> None:
    """Translate the lines of `source`, which messages call `name`, and write them to `output`.

    Raises:
        Interrupted: by Ctrl-C; the message says how far the work had come.
    """
    done = 0
    # somebody who types wants an answer to each line, and no bar where they type
    typed = source.isatty()
    shown = nullcontext() if typed else progress("translating", total=total, unit="lines")
    try:
        with shown as bar:
            advance = bar.advance if bar is not None else lambda count: None
            for chunk in _chunks(read_lines(source), 1 if typed else CHUNK):
                text = "".join(_translated(translator, chunk, name, asked, advance))
                with _to_its_end():
                    output.write(text)
                    done = chunk[-1].number
    except KeyboardInterrupt:
        raise Interrupted(
            f"{done:,} lines of {name} were translated", hint=_what_is_left(output, done)
        ) from None


def translate_all(
    translator: Translator, texts: Sequence[str], glossary: Glossary | None = None
) -> tuple[list[str], list[Translation]]:
    """Return the best translation of each text, on one line, and all that is known of it."""
    with progress("translating", total=len(texts), unit="sentences") as bar:
        found = translator.search(texts, glossary=glossary, on_progress=bar.advance)
    best = [translations[0] for translations in found]
    return [clean(translation.text) for translation in best], best


def _chunks(lines: Iterator[Line], largest: int) -> Iterator[list[Line]]:
    limit = min(FIRST_CHUNK, largest)
    chunk: list[Line] = []
    characters = 0
    for line in lines:
        chunk.append(line)
        characters += len(line.text)
        if len(chunk) >= limit or characters >= CHUNK_CHARACTERS:
            yield chunk
            chunk, characters = [], 0
            limit = min(4 * limit, largest)
    if chunk:
        yield chunk


def _translated(
    translator: Translator,
    lines: list[Line],
    name: str,
    asked: Asked,
    advance: Callable[[int], None],
) -> Iterator[str]:
    """Give the output for each of the lines."""
    for line in lines:
        if line.problem:
            say(f"{name}:{line.number}: {line.problem}, read as \N{REPLACEMENT CHARACTER}")
    written = [line for line in lines if line.text.strip()]
    advance(len(lines) - len(written))
    numbers = [line.number for line in written]
    found = translator.search(
        [line.text for line in written], on_progress=advance, **asked.options(numbers)
    )
    by_number = dict(zip(numbers, found, strict=True))
    cut = [number for number, best in by_number.items() if not best[0].complete]
    if cut:
        say(f"{name}: the translation was cut at the length limit in {lines_text(cut)}")
    asked.tell_missed(name, numbers, [best[0] for best in found])
    for line in lines:
        best = by_number.get(line.number, [])
        if not asked.plain:
            yield asked.listed(line.number, line.text, best)
        else:
            # blank lines are copied: they mark paragraphs
            yield (clean(best[0].text) if best else line.text) + line.ending


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
def _to_its_end() -> Iterator[None]:
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


def _what_is_left(output: Output, done: int) -> str:
    if sys.stdout is not None and output.stream is sys.stdout.buffer:
        return f"They are printed. To go on: tail -n +{done + 1} INPUT | translator translate …"
    return f"{output.name} is as it was before: it is written when all lines are translated."
