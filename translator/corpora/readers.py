"""Any corpus of files as rows: (line number, source, targets). The formats are in `formats`.

Texts come on one line each (see `lines.SEPARATORS`), otherwise as they are; blank ones are the
caller's to count. A format is known by its ending; a text file with tabs counts as TSV.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from translator.corpora.columns import Wanted, is_tag
from translator.corpora.compression import Count, open_bytes, require_file, split_compression
from translator.corpora.folders import Part, corpus_parts, language_ending, tell_unread
from translator.corpora.formats.arrow import read_parquet
from translator.corpora.formats.json_lines import read_jsonl
from translator.corpora.formats.parallel import read_parallel
from translator.corpora.formats.po import read_po
from translator.corpora.formats.records import LEFT_OUT, OtherLanguagesError, Record
from translator.corpora.formats.subtitles import read_subtitles
from translator.corpora.formats.tables import read_csv, read_tsv
from translator.corpora.formats.tmx import read_tmx
from translator.corpora.formats.xliff import read_xliff
from translator.corpora.hub import HubSet, hub_records, load_hub
from translator.corpora.lines import check_start
from translator.corpora.spec import Spec
from translator.errors import DataError, nearest
from translator.progress import Bar, progress, say

Row = tuple[int, str, Sequence[str | None]]
"""Line (or row) number, source, and one text for each target; None where there is none."""

MEGABYTE = 1e6


def read_with_progress(
    spec: Spec, wanted: Wanted, doing: str, hub: HubSet | None = None
) -> Iterator[Record]:
    """Yield the records of a corpus, of files or of the hub, showing how far it has been read.

    Args:
        spec: the corpus.
        wanted: what of it.
        doing: what is done with it, for the bar.
        hub: a data set of the hub that has been loaded.

    Raises:
        DataError: as `read_records` and `hub_records`.
    """
    for _, records in parts_with_progress(spec, wanted, doing, hub):
        yield from records


def parts_with_progress(
    spec: Spec, wanted: Wanted, doing: str, hub: HubSet | None = None
) -> Iterator[tuple[Part, Iterator[Record]]]:
    """Yield the files of a corpus (none of a data set of the hub), each with its records.

    Arguments and errors are those of `read_with_progress`.
    """
    if spec.hub:
        hub = hub or load_hub(spec)
        with progress(f"{doing} {spec.name}", total=hub.total, unit="pairs") as bar:
            yield (), _counted(hub_records(hub, spec, wanted), bar)
        return
    with progress(f"{doing} {spec.name}", total=megabytes(spec, wanted), unit="MB") as bar:
        yield from read_parts(spec, wanted, lambda read: bar.advance(read / MEGABYTE))


def _counted(records: Iterator[Record], bar: Bar) -> Iterator[Record]:
    for record in records:
        if not record[0] % 1000:
            bar.advance(1000)
        yield record


def megabytes(spec: Spec, wanted: Wanted) -> float:
    """Return the size of all files of a corpus."""
    return sum(path.stat().st_size for path in corpus_files(spec, wanted)) / MEGABYTE


def read_rows(spec: Spec, wanted: Wanted, count: Count | None = None) -> Iterator[Row]:
    """Yield the rows of a corpus of files; `count` is told the bytes read.

    What a file holds and marks as no pair, such as a fuzzy translation, has a blank target.

    Raises:
        DataError: the files do not hold what their names and the options say.
    """
    for number, source, targets, extras in read_records(spec, wanted, count):
        yield number, source, targets if LEFT_OUT not in extras else ("",)


def read_records(spec: Spec, wanted: Wanted, count: Count | None = None) -> Iterator[Record]:
    """Yield the rows of a corpus of files with all that is known of them (see `Record`).

    Of a folder, files in other languages are left out, which is told.

    Raises:
        DataError: as `read_rows`.
    """
    for _, records in read_parts(spec, wanted, count):
        yield from records


def read_parts(
    spec: Spec, wanted: Wanted, count: Count | None = None
) -> Iterator[tuple[Part, Iterator[Record]]]:
    """Yield the files of a corpus, each with its records, to be read one by one.

    Raises:
        DataError: as `read_rows`.
    """
    parts = corpus_parts(spec, wanted)
    others: list[OtherLanguagesError] = []
    for part in parts:
        records = _read_part(part, wanted, count)
        yield part, records if len(parts) == 1 else _or_other(records, others)
    if others and len(others) == len(parts):
        raise others[0]
    if others:
        names = ", ".join(str(error.where) for error in others[:5])
        more = f" and {len(others) - 5} more" if len(others) > 5 else ""
        say(f"{spec.name}: left out, as they are in other languages: {names}{more}")


def _or_other(records: Iterator[Record], others: list[OtherLanguagesError]) -> Iterator[Record]:
    try:
        yield from records
    except OtherLanguagesError as error:
        others.append(error)


def _read_part(paths: tuple[Path, ...], wanted: Wanted, count: Count | None) -> Iterator[Record]:
    if len(paths) == 1:
        return READERS[file_format(paths[0])](paths[0], wanted, count)
    if any(split_compression(path)[0] == ".srt" for path in paths):
        return read_subtitles(paths, wanted, count)
    return read_parallel(paths, wanted, count)


def corpus_files(spec: Spec, wanted: Wanted) -> list[Path]:
    """Return all files that a corpus is read from."""
    return [path for part in corpus_parts(spec, wanted) for path in part]


def check_files(spec: Spec, wanted: Wanted) -> None:
    """Check, before any time is spent, that the files of a corpus are there and in order.

    Raises:
        DataError: a file cannot be read, or the endings of two text files tell that the first is
            the translation of the second.
    """
    tell_unread(spec, wanted)
    for paths in corpus_parts(spec, wanted):
        _check_part(paths, wanted)


def _check_part(paths: tuple[Path, ...], wanted: Wanted) -> None:
    for path in paths:
        require_file(path)
    if len(paths) < 2:
        return
    first, second = (language_ending(path) for path in paths[:2])
    tags = wanted.source, wanted.target
    named = [[is_tag(ending.removeprefix("."), tag) for tag in tags] for ending in (first, second)]
    if named == [[False, True], [True, False]]:
        raise DataError(
            f"the source file is named {first} and the target file {second}, and {wanted.source} "
            f"is to be translated to {wanted.target}",
            where=",".join(map(str, paths)),
            hint="Swap the two files.",
        )


def file_format(path: Path) -> str:
    """Return the format of a file that holds both sides: a key of `READERS`.

    Raises:
        DataError: the file cannot be read, or its ending is not known and it holds no tabs.
    """
    ending = split_compression(path)[0]
    if ending == ".srt":
        raise DataError(
            "is one language of a film, and a corpus has two",
            where=path,
            hint="Give both files: film.en.srt,film.fr.srt.",
        )
    with open_bytes(path) as stream:
        if ending in _FORMATS:
            return _FORMATS[ending]
        head = stream.read(1 << 16)
    if b"\t" in head.partition(b"\n")[0]:
        return "tsv"
    check_start(head, path)
    hint = "Give plain text as SOURCE_FILE,TARGET_FILE; one file with both sides must be "
    hint += ", ".join(_FORMATS) + " (also .gz, .xz, .zst)."
    if ending and ending != ".txt" and (near := nearest(ending, _FORMATS)).startswith("Did"):
        hint = f"{near} {hint}"
    raise DataError("is one text without tabs, and a corpus has two sides", where=path, hint=hint)


READERS: dict[str, Callable[[Path, Wanted, Count | None], Iterator[Record]]] = {
    "tsv": read_tsv,
    "csv": read_csv,
    "jsonl": read_jsonl,
    "parquet": read_parquet,
    "tmx": read_tmx,
    "xliff": read_xliff,
    "po": read_po,
}
_FORMATS = {
    ".tsv": "tsv",
    ".tab": "tsv",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
    ".tmx": "tmx",
    ".xlf": "xliff",
    ".xliff": "xliff",
    ".sdlxliff": "xliff",
    ".mxliff": "xliff",
    ".mqxliff": "xliff",
    ".po": "po",
}
