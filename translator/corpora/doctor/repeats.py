"""What was there before: duplicates, boilerplate, overlap with dev and test.

Texts are compared by 64-bit hashes, kept in sorted arrays: 16 bytes of memory for each pair, so
that a hundred million pairs take two gigabytes. Nearly equal means equal after folding (`folded`),
not a large overlap as by MinHash: "He is here." and "She is here." are two good pairs, and a
parallel corpus is full of such; what differs in capitals, punctuation or figures only is one
sentence. It also costs far less time and memory.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from translator.corpora.doctor.batch import Batch

if TYPE_CHECKING:
    import numpy as np

    Keys = np.ndarray[Any, np.dtype[np.uint64]]
    Mask = np.ndarray[Any, np.dtype[np.bool_]]
    Letters = np.ndarray[Any, np.dtype[np.uint16]]

_SIGNS = re.compile(r"[\W_]+")
_ASCII = {at: None if _SIGNS.match(chr(at)) else chr(at).lower() for at in range(128)}
_ASCII_LINES = _ASCII | {ord("\n"): "\n"}
_DIGITS = re.compile(r"\d+")
_JAMO = range(0x1100, 0x1200)
"""Letters of Korean syllables, which become one with their neighbours."""
_DEPENDS = 0xFFFF
"""Stands for a character that is folded with its neighbours, or to several."""
_FEW = 500
"""Texts that are folded before the table for many would be there."""

BUCKET = 10_000
"""Texts are counted up to an error of one of so many (lossy counting, Manku and Motwani 2002)."""
OFTEN, OFTEN_SHARE = 30, 0.002
"""A text is boilerplate from this many occurrences and this share of all pairs on."""


class PairKeys(NamedTuple):
    """Hashes of the texts of a batch, one for each pair."""

    exact: Keys
    """Of the pair as it is."""
    sources: Keys
    """Of the folded source."""
    targets: Keys
    near: Keys | None
    """Of both sides, folded and without figures; None where nobody asks for it."""


def folded(text: str) -> str:
    """Return what is compared of a text: NFKC, without case, spaces and punctuation."""
    # a text of signs alone is itself
    if text.isascii():
        return text.translate(_ASCII) or text  # the same, several times as fast
    text = unicodedata.normalize("NFKC", text)
    return _SIGNS.sub("", text.casefold()) or text


def all_folded(texts: Sequence[str]) -> list[str]:
    """Return each text as `folded` does; of many texts, all characters at once."""
    import numpy as np

    block = "\n".join(texts)
    if len(texts) < _FEW or block.count("\n") >= len(texts):  # a line break inside of a text
        return [*map(folded, texts)]
    if block.isascii():
        lines = block.translate(_ASCII_LINES).split("\n")
    else:
        block = block.replace("ß", "ss")  # as common as no other letter that becomes two
        codes = np.frombuffer(block.encode("utf-16-le", "surrogatepass"), dtype="<u2")
        letters = _letters()[codes]
        lines = letters[letters != 0].tobytes().decode("utf-16-le").split("\n")
        depending = np.flatnonzero(letters == _DEPENDS)
        if len(depending):
            ends = np.flatnonzero(codes == ord("\n"))
            for at in np.unique(ends.searchsorted(depending)).tolist():
                lines[at] = folded(texts[at])
    return [line or folded(text) for line, text in zip(lines, texts, strict=True)]


@cache
def _letters() -> Letters:
    """Return what each character of 16 bits is folded to; 0 where nothing is left of it."""
    import numpy as np

    return np.array([_letter(code) for code in range(1 << 16)], dtype="<u2")


def _letter(code: int) -> int:
    if code == ord("\n"):
        return code
    text = unicodedata.normalize("NFKC", chr(code))
    joins = any(ord(char) in _JAMO or unicodedata.category(char)[0] == "M" for char in text)
    if joins or 0xD800 <= code < 0xE000:
        return _DEPENDS
    left = _SIGNS.sub("", text.casefold())
    if len(left) > 1 or left > "\uffff":
        return _DEPENDS
    return ord(left) if left else 0


def pair_keys(batch: Batch, *, near: bool) -> PairKeys:
    """Return the hashes of a batch, with or without those for pairs that are nearly the same."""
    pairs = zip(batch.sources, batch.targets, strict=True)
    sources, targets = all_folded(batch.sources), all_folded(batch.targets)
    without = (
        f"{_without_figures(a)}\t{_without_figures(b)}"
        for a, b in zip(sources, targets, strict=True)
    )
    return PairKeys(
        exact=hashes(f"{source}\t{target}" for source, target in pairs),
        sources=hashes(sources),
        targets=hashes(targets),
        near=hashes(without) if near else None,
    )


def _without_figures(text: str) -> str:
    return _DIGITS.sub("0", text)


def hashes(texts: Iterable[str]) -> Keys:
    """Return a 64-bit hash of each text, the same on every machine."""
    import numpy as np

    new = hashlib.blake2b
    joined = b"".join(
        new(text.encode("utf-8", "replace"), digest_size=8).digest() for text in texts
    )
    return np.frombuffer(joined, dtype="<u8").astype(np.uint64)


class Seen:
    """Remembers hashes: sorted arrays, each at least twice as long as the next one."""

    def __init__(self) -> None:
        self._parts: list[Keys] = []

    def add(self, keys: Keys) -> Mask:
        """Return which of some hashes were there before, and remember all."""
        import numpy as np

        order = np.argsort(keys, kind="stable")
        ordered = keys[order]
        again = np.zeros(len(keys), dtype=np.bool_)
        again[1:] = ordered[1:] == ordered[:-1]
        for part in self._parts:
            again |= contains(part, ordered)
        new = ordered[~again]
        if len(new):
            self._parts.append(new)
        while len(self._parts) > 1 and len(self._parts[-2]) < 2 * len(self._parts[-1]):
            last = self._parts.pop()
            self._parts[-1] = np.sort(np.concatenate([self._parts[-1], last]), kind="stable")
        mask = np.empty_like(again)
        mask[order] = again
        return mask


def contains(part: Keys, keys: Keys) -> Mask:
    """Return which of `keys` are in a sorted array."""
    import numpy as np

    if not len(part):
        return np.zeros(len(keys), dtype=np.bool_)
    at = np.minimum(part.searchsorted(keys), len(part) - 1)
    found: Mask = part[at] == keys
    return found


class Boilerplate:
    """Counts how often each text of one side has come, without keeping all of them."""

    def __init__(self) -> None:
        self._counts: dict[int, int] = {}
        self._texts = 0
        self._bucket = 1

    def add(self, keys: Keys) -> list[int]:
        """Return the offsets of those that have come too often by now."""
        counts, found = self._counts, []
        # a text that has just come back in counts as if it had come in each bucket before
        limit = max(OFTEN, OFTEN_SHARE * self._texts) + self._bucket - 1
        for at, key in enumerate(keys.tolist()):
            count = counts.get(key, self._bucket - 1) + 1
            counts[key] = count
            if count > limit:
                found.append(at)
        self._texts += len(keys)
        while self._texts >= self._bucket * BUCKET:
            self._counts = counts = {k: n for k, n in counts.items() if n > self._bucket}
            self._bucket += 1
        return found


class HeldOut:
    """The sentences of a dev or test set, and which of them turn up in training."""

    def __init__(
        self, rule: str, sources: Sequence[str], references: Sequence[Sequence[str | None]]
    ) -> None:
        import numpy as np

        self.rule = rule
        columns = [sources, *references]
        self._columns = [hashes(folded(text or "") for text in column) for column in columns]
        there = self._columns[:1], self._columns[1:]
        self._sorted = [np.unique(np.concatenate(side)) for side in there]
        blank = hashes([""])
        self._sorted[1] = self._sorted[1][self._sorted[1] != blank]  # a reference that is missing
        self._met = [np.zeros(len(side), dtype=np.bool_) for side in self._sorted]

    def meet(self, sources: Keys, targets: Keys) -> Mask:
        """Return which pairs, given by the hashes of their folded sides, have one in the set."""
        import numpy as np

        found = np.zeros(len(sources), dtype=np.bool_)
        for side, there in enumerate((sources, targets)):
            inside = contains(self._sorted[side], there)
            if inside.any():
                self._met[side][self._sorted[side].searchsorted(there[inside])] = True
                found |= inside
        return found

    def overlap(self) -> dict[str, int]:
        """Return how many sentences of the set turned up: their source, a target, either."""
        source = self._turned_up(0, self._columns[0])
        target = source & False
        for column in self._columns[1:]:
            target |= self._turned_up(1, column)
        return {
            "sentences": len(source),
            "source": int(source.sum()),
            "target": int(target.sum()),
            "either": int((source | target).sum()),
        }

    def _turned_up(self, side: int, keys: Keys) -> Mask:
        met: Mask = contains(self._sorted[side][self._met[side]], keys)
        return met
