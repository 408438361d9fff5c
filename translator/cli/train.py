"""`translator train`: parallel text -> a run directory with a model."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from translator.cli.common import SetOption, shorthands
from translator.cli.failures import reported
from translator.cli.options import options_text, preset_lines
from translator.config import DEFAULT_PRESET, load_config
from translator.errors import ConfigError
from translator.languages import check_language
from translator.progress import keep_quiet

_ABOUT = """Learn to translate from parallel text.

Before it starts it says what it is going to do; Ctrl-C saves, and --resume goes on exactly there.
The run directory holds all that evaluate and translate need.

\b
translator train --train train.tsv --dev dev.tsv --source en --target fr --out checkpoints/en-fr
translator train --train a.tsv --train more.en,more.fr@2 --source en --target fr --out runs/both
translator train --train train.tsv -s en -t fr --out runs/quick --preset tiny --max-time 30m
translator train --out checkpoints/en-fr --resume
translator train --train train.tsv -s en -t fr --verify-resume

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
    train: Annotated[
        list[str] | None,
        typer.Option(
            "--train",
            metavar="SPEC",
            help="Training data; can be repeated. FILE (.tsv .csv .jsonl .parquet, also .gz .xz "
            ".zst), SOURCE_FILE,TARGET_FILE or hf:NAME[/CONFIG][:SPLIT]; @2 at the end doubles "
            "its weight.",
        ),
    ] = None,
    dev: Annotated[
        str | None,
        typer.Option(
            "--dev", metavar="SPEC", help="Validation data; default: held out of the training data."
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", "-s", metavar="LANG", help="Language to translate from."),
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", "-t", metavar="LANG", help="Language to translate to.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="Run directory to make, or to go on with."),
    ] = None,
    preset: Annotated[
        str | None,
        typer.Option(
            "--preset",
            "-p",
            metavar="NAME|FILE.toml",
            help=f"Options to start from; default: {DEFAULT_PRESET}.",
        ),
    ] = None,
    max_time: Annotated[
        str | None,
        typer.Option("--max-time", metavar="TIME", help="Stop after, for example, 30m or 1h30m."),
    ] = None,
    max_steps: Annotated[
        int | None, typer.Option("--max-steps", metavar="N", help="Stop after N steps.")
    ] = None,
    max_epochs: Annotated[
        int | None, typer.Option("--max-epochs", metavar="N", help="Stop after N passes.")
    ] = None,
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
        _check_place(out)
    elif not verify_resume:
        raise ConfigError("--out is missing", hint="Name the run directory to make: --out DIR")
    given = shorthands(
        settings,
        None,
        training__max_time=max_time,
        training__max_steps=max_steps,
        training__max_epochs=max_epochs,
    )
    if not resume:
        # told before the libraries are loaded; a run that goes on knows these
        _require(train=train, source=source, target=target)
        load_config(preset or DEFAULT_PRESET, given)
    source, target = (
        check_language(tag, option) if tag else ""
        for tag, option in ((source, "--source"), (target, "--target"))
    )
    from translator import training

    request = training.Request(
        train=tuple(train or ()),
        dev=dev,
        source=source,
        target=target,
        out=out or Path(),
        preset=preset or "",
        settings=tuple(given),
        resume=resume,
        command=("translator", *sys.argv[1:]),
    )
    if verify_resume:
        training.verify_resume(request)
    else:
        training.train(request)


def _require(**options: object) -> None:
    missing = [f"--{name}" for name, value in options.items() if not value]
    if missing:
        raise ConfigError(
            f"{', '.join(missing)} missing",
            hint="For example: translator train --train train.tsv --source en --target fr "
            "--out checkpoints/en-fr",
        )


def _check_place(out: Path) -> None:
    existing = next(path for path in [out, *out.absolute().parents] if path.exists())
    if not existing.is_dir():
        raise ConfigError("is a file, and --out names a directory", where=existing)
    if not os.access(existing, os.W_OK):
        raise ConfigError(
            "is read-only", where=existing, hint="Choose an --out that can be written to."
        )
