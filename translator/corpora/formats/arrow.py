"""Rows from Arrow tables: Parquet files and the data sets of the hub."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from translator.corpora.columns import Wanted, check_layout, is_nested, named_layout
from translator.corpora.compression import (
    BOMB_RATIO,
    Count,
    most_bytes,
    open_bytes,
    split_compression,
)
from translator.corpora.formats.records import NOTHING, Record
from translator.corpora.lines import LINE_LIMIT, clean
from translator.errors import DataError

BATCH_ROWS = 1000

Field = tuple[str, ...]
"""The name of a column, or those of a struct and one of its members."""


def read_parquet(path: Path, wanted: Wanted, count: Count | None = None) -> Iterator[Record]:
    """Read Parquet, from a temporary file where it must be decompressed; rows count from 1.

    Raises:
        DataError: not Parquet, damaged, without the wanted columns, or made to fill the memory.
    """
    import pyarrow
    import pyarrow.parquet

    with ExitStack() as stack:
        file: Any = stack.enter_context(open_bytes(path, count))
        if split_compression(path)[1]:
            plain = stack.enter_context(tempfile.TemporaryFile())
            shutil.copyfileobj(file, plain)
            file = plain
        try:
            parquet = stack.enter_context(pyarrow.parquet.ParquetFile(file))
            metadata = parquet.metadata
            groups = (metadata.row_group(at) for at in range(metadata.num_row_groups))
            if sum(group.total_byte_size for group in groups) > most_bytes(path):
                raise _bomb(path)
            fields = text_fields(parquet.schema_arrow, wanted, where=path)
            others = other_fields(parquet.schema_arrow, fields) if wanted.extras else []
            columns = list(dict.fromkeys(field[0] for field in fields + others))
            _look_at_all(parquet, columns)
            shared, rows = _sparing(parquet, columns)
            parquet = pyarrow.parquet.ParquetFile(file, metadata=metadata, read_dictionary=shared)
            batches = parquet.iter_batches(rows, columns=columns)
            yield from _limited(arrow_rows(batches, fields, others, where=path), path)
        except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
            if isinstance(error, OSError) and error.errno:  # of the system, not of Arrow
                raise DataError(f"cannot be read: {error.strerror}", where=path) from None
            raise DataError(
                "cannot be read as Parquet: is damaged, cut short, or something else",
                where=path,
                hint="Fetch or write the file again.",
            ) from None


def _look_at_all(parquet: Any, columns: list[str]) -> None:
    """Read a row of each group: the reader raises an error for what is damaged.

    The description of a damaged column cannot be asked for: that would end the process.
    """
    for group in range(parquet.metadata.num_row_groups):
        for _ in islice(parquet.iter_batches(1, row_groups=[group], columns=columns), 1):
            pass


def _sparing(parquet: Any, columns: list[str]) -> tuple[list[str], int]:
    """Return which texts to read as dictionaries, and how many rows at once.

    A text that a file holds once, for any number of rows, is then in memory once.
    """
    metadata = parquet.metadata
    shared, rows = [], BATCH_ROWS
    for at in range(metadata.num_columns):
        leaf = parquet.schema.column(at)
        asked = any(f"{leaf.path}.".startswith(f"{column}.") for column in columns)
        if leaf.physical_type != "BYTE_ARRAY" or not asked:
            continue
        chunks = [metadata.row_group(group).column(at) for group in range(metadata.num_row_groups)]
        encodings = {name for chunk in chunks for name in chunk.encodings}
        if not any(name.startswith("DELTA") for name in encodings):  # of which Arrow makes none
            shared.append(leaf.path)
        if "DELTA_BYTE_ARRAY" in encodings:
            # a text is told by what it adds to the one before, and may be as long as all of it
            longest = max(chunk.total_uncompressed_size for chunk in chunks)
            rows = max(min(rows, LINE_LIMIT // max(longest, 1)), 1)
    return shared, rows


def _limited(records: Iterable[Record], path: Path) -> Iterator[Record]:
    """Pass on records, as far as they hold no more than a file of this size may give."""
    left = most_bytes(path)
    for record in records:
        _, source, targets, extras = record
        texts = [source, *(text or "" for text in targets), *extras.values()]
        left -= sum(map(len, texts)) + len(texts)
        if left < 0:
            raise _bomb(path)
        yield record


def _bomb(path: Path) -> DataError:
    return DataError(
        f"gives more than {BOMB_RATIO} times its size when it is read",
        where=path,
        hint="It may be made to fill your memory. If it is right, write it as JSON Lines yourself.",
    )


def text_fields(schema: Any, wanted: Wanted, *, where: object) -> list[Field]:
    """Choose the source column and the target columns of an Arrow schema.

    Raises:
        DataError: they are not there, or do not hold text.
    """
    import pyarrow.types

    prefix: Field = ()
    columns = {field.name: field.type for field in schema}
    inner = columns.get("translation")
    if inner is not None and pyarrow.types.is_struct(inner) and is_nested(list(columns), wanted):
        prefix = ("translation",)
        columns = {inner.field(at).name: inner.field(at).type for at in range(inner.num_fields)}
    names = list(columns)
    layout = named_layout(names, wanted, where=where, positions=False)
    check_layout(layout, where=where)
    chosen = [names[layout.source]]
    for name in (names[at] for at in layout.targets):
        # what merely starts with the language, such as fr_score, is no reference
        if len(chosen) < 2 or wanted.target_columns or _holds_text(columns[name]):
            chosen.append(name)
    for name in chosen:
        if not _holds_text(columns[name]):
            raise DataError(f"column {name!r} holds {columns[name]}, not text", where=where)
    return [(*prefix, name) for name in chosen]


def other_fields(schema: Any, fields: list[Field]) -> list[Field]:
    """Return the columns and members of nested ones that hold plain values, beside `fields`."""
    from pyarrow import types

    found: list[Field] = []
    for field in schema:
        if types.is_struct(field.type):
            inner = [field.type.field(at) for at in range(field.type.num_fields)]
            found += [(field.name, member.name) for member in inner if _is_plain(member.type)]
        elif _is_plain(field.type):
            found.append((field.name,))
    return [field for field in found if field not in fields]


def _is_plain(kind: Any) -> bool:
    from pyarrow import types

    number = types.is_integer(kind) or types.is_floating(kind) or types.is_boolean(kind)
    dated = types.is_date(kind) or types.is_timestamp(kind)
    return number or dated or (_holds_text(kind) and not types.is_list(kind))


def arrow_rows(
    batches: Iterable[Any],
    fields: list[Field],
    others: list[Field] | None = None,
    *,
    where: Path | str,
) -> Iterator[Record]:
    """Yield rows, counted from 1, of record batches; `others` become extras.

    Raises:
        DataError: a text is not UTF-8, or longer than `LINE_LIMIT`.
    """
    import pyarrow.compute

    others = others or []
    names = [name for *_, name in others]
    row = 0
    for batch in batches:
        columns = []
        for name, *inner in fields + others:
            column = batch.column(name)
            columns.append(pyarrow.compute.struct_field(column, inner) if inner else column)
        try:
            texts = [_values(column) for column in columns]
        except (UnicodeDecodeError, _LongTextError) as error:
            long = f"of more than {LINE_LIMIT >> 20} MiB"
            problem = long if isinstance(error, _LongTextError) else "that is not UTF-8"
            raise DataError(
                f"rows {row + 1} to {row + batch.num_rows} hold a text {problem}", where=where
            ) from None
        for source, *values in zip(*texts, strict=True):
            row += 1
            extras = NOTHING
            if others:
                known = zip(names, values[len(fields) - 1 :], strict=True)
                extras = {name: clean(str(value)) for name, value in known if value is not None}
                del values[len(fields) - 1 :]
            targets: list[str | None] = []
            for value in values:
                several = value if isinstance(value, list) else [value]
                targets += [clean(text or "", where, row) for text in several]
            yield row, clean(_first(source), where, row), targets or [""], extras


class _LongTextError(Exception):
    """A text that is longer than a line may be."""


def _values(array: Any) -> list[Any]:
    """Return the values of an array; a text of its dictionary once, however often it comes."""
    import pyarrow.compute
    from pyarrow import types

    if types.is_list(array.type) or types.is_large_list(array.type):
        values = iter(_values(array.flatten()))
        sizes = pyarrow.compute.list_value_length(array).to_pylist()
        return [None if size is None else list(islice(values, size)) for size in sizes]
    if not types.is_dictionary(array.type):
        return list(array.to_pylist())
    lengths = pyarrow.compute.binary_length(array.dictionary)
    if (pyarrow.compute.max(lengths).as_py() or 0) > LINE_LIMIT:
        raise _LongTextError
    # of the dictionary, only what these rows need
    needed = array.indices.dictionary_encode()
    texts = [*array.dictionary.take(needed.dictionary).to_pylist(), None]
    places = needed.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return [texts[place] for place in places.tolist()]


def _first(value: Any) -> str:
    if isinstance(value, list):
        return value[0] or "" if value else ""
    return value or ""


def _holds_text(kind: Any) -> bool:
    from pyarrow import types

    if types.is_list(kind) or types.is_large_list(kind) or types.is_dictionary(kind):
        kind = kind.value_type
    view = getattr(types, "is_string_view", types.is_string)
    return bool(
        types.is_string(kind) or types.is_large_string(kind) or view(kind) or types.is_null(kind)
    )
