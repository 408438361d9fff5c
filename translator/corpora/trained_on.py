"""What a run remembers of its training text: which sentences it saw, and how frequent words were.

`evaluate` asks for both: a test sentence that was trained on proves nothing, and a sentence with a
rare word is a harder one. Sentences are kept in a Bloom filter (Bloom, 1970), from which no text
can be read back: a sentence that is in it is always found, and one that is not, hardly ever. How
often that happens follows from how full the filter is, and is counted off. Sentences are equal that
differ in case, spaces and punctuation only (`folded`): their hashes are those by which duplicates
were found when the corpus was read. Words are counted in an even sample of the sentences.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.corpora.doctor.repeats import folded, hashes
from translator.errors import COPY_AGAIN, ModelError
from translator.progress import progress, say
from translator.run_directory import replacing, share

if TYPE_CHECKING:
    import numpy as np
    from datasets import Dataset

    Bits = np.ndarray[Any, np.dtype[np.uint8]]
    Keys = np.ndarray[Any, np.dtype[np.uint64]]
    Rows = np.ndarray[Any, np.dtype[np.int64]]

FORMAT = 2
"""Of the file in a run. The first one knew sentences by other hashes."""

BITS_PER_KEY = 32
"""Of the filter, for each sentence: one in some millions is then taken for a known one."""
MOST_BITS = 1 << 29
"""64 MB, reached at 8 million pairs. Of more pairs the filter is fuller, and errs more often."""
_MOST_HASHES = 16

COUNTED_SENTENCES = 250_000
"""So many pairs, drawn evenly, are enough to count words in: a word that none of them has is rare,
however often the others have it."""
COUNTED_WORDS = 200_000
"""The most frequent words of a side are kept; to the others no count is known but "fewer"."""

SIDES = ("source", "target")
_BATCH = 10_000
_SURE = 3.0
"""Standard deviations by which more sentences must be found than the filter's errors explain."""

_WORD = re.compile(
    # one letter of scripts that put no spaces between words, or a run of letters of another
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]|"
    r"[^\W\d_\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+"
)


def words(text: str) -> list[str]:
    """Return the words of a text without their case; numbers and marks are none."""
    return _WORD.findall(text.casefold())


@dataclass(frozen=True)
class Overlap:
    """How much of a test set was in training."""

    sentences: int
    sources: float
    """Estimated number of its sources that were trained on, as sources."""
    targets: float
    both: float
    """Both sides, though not surely of one pair."""
    exact: bool
    """Whether the filter's errors are too rare to matter."""

    def text(self, *, turned: bool = False) -> str:
        """Say it in words; empty where there is no overlap that counts."""
        names = ("references", "sources") if turned else ("sources", "references")
        about = "" if self.exact else "about "
        counts = [round(self.sources), round(self.targets)]
        told = [
            f"{about}{n:,} of the {self.sentences:,} {name}"
            for n, name in zip(counts, names, strict=True)
            if n
        ]
        return " and ".join(told[::-1] if turned else told)

    def as_dict(self, *, turned: bool = False) -> dict[str, Any]:
        """Return it as values for JSON."""
        source, target = round(self.sources), round(self.targets)
        return {
            "sources": target if turned else source,
            "references": source if turned else target,
            "both": round(self.both),
            "exact": self.exact,
        }


