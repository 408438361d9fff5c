"""Hold pairs out for validation, by a hash of the source sentence."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from translator.errors import DataError
from translator.progress import progress

if TYPE_CHECKING:
    import numpy as np
    from datasets import Dataset
    from numpy.typing import NDArray

    Rows = np.ndarray[Any, np.dtype[np.int64]]
    Hashes = np.ndarray[Any, np.dtype[np.uint64]]

LARGEST_SHARE = 10
"""At most one of this many pairs is held out."""
USUAL_SHARE = 12
"""The threshold asks for no more than one of this many, so that chance seldom exceeds the limit."""

_FINAL = " .!?,;:。\u061f\u06d4\u0964\u0965"
"""Also the Arabic and Urdu question mark and full stop, and the danda and double danda."""


def hold_out(dataset: Dataset, *, dev_size: int) -> tuple[Rows, Rows]:
    """Return the rows to train on, and about `dev_size` (at most a tenth) to validate on.

    A pair is held out if the hash of its source, folded as `fold` does, is below a threshold. So
    equal sources are on one side, any process decides alike, and as the threshold never rises when
    a corpus grows, what was trained on is not validated on later. Two cases override the threshold:
    sources that would exceed the tenth or twice `dev_size` (one that is repeated very often, or
    many in a very small corpus) stay in training, and at least one pair is held out.

    Raises:
        DataError: all pairs have the same source.
    """
    import numpy as np

    hashes = _hashes(dataset, "source")
    rate = min(dev_size / max(1, len(hashes)), 1 / USUAL_SHARE)
    limit = max(1, min(len(hashes) // LARGEST_SHARE, 2 * dev_size))
    candidates, counts = np.unique(hashes[hashes <= np.uint64(rate * 2**64)], return_counts=True)
    chosen, total = [], 0
    for value, count in zip(candidates, counts, strict=True):
        if total + count <= limit:
            chosen.append(value)
            total += count
    if not chosen:
        chosen = [_smallest_group(hashes, limit)]
    held = np.isin(hashes, np.array(chosen, dtype=np.uint64))
    return np.flatnonzero(~held), np.flatnonzero(held)


def shares_target(dataset: Dataset, rows: Rows, held: Rows) -> NDArray[np.bool_]:
    """Return which of `rows` have the target of a held-out row, compared as `hold_out` does it.

    To a model that also translates the other way round, the targets are sources too.
    """
    import numpy as np

    hashes = _hashes(dataset, "target")
    return np.isin(hashes[rows], hashes[held])


def fold(text: str) -> str:
    """Return what is compared of a source: NFKC, without case, spacing and final punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).rstrip(_FINAL)


def _smallest_group(hashes: Hashes, limit: int) -> np.uint64:
    """Return the first hash that few enough pairs share, or else the one that fewest share."""
    import numpy as np

    values, counts = np.unique(hashes, return_counts=True)
    if len(values) < 2:
        raise DataError(
            "no pairs can be held out for validation: all have the same source sentence",
            hint="Give a validation set with --dev.",
        )
    fitting = values[counts <= limit]
    return fitting[0] if len(fitting) else values[np.argmin(counts)]


def _hashes(dataset: Dataset, column: str) -> Hashes:
    import numpy as np

    def each() -> Iterator[int]:
        columns = dataset.select_columns([column]).with_format("arrow")
        for table in columns.iter(batch_size=10_000):
            bar.advance(len(table))  # before its rows: after the last row nobody comes back here
            for text in table.column(column).to_pylist():
                digest = hashlib.blake2b(fold(text).encode(), digest_size=8).digest()
                yield int.from_bytes(digest, "big")

    with progress("Holding out", total=len(dataset), unit="pairs") as bar:
        return np.fromiter(each(), dtype=np.uint64, count=len(dataset))
