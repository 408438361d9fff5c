"""Pairs into files: TSV, two text files, JSON Lines, Parquet and TMX, which appear whole or not."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol
from xml.sax.saxutils import escape, quoteattr

from translator.errors import ConfigError, nearest
from translator.run_directory import replacing

BATCH_ROWS = 20_000
BATCH_CHARACTERS = 1 << 24
BUFFER = 1 << 20

_ENDINGS = {
    ".tsv": "tsv",
    ".tab": "tsv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".tmx": "tmx",
}
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Writer(Protocol):
    """Takes pairs; `changed` counts texts in which a character had to be replaced."""

    changed: int

    def write(self, source: str, target: str, extras: Mapping[str, str]) -> None:
        """Write a pair; of `extras` what the format has room for."""

    def close(self) -> None:
        """Write what is still held back."""


def output_format(text: str) -> tuple[str, tuple[Path, ...]]:
    """Return the format, and the file or files, that a name of results stands for.

    Raises:
        ConfigError: its ending is that of no format that is written, or both files are one.
    """
    ending = Path(text).suffix.lower()
    if ending in _ENDINGS and ("," not in text or Path(text).exists()):
        return _ENDINGS[ending], (Path(text),)
    pieces = text.split(",")
    if len(pieces) == 2 and all(piece.strip() for piece in pieces):
        first, second = (Path(piece) for piece in pieces)
        if first.resolve() == second.resolve():
            raise ConfigError(
                f"{text!r} names the same file twice",
                hint="Source and target go to two files: OUT.en,OUT.fr.",
            )
        return "text", (first, second)
    hint = "Write OUT.tsv, OUT.jsonl, OUT.parquet, OUT.tmx, or OUT.en,OUT.fr for two text files."
    if ending and (near := nearest(ending, _ENDINGS)).startswith("Did"):
        hint = f"{near} {hint}"
    raise ConfigError(f"{text!r} names no format that is written", hint=hint)


def has_columns(form: str) -> bool:
    """Return whether a format must know its columns before the first row."""
    return form in ("tsv", "parquet")


@contextmanager
def open_writer(
    form: str, paths: Sequence[Path], languages: tuple[str, str], columns: Sequence[str]
) -> Iterator[Writer]:
    """Open files for pairs: they appear when the block ends well.

    Args:
        form: what `output_format` found.
        paths: where to.
        languages: names of the two columns, and of the languages in TMX.
        columns: names of the extras that are written, where the format must know them.
    """
    with ExitStack() as stack:
        # a link stays a link: what it points to is replaced
        temporary = [stack.enter_context(replacing(path.resolve())) for path in paths]
        writer = _WRITERS[form](temporary, languages, columns)
        try:
            yield writer
        finally:
            writer.close()


class _Lines:
    """A text file that is written in large pieces."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb", buffering=BUFFER)

    def write(self, text: str) -> None:
        self._file.write(text.encode())

    def close(self) -> None:
        self._file.close()


class _Tsv:
    """Columns parted by tabs; with a header where there are more than two."""

    def __init__(
        self, paths: Sequence[Path], languages: tuple[str, str], columns: Sequence[str]
    ) -> None:
        self._lines, self._columns = _Lines(paths[0]), columns
        self.changed = 0
        if columns:
            self._row([*languages, *columns])

    def write(self, source: str, target: str, extras: Mapping[str, str]) -> None:
        self._row([source, target, *(extras.get(name, "") for name in self._columns)])

    def _row(self, texts: list[str]) -> None:
        row = "\t".join(texts)
        if row.count("\t") >= len(texts):
            self.changed += sum("\t" in text for text in texts)
            row = "\t".join(text.replace("\t", " ") for text in texts)
        self._lines.write(row + "\n")

    def close(self) -> None:
        self._lines.close()


class _Text:
    """Two files whose lines belong together."""

    def __init__(
        self, paths: Sequence[Path], languages: tuple[str, str], columns: Sequence[str]
    ) -> None:
        self._source, self._target = (_Lines(path) for path in paths)
        self.changed = 0

    def write(self, source: str, target: str, extras: Mapping[str, str]) -> None:
        self._source.write(source + "\n")
        self._target.write(target + "\n")

    def close(self) -> None:
        self._source.close()
        self._target.close()


