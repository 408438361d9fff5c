r"""Bytes into lines: a line ends at `\n`, and at nothing else.

Python's own idea of a line (`str.splitlines`, universal newlines) also ends one at U+2028, U+0085,
form feeds and lone carriage returns. In parallel text that would shift every later line.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from itertools import count
from pathlib import Path
from typing import BinaryIO, NamedTuple

from translator.corpora.compression import open_bytes
from translator.errors import DataError

BLOCK = 1 << 20
"""Bytes decoded at once."""

LINE_LIMIT = 1 << 26
"""Bytes of the longest line: a file without line ends must not fill the memory."""

SEPARATORS = "\0\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""NUL, and what other programs may take for the end of a line: a space each inside of a text."""
_SEPARATOR = re.compile(f"\r\n|[\n{SEPARATORS}]")
_ODD = re.compile(f"[{SEPARATORS}]")

Watcher = Callable[[Path | str, int, str], None]
"""Is told file (or data set), line and text."""
_WATCHER: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


class Line(NamedTuple):
    """A line of input, and what is needed to write its translation in its place."""

    number: int
    """Counted from 1."""
    text: str
    ending: str
    r"""`\n`, `\r\n`, or empty for a last line without one."""
    problem: str
    """What was wrong with the line's bytes; empty if nothing."""


