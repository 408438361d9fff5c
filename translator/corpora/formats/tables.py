"""TSV and CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

from translator.corpora.columns import (
    Layout,
    Wanted,
    check_layout,
    has_header,
    named_layout,
    unnamed_layout,
)
from translator.corpora.compression import Count, open_bytes
from translator.corpora.formats.records import NOTHING, Record
from translator.corpora.lines import clean, clean_lines
from translator.errors import DataError

FIELD_LIMIT = 1 << 20
"""Characters of one CSV field: a quote that is never closed must not swallow the whole file."""

Numbered = Iterator[tuple[int, list[str]]]


def read_tsv(path: Path, wanted: Wanted, count: Count | None = None) -> Iterator[Record]:
    """Read tab-separated columns: no quoting, a row is a line."""
    with open_bytes(path, count) as stream:
        records = ((number, line.split("\t")) for number, line in clean_lines(stream, path))
        yield from _table(records, path, wanted, "tabs")


def read_csv(path: Path, wanted: Wanted, count: Count | None = None) -> Iterator[Record]:
    """Read comma-separated columns (semicolons if the first line has no comma), quoted or not."""
    csv.field_size_limit(max(csv.field_size_limit(), FIELD_LIMIT))
    with open_bytes(path, count) as stream:
        lines = clean_lines(stream, path)
        first = next(lines, None)
        if first is None:
            return
        delimiter = ";" if ";" in first[1] and "," not in first[1] else ","
        named = "semicolons" if delimiter == ";" else "commas"
        texts = (line + "\n" for _, line in chain([first], lines))
        yield from _table(_csv_records(texts, path, delimiter), path, wanted, named)


def _csv_records(lines: Iterator[str], path: Path, delimiter: str) -> Numbered:
    """Yield records with the number of the line that each starts on."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    number = 1
    while True:
        try:
            fields = next(reader, None)
        except csv.Error as error:
            raise DataError(
                f"the record that starts here is not CSV: {error}",
                where=f"{path}:{number}",
                hint='A quoted text ends with a quote; a quote inside of it is written twice: "".',
            ) from None
        if fields is None:
            return
        yield number, [clean(field) for field in fields]
        number = reader.line_num + 1


def _table(records: Numbered, path: Path, wanted: Wanted, separators: str) -> Iterator[Record]:
    """Take the wanted columns from a table, after its header if it has one."""
    first = next(records, None)
    if first is None:
        return
    names: list[str] = []
    if has_header(first[1], wanted, where=f"{path}:1"):
        names = [name.strip() for name in first[1]]
        layout = named_layout(first[1], wanted, where=f"{path}:1", positions=True)
    else:
        layout = unnamed_layout(wanted)
        records = chain([first], records)
    source, targets = check_layout(layout, where=f"{path}:1").source, layout.targets
    needed = max(source, targets[0]) + 1
    only = targets[0] if len(targets) == 1 and not layout.open_ended else None
    others = _Others(names, {source, *targets})
    for number, fields in records:
        found = len(fields)
        if found < needed:
            if any(field.strip() for field in fields):
                raise _short_row(f"{path}:{number}", layout, found, separators)
            yield number, "", ("",), NOTHING
        elif only is not None:
            extras = others.of(fields) if wanted.extras else NOTHING
            yield number, fields[source], (fields[only],), extras
        else:
            texts = [fields[at] if at < found else None for at in targets]
            if layout.open_ended:
                texts += fields[targets[-1] + 1 :]
            yield number, fields[source], texts, NOTHING


class _Others:
    """The columns beside source and target, by name or, without one, as `column3`."""

    def __init__(self, names: Sequence[str], taken: set[int]) -> None:
        self._names, self._taken = names, taken

    def of(self, fields: Sequence[str]) -> dict[str, str]:
        return {
            self._name(at): field
            for at, field in enumerate(fields)
            if at not in self._taken and field
        }

    def _name(self, at: int) -> str:
        return (self._names[at] if at < len(self._names) else "") or f"column{at + 1}"


def _short_row(where: str, layout: Layout, found: int, separators: str) -> DataError:
    side, at = (
        ("source", layout.source) if layout.source >= found else ("target", layout.targets[0])
    )
    return DataError(
        f"has {found} column{'s' * (found != 1)}, and the {side} is column {at + 1}",
        where=where,
        hint=f"Columns are parted by {separators}; --set data.{side}_column=… names another one.",
    )
