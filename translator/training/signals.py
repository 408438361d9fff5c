"""Ctrl-C and SIGTERM ask a run to stop; it does so at the end of the step."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Any, Self

from translator.progress import say


class StopRequest:
    """While the block runs, the first signal sets `requested`; a second Ctrl-C stops at once."""

    def __init__(self) -> None:
        self.requested = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.requested and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.requested = True
        say("Stopping after this step, to save the state.")
