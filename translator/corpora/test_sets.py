"""Test and validation sets: sources, each with one or more references."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from translator.config import DataConfig
from translator.corpora.columns import wanted_columns
from translator.corpora.hub import hub_records, load_hub
from translator.corpora.readers import check_files, read_records
from translator.corpora.spec import parse_spec
from translator.corpora.store import corpus_key, drop_reason, no_pairs
from translator.errors import ConfigError, DataError
from translator.progress import say


@dataclass(frozen=True)
class TestSet:
    """Sentences to translate and what they should become."""

    __test__ = False  # no test case, whatever pytest makes of the name

    sources: list[str]
    references: list[list[str | None]]
    """One list for each reference column, aligned to `sources`; None where a row has none."""
    rows: list[int]
    """Which row of the file each pair is, counted from 0 and with those left out."""
    total: int
    """Rows of the file, those left out too."""
    dropped: dict[str, int]
    """Rows left out, by reason."""
    fingerprint: str
    """Hexadecimal; equal for equal contents and options."""
    record: dict[str, Any]
    """What a manifest tells of it."""

    def __len__(self) -> int:
        return len(self.sources)


def read_test_set(
    spec: str, *, source: str, target: str, options: DataConfig, turned: bool = False
) -> TestSet:
    """Read a test set (see `spec`; plain text as SOURCE_FILE,REFERENCE_FILE,…).

    Further references are, in a table without a header, all columns after the second; by name, the
    columns of the target language with a suffix (`fr`, `fr.2`, `fr_b`); in JSON, a list of texts.
    A row needs a source and a first reference, and is left out and counted otherwise. Where a set
    that was made for the other direction is `turned`, columns that no language names are read the
    other way round: `target`, or the second column, is the source.

    Raises:
        ConfigError: the name or an option makes no sense.
        DataError: it cannot be read, or breaks the pair contract (file and line are named).
    """
    wanted = wanted_columns(options, source=source, target=target, references=True, turned=turned)
    parsed = parse_spec(spec)
    if parsed.weight != 1:
        raise ConfigError(f"{spec!r}: only training corpora have weights")
    check_files(parsed, wanted)
    hub = load_hub(parsed) if parsed.hub else None
    fingerprint = corpus_key(parsed, wanted, hub)
    sources: list[str] = []
    targets_of: list[list[str | None]] = []
    rows: list[int] = []
    total = 0
    dropped: Counter[str] = Counter()
    for _, text, targets, extras in (
        read_records(parsed, wanted) if hub is None else hub_records(hub, parsed, wanted)
    ):
        total += 1
        stripped = [(target or "").strip() or None for target in targets]
        if reason := drop_reason(text.strip(), stripped[0] or "", extras):
            dropped[reason] += 1
            continue
        sources.append(text.strip())
        targets_of.append(stripped)
        rows.append(total - 1)
    if not sources:
        raise no_pairs(parsed, dict(dropped))
    columns = [list(column) for column in zip_longest(*targets_of)]
    references = [column for column in columns if any(column)]
    if len(references) > 1 and len(parsed.paths) == 1 and not wanted.target_columns:
        say(
            f"{spec}: up to {len(references)} references for a sentence, each from a column of its "
            "own; --set data.target_column=2 would take the second column only"
        )
    record = {
        "spec": spec,
        "pairs": len(sources),
        "references": len(references),
        "dropped": dict(dropped),
        "fingerprint": fingerprint,
    } | ({"revision": hub.revision} if hub is not None and hub.revision else {})
    return TestSet(sources, references, rows, total, dict(dropped), fingerprint, record)


def read_column(
    spec: str, column: str, *, source: str, target: str, options: DataConfig, total: int
) -> list[str]:
    """Read one more column of a test set with `total` rows, such as where each pair comes from.

    Raises:
        ConfigError: the name or an option makes no sense.
        DataError: there is no such column, or it has another number of rows.
    """
    asked = dataclasses.replace(options, target_column=column)
    wanted = wanted_columns(asked, source=source, target=target)
    parsed = parse_spec(spec)
    if len(parsed.paths) > 1:
        raise DataError(
            f"there is no column {column!r}: these are plain text files",
            where=spec,
            hint="Name a file with a label on each line.",
        )
    hub = load_hub(parsed) if parsed.hub else None
    rows = read_records(parsed, wanted) if hub is None else hub_records(hub, parsed, wanted)
    labels = [(targets[0] or "").strip() for _, _, targets, _ in rows]
    if len(labels) != total:
        raise DataError(
            f"the column {column!r} has {len(labels):,} rows, and the sentences are {total:,}",
            where=spec,
            hint="If the first row names the columns, say so: --set data.header=yes",
        )
    return labels
