"""Ctrl-C and SIGTERM ask a run to stop: at the end of the step, or in a validation at once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Self

from translator.progress import say


class Stopped(BaseException):
    """Leaves the training loop where everything can be saved; no error, so nothing catches it.

    Attributes:
        signal_number: what asked for it.
    """

    def __init__(self, signal_number: int) -> None:
        super().__init__(signal_number)
        self.signal_number = signal_number


class StopRequest:
    """While the block runs, the first signal sets `requested`; a second Ctrl-C stops at once.

    Attributes:
        requested: the signal's number; 0 while there was none.
    """

    def __init__(self) -> None:
        self.requested = 0
        self._at_once = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raise `Stopped` if a signal has come."""
        if self.requested:
            raise Stopped(self.requested)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Let a signal raise `Stopped` anywhere in the block, which must leave nothing half done.

        For work that takes long and can be done again, such as a validation.
        """
        try:
            self._at_once = True
            self.check()
            yield
        finally:
            self._at_once = False

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.requested and number == signal.SIGINT:
            raise KeyboardInterrupt
        first, self.requested = not self.requested, self.requested or number
        if first:
            work = "in this validation" if self._at_once else "after this step"
            with suppress(RuntimeError):  # the signal came while another line was being printed
                say(f"Stopping {work}, to save the state.")
        if self._at_once:
            self._at_once = False  # what follows is done in full
            raise Stopped(self.requested)
