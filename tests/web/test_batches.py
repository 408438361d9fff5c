from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from typing import Any

import pytest

from translator.web import batches
from translator.web.batches import Batcher


class Bench:
    """Work that waits to be let go, and remembers what it was given."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, list[Any]]] = []
        self.go = threading.Event()
        self.begun = threading.Event()

    def work(self, kind: str, values: list[Any]) -> list[str]:
        self.seen.append((kind, values))
        self.begun.set()
        assert self.go.wait(10)
        if "bad" in values:
            raise ValueError("this one cannot be done")
        return [f"{kind} {value}" for value in values]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def begun(bench: Bench, **options: Any) -> Batcher[str]:
    """Return a batcher that is at work, so that all else has to wait."""
    batcher = Batcher(bench.work, **({"window": 0.0, "most": 100} | options))
    batcher.submit("say", ["first"], [1])
    assert bench.begun.wait(10)
    return batcher


def results(futures: list[Any]) -> list[Any]:
    return [one.result(timeout=10) for one in futures]


def test_what_waits_is_computed_together(bench):
    batcher = begun(bench)
    found = [batcher.submit("say", [name], [1]) for name in ("a", "b", "c")]
    assert batcher.waiting == 3
    bench.go.set()
    assert [results(one) for one in found] == [["say a"], ["say b"], ["say c"]]
    assert bench.seen == [("say", ["first"]), ("say", ["a", "b", "c"])]
    assert batcher.waiting == 0


def test_the_first_waits_for_others_as_long_as_the_window_is(bench):
    bench.go.set()
    batcher = Batcher(bench.work, window=60.0, most=2)
    first = batcher.submit("say", ["a"], [1])
    second = batcher.submit("say", ["b"], [1])  # which makes the batch full
    assert results([*first, *second]) == ["say a", "say b"]
    assert bench.seen == [("say", ["a", "b"])]


def test_a_long_request_does_not_keep_a_short_one_waiting(bench):
    batcher = begun(bench, most=4)
    long = batcher.submit("say", list(range(8)), [1] * 8)
    short = batcher.submit("say", ["short"], [1])
    bench.go.set()
    assert results(long) == [f"say {i}" for i in range(8)]
    assert results(short) == ["say short"]
    assert bench.seen[1] == ("say", [0, "short", 1, 2])


def test_a_batch_is_full_when_its_items_are_so_large_together(bench):
    batcher = begun(bench, most=10)
    found = batcher.submit("say", ["a", "b", "c", "d"], [6, 6, 30, 1])
    bench.go.set()
    results(found)
    assert [values for _, values in bench.seen[1:]] == [["a", "b"], ["c"], ["d"]]


def test_only_one_kind_is_in_a_batch(bench):
    batcher = begun(bench)
    found = [
        batcher.submit(kind, [name], [1])
        for kind, name in (("say", "a"), ("sing", "b"), ("say", "c"))
    ]
    bench.go.set()
    assert [results(one) for one in found] == [["say a"], ["sing b"], ["say c"]]
    assert bench.seen[1:] == [("say", ["a", "c"]), ("sing", ["b"])]


def test_what_nobody_waits_for_is_not_computed(bench):
    batcher = begun(bench)
    a, b, c = batcher.submit("say", ["a", "b", "c"], [1, 1, 1])
    assert b.cancel()
    bench.go.set()
    assert results([a, c]) == ["say a", "say c"]
    with pytest.raises(CancelledError):
        b.result(timeout=10)
    assert bench.seen[1:] == [("say", ["a", "c"])]


def test_one_that_fails_fails_alone(bench):
    batcher = begun(bench)
    a, bad, c = batcher.submit("say", ["a", "bad", "c"], [1, 1, 1])
    bench.go.set()
    assert results([a, c]) == ["say a", "say c"]
    with pytest.raises(ValueError, match="cannot be done"):
        bad.result(timeout=10)


def test_nothing_is_asked_for(bench):
    assert Batcher(bench.work, window=0.0, most=1).submit("say", [], []) == []


def test_the_thread_ends_without_work_and_comes_again(bench, monkeypatch):
    monkeypatch.setattr(batches, "_IDLE", 0.01)
    bench.go.set()
    batcher = Batcher(bench.work, window=0.0, most=1)
    assert results(batcher.submit("say", ["a"], [1])) == ["say a"]
    thread = batcher._thread
    if thread is not None:
        thread.join(timeout=10)
    assert batcher._thread is None
    assert results(batcher.submit("say", ["b"], [1])) == ["say b"]
