"""`translator translate`: sentences in, sentences out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from translator.cli.common import (
    BeamOption,
    ModelOption,
    SetOption,
    SourceOption,
    TargetOption,
    choose_model,
    model_config,
)
from translator.cli.failures import reported
from translator.cli.files import open_input
from translator.cli.translation import Job, Places, translate_alone, translate_together
from translator.errors import ConfigError
from translator.languages import check_direction
from translator.processes import process_count


@reported()
def translate(
    text: Annotated[
        list[str] | None, typer.Argument(help="Text to translate; without it, --input or stdin.")
    ] = None,
    model: ModelOption = None,
    input_: Annotated[
        Path | None,
        typer.Option("--input", "-i", metavar="FILE", help="UTF-8 text, a sentence on each line."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write; default: stdout."),
    ] = None,
    source: SourceOption = None,
    target: TargetOption = None,
    beam: BeamOption = None,
    n_best: Annotated[
        int | None,
        typer.Option(
            "--n-best",
            metavar="N",
            min=1,
            help="Give the N best translations of each line, as line<TAB>rank<TAB>score<TAB>text.",
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="FILE",
            help="List doubtful translations, with line number and reasons, as JSON Lines.",
        ),
    ] = None,
    document: Annotated[
        bool,
        typer.Option(
            "--document",
            help="Translate a document, plain text or Markdown, sentence by sentence: its layout, "
            "marks and code stay.",
        ),
    ] = False,
    flush: Annotated[
        bool,
        typer.Option(
            "--flush",
            help="Translate what a pipe has brought, without waiting for more: each line comes "
            "out as soon as it can.",
        ),
    ] = False,
    settings: SetOption = None,
) -> None:
    """Translate text, line by line.

    N lines give N lines, in order: blank lines stay blank and line endings are kept. What is odd
    about a line (invalid UTF-8, a translation cut at the length limit or doubtful in another way)
    is told by its number on stderr. --output is written when all is done, and may be the --input
    file itself; what is stopped before, even by kill -9, goes on with the same command.
    With --document, lines that were broken for their length are joined, and broken anew.

    \b
    translator translate --model checkpoints/en-fr "The cat sat on the mat."
    translator translate --model checkpoints/en-fr --input article.txt --output article.fr.txt
    cat article.txt | translator translate --model checkpoints/en-fr > article.fr.txt
    translator translate --model checkpoints/en-fr --document --input a.md --output a.fr.md
    tail -f log.txt | translator translate --model checkpoints/en-fr --flush
    translator translate --model checkpoints/en-fr --n-best 5 "Good morning."
    translator translate --model checkpoints/two-ways --source fr --target en "Bonjour."
    """
    if n_best and document:
        raise ConfigError(
            "--document gives one text, and --n-best a list for each line",
            hint="Leave one of them out.",
        )
    places = Places(input_, output, report)
    places.check()
    with open_input(input_, text or []) as (stream, name):
        run = choose_model(model)
        direction = check_direction(run, source, target)
        config = model_config(run, settings, beam, sections={"decoding"})
        if (n_best or 0) > config.decoding.beam:
            raise ConfigError(
                f"--n-best {n_best} is more than the {config.decoding.beam} hypotheses of the beam",
                hint=f"Add --beam {n_best}.",
            )
        job = Job(
            run=run,
            config=config,
            source=direction[0],
            target=direction[1],
            n_best=n_best or 0,
            document=document,
            flush=flush,
            places=places,
        )
        if process_count() > 1:
            translate_together(job, stream, name)
        else:
            translate_alone(job, stream, name)
