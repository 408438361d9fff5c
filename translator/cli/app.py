"""The command line: `translator plan`, `train`, `evaluate`, `translate` and their kin."""

from __future__ import annotations

import os
import signal
import sys
from typing import Annotated

import typer

from translator.cli.align import align
from translator.cli.attend import attend
from translator.cli.corpus.app import corpus
from translator.cli.curve import curve
from translator.cli.evaluate import evaluate
from translator.cli.export import export
from translator.cli.failures import reported
from translator.cli.info import info
from translator.cli.plan import plan
from translator.cli.score import score
from translator.cli.serve import serve
from translator.cli.train import about, train
from translator.cli.translate import translate

app = typer.Typer(
    name="translator",
    no_args_is_help=True,
    add_completion=False,
    # plain help: formatting it with rich takes longer than everything else together
    rich_markup_mode=None,
    # a traceback of ours is for a report: it must be whole and copy well
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"translator {version('translator')}")
        raise typer.Exit


@app.callback()
def translator(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """From parallel text to a working translator.

    \b
    translator plan --train train.tsv --source en --target fr
    translator train --train train.tsv --source en --target fr --out checkpoints/en-fr
    translator evaluate --model checkpoints/en-fr --data test.tsv
    translator translate --model checkpoints/en-fr "The cat sat on the mat."
    translator score --model checkpoints/en-fr --data pairs.tsv
    translator align --model checkpoints/en-fr --data pairs.tsv
    translator attend --model checkpoints/en-fr "The cat sat on the mat."
    translator info --model checkpoints/en-fr
    translator curve checkpoints/en-fr
    translator serve --model checkpoints/en-fr

    Results go to standard output, everything else to standard error. Exit codes: 0 done,
    1 a check has found something, 2 something to mend (the message says what), 130 stopped with
    Ctrl-C, 143 with SIGTERM.
    """


app.command()(plan)
app.command(help=about())(train)
app.command()(evaluate)
app.command()(translate)
app.command()(score)
app.command()(align)
app.command()(attend)
app.command()(export)
app.command()(info)
app.command()(curve)
app.command()(serve)
app.add_typer(corpus)


def main() -> None:
    """Run the command line."""
    _open_missing_streams()
    stdout = sys.stdout
    try:
        with reported():
            try:
                app(prog_name="translator")
            finally:
                if sys.stdout is not stdout:
                    # nobody read the help: Typer has wrapped the stream, to exit with 1
                    sys.stdout = stdout
                    raise BrokenPipeError
                if stdout is not None:
                    stdout.flush()
    finally:
        # all is said: another Ctrl-C would only show what the libraries were clearing up
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _open_missing_streams() -> None:
    """Fill closed standard streams (`>&-`), or the next file opened would take their place."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - stays open as stderr does
