"""Pairs kept in Arrow files: read once, then memory-mapped.

An entry is a directory `text-<key>` with `pairs.arrow`, hashes of the pairs in `keys.bin`, and
`counts.json`. The key covers the bytes of the corpus and everything that decides how they are read,
so that an entry is never out of date.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.config import DataConfig
from translator.corpora.columns import Wanted, wanted_columns
from translator.corpora.compression import BLOCK, split_compression
from translator.corpora.doctor.batch import Batch
from translator.corpora.doctor.examine import Doctor
from translator.corpora.doctor.repeats import HeldOut, pair_keys
from translator.corpora.doctor.rules import RULES, TRAINING, VERSION
from translator.corpora.folders import corpus_parts
from translator.corpora.formats.po import path_language
from translator.corpora.formats.records import LEFT_OUT, Record
from translator.corpora.hub import HubSet, load_hub
from translator.corpora.readers import (
    MEGABYTE,
    check_files,
    file_format,
    megabytes,
    read_with_progress,
)
from translator.corpora.spec import Spec, parse_spec
from translator.errors import ConfigError, DataError
from translator.progress import progress, say
from translator.run_directory import remove_leftovers, replacing

if TYPE_CHECKING:
    from datasets import Dataset

    from translator.corpora.doctor.repeats import Keys

FORMAT = 2
"""Raised whenever the same corpus would be stored as other pairs."""

KEYS = "keys.bin"
"""Hashes by which sentences of other sets are found among the pairs: two for each pair."""

_PLAIN = Wanted(source="", target="")

_ABANDONED = 24 * 3600.0
"""Seconds after which an unfinished entry that nobody writes to belongs to a killed process."""

BOTH_BLANK, SOURCE_BLANK, TARGET_BLANK = "both blank", "source blank", "target blank"


@dataclass(frozen=True)
class TrainingCorpus:
    """The sentence pairs of all `--train` values, one after the other."""

    dataset: Dataset
    """Columns `source` and `target`, memory-mapped."""
    weights: tuple[tuple[int, int, float], ...]
    """For each value: first row, row after the last, and how often a pair is seen in an epoch."""
    dropped: dict[str, int]
    """Pairs left out, by reason."""
    records: list[dict[str, Any]]
    """For each value: what the manifest tells of it."""
    fingerprint: str
    """Hexadecimal; equal for equal contents, options and weights."""
    keys: Keys
    """Hashes (`doctor.repeats.folded`) of the source and the target of each pair, memory-mapped."""

    def overlap(
        self, sources: Sequence[str], references: Sequence[Sequence[str | None]]
    ) -> dict[str, int]:
        """Return how many sentences of a set are among the pairs (see `HeldOut.overlap`)."""
        held = HeldOut("", sources, references)
        held.meet(self.keys[:, 0], self.keys[:, 1])
        return held.overlap()

    def __len__(self) -> int:
        return len(self.dataset)


@dataclass(frozen=True)
class _Stored:
    """What an entry of the store holds."""

    dataset: Dataset
    keys: Keys
    dropped: dict[str, int]
    spared: dict[str, float]
    """Rules that were not applied, with the share of the first pairs that they would have found."""


@dataclass(frozen=True)
class _Entry:
    """One value of `--train` in the store."""

    spec: Spec
    key: str
    stored: _Stored
    revision: str
    """Of a hub data set, if it is known."""
    rules: tuple[str, ...]
    """That were applied."""

    def record(self) -> dict[str, Any]:
        return {
            "spec": self.spec.text,
            "pairs": len(self.stored.dataset),
            "weight": self.spec.weight,
            "dropped": self.stored.dropped,
            "fingerprint": self.key,
            "rules": list(self.rules),
        } | ({"revision": self.revision} if self.revision else {})


def open_training_corpus(
    specs: Sequence[str],
    *,
    source: str,
    target: str,
    options: DataConfig,
    cache_dir: Path,
    known: Sequence[str] = (),
) -> TrainingCorpus:
    """Read, check and join the corpora that `specs` name (see `spec`), through the store.

    Args:
        specs: what `--train` names.
        source, target: language tags.
        options: how the corpora are read.
        cache_dir: where the store is.
        known: the fingerprints of the same corpora in the `records` of another process. What the
            store has of them is taken, and their files are not read.

    Raises:
        ConfigError: a name or an option makes no sense.
        DataError: a corpus cannot be read, or breaks the pair contract (file and line are named).
    """
    if not specs:
        raise ConfigError("no training corpus is named", hint="Give --train FILE.")
    wanted = wanted_columns(options, source=source, target=target)
    parsed = [parse_spec(text) for text in specs]
    for spec in parsed:
        check_files(spec, wanted)  # before hours are spent on the corpora named before it
    remove_leftovers(cache_dir, older_than=_ABANDONED)
    entries = [
        _open_entry(spec, wanted, cache_dir, options.clean, key)
        for spec, key in zip(parsed, known or [""] * len(parsed), strict=True)
    ]
    stored = [entry.stored for entry in entries]
    weights, start = [], 0
    for entry in entries:
        end = start + len(entry.stored.dataset)
        weights.append((start, end, entry.spec.weight))
        start = end
    together = hashlib.blake2b(digest_size=16)
    for entry in entries:
        together.update(f"{entry.key} {entry.spec.weight!r}\n".encode())
    return TrainingCorpus(
        dataset=_joined([one.dataset for one in stored]),
        weights=tuple(weights),
        dropped=dict(sum((Counter(one.dropped) for one in stored), Counter())),
        records=[entry.record() for entry in entries],
        fingerprint=together.hexdigest(),
        keys=_joined_keys([one.keys for one in stored]),
    )


def corpus_key(
    spec: Spec, wanted: Wanted, hub: HubSet | None = None, *, clean: bool = False
) -> str:
    """Return a hash over a corpus and everything that decides which pairs it gives.

    Raises:
        DataError: a file cannot be read.
    """
    key = hashlib.blake2b(digest_size=16)
    asked = asdict(wanted)
    for choice in ("turned", "inline", "extras"):
        if asked[choice] == getattr(_PLAIN, choice):
            del asked[choice]  # what was stored before there was a choice keeps its name
    key.update(json.dumps([FORMAT, asked]).encode())
    if clean:
        key.update(json.dumps([VERSION, TRAINING]).encode())
    if hub is not None:
        key.update(json.dumps([spec.hub, spec.split, hub.fingerprint]).encode())
        return key.hexdigest()
    with progress(f"Checking {spec.name}", total=megabytes(spec, wanted), unit="MB") as bar:
        for part in corpus_parts(spec, wanted):
            form = file_format(part[0]) if len(part) == 1 else "parallel"
            for path in part:
                content = _checksum(path, lambda read: bar.advance(read / MEGABYTE))
                kind = [form, split_compression(path)[1], content]
                if form == "po":
                    kind.append(path_language(path))
                elif split_compression(path)[0] == ".srt":
                    kind.append("srt")
                key.update(json.dumps(kind).encode())
    return key.hexdigest()


def _checksum(path: Path, count: Callable[[int], None]) -> str:
    content = hashlib.blake2b(digest_size=16)
    try:
        with path.open("rb", buffering=0) as file:
            while block := file.read(BLOCK):
                content.update(block)
                count(len(block))
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", where=path) from None
    return content.hexdigest()


def stored_bytes(records: Iterable[Mapping[str, Any]], cache_dir: Path) -> int:
    """Return how much room the entries of a `TrainingCorpus` with these `records` take."""
    entries = {cache_dir / f"text-{record['fingerprint']}" for record in records}
    return sum(file.stat().st_size for entry in entries for file in entry.iterdir())


def blank_reason(source: str, target: str) -> str:
    """Return why a pair is left out; an empty text if it is not. Both are stripped."""
    if source:
        return "" if target else TARGET_BLANK
    return SOURCE_BLANK if target else BOTH_BLANK


def drop_reason(source: str, target: str, extras: Mapping[str, str]) -> str:
    """Return why a record is no pair; an empty text if it is one. Both texts are stripped."""
    if source and target and not extras:
        return ""
    return extras.get(LEFT_OUT) or blank_reason(source, target)


def no_pairs(spec: Spec, dropped: dict[str, int]) -> DataError:
    """Return the error for a corpus of which nothing is left."""
    ordered = sorted(dropped.items(), key=lambda item: -item[1])
    counts = ", ".join(f"{number:,} {reason}" for reason, number in ordered)
    return DataError(
        f"holds no sentence pair ({counts or 'no line'})",
        where=spec.text,
        hint="translator corpus check tells what is wrong with it.",
    )


def _open_entry(
    spec: Spec, wanted: Wanted, cache_dir: Path, clean: bool, known: str = ""
) -> _Entry:
    """Take a corpus from the store, after putting it there if need be."""
    hub = load_hub(spec) if spec.hub else None
    there = known and _stored(cache_dir / f"text-{known}") is not None
    key = known if there else corpus_key(spec, wanted, hub, clean=clean)
    doctor = Doctor(TRAINING if clean else [], wanted.source, wanted.target, sparing=True)
    path = cache_dir / f"text-{key}"
    found = _stored(path)
    if found is None:
        _store(read_with_progress(spec, wanted, "Reading", hub), spec, path, doctor)
        found = _stored(path)
    if found is None:
        raise DataError("the prepared corpus cannot be read back", where=path)
    for rule, share in found.spared.items():
        say(
            f"{spec.name}: {share:.0%} of the first pairs would be left out as "
            f"{RULES[rule].train}; as these are so many they are kept"
        )
    return _Entry(
        spec,
        key,
        found,
        revision=hub.revision if hub is not None else "",
        rules=tuple(rule for rule in TRAINING if clean and rule not in found.spared),
    )


def _store(records: Iterable[Record], spec: Spec, path: Path, doctor: Doctor) -> None:
    """Write an entry; it appears whole or not at all."""
    try:
        with replacing(path) as temporary:
            temporary.mkdir()
            pairs, dropped = _write_pairs(records, temporary, doctor)
            if not pairs:
                raise no_pairs(spec, dropped)
            size = (temporary / "pairs.arrow").stat().st_size
            counts = {
                "pairs": pairs,
                "dropped": dropped,
                "spared": doctor.spared,
                "bytes": size,
            }
            (temporary / "counts.json").write_text(json.dumps(counts), encoding="utf-8")
    except OSError as error:
        if _stored(path) is None:  # else another process was quicker
            raise DataError(
                f"the prepared corpus cannot be written: {error.strerror or error}",
                where=path.parent,
                hint="It takes about as much room as the uncompressed text; TRANSLATOR_CACHE names "
                "another place for it.",
            ) from None


def _write_pairs(
    records: Iterable[Record], place: Path, doctor: Doctor
) -> tuple[int, dict[str, int]]:
    """Write the usable pairs, stripped, and return their number and the numbers of the others."""
    import numpy as np
    import pyarrow

    schema = pyarrow.schema([("source", pyarrow.string()), ("target", pyarrow.string())])
    pairs = 0
    dropped: Counter[str] = Counter()
    with (
        pyarrow.OSFile(str(place / "pairs.arrow"), "wb") as sink,
        pyarrow.ipc.new_stream(sink, schema) as writer,
        (place / KEYS).open("wb") as keys,
    ):
        for examined in doctor.examine(records):
            batch, reasons = examined.batch, examined.reasons()
            dropped.update(_no_pairs_of(batch))
            dropped.update(RULES[names.partition(",")[0]].train for names in reasons.values())
            kept = [at for at in range(len(batch)) if at not in reasons]
            if not kept:
                continue
            sides = [[side[at] for at in kept] for side in (batch.sources, batch.targets)]
            writer.write_batch(pyarrow.record_batch(sides, schema=schema))
            pairs += len(kept)
            known = examined.keys or pair_keys(batch, near=False)
            both = np.stack([known.sources[kept], known.targets[kept]], axis=1)
            keys.write(np.ascontiguousarray(both, dtype="<u8").tobytes())
    return pairs, {reason: number for reason, number in dropped.items() if number}


def _no_pairs_of(batch: Batch) -> Counter[str]:
    """Return how many records around a batch are no pairs, by reason."""
    reasons = Counter(blank_reason(source, target) for _, source, target in batch.blank)
    reasons[BOTH_BLANK] += batch.empty
    for _, source, targets, extras in batch.left_out:
        reasons[drop_reason(source.strip(), (targets[0] or "").strip(), extras)] += 1
    return reasons


def _stored(path: Path) -> _Stored | None:
    """Open an entry; None if there is none, or it is damaged or of an earlier version."""
    import numpy as np
    from datasets import Dataset

    file = path / "pairs.arrow"
    try:
        counts = json.loads((path / "counts.json").read_text(encoding="utf-8"))
        if file.stat().st_size != counts["bytes"]:
            return None
        stored = _Stored(
            dataset=Dataset.from_file(str(file)),
            keys=np.memmap(path / KEYS, dtype="<u8", mode="r").reshape(-1, 2),
            dropped={str(reason): int(number) for reason, number in counts["dropped"].items()},
            spared={str(rule): float(share) for rule, share in counts["spared"].items()},
        )
        whole = len(stored.dataset) == len(stored.keys) == counts["pairs"]
        whole = whole and stored.dataset.column_names == ["source", "target"]
    except (OSError, ValueError, LookupError, TypeError, AttributeError):  # Arrow's are ValueErrors
        return None
    return stored if whole and stored.spared.keys() <= RULES.keys() else None


def _joined(datasets: list[Dataset]) -> Dataset:
    from datasets import concatenate_datasets

    return datasets[0] if len(datasets) == 1 else concatenate_datasets(datasets)


def _joined_keys(parts: list[Keys]) -> Keys:
    import numpy as np

    return parts[0] if len(parts) == 1 else np.concatenate(parts)
