"""What is known of the systems that translated a test set: scores, differences, parts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from translator.evaluation.scores import RESAMPLED, Measured, Score, measure
from translator.evaluation.significance import Comparison, compare

_SMALL = 2
"""A part of fewer sentences has no interval and no comparison."""


@dataclass(kw_only=True)
class Task:
    """Sentences to translate, what they should become, and where they come from."""

    name: str
    target: str
    """Language tag; empty if it is not known."""
    sources: list[str] | None
    """None where only translations and references are at hand."""
    references: list[list[str | None]]
    lines: list[int]
    """The line of the file that each sentence stands on, counted from 1."""
    total: int
    """Lines of the file."""
    labels: list[str] | None = None
    """Which part of the test set each sentence belongs to."""
    details: dict[str, Any] = field(default_factory=dict)
    reading: dict[str, Any] = field(default_factory=dict)
    """How it was read, so that it can be read again."""

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(kw_only=True)
class System:
    """One system's translations of a test set."""

    name: str
    hypotheses: list[str]
    details: dict[str, Any] = field(default_factory=dict)
    """Where they come from."""
    measured: dict[str, Measured] = field(default_factory=dict)


@dataclass(kw_only=True)
class Part:
    """Scores of a test set, or of those of its sentences that carry a label."""

    label: str
    sentences: int
    scores: list[list[Score]]
    """For each system."""
    comparisons: list[Comparison]
    """Of the first system with each of the others."""


@dataclass(kw_only=True)
class Evaluation:
    """All that was found out on one test set."""

    task: Task
    systems: list[System]
    whole: Part
    parts: list[Part]
    warnings: list[str] = field(default_factory=list)


def evaluate_systems(
    task: Task,
    systems: Sequence[System],
    metrics: Mapping[str, Any],
    *,
    bootstrap: int = RESAMPLED,
) -> Evaluation:
    """Score systems on a test set and on its parts, and compare the first with the others.

    Raises:
        DataError: see `measure`.
    """
    for system in systems:
        system.measured = measure(system.hypotheses, task.references, metrics)
    parts = []
    for label in dict.fromkeys(task.labels or []):
        rows = [row for row, own in enumerate(task.labels or []) if own == label]
        parts.append(_part(systems, label, rows, bootstrap))
    return Evaluation(
        task=task,
        systems=list(systems),
        whole=_part(systems, "", None, bootstrap),
        parts=parts,
    )


def _part(systems: Sequence[System], label: str, rows: list[int] | None, bootstrap: int) -> Part:
    sentences = len(systems[0].hypotheses) if rows is None else len(rows)
    enough = sentences >= _SMALL or rows is None
    scores = [
        [one.score(rows, bootstrap=bootstrap if enough else 0) for one in system.measured.values()]
        for system in systems
    ]
    comparisons: list[Comparison] = []
    if len(systems) > 1 and enough:
        first, *others = ((one.name, list(one.measured.values())) for one in systems)
        comparisons = compare(first, others, rows=rows)
    return Part(label=label, sentences=sentences, scores=scores, comparisons=comparisons)
