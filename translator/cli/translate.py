"""`translator translate`: sentences in, sentences out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from translator.cli.asked import Asked, read_glossary
from translator.cli.common import (
    BeamOption,
    EngineOption,
    GlossaryOption,
    LengthPenaltyOption,
    ModelOption,
    SetOption,
    SourceOption,
    TargetOption,
    choose_model,
    model_config,
)
from translator.cli.failures import reported
from translator.cli.files import keep_inputs, open_input
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
    json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print one JSON object for each line: source and translations, with the log "
            "probabilities of all words and tokens.",
        ),
    ] = False,
    glossary: GlossaryOption = None,
    prefix: Annotated[
        str, typer.Option("--prefix", metavar="TEXT", help="What each translation begins with.")
    ] = "",
    length_penalty: LengthPenaltyOption = None,
    max_length: Annotated[
        int | None,
        typer.Option("--max-length", metavar="N", help="Tokens of a translation at most."),
    ] = None,
    temperature: Annotated[
        float | None,
        typer.Option(
            "--temperature",
            metavar="X",
            help="Draw translations at random, at 1 as likely as the model finds them; less than 1 "
            "takes fewer risks. With --n-best, so many independent ones.",
        ),
    ] = None,
    top_k: Annotated[
        int | None,
        typer.Option("--top-k", metavar="N", help="Draw each token among the N likeliest."),
    ] = None,
    top_p: Annotated[
        float | None,
        typer.Option(
            "--top-p",
            metavar="X",
            help="Draw each token among the likeliest that have this probability together.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="N", help="Draw other translations, or the same again."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            "--report",
            metavar="FILE",
            help="List doubtful translations, with line number and reasons, as JSON Lines.",
        ),
    ] = None,
    alignments: Annotated[
        Path | None,
        typer.Option(
            "--alignments",
            metavar="FILE",
            help="Also write which words belong together: a line of links i-j (source-target, from "
            "0) for each line, of its best translation.",
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
    translator translate --model checkpoints/en-fr --input a.txt --alignments a.links
    translator translate --model checkpoints/en-fr --glossary terms.tsv --input article.txt
    translator translate --model checkpoints/en-fr --temperature 0.7 --n-best 3 "Good morning."
    translator translate --model checkpoints/two-ways --source fr --target en "Bonjour."
    """
    about_lines = {
        "--n-best": n_best,
        "--json": json,
        "--prefix": prefix,
        "--alignments": alignments,
    }
    for option, given in about_lines.items():
        if document and given:
            raise ConfigError(
                f"--document gives one text, and {option} is about each line of it",
                hint="Leave one of them out.",
            )
    places = Places(input_, output, report, alignments)
    places.check()
    with open_input(input_, text or []) as (stream, name):
        run = choose_model(model)
        keep_inputs({"--output": output, "--report": report}, [glossary, run])
        direction = check_direction(run, source, target)
        config = model_config(
            run,
            settings,
            sections={"decoding"},
            beam=beam,
            engine=engine,
            length_penalty=length_penalty,
            max_length=max_length,
            temperature=temperature,
            top_k=top_k,
            top_p=top_p,
            seed=seed,
        )
        sampling = config.decoding.temperature > 0
        if seed is not None and not sampling:
            raise ConfigError(
                f"--seed {seed} has no effect without a temperature",
                hint="Add --temperature 1 to draw translations at random.",
            )
        if sampling and glossary is not None:
            raise ConfigError(
                "a glossary cannot be kept by translations that are drawn at random",
                hint="Leave out --glossary, or --temperature.",
            )
        if (n_best or 0) > config.decoding.beam and not sampling:
            raise ConfigError(
                f"--n-best {n_best} is more than the {config.decoding.beam} hypotheses of the beam",
                hint=f"Add --beam {n_best}.",
            )
        asked = Asked(
            n_best=n_best or 0, json=json, prefix=prefix, glossary=read_glossary(glossary)
        )
        job = Job(
            run=run,
            config=config,
            source=direction[0],
            target=direction[1],
            asked=asked,
            glossary=glossary,
            document=document,
            flush=flush,
            places=places,
        )
        if process_count() > 1:
            translate_together(job, stream, name)
        else:
            translate_alone(job, stream, name)
