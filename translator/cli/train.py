"""`translator train`: parallel text -> a run directory with a model."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.common import (
    DevOption,
    FromOption,
    MaxEpochsOption,
    MaxStepsOption,
    MaxTimeOption,
    NoCleanOption,
    PresetOption,
    SetOption,
    StartOption,
    ToOption,
    TrainOption,
    choose_model,
    shorthands,
)
from translator.cli.failures import reported
from translator.cli.options import options_text, preset_lines
from translator.config import DEFAULT_PRESET, load_config
from translator.errors import ConfigError
from translator.languages import check_language
from translator.progress import keep_quiet, loading
from translator.run_directory import RunDirectory

if TYPE_CHECKING:
    from translator.training import Request

_ABOUT = """Learn to translate from parallel text.

Before it starts it says what it is going to do; Ctrl-C saves, and --resume goes on exactly there.
The run directory holds all that evaluate and translate need.

\b
translator train --train train.tsv --dev dev.tsv --source en --target fr --out checkpoints/en-fr
translator train --train a.tsv --train more.en,more.fr@2 --source en --target fr --out runs/both
translator train --train train.tsv -s en -t fr --out runs/quick --preset tiny --max-time 30m
translator train --train mine.tsv -s en -t fr --out runs/mine --from-run checkpoints/en-fr
translator train --out checkpoints/en-fr --resume
translator train --train train.tsv -s en -t fr --verify-resume
torchrun --standalone --nproc-per-node 2 -m translator train --train train.tsv -s en -t fr --out two

Presets (--preset), on top of which single options can be --set:

\b
"""


def _show_options(wanted: bool) -> None:
    if wanted:
        typer.echo(options_text())
        raise typer.Exit


def about() -> str:
    """Return the help text, with a line for each preset."""
    return _ABOUT + "\n".join(preset_lines())


@reported()
def train(
    train: TrainOption = None,
    dev: DevOption = None,
    test: Annotated[
        str | None,
        typer.Option(
            "--test",
            metavar="SPEC",
            help="Test data: only looked for, to warn where training would hold them.",
        ),
    ] = None,
    source: FromOption = None,
    target: ToOption = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Run directory to make, or to go on with."),
    ] = None,
    preset: PresetOption = None,
    from_run: StartOption = None,
    max_time: MaxTimeOption = None,
    max_steps: MaxStepsOption = None,
    max_epochs: MaxEpochsOption = None,
    no_clean: NoCleanOption = False,
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with the run in --out, which knows everything else."),
    ] = False,
    verify_resume: Annotated[
        bool,
        typer.Option(
            "--verify-resume",
            help="Only check, with these data and options, that a run which is killed and resumed "
            "ends like an unbroken one: a few steps, in a temporary directory.",
        ),
    ] = False,
    settings: SetOption = None,
    options: Annotated[
        bool,
        typer.Option(
            "--options", callback=_show_options, is_eager=True, help="List the options for --set."
        ),
    ] = False,
) -> None:
    """Learn to translate from parallel text."""
    # of several processes that make the same mistake, the first one tells it
    several = os.environ.get("WORLD_SIZE", "") not in ("", "0", "1")
    keep_quiet(several and os.environ.get("RANK", "") not in ("", "0"))
    if resume and verify_resume:
        raise ConfigError(
            "--resume goes on with a run, and --verify-resume begins two of its own",
            hint="Give --verify-resume with the data and options that the run was started with.",
        )
    if several and verify_resume:
        raise ConfigError(
            "--verify-resume starts the processes it needs by itself",
            hint="Use it without torchrun, or unset WORLD_SIZE.",
        )
    if out is not None:
        check_place(out)
        if not (resume or verify_resume):
            RunDirectory(out).require_free()
    elif not verify_resume:
        to_do = "go on with" if resume else "make"
        raise ConfigError("--out is missing", hint=f"Name the run directory to {to_do}: --out DIR")
    request = new_request(
        train=train,
        dev=dev,
        source=source,
        target=target,
        out=out or Path(),
        preset=preset,
        settings=settings,
        from_run=from_run,
        limits=(max_time, max_steps, max_epochs),
        no_clean=no_clean,
        resume=resume,
        test=test,
    )
    from translator import training

    if verify_resume:
        training.verify_resume(request)
    else:
        training.train(request)


def new_request(
    *,
    train: list[str] | None,
    dev: str | None,
    source: str | None,
    target: str | None,
    out: Path,
    preset: str | None,
    settings: list[str] | None,
    from_run: Path | None,
    limits: tuple[str | None, int | None, int | None],
    no_clean: bool = False,
    resume: bool = False,
    test: str | None = None,
) -> Request:
    """Return what the user asked for, after all checks that need no library that loads slowly.

    Args:
        train, dev, source, target, out, preset, settings, from_run: as the user gave them.
        limits: the values of --max-time, --max-steps and --max-epochs.
        no_clean: whether all pairs are used.
        resume: the run in `out` knows what is left out.
        test: a test set to look for in the training data.

    Raises:
        ConfigError: something is missing, or cannot be.
    """
    max_time, max_steps, max_epochs = limits
    given = shorthands(
        settings,
        None,
        training__max_time=max_time,
        training__max_steps=max_steps,
        training__max_epochs=max_epochs,
        data__clean="false" if no_clean else None,
    )
    if not resume:
        _require(train=train, source=source, target=target)
        load_config(preset or DEFAULT_PRESET, given)
    source, target = (
        check_language(tag, option) if tag else ""
        for tag, option in ((source, "--source"), (target, "--target"))
    )
    if not resume:
        _require_files([*(train or ()), dev, test], source, target)
    with loading():
        from translator.training import Request
    return Request(
        train=tuple(train or ()),
        dev=dev,
        source=source,
        target=target,
        out=out,
        preset=preset or "",
        settings=tuple(given),
        resume=resume,
        from_run=choose_model(from_run).path if from_run is not None else None,
        command=("translator", *sys.argv[1:]),
        test=test,
    )


def _require(**options: object) -> None:
    missing = [f"--{name}" for name, value in options.items() if not value]
    if missing:
        raise ConfigError(
            f"{', '.join(missing)} missing",
            hint="For example: translator train --train train.tsv --source en --target fr "
            "--out checkpoints/en-fr",
        )


def _require_files(corpora: list[str | None], source: str, target: str) -> None:
    """Raise an error for a file that is not there: the libraries that read it load slowly."""
    from translator.corpora.columns import Wanted
    from translator.corpora.folders import require_files
    from translator.corpora.spec import parse_spec

    for text in filter(None, corpora):
        require_files(parse_spec(text), Wanted(source=source, target=target))


def check_place(out: Path) -> None:
    """Raise a `ConfigError` unless `out` is, or could be made, a directory to write to."""
    existing = next(path for path in [out, *out.absolute().parents] if path.exists())
    if not existing.is_dir():
        raise ConfigError(
            "is a file, and --out names a directory", where=existing, hint="Choose another --out."
        )
    if not os.access(existing, os.W_OK):
        raise ConfigError(
            "is read-only", where=existing, hint="Choose an --out that can be written to."
        )
