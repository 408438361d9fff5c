"""A folder, or a pattern such as `data/*.tmx`, as a corpus: which files belong together."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from pathlib import Path

from translator.corpora.columns import Wanted, is_tag
from translator.corpora.compression import require_file, split_compression
from translator.corpora.spec import Spec
from translator.errors import DataError
from translator.progress import say

Part = tuple[Path, ...]
"""One file with both sides, or source and target files that belong together."""

WHOLE = {".tsv", ".tab", ".csv", ".jsonl", ".ndjson", ".parquet", ".tmx", ".po"}
WHOLE |= {".xlf", ".xliff", ".sdlxliff", ".mxliff", ".mqxliff"}
"""Endings of files with both sides that a folder is searched for."""

_SHOWN = 5


def corpus_parts(spec: Spec, wanted: Wanted) -> list[Part]:
    """Return the files of a corpus: of a folder all that can be read, below it too, by name.

    Raises:
        DataError: there is none, or the files of two patterns do not belong together.
    """
    if is_folder(spec):
        parts, _ = _of_folder(spec.paths[0], wanted)
        if not parts:
            raise DataError(
                f"is a directory without a corpus of {wanted.source} and {wanted.target}",
                where=spec.paths[0],
                hint=f"It is searched for {', '.join(sorted(WHOLE))}, and for pairs of files like "
                f"x.{wanted.source} and x.{wanted.target} (also .srt, .gz, .xz, .zst).",
            )
        return parts
    if not any(_is_pattern(path) for path in spec.paths):
        return [spec.paths]
    found = [_matches(path) if _is_pattern(path) else [path] for path in spec.paths]
    if len(found) == 1:
        # what a folder among them would hold is better named by itself
        return [(path,) for path in found[0]]
    return _together(spec.paths, found)


def require_files(spec: Spec, wanted: Wanted) -> None:
    """Check that all files of a corpus are there, and hold something.

    Raises:
        DataError: as `corpus_parts` and `require_file`.
    """
    if spec.hub:
        return
    for part in corpus_parts(spec, wanted):
        for path in part:
            require_file(path)


def named_files(spec: Spec) -> list[Path]:
    """Return the files that a name may stand for, in whatever languages they are."""
    if is_folder(spec):
        return folder_files(spec.paths[0])
    found = [Path(name) for path in spec.paths if _is_pattern(path) for name in _glob(path)]
    return [path for path in [*spec.paths, *found] if path.is_file()]


def part_name(spec: Spec, part: Part) -> str:
    """Return the name of one of the parts of a corpus, as short as it can be."""
    if not part or part == spec.paths:
        return spec.name
    folder = spec.paths[0] if is_folder(spec) else None
    return ",".join(str(path.relative_to(folder) if folder else path) for path in part)


def is_folder(spec: Spec) -> bool:
    """Return whether a corpus is all that is in a folder."""
    try:
        return len(spec.paths) == 1 and spec.paths[0].is_dir()
    except OSError:  # a name that is too long: told when the file is opened
        return False


def folder_files(folder: Path) -> list[Path]:
    """Return the files of a folder, and below it, by name; not the hidden ones.

    Raises:
        DataError: it, or a folder in it, cannot be opened.
    """

    def refuse(error: OSError) -> None:
        raise DataError(f"cannot be read: {error.strerror}", where=error.filename) from None

    found = []
    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in names if not name.startswith(".")]
    return sorted(path for path in found if path.is_file())


def tell_unread(spec: Spec, wanted: Wanted) -> None:
    """Say which files of a folder are none of the corpus."""
    if is_folder(spec):
        _, unread = _of_folder(spec.paths[0], wanted)
        if unread:
            names = ", ".join(path.name for path in unread[:_SHOWN])
            more = f" and {len(unread) - _SHOWN} more" if len(unread) > _SHOWN else ""
            say(f"{spec.paths[0]}: not read: {names}{more}")


def language_ending(path: Path) -> str:
    """Return the ending that may name a language: `.en` of `x.en.gz` and of `x.en.srt`."""
    ending = split_compression(path)[0]
    if ending == ".srt":
        return Path(_stem(path)).suffix.lower()
    return ending


def _of_folder(folder: Path, wanted: Wanted) -> tuple[list[Part], list[Path]]:
    """Return the parts of a folder, and the files that are in none of them."""
    files = folder_files(folder)
    parts: list[Part] = [(path,) for path in files if split_compression(path)[0] in WHOLE]
    sides: tuple[dict[str, Path], dict[str, Path]] = ({}, {})
    for path in files:
        ending = language_ending(path).removeprefix(".")
        kind = ".srt" if split_compression(path)[0] == ".srt" else ""
        for side, tag in zip(sides, (wanted.source, wanted.target), strict=True):
            if ending and is_tag(ending, tag):
                side.setdefault(_key(path) + kind, path)
    parts += [(path, sides[1][key]) for key, path in sides[0].items() if key in sides[1]]
    read = {path for part in parts for path in part}
    return sorted(parts), [path for path in files if path not in read]


def _glob(pattern: Path) -> list[str]:
    return glob.glob(str(pattern), recursive=True)  # noqa: PTH207 - absolute ones too


def _matches(pattern: Path) -> list[Path]:
    found = [Path(name) for name in sorted(_glob(pattern))]
    files = [path for path in found if path.is_file()]
    if not files:
        raise DataError("no file has a name like this", where=pattern)
    return files


def _together(paths: Iterable[Path], found: list[list[Path]]) -> list[Part]:
    """Join the files of several patterns that have the same name but for the language."""
    sides = [{_key(path): path for path in files} for files in found]
    for side, path in zip(sides, paths, strict=True):
        lacking = sorted({key for other in sides for key in other} - side.keys())
        if lacking:
            raise DataError(
                f"has no file for {lacking[0]}",
                where=path,
                hint="Each file of one pattern needs one of the other with the same name, but for "
                "the ending.",
            )
    return [tuple(side[key] for side in sides) for key in sorted(sides[0])]


def _key(path: Path) -> str:
    """Return a path without the endings that tell language, format and compression."""
    stem = _stem(path)
    if split_compression(path)[0] == ".srt":
        stem = str(Path(stem).with_suffix(""))
    return stem


def _stem(path: Path) -> str:
    inner = path.with_suffix("") if split_compression(path)[1] else path
    return str(inner.with_suffix(""))


def _is_pattern(path: Path) -> bool:
    try:
        return glob.has_magic(str(path)) and not path.exists()
    except OSError:  # a name that is too long: told when the file is opened
        return False
