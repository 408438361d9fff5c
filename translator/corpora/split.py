"""Hold pairs out for validation, by a hash of the source sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from translator.errors import DataError

if TYPE_CHECKING:
    import numpy as np

    from translator.corpora.doctor.repeats import Keys

    Rows = np.ndarray[Any, np.dtype[np.int64]]

LARGEST_SHARE = 10
"""At most one of this many pairs is held out."""
USUAL_SHARE = 12
"""The threshold asks for no more than one of this many, so that chance seldom exceeds the limit."""


def hold_out(keys: Keys, *, dev_size: int) -> tuple[Rows, Rows]:
    """Return the rows to train on, and about `dev_size` (at most a tenth) to validate on.

    A pair is held out if the hash of its source is below a threshold. So sources that are equal but
    for case, spaces and punctuation are on one side, any process decides alike, and as the
    threshold never rises when a corpus grows, what was trained on is not validated on later. Two
    cases override the threshold: sources that would exceed the tenth or twice `dev_size` (one that
    is repeated very often, or many in a very small corpus) stay in training, and at least one pair
    is held out.

    Args:
        keys: hashes of the sources (`doctor.repeats.folded`), one for each pair.
        dev_size: pairs wanted for validation.

    Raises:
        DataError: all pairs have the same source.
    """
    import numpy as np

    rate = min(dev_size / max(1, len(keys)), 1 / USUAL_SHARE)
    limit = max(1, min(len(keys) // LARGEST_SHARE, 2 * dev_size))
    candidates, counts = np.unique(keys[keys <= np.uint64(rate * 2**64)], return_counts=True)
    chosen, total = [], 0
    for value, count in zip(candidates, counts, strict=True):
        if total + count <= limit:
            chosen.append(value)
            total += count
    if not chosen:
        chosen = [_smallest_group(keys, limit)]
    # np.isin sorts what it looks through: of a large corpus, only the few that may be among them
    few = np.flatnonzero(keys <= max(chosen))
    held = np.zeros(len(keys), dtype=np.bool_)
    held[few] = np.isin(keys[few], np.array(chosen, dtype=np.uint64))
    return np.flatnonzero(~held), np.flatnonzero(held)


def _smallest_group(keys: Keys, limit: int) -> np.uint64:
    """Return the first hash that few enough pairs share, or else the one that fewest share."""
    import numpy as np

    values, counts = np.unique(keys, return_counts=True)
    if len(values) < 2:
        raise DataError(
            "no pairs can be held out for validation: all have the same source sentence",
            hint="Give a validation set with --dev.",
        )
    fitting = values[counts <= limit]
    return fitting[0] if len(fitting) else values[np.argmin(counts)]
