"""`translator translate`: sentences in, sentences out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from translator.cli.common import (
    BeamOption,
    EngineOption,
    ModelOption,
    SetOption,
    SourceOption,
    TargetOption,
    choose_model,
    load_translator,
    model_config,
)
from translator.cli.failures import reported
from translator.cli.files import count_lines, open_input, open_output
from translator.errors import ConfigError
from translator.languages import check_direction
from translator.progress import say


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
    engine: EngineOption = None,
    n_best: Annotated[
        int | None,
        typer.Option(
            "--n-best",
            metavar="N",
            min=1,
            help="Give the N best translations of each line, as line<TAB>rank<TAB>score<TAB>text.",
        ),
    ] = None,
    settings: SetOption = None,
) -> None:
    """Translate text, line by line.

    N lines give N lines, in order: blank lines stay blank and line endings are kept. What is odd
    about a line (invalid UTF-8, a translation cut at the length limit) is told by its number on
    stderr. --output is written when all is done, and may be the --input file itself.

    \b
    translator translate --model checkpoints/en-fr "The cat sat on the mat."
    translator translate --model checkpoints/en-fr --input article.txt --output article.fr.txt
    cat article.txt | translator translate --model checkpoints/en-fr > article.fr.txt
    translator translate --model checkpoints/en-fr --n-best 5 "Good morning."
    translator translate --model checkpoints/two-ways --source fr --target en "Bonjour."
    """
    with open_input(input_, text or []) as (stream, name), open_output(output) as results:
        run = choose_model(model)
        check_direction(run, source, target)
        config = model_config(run, settings, beam, engine, sections={"decoding"})
        if (n_best or 0) > config.decoding.beam:
            raise ConfigError(
                f"--n-best {n_best} is more than the {config.decoding.beam} hypotheses of the beam",
                hint=f"Add --beam {n_best}.",
            )
        total = count_lines(input_)
        translator = load_translator(run, config, source, target)
        if stream is getattr(sys.stdin, "buffer", None) and stream.isatty():
            say(f"type {translator.source} text, a sentence on each line; Ctrl-D ends")
        from translator.cli.stream import translate_stream

        translate_stream(translator, stream, results, name=name, n_best=n_best or 0, total=total)
