"""One small reader for each format, all yielding rows: (line number, source, targets).

Texts come on one line each (see `lines.SEPARATORS`), otherwise as they are; blank ones are the
caller's to count. A format is known by its ending; a text file with tabs counts as TSV.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, zip_longest
from pathlib import Path
from typing import Any

from translator.corpora.columns import (
    Layout,
    Wanted,
    check_layout,
    has_header,
    is_nested,
    is_tag,
    named_layout,
    unnamed_layout,
)
from translator.corpora.compression import Count, open_bytes, require_file, split_compression
from translator.corpora.lines import clean, clean_lines
from translator.corpora.spec import Spec
from translator.errors import DataError, nearest

Row = tuple[int, str, Sequence[str | None]]
"""Line (or row) number, source, and one text for each target; None where there is none."""

Numbered = Iterator[tuple[int, list[str]]]

FIELD_LIMIT = 1 << 20
"""Characters of one CSV field: a quote that is never closed must not swallow the whole file."""


def read_rows(spec: Spec, wanted: Wanted, count: Count | None = None) -> Iterator[Row]:
    """Yield the rows of a corpus of files; `count` is told the bytes read.

    Raises:
        DataError: the files do not hold what their names and the options say.
    """
    if len(spec.paths) > 1:
        return read_parallel(spec.paths, wanted, count)
    return READERS[file_format(spec.paths[0])](spec.paths[0], wanted, count)


def check_files(spec: Spec, wanted: Wanted) -> None:
    """Check, before any time is spent, that the files of a corpus are there and in order.

    Raises:
        DataError: a file cannot be read, or the endings of two text files tell that the first is
            the translation of the second.
    """
    for path in spec.paths:
        require_file(path)
    if len(spec.paths) < 2:
        return
    first, second = (split_compression(path)[0] for path in spec.paths[:2])
    tags = wanted.source, wanted.target
    named = [[is_tag(ending.removeprefix("."), tag) for tag in tags] for ending in (first, second)]
    if named == [[False, True], [True, False]]:
        raise DataError(
            f"the source file is named {first} and the target file {second}, and {wanted.source} "
            f"is to be translated to {wanted.target}",
            where=",".join(map(str, spec.paths)),
            hint="Swap the two files.",
        )


def file_format(path: Path) -> str:
    """Return the format of a file that holds both sides: a key of `READERS`.

    Raises:
        DataError: the file cannot be read, or its ending is not known and it holds no tabs.
    """
    ending = split_compression(path)[0]
    with open_bytes(path) as stream:
        if ending in _FORMATS:
            return _FORMATS[ending]
        first_line = stream.read(1 << 16).partition(b"\n")[0]
    if b"\t" in first_line:
        return "tsv"
    hint = "Give plain text as SOURCE_FILE,TARGET_FILE; one file with both sides must be "
    hint += ", ".join(_FORMATS) + " (also .gz, .xz, .zst)."
    if ending and ending != ".txt" and (near := nearest(ending, _FORMATS)).startswith("Did"):
        hint = f"{near} {hint}"
    raise DataError("is one text without tabs, and a corpus has two sides", where=path, hint=hint)


def read_parallel(
    paths: Sequence[Path], wanted: Wanted, count: Count | None = None
) -> Iterator[Row]:
    """Read plain-text files whose lines belong together, the source first.

    Raises:
        DataError: the files have different numbers of lines.
    """
    if len(paths) > 2 and not wanted.references:
        raise DataError(
            f"{len(paths)} files are named, and training takes SOURCE_FILE,TARGET_FILE",
            where=",".join(map(str, paths)),
        )
    streams = [_clean_file(path, count) for path in paths]
    for number, lines in enumerate(zip_longest(*streams), start=1):
        if None in lines:
            raise _unequal(paths, streams, number, lines)
        yield number, lines[0][1], [text for _, text in lines[1:]]


def _clean_file(path: Path, count: Count | None) -> Iterator[tuple[int, str]]:
    with open_bytes(path, count) as stream:
        yield from clean_lines(stream, path)


def _unequal(
    paths: Sequence[Path], streams: Sequence[Iterator[Any]], number: int, lines: Sequence[Any]
) -> DataError:
    counts = [
        number - 1 if line is None else number + sum(1 for _ in stream)
        for stream, line in zip(streams, lines, strict=True)
    ]
    other = next(at for at, found in enumerate(counts) if found != counts[0])
    return DataError(
        f"has {counts[0]:,} lines, and {paths[other]} has {counts[other]:,}",
        where=paths[0],
        hint="Line n of one file must be the translation of line n of the other.",
    )


def read_tsv(path: Path, wanted: Wanted, count: Count | None = None) -> Iterator[Row]:
    """Read tab-separated columns: no quoting, a row is a line."""
    with open_bytes(path, count) as stream:
        records = ((number, line.split("\t")) for number, line in clean_lines(stream, path))
        yield from _table(records, path, wanted, "tabs")


def read_csv(path: Path, wanted: Wanted, count: Count | None = None) -> Iterator[Row]:
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


def _table(records: Numbered, path: Path, wanted: Wanted, separators: str) -> Iterator[Row]:
    """Take the wanted columns from a table, after its header if it has one."""
    first = next(records, None)
    if first is None:
        return
    if has_header(first[1], wanted):
        layout = named_layout(first[1], wanted, where=f"{path}:1", positions=True)
    else:
        layout = unnamed_layout(wanted)
        records = chain([first], records)
    source, targets = check_layout(layout, where=f"{path}:1").source, layout.targets
    needed = max(source, targets[0]) + 1
    only = targets[0] if len(targets) == 1 and not layout.open_ended else None
    for number, fields in records:
        found = len(fields)
        if found < needed:
            if any(field.strip() for field in fields):
                raise _short_row(f"{path}:{number}", layout, found, separators)
            yield number, "", ("",)
        elif only is not None:
            yield number, fields[source], (fields[only],)
        else:
            texts = [fields[at] if at < found else None for at in targets]
            if layout.open_ended:
                texts += fields[targets[-1] + 1 :]
            yield number, fields[source], texts


def _short_row(where: str, layout: Layout, found: int, separators: str) -> DataError:
    side, at = (
        ("source", layout.source) if layout.source >= found else ("target", layout.targets[0])
    )
    return DataError(
        f"has {found} column{'s' * (found != 1)}, and the {side} is column {at + 1}",
        where=where,
        hint=f"Columns are parted by {separators}; --set data.{side}_column=… names another one.",
    )


def read_jsonl(path: Path, wanted: Wanted, count: Count | None = None) -> Iterator[Row]:
    """Read one JSON object a line: `{"en": …, "fr": …}` or `{"translation": {…}}`."""
    layouts: dict[tuple[str, ...], tuple[str, tuple[str, ...]]] = {}
    with open_bytes(path, count) as stream:
        for number, line in clean_lines(stream, path):
            if not line.strip():
                yield number, "", ("",)
                continue
            where = f"{path}:{number}"
            record = _json_object(line, where)
            inner = record.get("translation")
            if isinstance(inner, dict) and is_nested(tuple(record), wanted):
                record = inner
            keys = tuple(record)
            if keys not in layouts:
                layout = named_layout(keys, wanted, where=where, positions=False)
                check_layout(layout, where=where)
                layouts[keys] = keys[layout.source], tuple(keys[at] for at in layout.targets)
            source, targets = layouts[keys]
            texts: list[str | None] = []
            for key in targets:
                value = record[key]
                # what merely starts with the language, such as fr_score, is no reference
                if texts and not wanted.target_columns and isinstance(value, int | float | dict):
                    continue
                for text in value if isinstance(value, list) else [value]:
                    texts.append(_json_text(text, key, where))
            yield number, _json_text(record[source], source, where), texts or [""]


def _json_object(line: str, where: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError(f"is not JSON: {error.msg}", where=where, hint=_JSONL) from None
    except (ValueError, RecursionError) as error:
        # Python reads no whole number of more than 4,300 digits
        reason = "nested too deeply" if isinstance(error, RecursionError) else "a number too long"
        raise DataError(f"is not JSON: {reason}", where=where, hint=_JSONL) from None
    if isinstance(value, dict):
        return value
    raise DataError("is not a JSON object", where=where, hint=_JSONL)


_JSONL = 'Each line is one object, {"en": "…", "fr": "…"}; of an array, jq -c ".[]" makes lines.'


def _json_text(value: Any, key: str, where: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise DataError(f"{key!r} holds {json.dumps(value)[:40]}, not a text", where=where)
    try:
        value.encode()
    except UnicodeEncodeError:
        raise DataError(f"{key!r} holds half of a surrogate pair", where=where) from None
    return clean(value)


def read_parquet(path: Path, wanted: Wanted, count: Count | None = None) -> Iterator[Row]:
    """Read Parquet; a number in a message is a row, counted from 1."""
    from translator.corpora.arrow import parquet_rows

    return parquet_rows(path, wanted, count)


READERS: dict[str, Callable[[Path, Wanted, Count | None], Iterator[Row]]] = {
    "tsv": read_tsv,
    "csv": read_csv,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
}
_FORMATS = {
    ".tsv": "tsv",
    ".tab": "tsv",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
}
