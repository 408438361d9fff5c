"""The error report as a page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version

from translator.evaluation.report.analysis import Analysis, as_values
from translator.evaluation.telling import verdicts
from translator.reports import render


def as_page(analyses: Sequence[Analysis]) -> str:
    """Return one HTML file; of several test sets, one after the other."""
    evaluations = [one.evaluation for one in analyses]
    first = evaluations[0]
    names = [system.name for system in first.systems]
    against = f" against {', '.join(names[1:])}" if names[1:] else ""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return render(
        "evaluation.html",
        title=f"{names[0]}{against} on {', '.join(one.task.name for one in evaluations)}",
        made=f"translator {version('translator')}, sacrebleu {version('sacrebleu')}, {now}",
        verdicts=verdicts(evaluations),
        sets=[as_values(one) for one in analyses],
        warnings=[text for one in evaluations for text in one.warnings],
    )
