"""gettext: PO files, through polib, some entries at a time."""

from __future__ import annotations

import codecs
import gettext
import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, cast

from translator.corpora.columns import Wanted
from translator.corpora.compression import Count, open_bytes
from translator.corpora.formats.records import LEFT_OUT, Record, Unit, pick
from translator.corpora.lines import clean, clean_lines
from translator.errors import DataError

BLOCK = 1 << 16
"""Characters parsed at once, as whole entries."""
ENTRY = 1 << 22
"""Characters of one entry."""

_CHARSET = re.compile(rb"Content-Type:[^\n\"]{0,80}charset=([\w.:-]{1,40})", re.IGNORECASE)
_PLURALS = re.compile(r"nplurals\s*=\s*(\d{1,2})\s*;\s*plural\s*=\s*([^;\n]{1,500})")
_KEYWORD = re.compile(r"(?:#~\s*)?(msgctxt|msgid_plural|msgid|msgstr(?:\[\d+\])?)\s+(.*)")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3}(?:[_-][A-Za-z]{2,4}|_\d{3})?)(?:@\w+)?")

Numbered = list[tuple[int, str]]


def read_po(path: Path, wanted: Wanted, count: Count | None = None) -> Iterator[Record]:
    """Read the translated entries of a PO file; a number is the line that an entry starts on.

    The language of the translations is that of the header, else of the file's name; the other one
    is that of the messages. Fuzzy and obsolete entries are left out.
    """
    yield from pick(po_units(path, count), wanted, path)


def po_units(path: Path, count: Count | None = None) -> Iterator[Unit]:
    """Yield the entries; one with plural forms gives a unit for each of them.

    The form for one thing belongs to `msgid`, each other form to `msgid_plural`.

    Raises:
        DataError: what is no entry, with its line.
    """
    languages = "", path_language(path)
    plural = one_and_others(2, "n != 1")
    with open_bytes(path, count) as stream:
        start = stream.read(1 << 16)
        lines = clean_lines(cast(BinaryIO, _Again(start, stream)), path, _encoding(start))
        for block in _blocks(lines, path):
            found = _parsed(block, path)
            if found.metadata:
                languages = _languages(found.metadata, languages)
                plural = _plural_forms(found.metadata.get("Plural-Forms", "")) or plural
            for entry in found:
                line = block[max(entry.linenum - 2, 0)][0]
                yield from _units(entry, line, languages, plural)


class _Again:
    """A stream of which the beginning has been read."""

    def __init__(self, start: bytes, stream: Any) -> None:
        self._start, self._stream = start, stream

    def read(self, size: int) -> bytes:
        if self._start:
            start, self._start = self._start, b""
            return start
        data: bytes = self._stream.read(size)
        return data


def _encoding(start: bytes) -> str:
    """Return the declared encoding, if it is one in which a line ends as in ASCII."""
    found = _CHARSET.search(start)
    name = found[1].decode().lower() if found else "utf-8"
    if not re.match(r"(iso|latin|windows|cp|koi8|gb|big5|shift|sjis|euc|tis|mac)", name):
        return "utf-8"
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "utf-8"


def _blocks(lines: Iterator[tuple[int, str]], path: Path) -> Iterator[Numbered]:
    """Cut a file between entries, checking that each quoted text is closed."""
    block: Numbered = []
    size, whole = 0, False
    for number, line in lines:
        text = line.strip()
        match = _KEYWORD.fullmatch(text)
        quoted = match[2] if match else text.removeprefix("#~").strip()
        if (match or quoted.startswith('"')) and not _is_quoted(quoted):
            raise DataError(
                "is not PO: a text that does not end with a quote",
                where=f"{path}:{number}",
                hint="msgfmt --check FILE lists what is wrong with it.",
            )
        is_translation = match is not None and match[1].startswith("msgstr")
        begins = whole and bool(text) and not is_translation and not text.startswith('"')
        begins = begins and (match is not None or not quoted.startswith('"'))
        if begins and size >= BLOCK:
            yield block
            block, size = [], 0
        whole = is_translation or (whole and not begins)
        block.append((number, line))
        size += len(line)
        if size > ENTRY:
            raise DataError(
                f"has an entry of more than {ENTRY >> 20} million characters",
                where=f"{path}:{number}",
            )
    if block:
        yield block


def _is_quoted(text: str) -> bool:
    """Return whether a text begins and ends with a quote, the last one not escaped."""
    if len(text) < 2 or not (text[0] == text[-1] == '"'):
        return False
    inner = text[1:-1]
    return (len(inner) - len(inner.rstrip("\\"))) % 2 == 0


def _parsed(block: Numbered, path: Path) -> Any:
    try:
        import polib
    except ImportError:
        raise DataError(
            "PO files are read by polib, which is not installed",
            where=path,
            hint="Install it: pip install polib, or translator[formats].",
        ) from None
    # an empty line first: polib takes a text that is the name of a file for that file
    text = "\n".join(chain([""], (line for _, line in block)))
    try:
        return polib.pofile(text, encoding="utf-8")
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        told = re.search(r"\(line (\d+)\)(?:: (.*))?", str(error))
        at = max(min(int(told[1]) - 2, len(block) - 1), 0) if told else 0
        reason = told[2] if told and told[2] else "nothing that may stand here"
        raise DataError(
            f"is not PO: {reason}",
            where=f"{path}:{block[at][0]}",
            hint="msgfmt --check FILE lists what is wrong with it.",
        ) from None


def _languages(metadata: dict[str, str], known: tuple[str, str]) -> tuple[str, str]:
    found = _LANGUAGE.fullmatch(metadata.get("Language", "").strip())
    source = _LANGUAGE.fullmatch(metadata.get("X-Source-Language", "").strip())
    return (source[1] if source else known[0], found[1] if found else known[1])


def path_language(path: Path) -> str:
    """Return the language that the path names: `po/fr.po`, `locale/fr/LC_MESSAGES/x.po`."""
    name = path.name.partition(".")[0]
    folder = path.parent.parent.name if path.parent.name == "LC_MESSAGES" else ""
    for text in (folder, name):
        # of three letters is many a word
        if _LANGUAGE.fullmatch(text) and len(re.split("[_-]", text)[0]) == 2:
            return text
    return ""


def _plural_forms(header: str) -> tuple[int, list[int]] | None:
    match = _PLURALS.search(header)
    return one_and_others(int(match[1]), match[2]) if match else None


def one_and_others(number: int, expression: str) -> tuple[int, list[int]]:
    """Return which of a language's plural forms is that of one thing, and which are the others."""
    make: Callable[[str], Callable[[int], int]] = gettext.c2py
    try:
        one = int(make(expression.strip())(1))
    except (ValueError, ArithmeticError, RecursionError):
        one = 0
    one = one if one < number else 0
    return one, [form for form in range(number) if form != one] or [one]


def _units(
    entry: Any, line: int, languages: tuple[str, str], plural: tuple[int, list[int]]
) -> Iterator[Unit]:
    extras = {} if entry.msgctxt is None else {"context": clean(entry.msgctxt)}
    if entry.obsolete:
        extras[LEFT_OUT] = "obsolete"
    elif "fuzzy" in entry.flags:
        extras[LEFT_OUT] = "fuzzy"
    pairs = [(entry.msgid, entry.msgstr)]
    if entry.msgid_plural:
        one, others = plural
        forms = entry.msgstr_plural
        pairs = [(entry.msgid, forms.get(one, ""))]
        pairs += [(entry.msgid_plural, forms.get(form, "")) for form in others]
    for pair in pairs:
        yield Unit(line, list(zip(languages, pair, strict=True)), extras)