class _JsonLines:
    """One object a line."""

    def __init__(
        self, paths: Sequence[Path], languages: tuple[str, str], columns: Sequence[str]
    ) -> None:
        self._lines, self._languages = _Lines(paths[0]), languages
        self.changed = 0

    def write(self, source: str, target: str, extras: Mapping[str, str]) -> None:
        record = {self._languages[0]: source, self._languages[1]: target, **extras}
        self._lines.write(json.dumps(record, ensure_ascii=False) + "\n")

    def close(self) -> None:
        self._lines.close()


class _Parquet:
    """Columns of text."""

    def __init__(
        self, paths: Sequence[Path], languages: tuple[str, str], columns: Sequence[str]
    ) -> None:
        import pyarrow
        import pyarrow.parquet

        self._columns = columns
        self._schema = pyarrow.schema([(name, pyarrow.string()) for name in (*languages, *columns)])
        self._writer = pyarrow.parquet.ParquetWriter(str(paths[0]), self._schema)
        self._rows: list[tuple[str | None, ...]] = []
        self._size = self.changed = 0

    def write(self, source: str, target: str, extras: Mapping[str, str]) -> None:
        self._rows.append((source, target, *(extras.get(name) for name in self._columns)))
        self._size += len(source) + len(target)
        if len(self._rows) >= BATCH_ROWS or self._size >= BATCH_CHARACTERS:
            self._flush()

    def _flush(self) -> None:
        import pyarrow

        columns: Any = [list(column) for column in zip(*self._rows, strict=True)]
        self._writer.write_batch(pyarrow.record_batch(columns, schema=self._schema))
        self._rows, self._size = [], 0

    def close(self) -> None:
        if self._rows:
            self._flush()
        self._writer.close()


class _Tmx:
    """A translation memory; `id` is a unit's name, `note` its note, all else are properties."""

    def __init__(
        self, paths: Sequence[Path], languages: tuple[str, str], columns: Sequence[str]
    ) -> None:
        self._lines = _Lines(paths[0])
        self._languages = [quoteattr(language) for language in languages]
        self.changed = 0
        self._lines.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4">\n'
            '<header creationtool="translator" creationtoolversion="1" segtype="sentence" '
            f'o-tmf="translator" adminlang="en" srclang={self._languages[0]} '
            'datatype="plaintext"/>\n<body>\n'
        )

    def write(self, source: str, target: str, extras: Mapping[str, str]) -> None:
        name = f" tuid={quoteattr(self._legal(extras['id']))}" if extras.get("id") else ""
        parts = [f"<tu{name}>"]
        # the order of the DTD: notes, properties, texts
        if extras.get("note"):
            parts.append(f"<note>{self._escaped(extras['note'])}</note>")
        for kind, value in extras.items():
            if kind not in ("id", "note"):
                kind = quoteattr(self._legal(kind))
                parts.append(f"<prop type={kind}>{self._escaped(value)}</prop>")
        for language, text in zip(self._languages, (source, target), strict=True):
            parts.append(f"<tuv xml:lang={language}><seg>{self._escaped(text)}</seg></tuv>")
        self._lines.write("".join([*parts, "</tu>\n"]))

    def _escaped(self, text: str) -> str:
        return escape(self._legal(text))

    def _legal(self, text: str) -> str:
        if _NOT_XML.search(text):
            self.changed += 1
            return _NOT_XML.sub("\ufffd", text)
        return text

    def close(self) -> None:
        self._lines.write("</body>\n</tmx>\n")
        self._lines.close()


_WRITERS: dict[str, type[_Tsv | _Text | _JsonLines | _Parquet | _Tmx]] = {
    "tsv": _Tsv,
    "text": _Text,
    "jsonl": _JsonLines,
    "parquet": _Parquet,
    "tmx": _Tmx,
}
