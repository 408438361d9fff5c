"""XLIFF 1.2 and 2.x, and their kin of translation programs (.sdlxliff, .mxliff, .mqxliff)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from translator.corpora.columns import Wanted
from translator.corpora.compression import Count
from translator.corpora.formats.inline import InlineText
from translator.corpora.formats.records import LEFT_OUT, Record, Unit, pick
from translator.corpora.formats.xml import xml_units
from translator.corpora.lines import clean

_UNFINISHED = ("new", "initial", "needs-")
"""Beginnings of the states in which a target is no translation yet, or one not to be trusted."""
_ASIDE = {"alt-trans", "matches", "glossary", "skeleton", "internal-file", "reference", "ignorable"}
"""What is inside of these is not the unit's own translation."""


def read_xliff(path: Path, wanted: Wanted, count: Count | None = None) -> Iterator[Record]:
    """Read the segments of XLIFF; a number is the line that the segment's unit starts on."""
    yield from pick(xliff_units(path, wanted.inline, count), wanted, path)


def xliff_units(path: Path, inline: str = "remove", count: Count | None = None) -> Iterator[Unit]:
    """Yield the segments, each with source and target; unfinished ones say why they are no pair."""
    return xml_units(path, _Document(keep=inline == "keep"), "xliff", count)


class _Document:
    """Makes units of the elements of XLIFF.

    In 1.2 a unit with segments marked on both sides (`mrk mtype="seg"`) gives one pair for each of
    them; in 2.x a unit has elements for its segments.
    """

    def __init__(self, *, keep: bool) -> None:
        self.units: list[Unit] = []
        self.size = 0
        self._keep = keep
        self._languages = ["", ""]
        self._file = ""
        self._aside = 0
        self._unit: dict[str, str] | None = None
        self._line = 0
        self._fixed = False
        self._forget()

    def _forget(self) -> None:
        self._state = ""
        self._sides: dict[str, str] = {}
        self._segments: dict[str, dict[str, str]] = {}
        self._side = ""
        self._text: InlineText | None = None
        self._marked: tuple[str, InlineText, int] | None = None
        self._depth = 0
        self._note: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str], line: int) -> None:
        if self._aside or name in _ASIDE:
            self._aside += 1
            self.size = 0 if self._unit is None else self.size
        elif self._text is not None:
            self._inside(name, attributes)
        elif name in ("xliff", "file"):
            self._begin_file(attributes)
        elif name in ("trans-unit", "unit"):
            self.size, self._line = 0, line
            self._unit = {"id": clean(attributes["id"])} if attributes.get("id") else {}
            if self._file:
                self._unit["file"] = self._file
            self._forget()
            self._fixed = attributes.get("translate") == "no"
        elif self._unit is None:
            self.size = 0
        elif name == "segment":
            self._sides, self._state = {}, attributes.get("state", "")
        elif name in ("source", "target", "seg-source"):
            self._side, self._text = name, InlineText(self._keep)
            if name == "target":
                rejected = attributes.get("state-qualifier", "").startswith("rejected")
                self._state = self._state or attributes.get("state", "")
                self._state = "needs-work" if rejected else self._state
        elif name == "note":
            self._note = []

    def _begin_file(self, attributes: dict[str, str]) -> None:
        for side, keys in enumerate(
            (("source-language", "srcLang"), ("target-language", "trgLang"))
        ):
            for key in keys:
                self._languages[side] = attributes.get(key, self._languages[side])
        self._file = clean(attributes.get("original", "")) or self._file
        self.size = 0

    def _inside(self, name: str, attributes: dict[str, str]) -> None:
        """Take a tag in a text; a marked segment has a text of its own."""
        assert self._text is not None
        self._depth += 1
        if self._marked is not None:
            self._marked[1].start(name, attributes)
        elif name == "mrk" and attributes.get("mtype") == "seg" and attributes.get("mid"):
            self._marked = attributes["mid"], InlineText(self._keep), self._depth
        self._text.start(name, attributes)

    def end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
        elif self._text is not None:
            if self._depth:
                self._leave(name)
                return
            self._sides[self._side] = self._text.result()
            self._text = None
        elif name == "note" and self._note is not None and self._unit is not None:
            self._unit.setdefault("note", clean("".join(self._note)).strip())
            self._note = None
        elif name == "segment" and self._unit is not None:
            self._add(self._sides)
            self._sides = {}
        elif name in ("trans-unit", "unit") and self._unit is not None:
            self._end_unit(name)

    def _leave(self, name: str) -> None:
        assert self._text is not None
        if self._marked is not None:
            identifier, text, depth = self._marked
            if depth == self._depth:
                self._segments.setdefault(self._side, {})[identifier] = text.result()
                self._marked = None
            else:
                text.end(name)
        self._text.end(name)
        self._depth -= 1

    def _end_unit(self, name: str) -> None:
        sources, targets = self._segments.get("seg-source", {}), self._segments.get("target", {})
        if sources and sources.keys() == targets.keys():
            for identifier, source in sources.items():
                self._add({"source": source, "target": targets[identifier]})
        elif name == "trans-unit":
            self._add(self._sides)
        self._unit, self.size = None, 0

    def _add(self, sides: dict[str, str]) -> None:
        assert self._unit is not None
        texts = [sides.get(side, "") for side in ("source", "target")]
        extras = dict(self._unit)
        if self._state:
            extras["state"] = clean(self._state)
        if self._fixed:
            extras[LEFT_OUT] = "not to be translated"
        elif self._state.startswith(_UNFINISHED) and texts[1]:
            extras[LEFT_OUT] = "unfinished"
        variants = list(zip(self._languages, texts, strict=True))
        self.units.append(Unit(self._line, variants, extras))

    def text(self, data: str) -> None:
        if self._aside:
            return
        if self._text is not None:
            self.size += len(data)
            self._text.text(data)
            if self._marked is not None:
                self._marked[1].text(data)
        elif self._note is not None:
            self.size += len(data)
            self._note.append(data)
