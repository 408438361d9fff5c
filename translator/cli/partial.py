"""A file of translations that grows beside its final place, and survives whatever ends the work.

While `article.fr.txt` is made, there is a directory `article.fr.txt.partial`:

    job.json   what is being made: input, model and options, by their fingerprints
    text       the translations so far
    report     what --report tells, so far
    alignments what --alignments gives, so far
    journal    one line for each piece of the work that is in them
    lock       held by the process that writes

A line of the journal says how many lines of the input are done, and the size and the checksum of
the files of results up to there. What a killed process or a lost power supply has left is read
against it: the work goes on behind the last entry that all files agree with, and what lies beyond
is cut off. So nothing has to reach the disk in a certain order to be right; it is flushed now and
then, so that little is lost.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import time
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from translator.cli.files import Output, check_writable
from translator.errors import DataError
from translator.progress import counted, say
from translator.run_directory import flush, replacing, write_atomically

try:
    import fcntl
except ImportError:  # Windows: two processes are left to the user's care
    fcntl = None  # type: ignore[assignment]

FLUSH_INTERVAL = 30.0
"""Seconds after which what was written is flushed: a power cut costs no more than that."""

_RESULTS = ("text", "report", "alignments")
_CONTENT = (*_RESULTS, "journal")
_NAMES = (*_CONTENT, "job.json", "lock")
_BLOCK = 1 << 20


class Entry(NamedTuple):
    """A line of the journal: how far the work was, and what the files held then."""

    done: int = 0
    text_size: int = 0
    text_sum: int = 0
    report_size: int = 0
    report_sum: int = 0
    end: int = 0
    """1 when no line of the input is left."""
    alignments_size: int = 0
    alignments_sum: int = 0

    def states(self) -> list[tuple[int, int]]:
        """Return size and checksum of each of the files of results."""
        return [
            (self.text_size, self.text_sum),
            (self.report_size, self.report_sum),
            (self.alignments_size, self.alignments_sum),
        ]

    def line(self) -> bytes:
        """Return the entry with a checksum of its own: it may be cut short."""
        body = " ".join(map(str, self)).encode()
        return b"%b %08x\n" % (body, zlib.crc32(body))

    @classmethod
    def read(cls, line: bytes) -> Entry | None:
        """Return the entry; None if the line is damaged."""
        body, _, check = line.rpartition(b" ")
        if check != b"%08x\n" % zlib.crc32(body):
            return None
        return cls(*map(int, body.split()))


class PartialOutput:
    """A place for results that knows for how many lines of the input it holds them."""

    followed = False

    def __init__(
        self,
        path: Path,
        job: dict[str, Any],
        *,
        report: Path | None = None,
        alignments: Path | None = None,
        in_place: bool = False,
    ) -> None:
        """Name the place and the work; `opened` begins.

        Args:
            path: where the translations go at the end.
            job: `input`, `model` and `options`; what began with the same ones goes on.
            report: where the report goes at the end.
            alignments: where the links between words go at the end.
            in_place: whether `path` is the input, which changes when the work is done.

        Raises:
            DataError: one of these places cannot be written to.
        """
        check_writable(path, "--output")
        for option, place in (("--report", report), ("--alignments", alignments)):
            if place is not None:
                check_writable(place, option)
        self.name = str(path)
        self._target = path.resolve()  # a link stays a link: what it points to is replaced
        self.directory = self._target.with_name(self._target.name + ".partial")
        self._targets = dict(zip(_RESULTS, (self._target, report, alignments), strict=True))
        self._job, self._in_place = job, in_place
        self._entry = Entry()
        self._files: dict[str, Output] = {}
        self._flushed = time.monotonic()

    @property
    def done(self) -> int:
        """Return for how many lines of the input there are results."""
        return self._entry.done

    @property
    def ended(self) -> bool:
        """Return whether there are results for all lines."""
        return bool(self._entry.end)

    def keep(self, text: str, report: str, done: int, alignments: str = "") -> None:
        """Write what belongs to the lines up to the line `done`."""
        after = []
        results = zip(_RESULTS, (text, report, alignments), self._entry.states(), strict=True)
        for name, added, (size, checksum) in results:
            data = _bytes(added)
            self._files[name].write_bytes(data)
            after.append((size + len(data), zlib.crc32(data, checksum)))
        self._note(Entry(done, *after[0], *after[1], 0, *after[2]))
        if time.monotonic() - self._flushed > FLUSH_INTERVAL:
            self._flush()

    def reported(self) -> Iterator[dict[str, Any]]:
        """Yield the entries of the report so far."""
        with (self.directory / "report").open("rb") as file:
            for line in file:
                yield json.loads(line)

    def what_is_left(self) -> str:
        """Say what an interrupted user has, and how to go on."""
        if not self.done:
            return f"{self.name} is as it was before."
        return f"They are kept in {self.directory.name}: the same command goes on after them."

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Hold the directory during the block, which writes and ends with `finish`.

        What was begun before is gone on with. If the block is left early, the directory stays; one
        without a single line in it is removed.

        Raises:
            DataError: another process is at work here, or something else has this name.
        """
        try:
            self._check_directory()
            self.directory.mkdir(exist_ok=True)
            with ExitStack() as stack:
                self._lock(stack)
                try:
                    if not self._goes_on():
                        self._begin()
                    for name in _CONTENT if not self.ended else ():
                        file = (self.directory / name).open("ab", buffering=0)
                        self._files[name] = Output(stack.enter_context(file), self.name)
                    yield
                finally:
                    if not self.done:
                        shutil.rmtree(self.directory, ignore_errors=True)
        except OSError as error:
            if str(self.directory) in str(error.filename):
                # the name that the user gave
                raise OSError(error.errno, error.strerror, self.name) from None
            raise

    def finish(self) -> None:
        """Put the results where they belong; killed in here, the same command does the rest."""
        if not self.ended:
            self._note(self._entry._replace(end=1))
            self._flush()
        for name, target in self._targets.items():
            file = self.directory / name
            if target is not None and file.exists():
                _put(file, target.resolve())
        shutil.rmtree(self.directory)

    def _note(self, entry: Entry) -> None:
        self._files["journal"].write_bytes(entry.line())
        self._entry = entry

    def _flush(self) -> None:
        for file in self._files.values():
            os.fsync(file.stream.fileno())
        self._flushed = time.monotonic()

    def _check_directory(self) -> None:
        if not self.directory.exists():
            return
        if not self.directory.is_dir() or any(
            file.name not in _NAMES and not file.name.startswith(".partial-")
            for file in self.directory.iterdir()
        ):
            raise DataError(
                "is in the way: translations would be kept there until all are made",
                where=self.directory,
                hint="Move it away, or choose another --output.",
            )

    def _lock(self, stack: ExitStack) -> None:
        """Keep other processes out; the system lifts the lock when this one ends, however."""
        file = stack.enter_context((self.directory / "lock").open("ab"))
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DataError(
                "is being written by another process",
                where=self.name,
                hint="Wait until it ends, or choose another --output.",
            ) from None
        except OSError:
            pass  # a file system without locks

    def _goes_on(self) -> bool:
        """Return whether the same job was begun here; then the files are as its last entry says."""
        try:
            before = json.loads((self.directory / "job.json").read_bytes())
            journal = (self.directory / "journal").read_bytes()
        except (OSError, ValueError):
            return False
        entries = _entries(journal)
        if entries and self._was_put(before, entries[-1]):
            self._entry = entries[-1]
            say(f"{self.name}: all {counted(self.done, 'line')} had been translated")
            return True
        changed = [name for name, value in self._job.items() if before.get(name) != value]
        if changed:
            if entries:
                say(f"{self.name}: other {' and other '.join(changed)} than before: starting anew")
            return False
        self._entry = self._last_confirmed(entries)
        if not self.done:
            return False
        say(f"{self.name}: going on after line {self.done:,}")
        for name, (length, _) in zip(_RESULTS, self._entry.states(), strict=True):
            os.truncate(self.directory / name, length)
        last = self._entry.line()
        os.truncate(self.directory / "journal", journal.index(last) + len(last))
        return True

    def _was_put(self, before: dict[str, Any], last: Entry) -> bool:
        """Return whether this job had ended, and the results were put where they belong.

        If they took the place of the input, it must not be translated a second time.
        """
        if not last.end or (self.directory / "text").exists():
            return False
        now = {**self._job, "input": before.get("input")} if self._in_place else self._job
        if now != before or not self._target.is_file():
            return False
        with _Sums(self._target) as sums:
            size = self._target.stat().st_size
            return size == last.text_size and sums.upto(size) == last.text_sum

    def _last_confirmed(self, entries: list[Entry]) -> Entry:
        """Return the last entry that all files agree with."""
        good = Entry()
        if not all((self.directory / name).is_file() for name in _CONTENT):
            return good
        with ExitStack() as stack:
            sums = [stack.enter_context(_Sums(self.directory / name)) for name in _RESULTS]
            for entry in entries:
                states = zip(sums, entry.states(), strict=True)
                if any(own.upto(size) != checksum for own, (size, checksum) in states):
                    break
                good = entry
        return good

    def _begin(self) -> None:
        self._entry = Entry()
        for path in self.directory.iterdir():
            if path.is_dir():  # left by a process that was killed while it wrote job.json
                shutil.rmtree(path)
            elif path.name != "lock":
                path.unlink()
        write_atomically(self.directory / "job.json", json.dumps(self._job, indent=2).encode())


class _Sums:
    """The checksum of the beginning of a file, for longer and longer beginnings."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self._at = self._sum = 0

    def __enter__(self) -> _Sums:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def upto(self, size: int) -> int | None:
        """Return the checksum of the first `size` bytes; None if there are fewer."""
        while self._at < size:
            block = self._file.read(min(_BLOCK, size - self._at))
            if not block:
                return None
            self._sum = zlib.crc32(block, self._sum)
            self._at += len(block)
        return self._sum


def _entries(journal: bytes) -> list[Entry]:
    """Return the entries before the first damaged one."""
    entries = []
    for line in journal.splitlines(keepends=True):
        entry = Entry.read(line)
        if entry is None:
            break
        entries.append(entry)
    return entries


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _put(file: Path, target: Path) -> None:
    """Rename the file to the target, whose permissions it takes; to another disk it is copied."""
    if target.exists():
        shutil.copymode(target, file)
    try:
        file.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with replacing(target) as copy:
            shutil.copy(file, copy)
    else:
        flush(target.parent)
