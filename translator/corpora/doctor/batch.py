"""Some pairs at once: what the rules look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING, Any

from translator.corpora.formats.records import LEFT_OUT, Record

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIZE = 2000
"""Pairs of a batch."""
CHARACTERS = 1_000_000
"""A batch ends earlier at this size."""


class Batch:
    """Pairs, stripped and with both sides, with the lines that they come from.

    Most faults are rare. A rule that looks for characters therefore searches all texts of a batch
    joined together (`located`), which takes one call for thousands of them.
    """

    def __init__(
        self,
        lines: list[int],
        sources: list[str],
        targets: list[str],
        *,
        first: int = 0,
        corpus: str = "",
    ) -> None:
        self.lines, self.sources, self.targets = lines, sources, targets
        self.extras: list[Mapping[str, str]] = []
        """What else the corpus says of each pair."""
        self.first = first
        """How many pairs there were before."""
        self.corpus = corpus
        """Name of the file that they come from."""
        self.blank: list[tuple[int, str, str]] = []
        """Pairs between them with one side only: line, source, target."""
        self.empty = 0
        """Lines between them that are blank on both sides."""
        self.left_out: list[Record] = []
        """Records between them that the corpus itself marks as no pairs."""
        self._located: dict[re.Pattern[str], frozenset[int]] = {}

    def __len__(self) -> int:
        return len(self.lines)

    @cached_property
    def lengths(self) -> NDArray[np.int64]:
        """Return the characters of each text: all sources, then all targets."""
        import numpy as np

        texts = chain(self.sources, self.targets)
        return np.fromiter(map(len, texts), dtype=np.int64, count=2 * len(self))

    def located(self, pattern: re.Pattern[str]) -> frozenset[int]:
        r"""Return the texts in which a pattern, which must not match `\n`, is found.

        A text is the offset of its pair; that of a target comes after all sources. A pattern that
        matches often is faster when it goes on to the end of the text (``.*``); one that begins
        with a single set of characters is faster than one with alternatives.
        """
        if pattern not in self._located:
            self._located[pattern] = frozenset(self._search(pattern))
        return self._located[pattern]

    def _search(self, pattern: re.Pattern[str]) -> Iterable[int]:
        first = pattern.search(self._block)
        if first is None:
            return ()
        matches = chain([first], pattern.finditer(self._block, first.end()))
        starts = [match.start() for match in matches]
        found: list[int] = (self._starts.searchsorted(starts, "right") - 1).tolist()
        return found

    def text(self, at: int) -> str:
        """Return a text that was `located`."""
        return self.sources[at] if at < len(self) else self.targets[at - len(self)]

    def pairs_of(self, texts: Iterable[int]) -> list[int]:
        """Return the offsets of the pairs of some texts."""
        return sorted({at % len(self) for at in texts})

    @cached_property
    def _block(self) -> str:
        return "\n".join(chain(self.sources, self.targets))

    @cached_property
    def _starts(self) -> Any:
        import numpy as np

        ends = np.cumsum(self.lengths + 1)
        return np.concatenate([np.zeros(1, dtype=np.int64), ends[:-1]])


def batches(records: Iterable[Record], corpus: str = "") -> Iterator[Batch]:
    """Cut the records of a file or corpus (see `translator.corpora.readers`) into batches."""
    first = 0
    batch = Batch([], [], [], corpus=corpus)
    characters = 0
    for record in records:
        line, source, targets, extras = record
        source, target = source.strip(), (targets[0] or "").strip()
        if LEFT_OUT in extras:
            batch.left_out.append(record)
        elif source and target:
            batch.lines.append(line)
            batch.sources.append(source)
            batch.targets.append(target)
            batch.extras.append(extras)
            characters += len(source) + len(target)
            if extras:
                characters += sum(map(len, extras.values()))
        elif source or target:
            batch.blank.append((line, source, target))
        else:
            batch.empty += 1
        others = len(batch.blank) + len(batch.left_out)
        if len(batch) >= SIZE or characters >= CHARACTERS or others >= SIZE:
            yield batch
            first += len(batch)
            batch, characters = Batch([], [], [], first=first, corpus=corpus), 0
    if batch.lines or batch.blank or batch.left_out or batch.empty:
        yield batch


def joined(parts: Sequence[Batch]) -> Batch:
    """Return the pairs of several batches."""
    return Batch(
        [line for batch in parts for line in batch.lines],
        [text for batch in parts for text in batch.sources],
        [text for batch in parts for text in batch.targets],
    )
