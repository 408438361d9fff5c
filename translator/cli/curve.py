"""`translator curve`: run directories -> how their training went."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from translator.cli.common import near_runs
from translator.cli.failures import reported
from translator.cli.files import open_output, standard_output
from translator.errors import ModelError
from translator.progress import say
from translator.run_directory import RunDirectory


@reported()
def curve(
    runs: Annotated[
        list[Path],
        typer.Argument(metavar="RUN...", help="Run directories, finished or still in training."),
    ],
    save: Annotated[
        Path | None,
        typer.Option(
            "--save",
            metavar="FILE",
            help="Also draw the curves into FILE (.png or .svg); needs translator[plot].",
        ),
    ] = None,
    rows: Annotated[
        int | None,
        typer.Option(
            "--rows",
            metavar="N",
            min=1,
            help="Also list N validations of each run, evenly spread, as a Markdown table.",
        ),
    ] = None,
) -> None:
    """Show how training went: loss, BLEU, learning rate, speed.

    Several runs are compared side by side, and in the same axes of a picture. What a run has
    recorded in its metrics.jsonl so far is shown, up to the last log line or validation; BLEU and
    dev loss are those of its validations.

    \b
    translator curve checkpoints/en-fr
    translator curve checkpoints/en-fr checkpoints/both --save curves.png
    translator curve checkpoints/en-fr --rows 15
    """
    from translator.curves import read_curve, run_names, summary, table
    from translator.curves.picture import FORMATS, picture
    from translator.pictures import picture_format

    kind = picture_format(save, FORMATS) if save is not None else ""
    with open_output(save or Path(os.devnull), "--save") as saved:
        curves = [
            read_curve(_run(path), name) for path, name in zip(runs, run_names(runs), strict=True)
        ]
        if kind:
            saved.write_bytes(picture(curves, kind))
    if save is not None:
        say(f"saved {save}")
    results = standard_output()
    results.write(summary(curves, _terminal_width()))
    if rows is not None:
        for one in curves:
            results.write(f"\n{one.name}\n\n{table(one, rows)}")


def _run(path: Path) -> RunDirectory:
    if not path.exists():
        raise ModelError("there is no such run directory", where=path, hint=near_runs(path))
    return RunDirectory(path)


def _terminal_width() -> int | None:
    """Return the columns of the terminal; a file or pipe has no limit."""
    if sys.stdout is None or not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size().columns
