"""HTML whose text is to be translated: what stands between its tags, and how it is put back.

The model never sees a tag. What stands together is translated sentence by sentence, and the tags
inside of a sentence come back around the words that are linked to those they stood around. All
other text of the answer is escaped: no tag is in it that was not in the question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from typing import NamedTuple

_INLINE = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "del", "dfn", "em", "font"),
        *("i", "ins", "label", "mark", "q", "s", "small", "span", "strike", "strong", "sub"),
        *("sup", "time", "tt", "u"),
    )
)
"""Elements inside of a sentence; every other tag ends it."""
_COPIED = frozenset(
    ("code", "kbd", "math", "pre", "samp", "script", "style", "svg", "template", "textarea", "var")
)
"""Elements whose content is no text to translate."""
_AS_IT_IS = frozenset({"script", "style"})
"""Elements in which nothing but their end is a tag."""
_VOID = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
        *("source", "track", "wbr"),
    )
)
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s<>/]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_LONGEST = 8192
"""Characters of a tag."""
_NOT_TRANSLATED = re.compile(
    r"\stranslate\s*=\s*[\"']?no\b|\sclass\s*=\s*[\"']?[^\"'>]*\bnotranslate\b", re.IGNORECASE
)
_SPACES = re.compile(r"[ \t\n\f\r]+")

_DEEPEST, _MOST = 30, 100
"""Tags inside of each other, and in all, in what stands together."""

Span = tuple[int, int]


class Sentence(NamedTuple):
    """A sentence of a run and its translation, with their places and those of their words."""

    source: str
    source_at: int
    target: str
    target_at: int
    sources: Sequence[Span] = ()
    targets: Sequence[Span] = ()
    links: Sequence[tuple[int, int]] = ()
    """Words of the source and of the target that belong together."""


@dataclass
class Element:
    """A tag with its end tag inside of a run: where in the text they stand, and what is in them."""

    opening: str
    begin: int
    name: str
    closing: str = ""
    end: int = -1
    inside: list[Element] = field(default_factory=list)


@dataclass
class Run:
    """Text that stands together, without its tags, and these."""

    text: str
    elements: list[Element]

    def covers_partly(self, begin: int, end: int) -> bool:
        """Return whether a tag stands inside of a part of the text, and not only around it."""
        return any(
            begin < place < end
            for element in _with_all_inside(self.elements)
            for place in (element.begin, element.end)
        )

    def written(self, target: str, sentences: Sequence[Sentence]) -> str:
        """Return the translation of the text as HTML.

        Args:
            target: the translation.
            sentences: of both, with links where a tag stands inside of one.
        """
        return self._written(target, (0, len(target)), self.elements, sentences)

    def _written(
        self, target: str, within: Span, elements: list[Element], sentences: Sequence[Sentence]
    ) -> str:
        found = sorted(
            ((self._place(element, target, sentences), element) for element in elements),
            key=lambda one: one[0],
        )
        parts: list[str] = []
        at, last = within
        for (begin, end), element in found:
            begin = min(max(begin, at), last)
            end = min(max(end, begin), last)
            inside = self._written(target, (begin, end), element.inside, sentences)
            parts += [escape(target[at:begin], quote=False), element.opening, inside]
            parts.append(element.closing)
            at = end
        return "".join([*parts, escape(target[at:last], quote=False)])

    def _place(self, element: Element, target: str, sentences: Sequence[Sentence]) -> Span:
        """Return where in the translation an element belongs."""
        places = [
            place for one in sentences if (place := _linked(element, self.text, one)) is not None
        ]
        if places:
            return min(begin for begin, _ in places), max(end for _, end in places)
        # nothing is linked: about as far from the beginning as in the text
        share = element.begin / max(len(self.text), 1)
        words = [match.span() for match in re.finditer(r"\S+", target)]
        begin, end = min(
            words or [(0, 0)], key=lambda word: abs(word[0] - round(share * len(target)))
        )
        return (begin, end) if element.end > element.begin else (begin, begin)


def _linked(element: Element, text: str, one: Sentence) -> Span | None:
    """Return the part of a sentence's translation that an element belongs around."""
    begin = max(element.begin - one.source_at, 0)
    end = min(element.end - one.source_at, len(one.source))
    covered = one.source[begin:end] if begin < end else ""
    if not covered.strip():
        return None
    first, last = 0, len(one.target)
    if covered.strip() != one.source.strip():
        words = {i for i, (a, b) in enumerate(one.sources) if a < end and begin < b}
        linked = [one.targets[t] for s, t in one.links if s in words]
        if not linked:
            return None
        first, last = min(linked)[0], max(linked)[1]
        # a mark belongs to its word, and not always to what is stressed
        if covered.rstrip()[-1].isalnum():
            last = first + len(one.target[first:last].rstrip(_MARKS))
        if covered.lstrip()[0].isalnum():
            first = last - len(one.target[first:last].lstrip(_MARKS))
    return one.target_at + first, one.target_at + last


