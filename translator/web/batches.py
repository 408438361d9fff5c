"""What many requests ask for is computed together, by one thread for each model.

While one batch is computed, what comes in waits and makes the next one; if nothing is in work, the
first to come waits a moment for others. Each waiting request has its turn in each batch, so that a
long text does not keep a short one waiting.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Kind = TypeVar("Kind", bound=Hashable)
Work = Callable[[Kind, list[Any]], Sequence[Any]]
"""Computes the results of items of one kind, in their order."""

_IDLE = 5.0
"""Seconds without work after which the thread ends; it starts again with the next request."""


@dataclass
class _Item:
    value: Any
    size: int
    result: Future[Any] = field(default_factory=Future)


@dataclass
class _Request(Generic[Kind]):
    kind: Kind
    items: deque[_Item]
    since: float


class Batcher(Generic[Kind]):
    """Computes in one thread what any number of threads ask for.

    Only items of one kind go into a batch: the kind says what is done with them.

    Args:
        work: what computes; if it fails for several items, each is tried alone.
        window: seconds that the first request waits for others.
        most: size of a batch, in the unit of the items' sizes; one item may be larger.
        on_batch: called with the number of items of each batch.
    """

    def __init__(
        self,
        work: Work[Kind],
        *,
        window: float,
        most: int,
        on_batch: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._work, self._window, self._most, self._on_batch = work, window, most, on_batch
        self._waiting: deque[_Request[Kind]] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def submit(self, kind: Kind, values: Sequence[Any], sizes: Sequence[int]) -> list[Future[Any]]:
        """Return the results to come, in order; a result that is cancelled is not computed."""
        items = [_Item(value, size) for value, size in zip(values, sizes, strict=True)]
        if items:
            with self._changed:
                self._waiting.append(_Request(kind, deque(items), time.monotonic()))
                if self._thread is None:
                    # no result is worth keeping the program from ending
                    self._thread = threading.Thread(target=self._run, name="batches", daemon=True)
                    self._thread.start()
                self._changed.notify()
        return [item.result for item in items]

    @property
    def waiting(self) -> int:
        """Return how many items wait."""
        with self._changed:
            return sum(len(request.items) for request in self._waiting)

    def _run(self) -> None:
        while batch := self._next():
            kind, items = batch
            self._on_batch(len(items))
            self._compute(kind, items)

    def _next(self) -> tuple[Kind, list[_Item]] | None:
        """Wait for items and return a batch of them; None when there was nothing to do for long."""
        with self._changed:
            while True:
                if not self._changed.wait_for(lambda: self._waiting, timeout=_IDLE):
                    self._thread = None
                    return None
                until = self._waiting[0].since + self._window
                self._changed.wait_for(self._is_full, timeout=max(0.0, until - time.monotonic()))
                kind = self._waiting[0].kind
                items = self._take(kind)
                if items:
                    return kind, items

    def _is_full(self) -> bool:
        return sum(item.size for one in self._waiting for item in one.items) >= self._most

    def _take(self, kind: Kind) -> list[_Item]:
        """Take one item of each request of this kind, and again, until the batch is full."""
        taken: list[_Item] = []
        size = 0
        turns = deque(one for one in self._waiting if one.kind == kind)
        while turns and size < self._most:
            request = turns.popleft()
            item = request.items.popleft()
            # False where nobody waits for it any more
            if item.result.set_running_or_notify_cancel():
                taken.append(item)
                size += item.size
            if request.items:
                turns.append(request)
        self._waiting = deque(one for one in self._waiting if one.items)
        return taken

    def _compute(self, kind: Kind, items: list[_Item]) -> None:
        try:
            results = self._work(kind, [item.value for item in items])
        except BaseException as error:
            if len(items) == 1:
                items[0].result.set_exception(error)
                return
            # what one of them asks for must not harm the others
            for item in items:
                self._compute(kind, [item])
            return
        for item, result in zip(items, results, strict=True):
            item.result.set_result(result)
