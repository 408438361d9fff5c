"""Files that commands read and write, checked before anything expensive is started."""

from __future__ import annotations

import difflib
import io
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from translator.corpora.compression import open_bytes, split_compression
from translator.errors import ConfigError, DataError
from translator.run_directory import RunDirectory, replacing

STANDARD = Path("-")
"""Stands for standard input or output."""


class Output:
    """Where results go: every `write` is complete, and its errors name the place."""

    def __init__(self, stream: Any, name: str, *, is_pipe: bool = False) -> None:
        self.stream, self.name, self._is_pipe = stream, name, is_pipe

    @property
    def is_stdout(self) -> bool:
        """Return whether this is standard output."""
        return self._is_pipe

    def write(self, text: str) -> None:
        """Write `text` as UTF-8 and hand it on at once."""
        self.write_bytes(text.encode("utf-8", "replace"))

    def write_bytes(self, data: bytes) -> None:
        """Write `data` and hand it on at once."""
        try:
            while data:
                data = data[self.stream.write(data) :]
            self.stream.flush()
        except OSError as error:
            if isinstance(error, BrokenPipeError) and self._is_pipe:
                raise
            raise OSError(error.errno, error.strerror, self.name) from None


def standard_output() -> Output:
    """Return stdout as a place for results.

    Raises:
        DataError: it is closed.
    """
    if sys.stdout is None:
        raise DataError("standard output is closed", hint="Name a file with --output.")
    return Output(sys.stdout.buffer, "standard output", is_pipe=True)


@contextmanager
def open_output(path: Path | None, option: str = "--output") -> Iterator[Output]:
    """Open a place for results: stdout for None, else a file that appears, whole, at the end.

    What is no regular file (/dev/null, a pipe) is written to directly. A message about the path
    names the `option` that it was given with.

    Raises:
        DataError: the directory does not exist, or the path cannot be written to.
    """
    if path is None or path == STANDARD:
        yield standard_output()
        return
    check_writable(path, option)
    with ExitStack() as stack, naming(path):
        if path.exists() and not path.is_file():
            yield Output(stack.enter_context(path.open("wb", buffering=0)), str(path))
            return
        # a link stays a link: what it points to is replaced
        temporary = stack.enter_context(replacing(path.resolve()))
        stream = stack.enter_context(temporary.open("wb", buffering=0))
        if path.exists():
            shutil.copymode(path, temporary)
        yield Output(stream, str(path))


def check_writable(path: Path, option: str) -> None:
    """Check that results can be written to the path that `option` names.

    Raises:
        DataError: it is a directory, read-only, of a compressed kind, or its directory is missing.
    """
    if path.is_dir():
        raise DataError(f"is a directory, and {option} is a file", where=path)
    if not path.parent.is_dir():
        raise DataError(
            "there is no such directory",
            where=path.parent,
            hint=f"Make it first: mkdir -p {path.parent}",
        )
    if split_compression(path)[1]:
        raise DataError(
            "results are written as plain text",
            where=path,
            hint=f"Take {path.suffix} off the name, and compress the file afterwards.",
        )
    if path.exists() and not os.access(path, os.W_OK):
        raise DataError(
            "is read-only", where=path, hint="Check its permissions, or choose another place."
        )


def keep_inputs(
    outputs: Mapping[str, Path | None], inputs: Iterable[str | Path | RunDirectory | None]
) -> None:
    """Refuse to write results over what a command reads.

    Args:
        outputs: places of results, by the options that name them.
        inputs: corpora as the user names them, files, and runs.

    Raises:
        ConfigError: a result would take the place of an input.
    """
    from translator.corpora.folders import named_files
    from translator.corpora.spec import parse_spec

    read: list[Path] = []
    for one in inputs:
        if isinstance(one, RunDirectory):
            read += one.files()
        elif isinstance(one, Path):
            read.append(one)
        elif one:
            read += named_files(parse_spec(one))
    known = {(stat.st_dev, stat.st_ino) for stat in (path.stat() for path in read if path.exists())}
    for option, path in outputs.items():
        if path is None or path == STANDARD or not path.is_file():
            continue
        if (path.stat().st_dev, path.stat().st_ino) in known:
            raise ConfigError(
                f"{option} would replace {path}, which is read", hint="Choose another name."
            )


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Tell errors about the temporary file by the name that the user gave."""
    try:
        yield
    except OSError as error:
        if ".partial-" in str(error.filename):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise


@contextmanager
def open_input(path: Path | None, texts: list[str]) -> Iterator[tuple[BinaryIO, str]]:
    """Open the text to work on and say how to call it: `texts`, else the file, else stdin.

    Raises:
        ConfigError: both texts and a file were given.
        DataError: there is no such file, or it cannot be read.
    """
    if texts and path is not None:
        raise ConfigError(
            "there is text on the command line and --input as well", hint="Give one of the two."
        )
    if texts:
        # bytes again as they were typed: what was no UTF-8 is told as it is for files
        yield io.BytesIO(b"".join(_line(os.fsencode(text)) for text in texts)), "text"
    elif path is None or path == STANDARD:
        if sys.stdin is None:
            raise DataError("standard input is closed", hint="Name a file with --input.")
        yield sys.stdin.buffer, "standard input"
    else:
        require_file(path)
        if split_compression(path)[1]:
            with open_bytes(path) as stream:
                yield stream, str(path)
        else:
            with path.open("rb") as stream:
                yield stream, str(path)


def _line(text: bytes) -> bytes:
    return text if text.endswith(b"\n") else text + b"\n"


def require_file(path: Path) -> None:
    """Check that there is a file to read (it may be empty, or a pipe).

    Raises:
        DataError: it is missing (names like it are offered) or a directory.
    """
    if path.is_dir():
        raise DataError(
            "is a directory, and a file is needed", where=path, hint="Name a file in it."
        )
    if not path.exists():
        raise DataError("there is no such file", where=path, hint=near_paths(path))


def near_paths(path: Path) -> str | None:
    """Return a hint with the names most like the missing `path` in its directory."""
    if not path.parent.is_dir():
        return f"There is no directory {path.parent} either."
    names = [entry.name for entry in path.parent.iterdir() if not entry.name.startswith(".")]
    close = difflib.get_close_matches(path.name, names, n=3, cutoff=0.6)
    if not close:
        return None
    return f"Did you mean {' or '.join(str(path.parent / name) for name in close)}?"


def count_lines(path: Path | None) -> int | None:
    """Return how many lines a file has; None where it could be read only once, or is compressed."""
    if path is None or not path.is_file() or split_compression(path)[1]:
        return None
    lines, last = 0, b"\n"
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            lines += block.count(b"\n")
            last = block[-1:]
    return lines + (last != b"\n")
