"""`translator plan`: what a training would take, before it is started."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from translator.cli.common import (
    RUNS,
    DevOption,
    FromOption,
    JsonOption,
    MaxEpochsOption,
    MaxStepsOption,
    MaxTimeOption,
    NoCleanOption,
    PresetOption,
    SetOption,
    StartOption,
    ToOption,
    TrainOption,
)
from translator.cli.failures import reported
from translator.cli.files import standard_output
from translator.cli.train import check_place, new_request


@reported()
def plan(
    train: TrainOption = None,
    dev: DevOption = None,
    source: FromOption = None,
    target: ToOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Where the run would be; is not made."),
    ] = None,
    preset: PresetOption = None,
    from_run: StartOption = None,
    max_time: MaxTimeOption = None,
    max_steps: MaxStepsOption = None,
    max_epochs: MaxEpochsOption = None,
    no_clean: NoCleanOption = False,
    settings: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Tell what a training would take.

    Give the options of train. The data are prepared, as training does it and for it too; then the
    largest batch, a few steps and a validation are rehearsed. Told are lengths, memory, steps,
    time and disk space, and what to change where something will not fit. Nothing is trained.

    \b
    translator plan --train train.tsv --dev dev.tsv --source en --target fr
    translator plan --train train.tsv -s en -t fr --preset base --max-time 8h --json
    """
    if out is not None:
        check_place(out)
    request = new_request(
        train=train,
        dev=dev,
        source=source,
        target=target,
        out=out or RUNS,
        preset=preset,
        settings=settings,
        from_run=from_run,
        limits=(max_time, max_steps, max_epochs),
        no_clean=no_clean,
    )
    from translator.cli.forecast import as_json, as_text
    from translator.training.forecast import forecast

    known, config = forecast(request)
    standard_output().write(as_json(known, config) if json else as_text(known, config))
