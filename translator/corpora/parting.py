"""Train, dev and test sets that share no sentence: pairs that belong together stay together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.config import DataConfig
from translator.corpora.columns import Wanted, wanted_columns
from translator.corpora.doctor.batch import Batch
from translator.corpora.doctor.check import batches_with_progress
from translator.corpora.doctor.repeats import hashes, pair_keys
from translator.corpora.readers import check_files
from translator.corpora.spec import Spec, parse_spec
from translator.corpora.writers import open_writer
from translator.errors import ConfigError, DataError

if TYPE_CHECKING:
    import numpy as np

    Keys = np.ndarray[Any, np.dtype[np.uint64]]
    Numbers = np.ndarray[Any, np.dtype[np.int64]]

SMALLEST = 3
"""Times as many pairs as dev and test together that a corpus must have."""
LARGEST = 10
"""A set may be larger than was asked for by one of so many parts."""

_TOO_LARGE = {
    "near": "Too many pairs are nearly the same. Ask for larger sets, or keep less together: --by "
    "source.",
    "source": "Too many pairs have the same source. Ask for larger sets.",
    "group": "A group stays whole, and may be half a set at most. Ask for larger sets.",
}


def part_corpora(
    specs: Sequence[str],
    out: Path,
    *,
    source: str,
    target: str,
    options: DataConfig,
    sizes: Mapping[str, int],
    by: str,
    group_column: str | None,
    seed: int,
) -> dict[str, int]:
    """Write `train.tsv` and a file for each of `sizes` into `out`; return their numbers of pairs.

    Args:
        specs: corpora, as the user names them; together they are parted.
        out: folder, made if need be.
        source, target: language tags.
        options: how they are read.
        sizes: about how many pairs each set gets, by name.
        by: what keeps pairs together: ``near`` (the same source or the same target, folded, or
            both the same but for figures: what the rule `near-duplicate` finds), ``source`` (the
            same source, folded) or ``group`` (the same text in `group_column`).
        group_column: a name.
        seed: decides which groups are chosen.

    Raises:
        ConfigError: there is no such column.
        DataError: a corpus cannot be read, or is too small, or hangs together too much.
    """
    wanted = wanted_columns(options, source=source, target=target, extras=True)
    parsed = [parse_spec(text) for text in specs]
    for spec in parsed:
        check_files(spec, wanted)
    keys, columns = _keys(parsed, wanted, group_column, near=by == "near")
    total, needed = len(keys[0]), sum(sizes.values())
    if total < SMALLEST * needed:
        raise DataError(
            f"holds {total:,} pairs, and dev and test take {needed:,}",
            where=", ".join(specs),
            hint="Ask for smaller sets with --dev and --test.",
        )
    groups = components(*keys) if by == "near" else keys[0]
    places = choose(groups, list(sizes.values()), seed)
    names = ["train", *sizes]
    import numpy as np

    counts = {
        name: int(number)
        for name, number in zip(names, np.bincount(places, minlength=len(names)), strict=True)
    }
    for name, number in sizes.items():
        if number and counts[name] < number / 2:
            raise DataError(
                f"only {counts[name]:,} of {number:,} pairs for {name} are found in groups that "
                "are small enough",
                where=", ".join(specs),
                hint=_TOO_LARGE[by],
            )
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        writers = [
            stack.enter_context(
                open_writer("tsv", [out / f"{name}.tsv"], (source, target), columns)
            )
            for name in names
        ]
        at = 0
        for _, batch in _all_batches(parsed, wanted, "Writing"):
            for number, (text, translation) in enumerate(
                zip(batch.sources, batch.targets, strict=True)
            ):
                writers[places[at]].write(text, translation, batch.extras[number])
                at += 1
    return counts


def _all_batches(specs: Sequence[Spec], wanted: Wanted, doing: str) -> Iterator[tuple[Spec, Batch]]:
    for spec in specs:
        for batch in batches_with_progress(spec, wanted, doing):
            yield spec, batch


def _keys(
    specs: Sequence[Spec], wanted: Wanted, group_column: str | None, *, near: bool
) -> tuple[list[Keys], list[str]]:
    """Return what keeps pairs together, each a key for every pair, and names of further columns."""
    import numpy as np

    found: list[list[Keys]] = []
    columns: dict[str, None] = {}
    for spec, batch in _all_batches(specs, wanted, "Reading"):
        if not len(batch):
            continue
        columns |= dict.fromkeys(name for extras in batch.extras for name in extras)
        if group_column is None:
            keys = pair_keys(batch, near=near)
            others = [] if keys.near is None else [keys.targets, keys.near]
            found.append([keys.sources, *others])
            continue
        missing = next(
            (at for at, extras in enumerate(batch.extras) if group_column not in extras), None
        )
        if missing is not None:
            known = ", ".join(batch.extras[missing]) or "none"
            raise ConfigError(
                f"line {batch.lines[missing]} has no column {group_column!r}",
                where=spec.text,
                hint=f"Further columns there: {known}.",
            )
        found.append([hashes(extras[group_column] for extras in batch.extras)])
    if not found:
        raise DataError("holds no sentence pair", where=", ".join(spec.text for spec in specs))
    return [np.concatenate(parts) for parts in zip(*found, strict=True)], list(columns)


def components(*keys: Keys) -> Numbers:
    """Return a number for each pair, equal for pairs that share a key, directly or over others."""
    import numpy as np

    numbered = [np.unique(key, return_inverse=True)[1] for key in keys]
    # the smallest number spreads over shared keys until nothing changes
    label = np.arange(len(keys[0]), dtype=np.int64)
    while True:
        before = label
        for key in numbered:
            least = np.full(int(key.max()) + 1, len(label), dtype=np.int64)
            np.minimum.at(least, key, label)
            label = least[key]
        # and a pair takes over what its own number's pair has found meanwhile
        label = label[label]
        if np.array_equal(label, before):
            break
    # named by a text, so that it stays what it is when the order of the pairs is another one
    smallest = np.full(len(label), np.uint64(2**64 - 1), dtype=np.uint64)
    np.minimum.at(smallest, label, keys[0])
    return smallest[label].view(np.int64)


def choose(groups: Any, sizes: Sequence[int], seed: int) -> Numbers:
    """Return for each pair 0, or the number of the set that its group is chosen for.

    Groups come in an order that their hash with `seed` decides, and fill one set after the other.
    """
    import numpy as np

    names, group, counts = np.unique(groups, return_inverse=True, return_counts=True)
    mixed = hashes(f"{seed} {name}" for name in names.tolist())
    place = np.zeros(len(names), dtype=np.int64)
    rest = np.argsort(mixed, kind="stable").tolist()
    for number, size in enumerate(sizes, start=1):
        filled, most, left = 0, max(size + size // LARGEST, 1), []
        for index, at in enumerate(rest):
            if filled >= size:
                left += rest[index:]
                break
            if filled + counts[at] <= most and counts[at] <= max(size // 2, 1):
                place[at] = number
                filled += int(counts[at])
            else:
                left.append(at)
        rest = left
    chosen: Numbers = place[group]
    return chosen
