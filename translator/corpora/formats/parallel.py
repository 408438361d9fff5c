"""Text files whose lines belong together (Moses style)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from translator.corpora.columns import Wanted
from translator.corpora.compression import Count, open_bytes
from translator.corpora.formats.records import NOTHING, Record
from translator.corpora.lines import clean_lines
from translator.errors import DataError


def read_parallel(
    paths: Sequence[Path], wanted: Wanted, count: Count | None = None
) -> Iterator[Record]:
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
        yield number, lines[0][1], [text for _, text in lines[1:]], NOTHING


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