_MARKS = " .,;:!?…\"'«»“”„()[]\u00a0\u202f。、！？"  # noqa: RUF001 - marks of many scripts


class Document:
    """A piece of HTML.

    Attributes:
        runs: what is to be translated.
    """

    def __init__(self, text: str) -> None:
        self._parts: list[str | Run] = []
        waiting: list[_Token] = []
        for token in _Reader(text).tokens:
            if token.kind == "fixed":
                self._add(waiting)
                waiting = []
                self._parts.append(token.raw)
            else:
                waiting.append(token)
        self._add(waiting)
        self.runs = [part for part in self._parts if isinstance(part, Run)]

    def join(self, translated: Sequence[str]) -> str:
        """Return the HTML with these in place of the runs."""
        rest = iter(translated)
        return "".join(part if isinstance(part, str) else next(rest) for part in self._parts)

    def _add(self, tokens: list[_Token]) -> None:
        run = _run(tokens)
        if run is not None:
            self._parts.append(run)
            return
        # tags that have no end here, or nothing to translate: all tags stay where they are
        for token in tokens:
            if token.kind == "text" and _has_letters(token.text):
                self._parts.append(Run(_SPACES.sub(" ", token.text), []))
            else:
                self._parts.append(token.raw)


class _Token(NamedTuple):
    kind: str
    """text, open, close or fixed."""
    raw: str
    text: str = ""
    """Of a text, without entities; of a tag, its name."""


def _run(tokens: list[_Token]) -> Run | None:
    """Return some text with its tags; None if these do not fit, or there is no text."""
    if not any(token.kind == "text" and _has_letters(token.text) for token in tokens):
        return None
    text = ""
    elements: list[Element] = []
    opened: list[Element] = []
    if sum(token.kind == "open" for token in tokens) > _MOST:
        return None
    for token in tokens:
        if token.kind == "text":
            more = _SPACES.sub(" ", token.text)
            text += more.lstrip(" ") if text.endswith(" ") else more
        elif token.kind == "open":
            element = Element(token.raw, len(text), token.text)
            (opened[-1].inside if opened else elements).append(element)
            opened.append(element)
            if len(opened) > _DEEPEST:
                return None
        else:
            if not opened or opened[-1].name != token.text:
                return None
            element = opened.pop()
            element.closing, element.end = token.raw, len(text)
    return None if opened else Run(text, elements)


def _has_letters(text: str) -> bool:
    return any(map(str.isalpha, text))


def _with_all_inside(elements: list[Element]) -> list[Element]:
    return [one for own in elements for one in (own, *_with_all_inside(own.inside))]


class _Reader:
    """Cuts HTML into text and tags, in a time that grows with its length."""

    def __init__(self, html: str) -> None:
        self._html = html
        self.tokens: list[_Token] = []
        self._copied: list[str] = []
        """Open elements, from one on whose content is copied."""
        at = text = 0
        while (at := html.find("<", at)) >= 0:
            end = self._end(at)
            if not end:
                at += 1  # a sign like any other
                continue
            self._text(html[text:at])
            at = text = self._tag(at, end)
        self._text(html[text:])

    def _end(self, at: int) -> int:
        """Return where a tag or a comment ends; 0 where none begins."""
        for begin, close in (("<!--", "-->"), ("<!", ">"), ("<?", ">")):
            if self._html.startswith(begin, at):
                found = self._html.find(close, at + len(begin))
                return found + len(close) if found >= 0 else len(self._html)
        match = _TAG.match(self._html, at, at + _LONGEST)
        return match.end() if match else 0

    def _tag(self, at: int, end: int) -> int:
        """Take a tag, and all of an element in which nothing is a tag; return where it ends."""
        raw = self._html[at:end]
        match = _TAG.match(raw)
        if match is None:
            self.tokens.append(_Token("fixed", raw))
            return end
        is_end, name = match[1] == "/", match[2].lower()
        copied = bool(self._copied)
        if is_end:
            while name in self._copied and self._copied.pop() != name:
                pass
        elif name in _AS_IT_IS:
            close = re.compile(rf"</{name}\b", re.IGNORECASE).search(self._html, end)
            end = close.start() if close else len(self._html)
            raw = self._html[at:end]
        elif name not in _VOID and not raw.endswith("/>"):
            copied = copied or name in _COPIED or _NOT_TRANSLATED.search(raw) is not None
            if copied:
                self._copied.append(name)
        kind = "fixed"
        if name in _INLINE and not copied and not raw.endswith("/>"):
            kind = "close" if is_end else "open"
        self.tokens.append(_Token(kind, raw, name))
        return end

    def _text(self, raw: str) -> None:
        if raw:
            kind = "fixed" if self._copied else "text"
            self.tokens.append(_Token(kind, raw, unescape(raw)))
