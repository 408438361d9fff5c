"""What goes wrong where: the error report's facts, before they become a page or text."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from translator.corpora.trained_on import TrainedOn, words
from translator.evaluation.report.bands import Grouping, groupings
from translator.evaluation.report.differences import Pieces, differences
from translator.evaluation.report.signs import MEANINGS, find_signs
from translator.evaluation.results import Evaluation

SENTENCE_METRIC = "chrF2"
"""By which sentences are ranked: of single sentences it says more than BLEU."""
WORST, BEST, CHANGED = 20, 10, 10
"""Sentences that are shown."""
_NAMED = 8
"""Lines that are named beside a sign."""
_BINS = 10


@dataclass(kw_only=True)
class Translation:
    """What one system made of a sentence."""

    system: str
    score: float
    pieces: Pieces
    """The text, and what of it is not in the reference."""
    signs: dict[str, str]


@dataclass(kw_only=True)
class Example:
    """A sentence, with all that became of it."""

    line: int
    source: str | None
    reference: Pieces
    """The reference nearest to the first system, and what of it that one lacks."""
    others: list[str]
    """Further references."""
    translations: list[Translation]


@dataclass(kw_only=True)
class Sign:
    """How often each system shows a sign, and where."""

    name: str
    meaning: str
    counts: list[int]
    lines: list[int]
    """Of the first system, the first ones."""


@dataclass(kw_only=True)
class Examples:
    """Sentences chosen for one reason."""

    title: str
    note: str
    examples: list[Example]


@dataclass(kw_only=True)
class Analysis:
    """Everything the report says of one test set."""

    evaluation: Evaluation
    groupings: list[Grouping]
    signs: list[Sign]
    ratios: list[float]
    """For each system, letters in its translations for each letter in the nearest references."""
    histogram: list[list[int]]
    """For each system, sentences by score: 0 to 10, 10 to 20, …"""
    chosen: list[Examples]


def analyse(evaluation: Evaluation, known: TrainedOn | None, *, side: str = "source") -> Analysis:
    """Look at every sentence of a test set; see `groupings` for `known` and `side`."""
    facts = _Facts(evaluation)
    systems = evaluation.systems
    rows = range(len(evaluation.task))
    signs = []
    for name, meaning in MEANINGS.items():
        counts = [sum(name in one for one in facts.signs[at]) for at in range(len(systems))]
        if any(counts):
            lines = [evaluation.task.lines[row] for row in rows if name in facts.signs[0][row]]
            signs.append(Sign(name=name, meaning=meaning, counts=counts, lines=lines[:_NAMED]))
    histogram = []
    for scores in facts.scores:
        bins = [0] * _BINS
        for score in scores:
            bins[min(_BINS - 1, int(score * _BINS / 100))] += 1
        histogram.append(bins)
    return Analysis(
        evaluation=evaluation,
        groupings=groupings(evaluation, known, side=side),
        signs=signs,
        ratios=facts.ratios(),
        histogram=histogram,
        chosen=_chosen(facts),
    )


class _Facts:
    """What is known of each sentence."""

    def __init__(self, evaluation: Evaluation) -> None:
        task = self.task = evaluation.task
        self.evaluation = evaluation
        self.scores = [
            system.measured[SENTENCE_METRIC].sentence_scores() for system in evaluation.systems
        ]
        self.references = [
            [text for text in row if text] for row in zip(*task.references, strict=True)
        ]
        sources: Sequence[str | None] = task.sources or [None] * len(task)
        self.signs = [
            [
                find_signs(source, hypothesis, references, target=task.target)
                for source, hypothesis, references in zip(
                    sources, system.hypotheses, self.references, strict=True
                )
            ]
            for system in evaluation.systems
        ]

    def ratios(self) -> list[float]:
        """Return each system's letters for each letter of the references nearest in length."""
        found = []
        for system in self.evaluation.systems:
            own = theirs = 0
            for text, references in zip(system.hypotheses, self.references, strict=True):
                own += len(text)
                theirs += min(map(len, references), key=lambda n: (abs(n - len(text)), n))
            found.append(own / max(1, theirs))
        return found

    def example(self, row: int) -> Example:
        """Return a sentence as it is shown."""
        references = self.references[row]
        first = self.evaluation.systems[0].hypotheses[row]
        nearest = references[0]
        if len(references) > 1:
            nearest = max(references, key=lambda text: _likeness(text, first))
        reference, _ = differences(nearest, first)
        return Example(
            line=self.task.lines[row],
            source=None if self.task.sources is None else self.task.sources[row],
            reference=reference,
            others=[text for text in references if text != nearest],
            translations=[
                Translation(
                    system=system.name,
                    score=self.scores[at][row],
                    pieces=differences(nearest, system.hypotheses[row])[1],
                    signs=self.signs[at][row],
                )
                for at, system in enumerate(self.evaluation.systems)
            ],
        )


def _likeness(reference: str, hypothesis: str) -> float:
    theirs, ours = set(words(reference)), set(words(hypothesis))
    return len(theirs & ours) / max(1, len(theirs | ours))


def _chosen(facts: _Facts) -> list[Examples]:
    systems = facts.evaluation.systems
    scores = facts.scores[0]
    rows = range(len(scores))
    lengths = [max(map(len, references)) for references in facts.references]
    found = []

    def add(title: str, note: str, chosen: Sequence[int]) -> None:
        if chosen:
            examples = [facts.example(row) for row in chosen]
            found.append(Examples(title=title, note=note, examples=examples))

    for at, other in enumerate(systems[1:], start=1):
        gains = [scores[row] - facts.scores[at][row] for row in rows]
        order = sorted(rows, key=lambda row: -gains[row])
        better = [row for row in order[:CHANGED] if gains[row] > 0]
        worse = [row for row in order[::-1][:CHANGED] if gains[row] < 0]
        changed = sum(
            one != two for one, two in zip(systems[0].hypotheses, other.hypotheses, strict=True)
        )
        note = f"{changed:,} of {len(scores):,} translations differ"
        add(f"Gained most over {other.name}", f"{note}; by {SENTENCE_METRIC}.", better)
        add(f"Lost most against {other.name}", f"{note}; by {SENTENCE_METRIC}.", worse)
    worst = sorted(rows, key=lambda row: (scores[row], -lengths[row]))[:WORST]
    add("Worst", f"Lowest {SENTENCE_METRIC} of single sentences.", worst)
    middle = statistics.median(lengths)
    long = [row for row in rows if lengths[row] >= middle and row not in worst]
    best = sorted(long, key=lambda row: (-scores[row], -lengths[row]))[:BEST]
    add("Best", f"Highest {SENTENCE_METRIC}, among the longer half.", best)
    return found


def as_values(analysis: Analysis) -> dict[str, Any]:
    """Return what a page shows of a test set, beside the analysis itself."""
    evaluation = analysis.evaluation
    most = max(max(bins) for bins in analysis.histogram)
    return {
        "analysis": analysis,
        "task": evaluation.task,
        "systems": evaluation.systems,
        "whole": evaluation.whole,
        "most": most,
    }
