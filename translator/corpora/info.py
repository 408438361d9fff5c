"""What a corpus is: format, languages, counts and lengths, read once and in constant memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from translator.config import DataConfig
from translator.corpora.columns import Wanted, wanted_columns
from translator.corpora.compression import Count, open_bytes, require_file, split_compression
from translator.corpora.folders import (
    corpus_parts,
    folder_files,
    is_folder,
    language_ending,
    part_name,
)
from translator.corpora.formats.po import po_units
from translator.corpora.formats.records import (
    KINDS,
    LEFT_OUT,
    OtherLanguagesError,
    Record,
    Unit,
    pick,
    standard,
)
from translator.corpora.formats.tmx import tmx_units
from translator.corpora.formats.xliff import xliff_units
from translator.corpora.hub import HubSet, load_hub
from translator.corpora.lines import clean_lines
from translator.corpora.readers import (
    MEGABYTE,
    check_files,
    corpus_files,
    file_format,
    read_records,
    read_with_progress,
)
from translator.corpora.spec import Spec, parse_spec
from translator.corpora.store import drop_reason
from translator.errors import ConfigError, DataError
from translator.progress import progress

BINS = [(1, 4), (5, 8), (9, 16), (17, 32), (33, 64), (65, 128), (129, None)]
"""Lengths that are counted together: from, to."""

_UNNAMED = ("und", "mul")
"""Stand for the languages that nothing names."""
_LOOKED_AT = 2000
"""Units that tell which languages a file is in."""

_UNITS: dict[str, Callable[[Path, Count | None], Iterator[Unit]]] = {
    "tmx": lambda path, count: tmx_units(path, count=count),
    "xliff": lambda path, count: xliff_units(path, count=count),
    "po": po_units,
}


@dataclass
class Lengths:
    """The lengths of one side, in words or characters."""

    total: int = 0
    longest: int = 0
    where: str = ""
    """Line, or row, of the longest; with its file where there are several."""
    bins: list[int] = field(default_factory=lambda: [0] * len(BINS))

    def add(self, length: int, where: str) -> None:
        """Count a text."""
        self.total += length
        if length > self.longest:
            self.longest, self.where = length, where
        # 4 and less, 8 and less, 16 and less, …
        self.bins[min(max((length - 1).bit_length() - 2, 0), len(BINS) - 1)] += 1


@dataclass
class Info:
    """A corpus in figures."""

    spec: str
    formats: list[str]
    files: int
    size: int | None
    """Bytes; None for a data set of the hub."""
    revision: str = ""
    """Of a data set of the hub."""
    source: str = ""
    target: str = ""
    """Languages; empty if nothing names them."""
    languages: Counter[str] = field(default_factory=Counter)
    """Of formats that name the language of each text: how many texts there are in it."""
    rows: int = 0
    pairs: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    columns: Counter[str] = field(default_factory=Counter)
    """What there is beside source and target, and how many pairs have it."""
    words: dict[str, Lengths] = field(default_factory=lambda: _both_sides())
    characters: dict[str, Lengths] = field(default_factory=lambda: _both_sides())

    def add(self, record: Record, file: str = "") -> None:
        """Count a row; `file` tells one of several files apart."""
        line, source, targets, extras = record
        place = f"{file}:{line}" if file else str(line)
        self.rows += 1
        texts = {"source": source.strip(), "target": (targets[0] or "").strip()}
        if reason := drop_reason(texts["source"], texts["target"], extras):
            self.dropped[reason] += 1
            return
        self.pairs += 1
        if extras and len(self.columns) < KINDS:
            self.columns.update(name for name in extras if name != LEFT_OUT)
        for side, text in texts.items():
            self.words[side].add(len(text.split()), place)
            self.characters[side].add(len(text), place)


def _both_sides() -> dict[str, Lengths]:
    return {"source": Lengths(), "target": Lengths()}


def corpus_info(spec: str, *, source: str | None, target: str | None, options: DataConfig) -> Info:
    """Read a corpus (see `spec`) and return what it is.

    Languages that are not asked for are those that the files name, in their order.

    Raises:
        ConfigError: a name or an option makes no sense.
        DataError: the corpus cannot be read, or breaks the pair contract.
    """
    parsed = parse_spec(spec)
    if parsed.weight != 1:
        raise ConfigError(f"{spec!r}: only training corpora have weights")
    hub = load_hub(parsed) if parsed.hub else None
    named = _named_languages(parsed, hub, source, target)
    wanted = wanted_columns(
        options, source=named[0], target=named[1], references=False, extras=True
    )
    if hub is not None:
        info = Info(spec, ["hub"], 0, None, hub.revision)
        for record in read_with_progress(parsed, wanted, "Reading", hub):
            info.add(record)
    else:
        check_files(parsed, wanted)
        info = _of_files(parsed, wanted)
    info.source, info.target = ("" if tag in _UNNAMED else tag for tag in named)
    return info


def _of_files(spec: Spec, wanted: Wanted) -> Info:
    files = corpus_files(spec, wanted)
    size = sum(path.stat().st_size for path in files)
    info = Info(spec.text, [], len(files), size)
    with progress(f"Reading {spec.name}", total=size / MEGABYTE, unit="MB") as bar:

        def count(read: int) -> None:
            bar.advance(read / MEGABYTE)

        parts = corpus_parts(spec, wanted)
        for part in parts:
            name = part_name(spec, part) if len(parts) > 1 else ""
            form = _part_format(part)
            if form not in info.formats:
                info.formats.append(form)
            if form in _UNITS:
                units = _tallied(_UNITS[form](part[0], count), info.languages)
                records = pick(units, wanted, part[0])
            else:
                records = read_records(Spec(text=spec.text, paths=part), wanted, count)
            try:
                for record in records:
                    info.add(record, name)
            except OtherLanguagesError:
                if len(files) == len(part):
                    raise
                # of a folder, files in other languages tell their languages only
    return info


def _part_format(part: tuple[Path, ...]) -> str:
    if len(part) == 1:
        return file_format(part[0])
    return "srt" if split_compression(part[0])[0] == ".srt" else "text"


def _tallied(units: Iterable[Unit], languages: Counter[str]) -> Iterator[Unit]:
    for unit in units:
        if len(languages) < KINDS:
            languages.update(name for name, text in unit.variants if name and text.strip())
        yield unit


def _named_languages(
    spec: Spec, hub: HubSet | None, source: str | None, target: str | None
) -> tuple[str, str]:
    """Return source and target: what is asked for, else what is found."""
    if source and target:
        return source, target
    if hub is not None:
        features = hub.dataset.features or {}
        inner = features.get("translation")
        named = getattr(inner, "languages", None) or (
            inner if isinstance(inner, dict) else features
        )
        found = _tags(list(named))
    else:
        found = _found_languages(spec)
    rest = [tag for tag in found if tag not in (source, target)]
    rest += [tag for tag in _UNNAMED if tag not in rest]
    first = source or rest.pop(0)
    return first, target or rest.pop(0)


def _found_languages(spec: Spec) -> list[str]:
    """Return the languages that the first file of a corpus names, the commonest two of many."""
    if is_folder(spec):
        files = folder_files(spec.paths[0])
        if not files:
            raise DataError("is an empty directory", where=spec.paths[0])
        units: dict[str, Path] = {}
        for path in files:
            if (ending := split_compression(path)[0]) in _BY_UNITS:
                units.setdefault(ending, path)
        if not units:
            endings = Counter(language_ending(path).removeprefix(".") for path in files)
            return _tags([ending for ending, _ in endings.most_common()])
        found = [_of_units(path) for path in units.values()]
        # PO files seldom name the language of the messages, which others do
        return min(found, key=lambda tags: _UNNAMED[0] in tags or not tags)
    part = corpus_parts(spec, Wanted(source=_UNNAMED[0], target=_UNNAMED[1]))[0]
    for path in part:
        require_file(path)
    if len(part) > 1:
        return _tags([language_ending(path).removeprefix(".") for path in part])
    form = file_format(part[0])
    if form in _UNITS:
        return _of_units(part[0])
    return _tags(_column_names(part[0], form))


_BY_UNITS = {".tmx", ".po", ".xlf", ".xliff", ".sdlxliff", ".mxliff", ".mqxliff"}


def _of_units(path: Path) -> list[str]:
    counts: Counter[str] = Counter()
    for unit in islice(_UNITS[file_format(path)](path, None), _LOOKED_AT):
        counts.update(dict.fromkeys((language for language, _ in unit.variants), 1))
    common = {language for language, _ in counts.most_common(2)}
    # in the order of the file; of a PO file, the source has no name
    found = [language if language else _UNNAMED[0] for language in counts if language in common]
    return _tags(
        [language for language in found if language != _UNNAMED[0]], unnamed_first="" in common
    )


def _column_names(path: Path, form: str) -> list[str]:
    if form == "parquet":
        import pyarrow.parquet

        try:
            with open_bytes(path) as file:
                schema: Any = pyarrow.parquet.read_schema(file)
        except (pyarrow.ArrowException, OSError, UnicodeDecodeError):
            return []  # told when it is read
        inner = schema.field("translation").type if "translation" in schema.names else None
        if inner is not None and pyarrow.types.is_struct(inner):
            return [inner.field(at).name for at in range(inner.num_fields)]
        return list(schema.names)
    with open_bytes(path) as stream:
        line = next(clean_lines(stream, path), (0, ""))[1]
    if form == "jsonl":
        import json

        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            return []
        inner = record.get("translation") if isinstance(record, dict) else None
        return list(
            inner if isinstance(inner, dict) else record if isinstance(record, dict) else []
        )
    separator = "\t" if form == "tsv" else ";" if ";" in line and "," not in line else ","
    return [name.strip().strip('"') for name in line.split(separator)]


def _tags(names: list[str], *, unnamed_first: bool = False) -> list[str]:
    """Return the first two names that are language tags, normalised; nothing if there is one."""
    found = [_UNNAMED[0]] if unnamed_first else []
    found += [standard(name) for name in names if _is_language(name)]
    # a name alone says nothing: many a word is the code of some language
    return [_cased(tag) for tag in dict.fromkeys(found)][:2] if len(found) > 1 else []


def _is_language(name: str) -> bool:
    import langcodes

    short = name.replace("_", "-").partition("-")[0]
    plain = 2 <= len(short) <= 3 and len(name) <= 12 and short in (short.lower(), short.upper())
    return plain and name.lower() not in _NO_LANGUAGES and langcodes.tag_is_valid(name)


def _cased(tag: str) -> str:
    import langcodes

    return str(langcodes.standardize_tag(tag))


_NO_LANGUAGES = {"id", "src", "tgt", "trg", "key", "txt", "no"}
