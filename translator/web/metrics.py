"""Figures for Prometheus: what was asked for, how long it took, what was refused."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_COUNTS = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class Metrics:
    """The figures of one server; nothing in them tells what was translated, or for whom."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        # memory, processor time, open files
        ProcessCollector(registry=self._registry)
        self.requests = Counter(
            "translator_requests",
            "Requests that were answered.",
            ["path", "status"],
            registry=self._registry,
        )
        self.seconds = Histogram(
            "translator_request_seconds",
            "From the head of a request to the end of its answer.",
            ["path"],
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.refused = Counter(
            "translator_refused",
            "Requests that were not worked on.",
            ["reason"],
            registry=self._registry,
        )
        self.sentences = Counter(
            "translator_sentences",
            "Sentences that were translated.",
            ["source", "target"],
            registry=self._registry,
        )
        self.characters = Counter(
            "translator_characters",
            "Characters of these sentences.",
            ["source", "target"],
            registry=self._registry,
        )
        self.batches = Histogram(
            "translator_batch_sentences",
            "Sentences that were translated together.",
            buckets=_COUNTS,
            registry=self._registry,
        )
        self.reloads = Counter(
            "translator_reloads", "Models read again.", ["result"], registry=self._registry
        )
        self._in_work = Gauge(
            "translator_requests_in_work", "Requests in work or waiting.", registry=self._registry
        )
        self._waiting = Gauge(
            "translator_waiting_sentences", "Sentences that wait.", registry=self._registry
        )

    def watch(self, in_work: Callable[[], float], waiting: Callable[[], float]) -> None:
        """Ask these functions for the gauges, each time that somebody looks."""
        self._in_work.set_function(in_work)
        self._waiting.set_function(waiting)

    def text(self) -> bytes:
        """Return all figures in the text format of Prometheus."""
        return generate_latest(self._registry)
