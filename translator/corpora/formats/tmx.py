"""Translation memories: TMX 1.1 to 1.4."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from translator.corpora.columns import Wanted
from translator.corpora.compression import Count
from translator.corpora.formats.inline import InlineText
from translator.corpora.formats.records import Record, Unit, pick
from translator.corpora.formats.xml import xml_units
from translator.corpora.lines import clean


def read_tmx(path: Path, wanted: Wanted, count: Count | None = None) -> Iterator[Record]:
    """Read the units of a translation memory; a number is the line that a unit starts on."""
    yield from pick(tmx_units(path, wanted.inline, count), wanted, path)


def tmx_units(path: Path, inline: str = "remove", count: Count | None = None) -> Iterator[Unit]:
    """Yield the units with all their languages."""
    return xml_units(path, _Memory(keep=inline == "keep"), "tmx", count)


class _Memory:
    """Makes units of the elements of TMX."""

    def __init__(self, *, keep: bool) -> None:
        self.units: list[Unit] = []
        self.size = 0
        self._keep = keep
        self._line = 0
        self._in_unit = self._in_variant = False
        self._language = ""
        self._variants: list[tuple[str, str]] = []
        self._extras: dict[str, str] = {}
        self._segment: InlineText | None = None
        self._note: tuple[str, list[str]] | None = None

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        if self._segment is not None:
            self._segment.start(name, attributes)
        elif name == "tu":
            self._in_unit, self._line, self.size = True, line, 0
            self._variants, self._extras = [], {}
            if "tuid" in attributes:
                self._extras["id"] = clean(attributes["tuid"])
        elif not self._in_unit:
            self.size = 0
        elif name == "tuv":
            self._in_variant = True
            self._language = attributes.get("xml:lang") or attributes.get("lang") or ""
        elif name == "seg":
            self._segment = InlineText(self._keep)
        elif name in ("prop", "note") and not self._in_variant:
            self._note = (clean(attributes.get("type", "")) or name, [])

    def end(self, name: str) -> None:
        if self._segment is not None:
            if name != "seg":
                self._segment.end(name)
                return
            self._variants.append((self._language, self._segment.result()))
            self._segment = None
        elif self._note is not None:
            if name in ("prop", "note"):
                kind, pieces = self._note
                self._extras.setdefault(kind, clean("".join(pieces)).strip())
                self._note = None
        elif name == "tuv":
            self._in_variant = False
        elif name == "tu":
            self._in_unit = False
            self.size = 0
            self.units.append(Unit(self._line, self._variants, self._extras))

    def text(self, data: str) -> None:
        if self._segment is not None:
            self.size += len(data)
            self._segment.text(data)
        elif self._note is not None:
            self.size += len(data)
            self._note[1].append(data)
