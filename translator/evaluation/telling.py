"""Evaluations as text, Markdown, LaTeX, and as values for JSON."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal

from translator.evaluation.results import Evaluation, Part
from translator.evaluation.scores import Score
from translator.evaluation.significance import LEVEL, Comparison
from translator.evaluation.tables import Table, latex_text

Form = Literal["text", "markdown", "latex"]

_TRIALS = re.compile("(ar|bs|seed):")
"""What the tests add to a metric's signature."""


def told(evaluations: Sequence[Evaluation], form: Form) -> str:
    """Return scores, differences and verdicts in one of the forms."""
    simple = len(evaluations) == 1 and len(evaluations[0].systems) == 1
    if simple and form == "text" and not evaluations[0].parts:
        return "".join(f"{score}\n" for score in evaluations[0].whole.scores[0])
    blocks = [_render(score_table(evaluations), form)]
    compared = any(one.whole.comparisons for one in evaluations)
    if compared:
        blocks.append(_render(difference_table(evaluations), form))
    blocks.append(_lines(_signatures(evaluations), form, comment=True))
    if compared:
        blocks.append(_lines(verdicts(evaluations), form))
    return "\n".join(blocks)


def score_table(evaluations: Sequence[Evaluation]) -> Table:
    """Return a row for each system on each test set and each of its parts."""
    several_sets = len(evaluations) > 1
    several_systems = any(len(one.systems) > 1 for one in evaluations)
    parts = any(one.parts for one in evaluations)
    columns = [("test set", several_sets), ("part", parts)]
    columns += [("system", several_systems or not (several_sets or parts))]
    names = [name for name, shown in columns if shown]
    metrics = [score.name for score in evaluations[0].whole.scores[0]]
    rows = []
    for one in evaluations:
        for part in (one.whole, *one.parts):
            for system, scores in zip(one.systems, part.scores, strict=True):
                cells = {
                    "test set": one.task.name,
                    "part": part.label or "all",
                    "system": system.name,
                }
                rows.append(
                    [cells[name] for name in names]
                    + [f"{part.sentences:,}"]
                    + [score_text(score) for score in scores]
                )
    return Table(header=[*names, "sentences", *metrics], rows=rows, names=len(names))


def difference_table(evaluations: Sequence[Evaluation]) -> Table:
    """Return a row for each comparison and each metric."""
    several_sets = len(evaluations) > 1
    parts = any(one.parts for one in evaluations)
    columns = [("test set", several_sets), ("part", parts), ("against", True), ("metric", True)]
    names = [name for name, shown in columns if shown]
    rows = []
    for one in evaluations:
        for part in (one.whole, *one.parts):
            for comparison in part.comparisons:
                for difference in comparison.differences:
                    cells = {
                        "test set": one.task.name,
                        "part": part.label or "all",
                        "against": comparison.other,
                        "metric": difference.metric,
                    }
                    rows.append(
                        [cells[name] for name in names]
                        + [f"{difference.value:+.1f}"]
                        + [_p(difference.randomisation), _p(difference.bootstrap)]
                    )
    tests = ["p (randomisation)", "p (bootstrap)"]
    return Table(header=[*names, "difference", *tests], rows=rows, names=len(names))


def verdicts(evaluations: Sequence[Evaluation]) -> list[str]:
    """Return a plain sentence for each comparison of whole test sets."""
    several = len(evaluations) > 1
    lines = []
    for one in evaluations:
        for comparison in one.whole.comparisons:
            begin = f"{one.task.name}: " if several else ""
            lines.append(begin + comparison.verdict())
    counted = len(evaluations[0].whole.comparisons)
    if counted > 1:
        lines.append(
            f"With {counted} comparisons, chance has {counted} chances: a difference counts "
            f"below p = {LEVEL / counted:.3f}."
        )
    return lines


def score_text(score: Score) -> str:
    """Return the number and half its interval."""
    interval = "" if score.confidence is None else f" ± {score.confidence:.1f}"
    return f"{score.value:.1f}{interval}"


def values(evaluation: Evaluation) -> dict[str, Any]:
    """Return what JSON says of a test set."""
    task = evaluation.task
    found: dict[str, Any] = {
        "test_set": task.name,
        "sentences": len(task),
        "target": task.target or None,
        **task.details,
        "systems": [
            {"name": system.name, "scores": _values(scores), **system.details}
            for system, scores in zip(evaluation.systems, evaluation.whole.scores, strict=True)
        ],
        "comparisons": _compared(evaluation.whole),
        "warnings": evaluation.warnings,
    }
    if evaluation.parts:
        found["parts"] = [
            {
                "label": part.label,
                "sentences": part.sentences,
                "systems": [
                    {"name": system.name, "scores": _values(scores)}
                    for system, scores in zip(evaluation.systems, part.scores, strict=True)
                ],
                "comparisons": _compared(part),
            }
            for part in evaluation.parts
        ]
    return found


def _values(scores: Sequence[Score]) -> list[dict[str, Any]]:
    return [asdict(score) for score in scores]


def _compared(part: Part) -> list[dict[str, Any]]:
    return [_comparison(one) for one in part.comparisons]


def _comparison(one: Comparison) -> dict[str, Any]:
    return {**asdict(one), "verdict": one.verdict()}


def _signatures(evaluations: Sequence[Evaluation]) -> list[str]:
    """Return each metric's signature, and that of the tests; once where they are the same."""
    lines: dict[str, None] = {}
    for one in evaluations:
        for score in one.whole.scores[0]:
            lines[f"{score.name}: {score.signature}"] = None
        for comparison in one.whole.comparisons[:1]:
            for difference in comparison.differences:
                trials = [part for part in difference.signature.split("|") if _TRIALS.match(part)]
                lines[f"p: {'|'.join(trials)}"] = None
    return list(lines)


def _render(table: Table, form: Form) -> str:
    if form == "markdown":
        return table.as_markdown()
    return table.as_latex() if form == "latex" else table.as_text()


def _lines(lines: Sequence[str], form: Form, *, comment: bool = False) -> str:
    if form == "markdown":
        begin = "- "
        return "".join(f"{begin}{f'`{line}`' if comment else line}\n" for line in lines)
    if form == "latex":
        if comment:
            return "".join(f"% {line}\n" for line in lines)
        return "".join(f"{latex_text(line)}\n" for line in lines)
    return "".join(f"{line}\n" for line in lines)


def _p(p: float | None) -> str:
    return "-" if p is None else f"{p:.4f}"
