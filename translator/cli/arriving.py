"""Lines that arrive one by one: from a pipe that trickles, or from somebody who types."""

from __future__ import annotations

import os
import select
import stat
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO

_BLOCK = 1 << 16
_PATIENCE = 0.01
"""Seconds after which a pipe is taken to be waiting: a fast program refills it sooner."""


class Arriving:
    """The lines of a pipe, with a view to whether the next one is there yet."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read from `stream`, of which nothing has been read."""
        self._descriptor = stream.fileno()
        self._lines: deque[bytes] = deque()
        self._begun: list[bytes] = []
        self._ended = False

    def __iter__(self) -> Iterator[bytes]:
        while self._lines or not self._ended:
            if self._lines:
                yield self._lines.popleft()
            else:
                self._read()

    def waiting(self) -> bool:
        """Return whether the next line is still to come."""
        while not self._lines and not self._ended and _is_ready(self._descriptor):
            self._read()
        return not self._lines and not self._ended

    def _read(self) -> None:
        """Take what is there; wait if there is nothing."""
        block = os.read(self._descriptor, _BLOCK)
        if not block:
            self._ended = True
            if self._begun:
                self._lines.append(b"".join(self._begun))
            return
        *whole, rest = block.split(b"\n")
        for line in whole:
            self._lines.append(b"".join([*self._begun, line, b"\n"]))
            self._begun = []
        if rest:
            self._begun.append(rest)


class Prompt:
    """The lines of somebody who types, with Python's own line editing and history."""

    def __init__(self, text: str) -> None:
        """Show `text` in front of each line."""
        self._text = text
        with suppress(ImportError):  # Windows has none
            import readline  # noqa: F401 - makes input() edit lines, and remember them
        # what is no UTF-8 shall be told as it is for a file
        sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]

    def __iter__(self) -> Iterator[bytes]:
        while True:
            try:
                line = input(self._text)
            except EOFError:
                sys.stderr.write("\n")  # behind the prompt
                return
            yield line.encode(errors="surrogateescape") + b"\n"


def is_pipe(stream: BinaryIO) -> bool:
    """Return whether lines may arrive slowly: from a pipe, a socket or a device, and no file."""
    try:
        return not stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):
        return False


def _is_ready(descriptor: int) -> bool:
    try:
        return bool(select.select([descriptor], [], [], _PATIENCE)[0])
    except (OSError, ValueError):
        return False  # Windows: each line by itself