@dataclass(frozen=True)
class Filter:
    """A set of hashes in which some that are not in it seem to be."""

    bits: Bits
    hashes: int

    @classmethod
    def sized_for(cls, keys: int) -> Filter:
        """Return an empty one with room for so many keys."""
        import numpy as np

        size = _filter_bits(keys)
        hashes = max(1, min(_MOST_HASHES, round(size / max(1, keys) * math.log(2))))
        return cls(np.zeros(size // 8, dtype=np.uint8), hashes)

    def add(self, keys: Keys) -> None:
        """Put the hashes of some sentences in."""
        import numpy as np

        for place in self._places(keys):
            np.bitwise_or.at(self.bits, place >> 3, (1 << (place & 7)).astype(np.uint8))

    def holds(self, keys: Keys) -> Any:
        """Return for each hash whether it is in, or seems to be."""
        import numpy as np

        found = np.ones(len(keys), dtype=bool)
        for place in self._places(keys):
            found &= (self.bits[place >> 3] >> (place & 7).astype(np.uint8)) & 1 == 1
        return found

    def errs(self) -> float:
        """Return how likely a key that is not in seems to be."""
        import numpy as np

        ones = np.array([byte.bit_count() for byte in range(256)], dtype=np.uint8)
        filled = int(ones[self.bits].sum(dtype=np.int64)) / (8 * len(self.bits))
        return float(filled**self.hashes)

    def _places(self, keys: Keys) -> Iterable[Any]:
        import numpy as np

        mask = np.uint64(8 * len(self.bits) - 1)  # the size is a power of two
        place = _mixed(keys)
        step = _mixed(place) | np.uint64(1)
        for _ in range(self.hashes):
            yield (place & mask).astype(np.int64)
            place = place + step


class TrainedOn:
    """The memory of a run, and of the runs that it started from.

    Attributes:
        filters: one for each run, with sources and targets in it.
        counts: for each side, in how many places a word stands in the sentences that were counted.
        counted: how many sentences these were.
        pairs: that the run itself was trained on.
        complete: whether every run before this one has left its memory too.
    """

    def __init__(
        self,
        filters: list[Filter],
        counts: dict[str, dict[str, int]],
        *,
        counted: int,
        pairs: int,
        complete: bool = True,
    ) -> None:
        self.filters, self.counts = filters, counts
        self.counted, self.pairs, self.complete = counted, pairs, complete

    @classmethod
    def read(cls, dataset: Dataset, rows: Rows, keys: Keys) -> TrainedOn:
        """Go through the pairs that are trained on, once.

        Args:
            dataset: the pairs (columns `source`, `target`).
            rows: which of them are trained on, in ascending order.
            keys: hashes of the sources and targets of the dataset (see `TrainingCorpus.keys`).
        """
        seen = Filter.sized_for(2 * len(rows))
        counts: dict[str, Counter[str]] = {side: Counter() for side in SIDES}
        every = max(1, math.ceil(len(rows) / COUNTED_SENTENCES))
        counted = 0
        with progress("Noting what is trained on", total=len(rows), unit="pairs") as bar:
            for start in range(0, len(dataset), _BATCH):
                first, end = rows.searchsorted([start, start + _BATCH]).tolist()
                part = rows[first:end]
                sample = (part[-first % every :: every] - start).tolist()
                pairs = dataset[start : start + _BATCH]  # rows one by one take far longer
                for at, side in enumerate(SIDES):
                    seen.add(_of_side(keys[part, at], side))
                    texts = list(pairs[side])
                    counts[side].update(words("\n".join([texts[place] for place in sample])))
                counted += len(sample)
                bar.advance(len(part))
        kept = {side: dict(counts[side].most_common(COUNTED_WORDS)) for side in SIDES}
        return cls([seen], kept, counted=counted, pairs=len(rows))

    def after(self, earlier: TrainedOn | None) -> TrainedOn:
        """Return the memory of a run that started from the weights of an `earlier` one."""
        return TrainedOn(
            [*self.filters, *(earlier.filters if earlier is not None else [])],
            self.counts,
            counted=self.counted,
            pairs=self.pairs,
            complete=earlier is not None and earlier.complete,
        )

    def overlap(self, sources: Sequence[str], targets: Sequence[str]) -> Overlap:
        """Return how much of a test set, in the order of training's sides, was trained on."""
        import numpy as np

        found, errs = [], 0.0
        for side, texts in zip(SIDES, (sources, targets), strict=True):
            keys = _of_side(hashes(map(folded, texts)), side)
            seen = np.zeros(len(texts), dtype=bool)
            for one in self.filters:
                seen |= one.holds(keys)
            found.append(seen)
        for one in self.filters:
            errs = 1 - (1 - errs) * (1 - one.errs())
        total = len(sources)
        noise = _SURE * math.sqrt(total * errs * (1 - errs))

        def estimate(seen: Any) -> float:
            hits = int(seen.sum())
            if hits <= total * errs + noise:
                return 0.0
            return (hits - total * errs) / (1 - errs)

        return Overlap(
            sentences=total,
            sources=estimate(found[0]),
            targets=estimate(found[1]),
            both=estimate(found[0] & found[1]),
            exact=total * errs < 0.05,
        )

    def rarest(self, text: str, side: str) -> int | None:
        """Return how often the rarest word of a text was counted; None for a text without words."""
        counts = self.counts[side]
        return min((counts.get(word, 0) for word in words(text)), default=None)

    def save(self, path: Path) -> None:
        """Write it to a file of the run."""
        import numpy as np
        from safetensors.numpy import save_file

        tensors: dict[str, Any] = {f"filter.{at}": one.bits for at, one in enumerate(self.filters)}
        for side in SIDES:
            text = "\n".join(self.counts[side]).encode()
            tensors[f"words.{side}"] = np.frombuffer(text, dtype=np.uint8)
            tensors[f"counts.{side}"] = np.array([*self.counts[side].values()], dtype=np.int64)
        facts = {
            "format": FORMAT,
            "hashes": [one.hashes for one in self.filters],
            "counted": self.counted,
            "pairs": self.pairs,
            "complete": self.complete,
        }
        with replacing(path) as temporary:
            save_file(tensors, temporary, metadata={"trained_on": json.dumps(facts)})
            share(temporary)

    @classmethod
    def load(cls, path: Path) -> TrainedOn | None:
        """Read it; None where a run has none, as those of earlier versions, or none for this user.

        Raises:
            ModelError: the file is damaged.
        """
        from safetensors import SafetensorError, safe_open

        if not path.is_file():
            return None
        if not os.access(path, os.R_OK):
            say(f"{path} cannot be read: what was in training is not known")
            return None
        try:
            with safe_open(path, framework="numpy") as file:
                facts = json.loads(file.metadata()["trained_on"])
                if facts.get("format") != FORMAT:
                    return None
                filters = [
                    Filter(file.get_tensor(f"filter.{at}"), int(hashes))
                    for at, hashes in enumerate(facts["hashes"])
                ]
                counts = {side: _counts(file, side) for side in SIDES}
            return cls(
                filters,
                counts,
                counted=int(facts["counted"]),
                pairs=int(facts["pairs"]),
                complete=bool(facts["complete"]),
            )
        except (SafetensorError, LookupError, TypeError, ValueError):
            raise ModelError("is damaged", where=path, hint=COPY_AGAIN) from None


def _counts(file: Any, side: str) -> dict[str, int]:
    text = file.get_tensor(f"words.{side}").tobytes().decode()
    numbers = file.get_tensor(f"counts.{side}").tolist()
    return dict(zip(text.split("\n") if text else [], numbers, strict=True))


def filter_bytes(pairs: int) -> int:
    """Return how much room the sentences of so many pairs take in the file of a run."""
    return _filter_bits(2 * pairs) // 8


def _filter_bits(keys: int) -> int:
    return min(MOST_BITS, 1 << max(10, math.ceil(math.log2(max(1, keys) * BITS_PER_KEY))))


def _of_side(keys: Keys, side: str) -> Keys:
    """Return other hashes for a target than for the same sentence as a source."""
    return ~keys if side == "target" else keys


def _mixed(keys: Keys) -> Keys:
    """Return other numbers, one for each, that show no trace of the first (SplitMix64)."""
    import numpy as np

    keys = keys + np.uint64(0x9E3779B97F4A7C15)
    keys = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    keys = (keys ^ (keys >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return keys ^ (keys >> np.uint64(31))
