"""Several processes, started by torchrun, that translate one file together.

Each reads the whole file, which is cut into the same chunks by all, and takes the next chunk that
nobody has taken. The first process (rank 0) also puts the translations together in order, and
writes and speaks for all. What is taken and what is ready is kept by torchrun's own store, so that
only the input must be there on each machine.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType
from typing import Any

from translator.cli.results import Results
from translator.cli.stream import Doubts, Piece, Work, chunks, interrupted, not_done
from translator.decoding.text.blocks import Block
from translator.errors import ConfigError, DataError, Interrupted, TranslatorError
from translator.progress import keep_quiet, progress, say

_AHEAD = 8
"""Chunks for each process that may wait for the one before them to be written: they use memory."""
_PATIENCE = timedelta(days=2)
"""How long the others wait for the first process to begin; its death ends them at once."""
_INTERVAL = 0.05


class _Ended(BaseException):
    """SIGTERM: torchrun ends all processes when one has ended."""


class Team:
    """The processes that translate together, as one of them sees them.

    Attributes:
        leads: whether this one writes.
        local_rank: the number of this process on its machine.
    """

    def __init__(self, store: Any, rank: int, size: int) -> None:
        self._store, self._size = store, size
        self.leads = rank == 0
        self.local_rank = int(os.environ["LOCAL_RANK"])

    def device(self, wanted: str) -> str:
        """Return this process's own device of the wanted kind, as `decoding.device` names it."""
        import torch

        from translator.hardware import choose_device

        if choose_device(wanted).type == "cpu":
            return wanted
        if wanted not in ("auto", "cuda") or self.local_rank >= torch.cuda.device_count():
            raise ConfigError(
                f"each of the {self._size} processes needs a GPU of its own, and this machine has "
                f"{torch.cuda.device_count()} (device={wanted})",
                hint="Use torchrun --nproc-per-node gpu, or --set decoding.device=cpu.",
            )
        return f"cuda:{self.local_rank}"

    def lead(
        self,
        work: Work,
        blocks: Iterable[Block],
        results: Results,
        *,
        fingerprint: str,
        total: int | None,
    ) -> None:
        """Translate with the others, and write what all of them have made.

        Raises:
            Interrupted: by Ctrl-C, or because another process has ended.
        """
        doubts = Doubts(work.name, results.reported())
        self._store.set("joined", "0")
        self._store.set("begin", json.dumps([fingerprint, results.done]))
        joined = 0
        own: dict[int, Piece] = {}

        def join() -> None:
            nonlocal joined
            while joined in own or self._store.check([f"piece {joined}"]):
                piece = own.pop(joined, None) or self._receive(joined)
                with _undisturbed():
                    results.keep(piece.text, piece.report, piece.done, piece.alignments)
                doubts.add(piece.report)
                joined += 1
                self._store.set("joined", str(joined))
                bar.move_to(piece.done)

        try:
            with progress("translating", total=total, unit="lines", begin=results.done) as bar:
                for index, chunk in self._mine(blocks, results.done, join):
                    own[index] = work.translate(chunk, lambda count: None)
                    join()
                while joined < self._count:
                    time.sleep(_INTERVAL)
                    join()
        except KeyboardInterrupt:
            raise interrupted(work, results) from None
        except _Ended:
            raise _another_ended(interrupted(work, results, signal.SIGTERM)) from None
        doubts.tell()
        self._store.set("end", "")

    def dismiss(self, fingerprint: str) -> None:
        """Tell the others that there is nothing left to do."""
        self._store.set("begin", json.dumps([fingerprint, None]))

    def help(self, work: Work, blocks: Iterable[Block], *, fingerprint: str) -> None:
        """Translate chunks for the first process, until none is left.

        Raises:
            DataError: this process reads another file than the first one.
        """
        self._store.wait(["begin"], _PATIENCE)
        expected, done = json.loads(self._store.get("begin"))
        if fingerprint != expected:
            raise DataError(
                f"differs from the file that the first process reads (process {self.local_rank} "
                "of this machine)",
                where=work.name,
                hint="Give all machines the same file.",
            )
        if done is None:
            return
        for index, chunk in self._mine(blocks, done, lambda: None):
            piece = work.translate(chunk, lambda count: None)
            self._store.set(f"piece {index}", json.dumps(piece))
        self._store.wait(["end"], _PATIENCE)

    def _mine(
        self, blocks: Iterable[Block], done: int, join: Callable[[], None]
    ) -> Iterator[tuple[int, list[Block]]]:
        """Yield the chunks that this process takes, with their places."""
        place = self._take()
        self._count = 0
        for index, chunk in enumerate(chunks(not_done(blocks, done))):
            self._count = index + 1
            if index < place:
                continue
            while place >= int(self._store.get("joined")) + _AHEAD * self._size:
                time.sleep(_INTERVAL)
                join()
            yield index, chunk
            place = self._take()

    def _take(self) -> int:
        return int(self._store.add("taken", 1)) - 1

    def _receive(self, place: int) -> Piece:
        """Return the piece of another process, and say what it could not say."""
        piece = Piece(*json.loads(self._store.get(f"piece {place}")))
        self._store.delete_key(f"piece {place}")
        for message in piece.messages:
            say(message)
        return piece


@contextmanager
def joined() -> Iterator[Team]:
    """Join the processes that torchrun started, until the block ends.

    Raises:
        TranslatorError: they do not find each other, or lose contact.
    """
    from torch.distributed import DistError, PrefixStore  # type: ignore[attr-defined]
    from torch.distributed.rendezvous import rendezvous

    try:
        store, rank, size = next(rendezvous("env://"))
    except (RuntimeError, ValueError) as error:
        address = f"{os.environ['MASTER_ADDR']}:{os.environ['MASTER_PORT']}"
        raise ConfigError(
            f"the processes do not find each other at {address}: {error}",
            hint="Start them with torchrun, which sets RANK, MASTER_ADDR and MASTER_PORT.",
        ) from error
    team = Team(PrefixStore("translation", store), rank, size)
    keep_quiet(not team.leads)
    if team.leads:
        signal.signal(signal.SIGTERM, _end)
    try:
        yield team
    except KeyboardInterrupt:
        if team.leads:
            raise
        raise SystemExit(130) from None
    except _Ended:
        raise _another_ended(Interrupted("", signal_number=signal.SIGTERM)) from None
    except DistError as error:
        keep_quiet(False)
        raise TranslatorError(
            f"the contact with the other processes is lost: {error}",
            hint="Run the same command again: it goes on with what was written.",
        ) from None
    except Exception:
        keep_quiet(False)  # this process says why all end
        raise


def _another_ended(error: Interrupted) -> Interrupted:
    told = "another process has ended, or all were told to"
    message = f"{told}; {error.message}" if error.message else told
    hint = error.hint or "Run the same command again."
    return Interrupted(message, hint=hint, signal_number=signal.SIGTERM)


def _end(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # what is to be said is said
    raise _Ended


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Put signals off to the end of the block, or the count would not be what was written."""
    signals = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
