"""Long work shows itself: a bar on a terminal, plain lines elsewhere, always on stderr."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PLAIN_INTERVAL = 15.0
"""Seconds between two lines about the same work when stderr is no terminal."""

_active: list[Progress] = []
_quiet = False


def keep_quiet(quiet: bool) -> None:
    """Say and show nothing from now on, or again: one of several processes speaks for all."""
    global _quiet
    _quiet = quiet


def say(text: str = "") -> None:
    """Print a line on stderr, above a running bar if there is one."""
    if _quiet:
        return
    if _active:
        _active[-1].console.print(text, markup=False, highlight=False, soft_wrap=True)
    else:
        print(text, file=sys.stderr, flush=True)  # noqa: T201 - the one place that prints


def counted(number: int, noun: str) -> str:
    """Return ``1 step``, ``2 steps``, ``1,000 steps``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def shortened(text: str, width: int) -> str:
    """Return a text of at most `width` characters, with an ellipsis where it was longer."""
    return text if len(text) <= width else text[: width - 1] + "…"


class Bar:
    """One piece of work: `advance` it, and `note` a few words on its state."""

    def __init__(self, description: str, total: float | None, unit: str, begin: float) -> None:
        self.description, self.total, self.unit = description, total, unit
        self.begin = self.done = begin
        self.text = ""
        self.started = self._last_line = time.monotonic()
        self._told: tuple[float, str] | None = None
        self._show: Callable[[], None] = self._plain_line

    def advance(self, amount: float = 1) -> None:
        """Count `amount` more units as done."""
        self.done += amount
        self._show()

    def move_to(self, done: float) -> None:
        """Say how much is done in all."""
        self.done = done
        self._show()

    def note(self, text: str) -> None:
        """Show `text` beside the bar."""
        self.text = text
        self._show()

    def _plain_line(self, *, last: bool = False) -> None:
        now = time.monotonic()
        countable = bool(self.total or self.unit)
        if not last and now - self._last_line < PLAIN_INTERVAL:
            return
        if last and countable and self._told == (self.done, self.text):
            return  # the last line but one said it already
        self._last_line, self._told = now, (self.done, self.text)
        rate = self.rate()
        parts = [f"{self.done / self.total:.0%}"] if self.total else []
        if self.unit:
            done = f"{self.done:,.0f}"
            parts += [f"{done} {self.unit.removesuffix('s') if done == '1' else self.unit}"]
            parts += [self.rate_text()] if rate else []
        if self.total and rate and not last:
            parts.append(f"{clock((self.total - self.done) / rate)} left")
        parts += [self.text] if self.text else []
        # of work that cannot be counted, how long it has taken
        say(f"{self.description}: {', '.join(parts) or clock(now - self.started)}")

    def rate(self) -> float:
        """Return units per second since the bar began."""
        return (self.done - self.begin) / max(time.monotonic() - self.started, 1e-9)

    def rate_text(self) -> str:
        """Return the rate with its unit; empty without one."""
        rate = self.rate()
        number = f"{rate:.1g}" if rate < 0.1 else f"{rate:,.{1 if rate < 10 else 0}f}"
        return f"{number} {self.unit}/s" if self.unit else ""


@contextmanager
def progress(
    description: str, *, total: float | None = None, unit: str = "", begin: float = 0
) -> Iterator[Bar]:
    """Show a piece of work while the block runs.

    Args:
        description: what is being done.
        total: how many units it takes (None: unknown).
        unit: what is counted, in the plural; without a name only the share is shown.
        begin: units that were done before.
    """
    bar = Bar(description, total, unit, begin)
    if _quiet:
        bar._show = lambda: None
        yield bar
        return
    if not sys.stderr.isatty():
        yield bar
        # short work is not worth a line of a log
        if time.monotonic() - bar.started > PLAIN_INTERVAL:
            bar._plain_line(last=True)
        return
    with _rich_progress() as display:
        task = display.add_task(description, total=total, note="", rate="")
        bar._show = lambda: _refresh(display, task, bar)
        _active.append(display)
        try:
            yield bar
        finally:
            _active.remove(display)


@contextmanager
def loading() -> Iterator[None]:
    """Show on a terminal, while the block runs, that the libraries are being loaded."""
    text = "Starting…"
    if _quiet or not sys.stderr.isatty():
        yield
        return
    sys.stderr.write(text)
    sys.stderr.flush()
    try:
        yield
    finally:
        sys.stderr.write(f"\r{' ' * len(text)}\r")
        sys.stderr.flush()


def clock(seconds: float) -> str:
    """Return a duration as ``1:02:03`` or ``2:03``."""
    whole = max(0, round(seconds))
    hours, minutes = whole // 3600, whole % 3600 // 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def size(number: float) -> str:
    """Return a number of bytes as ``2.3 GB`` or ``140 MB``."""
    if number >= 1e9:
        return f"{number / 1e9:,.1f} GB"
    return f"{number / 1e6:,.0f} MB" if number >= 1e6 else f"{number / 1e6:.1f} MB"


def _rich_progress() -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TaskProgressColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=Console(stderr=True),
        transient=True,
    )


def _refresh(display: Progress, task: TaskID, bar: Bar) -> None:
    rate = bar.rate_text()
    display.update(task, completed=bar.done, note=bar.text, rate=rate)