def whole_lines(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield the lines of a stream with their endings.

    Args:
        stream: what is read.
        name: what messages call it.

    Raises:
        DataError: a line is longer than `LINE_LIMIT`.
    """
    for number in count(1):
        line = stream.readline(LINE_LIMIT + 1)
        if not line:
            return
        if len(line) > LINE_LIMIT:
            raise _too_long(name, number)
        yield line


def _too_long(place: object, line: int) -> DataError:
    return DataError(
        f"has a line of more than {LINE_LIMIT >> 20} MiB",
        where=f"{place}:{line}",
        hint="A line is a sentence or a paragraph: look whether line ends were lost.",
    )


def read_lines(stream: Iterable[bytes]) -> Iterator[Line]:
    r"""Yield the lines of `stream` as they arrive, one for each `\n`.

    Invalid UTF-8 becomes U+FFFD and is told in `problem` (bytes counted from 1 in the line); a byte
    order mark at the start is removed; all else is left as it is.
    """
    for number, raw in enumerate(stream, start=1):
        ending = "\r\n" if raw.endswith(b"\r\n") else "\n" if raw.endswith(b"\n") else ""
        body = raw[: len(raw) - len(ending)]
        mark = len(codecs.BOM_UTF8) if number == 1 and body.startswith(codecs.BOM_UTF8) else 0
        if mark and len(raw) == mark:
            return  # nothing but a byte order mark: no line
        try:
            yield Line(number, body[mark:].decode(), ending, "")
        except UnicodeDecodeError as error:
            problem = f"invalid UTF-8 at byte {mark + error.start + 1}"
            yield Line(number, body[mark:].decode(errors="replace"), ending, problem)


def read_text_lines(path: Path) -> list[str]:
    """Return the lines of a UTF-8 text file (also .gz, .xz, .zst), unchanged but for their endings.

    Raises:
        DataError: the file cannot be read, or is not UTF-8 (the line is named).
    """
    lines: list[str] = []
    with open_bytes(path) as stream:
        for _, text in text_blocks(stream, path):
            lines += _split(text)
    return lines


def clean_lines(stream: BinaryIO, path: Path, encoding: str = "utf-8") -> Iterator[tuple[int, str]]:
    """Yield numbered lines without their endings and with a space for each of `SEPARATORS`.

    Raises:
        DataError: as `text_blocks`.
    """
    for first, text in text_blocks(stream, path, encoding):
        if (watcher := _WATCHER.get()) is not None and _ODD.search(text):
            for number, line in enumerate(_split(text), start=first):
                if _ODD.search(line):
                    watcher(path, number, line)
        for separator in SEPARATORS:
            # by far faster than a search for all of them at once, as they are rare
            text = text.replace(separator, " ")
        yield from enumerate(_split(text), start=first)


@contextmanager
def watching_separators(watcher: Watcher) -> Iterator[None]:
    """Tell `watcher` of each line or text with one of `SEPARATORS` that is read meanwhile."""
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)


def clean(text: str, place: Path | str | None = None, line: int = 0) -> str:
    """Return `text` on one line: a space for each of `SEPARATORS` and for each line break.

    Of a text whose place is known, `watching_separators` is told.
    """
    cleaned = _SEPARATOR.sub(" ", text)
    if place is not None and cleaned != text and (watcher := _WATCHER.get()) is not None:
        text = text.replace("\r\n", "\n")
        if _ODD.search(text):
            watcher(place, line, text)
    return cleaned


def text_blocks(stream: BinaryIO, path: Path, encoding: str = "utf-8") -> Iterator[tuple[int, str]]:
    r"""Yield whole lines, many at a time, as (number of the first, text); `\r\n` becomes `\n`.

    Raises:
        DataError: the bytes are not in this encoding, nor in UTF-8 (file, line and byte are named);
            or a line is longer than `LINE_LIMIT`.
    """
    first = 1
    for block in _byte_blocks(stream, path):
        if first == 1:
            check_start(block, path)
            block = block.removeprefix(codecs.BOM_UTF8)
        try:
            text = _decode(block, encoding)
        except UnicodeDecodeError as error:
            line = first + block.count(b"\n", 0, error.start)
            name = "UTF-8" if encoding == "utf-8" else f"{encoding}, as it is said to be"
            raise DataError(
                _not_in(name, block, error.start),
                where=f"{path}:{line}",
                hint=_convert("WINDOWS-1252", path),
            ) from None
        yield first, text.replace("\r\n", "\n")
        first += text.count("\n")


_UNPACK = {".gz": "gzip -dc", ".xz": "xz -dc", ".zst": "zstd -dc"}


def _convert(encoding: str, path: Path) -> str:
    """Return the advice to convert a file, into one whose name still tells format and language.

    Windows-1252 is Latin-1 with quotes, dashes and € where that has control characters.
    """
    how = f"iconv -f {encoding} -t UTF-8 {path}"
    unpack = _UNPACK.get(path.suffix.lower())
    if unpack:
        how, path = f"{unpack} {path} | iconv -f {encoding} -t UTF-8", path.with_suffix("")
    return f"Convert it first, for example: {how} > utf8.{path.name}"


def _decode(block: bytes, encoding: str) -> str:
    """Decode lines that are said to be in an encoding; as UTF-8 where they are that instead."""
    if encoding != "utf-8":
        with suppress(UnicodeDecodeError):
            return block.decode()
    return block.decode(encoding)


def _not_in(name: str, block: bytes, at: int) -> str:
    column = at - block.rfind(b"\n", 0, at)
    return f"not {name}: byte 0x{block[at]:02X} (byte {column} of the line)"


_SPREADSHEETS = {".xlsx", ".xlsm", ".xls", ".ods"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"


def check_start(block: bytes, path: Path) -> None:
    """Know other encodings and formats by the first bytes of a file.

    Raises:
        DataError: it is something else than text in UTF-8.
    """
    head = block[:4096]
    marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    nulls = sorted((head[::2].count(0), head[1::2].count(0)))
    if marked or (nulls[0] == 0 and nulls[1] * 4 > len(head)):  # every other byte
        raise DataError(
            "is UTF-16, and text is read as UTF-8",
            where=f"{path}:1",
            hint=_convert("UTF-16", path),
        )
    if head.startswith((b"PK\x03\x04", _OLD_OFFICE)) and path.suffix.lower() in _SPREADSHEETS:
        raise DataError(
            "is a workbook of a spreadsheet program",
            where=path,
            hint="Save it there as CSV UTF-8, with source and target in two columns.",
        )
    if head.startswith(b"PK\x03\x04"):
        raise DataError(
            "is a ZIP archive",
            where=path,
            hint=f"Unpack it first, and give its files: unzip {path}",
        )
    for magic, suffix in (
        (b"\x1f\x8b", ".gz"),
        (b"\xfd7zXZ", ".xz"),
        (b"\x28\xb5\x2f\xfd", ".zst"),
    ):
        if head.startswith(magic):
            raise DataError(
                "is compressed, and its name does not say so",
                where=path,
                hint=f"Add {suffix} to its name.",
            )


def _byte_blocks(stream: BinaryIO, path: Path) -> Iterator[bytes]:
    """Cut a stream after line ends."""
    pending: list[bytes] = []
    lines = size = 0
    while chunk := stream.read(BLOCK):
        end = chunk.rfind(b"\n") + 1
        if not end:
            pending.append(chunk)
            size += len(chunk)
            if size > LINE_LIMIT:
                raise _too_long(path, lines + 1)
            continue
        block = b"".join([*pending, chunk[:end]])
        lines += block.count(b"\n")
        yield block
        pending = [chunk[end:]] if end < len(chunk) else []
        size = len(chunk) - end
    if pending:
        yield b"".join(pending)


def _split(text: str) -> list[str]:
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()  # the text ends in a line end: no further line
    return lines
