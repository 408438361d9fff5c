"""Text with tags in it: what is left of it when they are taken out, or put down as placeholders."""

from __future__ import annotations

import re

_PAIRED = {"g", "hi", "pc"}
"""Around text."""
_OPENING = {"bpt", "bx", "sc"}
_CLOSING = {"ept", "ex", "ec"}
_CODES = {"bpt", "ept", "ph", "it", "ut", "x", "bx", "ex", "sc", "ec", "cp", "sub"}
"""What is in them is no text of the sentence."""

_NAMES = ("x", "i", "id", "rid", "startRef")
"""Attributes that tell which tag of the other language is the same one."""
_LINE_BREAKS = {"lb", "x-lb", "linebreak", "xlf:lb"}

_GAP = re.compile(r"\s?\0+(?=\s)|\0")
_INDENTED = re.compile(r"[ \t]*\n\s*")


class InlineText:
    """Collects the text of one segment.

    With `keep`, tags become `<g1>…</g1>` around text and `<x2/>` where there is none, numbered by
    the file's own identifiers so that both languages have the same. The tokenizer's placeholders
    know this form, and show the model one character for each.
    """

    def __init__(self, keep: bool) -> None:
        self._keep = keep
        self._pieces: list[str] = []
        self._hidden = 0
        self._open: list[tuple[str, str]] = []
        self._ids: dict[str, str] = {}
        self._count = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an inline element."""
        if not self._hidden:
            kinds = {attributes.get(key) for key in ("type", "ctype", "subType")}
            if kinds & _LINE_BREAKS or name == "cp":
                self._pieces.append(" ")
            elif name in _OPENING:
                self._mark(f"<g{self._identifier(name, attributes)}>")
            elif name in _CLOSING:
                self._mark(f"</g{self._closed(attributes)}>")
            elif name in _PAIRED:
                identifier = self._identifier(name, attributes)
                self._mark(f"<g{identifier}>")
                self._open.append((name, f"</g{identifier}>"))
            elif name in _CODES:
                self._mark(f"<x{self._identifier(name, attributes)}/>")
        if name in _CODES:
            self._hidden += 1

    def end(self, name: str) -> None:
        """Take the end of an inline element."""
        if name in _CODES:
            self._hidden -= 1
        elif not self._hidden and self._open and self._open[-1][0] == name:
            self._mark(self._open.pop()[1])

    def text(self, data: str) -> None:
        """Take text, that of codes too."""
        if not self._hidden:
            self._pieces.append(data)

    def result(self) -> str:
        """Return the text, in which odd separators are left (see `lines.clean`)."""
        text = "".join(self._pieces)
        if "\0" in text:  # never in XML: where a tag was
            text = _GAP.sub("", text)
        if "\n" in text:
            text = _INDENTED.sub(" ", text)
        return text

    def _mark(self, tag: str) -> None:
        self._pieces.append(tag if self._keep else "\0")

    def _identifier(self, name: str, attributes: dict[str, str]) -> str:
        self._count += 1
        given = next((attributes[key] for key in _NAMES if key in attributes), "")
        identifier = re.sub(r"\W", "", given)[:20] or str(self._count)
        if name in _OPENING:
            for key in ("i", "rid", "id"):
                if key in attributes:
                    self._ids[attributes[key]] = identifier
        return identifier

    def _closed(self, attributes: dict[str, str]) -> str:
        for key in ("i", "rid", "startRef", "id"):
            if attributes.get(key) in self._ids:
                return self._ids[attributes[key]]
        return self._identifier("", attributes)
