"""Files as streams of bytes, whether they are compressed or not."""

from __future__ import annotations

import difflib
import gzip
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from translator.errors import DataError

BLOCK = 1 << 20
"""Bytes read from disk at once."""

BOMB_SIZE = 1 << 30
BOMB_RATIO = 250
"""A file that has given so many bytes, so many times its own size, is made to fill disks. Text is
compressed to a third or a tenth."""

_KINDS = {
    ".gz": ("gzip", (b"\x1f\x8b",)),
    ".xz": ("xz", (b"\xfd7zXZ",)),
    # a skippable frame may come first
    ".zst": (
        "zstd",
        (b"\x28\xb5\x2f\xfd", *(bytes([0x50 + n, 0x2A, 0x4D, 0x18]) for n in range(16))),
    ),
}

Count = Callable[[int], None]
"""Is told how many more bytes of a file have been read."""


def split_compression(path: Path) -> tuple[str, str]:
    """Return the ending that tells the format and the one that tells the compression.

    `train.tsv.gz` gives `.tsv` and `.gz`, `train.tsv` gives `.tsv` and an empty text.
    """
    suffix = path.suffix.lower()
    if suffix in _KINDS:
        return Path(path.stem).suffix.lower(), suffix
    return suffix, ""


_NO_PIPE = "A corpus is read more than once: store what a pipe gives in a file."


def require_file(path: Path) -> None:
    """Check that there is something to read.

    Raises:
        DataError: missing (names like it are offered), a directory, not a regular file, or empty.
    """
    try:
        if path.is_dir():
            raise DataError(
                "is a directory, and a corpus is a file", where=path, hint="Name a file in it."
            )
        if not path.exists():
            hint = _NO_PIPE if str(path) == "-" else _siblings(path)
            raise DataError("there is no such file", where=path, hint=hint)
        if not path.is_file():
            raise DataError("is not a regular file", where=path, hint=_NO_PIPE)
        size = path.stat().st_size
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", where=path) from None
    if not size:
        raise DataError(
            "is empty", where=path, hint="Check whether it was written, or fetched, to its end."
        )


@contextmanager
def open_bytes(path: Path, count: Count | None = None) -> Iterator[BinaryIO]:
    """Open a file for reading, decompressed if its name ends in .gz, .xz or .zst.

    Raises:
        DataError: as `require_file`; or the file is cut short, damaged, or not compressed as its
            name says.
    """
    require_file(path)
    suffix = split_compression(path)[1]
    kind, magic = _KINDS.get(suffix, ("", ()))
    try:
        with _Counted(path, count) as raw, io.BufferedReader(raw, BLOCK) as buffered:
            if kind and not buffered.peek(8).startswith(magic):
                raise DataError(
                    f"is named {suffix} and is not compressed with {kind}",
                    where=path,
                    hint=f"If it is plain text, take {suffix} off its name.",
                )
            with _decompressed(cast(BinaryIO, buffered), suffix) as stream:
                yield _limited(stream, path) if suffix else stream
    except EOFError:
        raise DataError(
            f"is cut short: its {kind} data end too early", where=path, hint=_AGAIN
        ) from None
    except (gzip.BadGzipFile, lzma.LZMAError, zlib.error, _DamagedError) as error:
        raise DataError(f"is damaged: {error}", where=path, hint=_AGAIN) from None
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror or error}", where=path) from None


_AGAIN = "Fetch or compress the file again."


class _DamagedError(Exception):
    """Bytes that are no zstd data."""


class _Counted(io.FileIO):
    """A file that tells how far it has been read."""

    def __init__(self, path: Path, count: Count | None) -> None:
        super().__init__(path)
        self._count = count

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        size = super().readinto(buffer) or 0
        if self._count is not None:
            self._count(size)
        return size


class _Zstd(io.RawIOBase):
    """Decompressed zstd data, over any number of frames.

    The library's own reader ends without a word where the data are cut short.
    """

    def __init__(self, stream: BinaryIO) -> None:
        from zstandard import ZstdDecompressor

        self._stream = stream
        self._new = ZstdDecompressor(max_window_size=1 << 31).decompressobj
        self._frame = self._new()
        self._fresh = True  # nothing of the frame has been read
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            data = self._frame.unused_data if self._frame.eof else b""
            if self._frame.eof:
                self._frame, self._fresh = self._new(), True
            data = data or self._stream.read(1 << 16)
            if not data:
                if not self._fresh:
                    raise EOFError
                return 0
            self._ready = memoryview(self._decompress(data))
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _decompress(self, data: bytes) -> bytes:
        from zstandard import ZstdError

        self._fresh = False
        try:
            return self._frame.decompress(data)
        except ZstdError as error:
            raise _DamagedError(str(error)) from None


def _decompressed(stream: BinaryIO, suffix: str) -> BinaryIO:
    if suffix == ".gz":
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream, mode="rb"))
    if suffix == ".xz":
        return cast(BinaryIO, lzma.LZMAFile(stream, "rb"))
    if suffix == ".zst":
        return io.BufferedReader(_Zstd(stream), BLOCK)
    return stream


def most_bytes(path: Path) -> int:
    """Return how much a file may give when it is decompressed."""
    return max(BOMB_SIZE, BOMB_RATIO * path.stat().st_size)


class _Limited(io.RawIOBase):
    """A decompressed file that ends with an error where it gives too much."""

    def __init__(self, stream: BinaryIO, path: Path) -> None:
        self._stream, self._path = stream, path
        self._most = most_bytes(path)
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._given += len(data)
        if self._given > self._most:
            raise DataError(
                f"gives more than {BOMB_RATIO} times its size when it is decompressed",
                where=self._path,
                hint="It may be made to fill your disk. If it is right, decompress it yourself.",
            )
        return len(data)


def _limited(stream: BinaryIO, path: Path) -> BinaryIO:
    return io.BufferedReader(_Limited(stream, path), BLOCK)


def _siblings(path: Path) -> str | None:
    """Offer the names in the same directory that are most like the missing one."""
    if not path.parent.is_dir():
        return f"There is no directory {path.parent} either."
    names = [entry.name for entry in path.parent.iterdir() if not entry.name.startswith(".")]
    close = difflib.get_close_matches(path.name, names, n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(close)}?" if close else None
