"""`translator evaluate --report FILE`: what goes wrong where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from translator.cli.contestants import Contestant, Model
from translator.cli.evaluation import Report
from translator.cli.files import open_output
from translator.corpora.trained_on import TrainedOn
from translator.evaluation.report.analysis import analyse
from translator.progress import progress, say


def write_report(found: Report, contestants: Sequence[Contestant], path: Path) -> None:
    """Write the error report: a page, or text where the path says so."""
    runs = [one for one in contestants if isinstance(one, Model)]
    known, side = None, "source"
    if runs:
        known = TrainedOn.load(runs[0].run.trained_on_file)
        if known is None:
            say(
                f"{runs[0].name} holds no word counts, as it was trained by an earlier version: "
                "the report has no scores by rare words"
            )
        if runs[0].direction != runs[0].run.read_directions()[0]:
            side = "target"
    with progress("Writing the report"):
        analyses = [analyse(one, known, side=side) for one in found.evaluations]
        if path.suffix.lower() == ".txt":
            from translator.evaluation.report.text import as_text

            content = as_text(analyses)
        else:
            from translator.evaluation.report.page import as_page

            content = as_page(analyses)
    with open_output(path, "--report") as output:
        output.write(content)
