"""XML as a stream: in constant memory, and safe against what a stranger may have put into it.

The parser is Expat. Entities that a document declares are refused (so none can be expanded a
billion times), nothing outside of the document is ever opened, and depth and size of everything
that is kept have limits.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from xml.parsers import expat

from translator.corpora.compression import Count, open_bytes
from translator.corpora.formats.records import Unit
from translator.errors import DataError

BLOCK = 1 << 16
"""Bytes read and parsed at once."""

DEPTH = 200
"""Elements inside of each other."""

NAMES = 2000
"""Names of elements, and of attributes: the parser remembers each."""

TOKEN = 1 << 22
"""Bytes of one tag or comment."""

SIZE = 1 << 24
"""Characters of one unit, its tags counted roughly."""

_TAG_SIZE = 32

_DECLARED = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:+-]{1,40})[\"']")
_ENCODINGS = re.compile(
    r"(utf|iso|latin|windows|cp|koi8|mac|gb|big5|shift|sjis|euc|us-?ascii|ascii|tis)"
    r"[\w.:+-]*",
    re.IGNORECASE,
)
"""Those of text; Python has others, which decompress or run things."""


class Machine(Protocol):
    """What makes units of the elements of a format."""

    units: list[Unit]
    """Those that have ended; the caller takes them away."""
    size: int
    """Characters that are kept for the unit that has not."""

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        """Take the beginning of an element, without prefix."""

    def end(self, name: str) -> None:
        """Take its end."""

    def text(self, data: str) -> None:
        """Take a piece of text."""


def xml_units(path: Path, machine: Machine, root: str, count: Count | None) -> Iterator[Unit]:
    """Yield the units of an XML file whose outermost element is `root`.

    Raises:
        DataError: it is not XML, not of this kind, or would take more than it may (with the line).
    """
    with open_bytes(path, count) as stream:
        parser = _Parser(path, machine, root)
        for block in _decoded(stream, path):
            parser.feed(block)
            yield from machine.units
            machine.units.clear()
        parser.close()
        yield from machine.units


class _Parser:
    """Expat, with limits, telling errors by file and line."""

    def __init__(self, path: Path, machine: Machine, root: str) -> None:
        self._path, self._machine, self._root = path, machine, root
        self._names: dict[str, str] = {}
        self._attributes: set[str] = set()
        self._depth = self._fed = 0
        self._parser: Any = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._entity
        self._parser.SkippedEntityHandler = self._skipped

    def feed(self, block: str) -> None:
        data = block.encode()
        self._fed += len(data)
        self._parse(data, last=False)
        if self._fed - max(self._parser.CurrentByteIndex, 0) > TOKEN:
            raise self._error(f"has a tag or comment of more than {TOKEN >> 20} MiB")
        if not self._names and self._fed > TOKEN:
            raise self._error(f"begins with more than {TOKEN >> 20} MiB that are no element")

    def close(self) -> None:
        self._parse(b"", last=True)

    def _parse(self, data: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as error:
            raise self._not_xml(error) from None

    def _not_xml(self, error: expat.ExpatError) -> DataError:
        reason = expat.errors.messages.get(error.code, str(error))
        where = f"{self._path}:{error.lineno}"
        early = ("no element found", "unclosed token", "unclosed CDATA section")
        if reason in early and self._depth:
            return DataError(
                "is cut short: the XML ends too early",
                where=where,
                hint="Export or fetch the file again.",
            )
        return DataError(
            f"is not XML: {reason} (character {error.offset + 1} of the line)",
            where=where,
            hint="Export the file again; xmllint --noout FILE lists what is wrong with it.",
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = self._names.get(name)
        if local is None:
            local = self._names[name] = name.rpartition(":")[2]
        if not self._depth and local != self._root:
            raise self._error(
                f"is not {self._root.upper()}: its outermost element is <{name[:40]}>"
            )
        self._depth += 1
        if self._depth > DEPTH:
            raise self._error(f"has more than {DEPTH} elements inside of each other")
        if not attributes.keys() <= self._attributes:
            self._attributes.update(attributes)
        if max(len(self._names), len(self._attributes)) > NAMES:
            raise self._error(f"has more than {NAMES:,} kinds of elements or attributes")
        machine = self._machine
        machine.size += _TAG_SIZE + (sum(map(len, attributes.values())) if attributes else 0)
        machine.start(local, attributes, self._parser.CurrentLineNumber)
        if machine.size > SIZE:
            raise self._too_large()

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._machine.end(self._names[name])

    def _text(self, data: str) -> None:
        self._machine.text(data)
        if self._machine.size > SIZE:
            raise self._too_large()

    def _entity(self, name: str, *_: object) -> None:
        raise self._error(
            f"declares an entity, {name[:40]!r}, and entities of a file's own are refused",
            hint="They can be made to fill any memory. Export the file without them.",
        )

    def _skipped(self, name: str, is_parameter: int) -> None:
        """Put the character for an entity of HTML, which the unread DTD may have declared."""
        character = html.unescape(f"&{name};")
        if not is_parameter and character == f"&{name};":
            raise self._error(f"has an entity that nothing declares: &{name[:40]};")
        if not is_parameter:
            self._text(character)

    def _too_large(self) -> DataError:
        return self._error(f"has a unit of more than {SIZE >> 20} million characters")

    def _error(self, message: str, hint: str | None = None) -> DataError:
        where = f"{self._path}:{self._parser.CurrentLineNumber}"
        return DataError(message, where=where, hint=hint)


def _decoded(stream: BinaryIO, path: Path) -> Iterator[str]:
    """Yield the text in blocks, by the encoding that the file is in, whatever it says."""
    block = stream.read(BLOCK)
    name = _encoding(block, path)
    decoder = codecs.getincrementaldecoder(name)()
    line = 1
    while True:
        last = not block
        try:
            text = decoder.decode(block, last)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].decode(name, "replace").count("\n")
            raise DataError(
                f"not {name}: byte 0x{error.object[error.start]:02X}",
                where=f"{path}:{line}",
                hint=f"If it is in another encoding, name that one in its first line, as in "
                f'<?xml version="1.0" encoding="windows-1252"?>, or convert it to {name}.',
            ) from None
        line += text.count("\n")
        if text:
            yield text
        if last:
            return
        block = stream.read(BLOCK)


def _encoding(head: bytes, path: Path) -> str:
    """Return what the first bytes are in; declarations are often left over from before a copy."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if head.startswith(b"<\0"):
        return "utf-16-le"
    if head.startswith(b"\0<"):
        return "utf-16-be"
    declared = _DECLARED.match(head[:400].decode("latin-1").lstrip())
    name = declared[1].lower() if declared else "utf-8"
    if name.startswith(("utf-16", "utf16", "ucs")) or (_is_utf8(head) and not head.isascii()):
        return "utf-8"
    try:
        found = codecs.lookup(name).name if _ENCODINGS.fullmatch(name) else "utf-7"
        if found == "utf-7":
            raise LookupError
        return found
    except LookupError:
        raise DataError(
            f"is said to be in an unknown encoding, {name!r}",
            where=f"{path}:1",
            hint="Convert it to UTF-8, and say so in its first line.",
        ) from None


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
