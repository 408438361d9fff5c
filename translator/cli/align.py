"""`translator align`: pairs in, which of their words belong together out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from translator.cli.common import (
    ModelOption,
    SetOption,
    SourceOption,
    TargetOption,
    choose_model,
    model_config,
    shorthands,
)
from translator.cli.failures import reported
from translator.cli.files import keep_inputs
from translator.config import load_config
from translator.errors import ConfigError, ModelError
from translator.languages import check_direction, direction_text


@reported()
def align(
    text: Annotated[
        list[str] | None,
        typer.Argument(
            help="A text and its translation; without the second, the model translates."
        ),
    ] = None,
    model: ModelOption = None,
    data: Annotated[
        str | None,
        typer.Option(
            "--data",
            "-d",
            metavar="SPEC",
            help="Pairs to align: FILE (.tsv .csv .jsonl .parquet .tmx .xlf .po, also .gz .xz "
            ".zst), SOURCE_FILE,TARGET_FILE or hf:NAME[/CONFIG][:SPLIT].",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", help="Where to write links; default: stdout."
        ),
    ] = None,
    format_: Annotated[
        Literal["pharaoh", "tsv", "json"],
        typer.Option(
            "--format",
            help="pharaoh: links as 0-0 1-2; tsv: words of both sides and links, as --gold reads "
            "them; json: an object for each pair.",
        ),
    ] = "pharaoh",
    words: Annotated[
        Literal["spaces", "marks"],
        typer.Option(
            "--words",
            help="What words are: all between spaces, or with each punctuation mark as a word of "
            "its own.",
        ),
    ] = "spaces",
    attention: Annotated[
        Path | None,
        typer.Option(
            "--attention",
            metavar="FILE",
            help="Also write what each word looks at, in all layers and heads: .npz, or .json with "
            "an object on a line.",
        ),
    ] = None,
    reverse: Annotated[
        Path | None,
        typer.Option(
            "--reverse",
            metavar="RUN",
            help="Model of the opposite direction: links are then those of both. A model that "
            "knows both directions is its own.",
        ),
    ] = None,
    symmetrisation: Annotated[
        Literal[
            "mean",
            "intersection",
            "union",
            "grow-diag",
            "grow-diag-final",
            "grow-diag-final-and",
            "none",
        ]
        | None,
        typer.Option(
            "--symmetrisation",
            help="How both directions come together: by the mean of what they look at (default), "
            "or by their links, from intersection, the most certain, to union, the most complete; "
            "none takes one direction only.",
        ),
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option(
            "--gold",
            metavar="FILE",
            help="Links made by people, a line for each pair: i-j sure, ipj possible. Print how "
            "far those found are from them; the links themselves go to --output only.",
        ),
    ] = None,
    from_one: Annotated[
        bool, typer.Option("--from-one", help="Words in --gold are counted from 1, not from 0.")
    ] = False,
    tune: Annotated[
        bool,
        typer.Option(
            "--tune",
            help="Choose the layer and the heads to read, on these pairs: by --gold, else by how "
            "far both directions agree. The choice is kept in the model's manifest.",
        ),
    ] = False,
    source: SourceOption = None,
    target: TargetOption = None,
    settings: SetOption = None,
) -> None:
    """Tell which words of a text and its translation belong together.

    Each pair gives a line, with a link source-target for each two words, counted from 0. A word is
    what stands between spaces; in scripts without spaces, a token. A pair with a blank side has an
    empty line. Links are read from the model's cross-attention.

    \b
    translator align --model checkpoints/en-fr "The cat sat." "Le chat s'est assis."
    translator align --model checkpoints/en-fr "The cat sat."
    translator align --model checkpoints/en-fr --data pairs.tsv --output pairs.links
    translator align --model checkpoints/en-fr --reverse checkpoints/fr-en --data pairs.tsv
    translator align --model checkpoints/en-fr --data test.tsv --gold test.talp
    translator align --model checkpoints/en-fr --data dev.tsv --gold dev.talp --tune
    """
    texts = text or []
    _check(texts, data, gold=gold, from_one=from_one, tune=tune)
    if tune and (output or attention):
        raise ConfigError("--tune writes no links", hint="Align with the same model afterwards.")
    if output is not None and attention is not None and output.resolve() == attention.resolve():
        raise ConfigError(
            f"--output and --attention name the same file: {output}",
            hint="Choose another file for the attention.",
        )
    if reverse is not None and symmetrisation == "none":
        raise ConfigError("--reverse has no effect with --symmetrisation none")
    run = choose_model(model)
    direction = check_direction(run, source, target)
    config = model_config(run, settings, sections=_USED)
    # the columns of these pairs, not of the training data
    columns = load_config("", shorthands(settings, _USED)).data
    other = None if reverse is None else choose_model(reverse)
    if other is not None and direction[::-1] not in other.read_directions():
        first, *more = other.read_directions()
        raise ModelError(
            f"this model translates {direction_text(*first, both=bool(more))}, and the opposite of "
            f"{direction_text(*direction, both=False)} is needed",
            where=other.path,
            hint="Choose another model with --reverse.",
        )
    keep_inputs({"--output": output, "--attention": attention}, [data, gold, run, other])
    from translator.cli.aligning import Job

    job = Job(
        run=run,
        config=config,
        columns=columns,
        source=direction[0],
        target=direction[1],
        reverse=other,
        symmetrisation=symmetrisation,
        output=output,
        format=format_,
        words=words,
        attention=attention,
        gold=gold,
        from_one=from_one,
    )
    if tune:
        assert data is not None
        job.tune(data)
    elif data is not None:
        job.align_data(data)
    else:
        job.align_text(texts)


def _check(
    texts: list[str], data: str | None, *, gold: Path | None, from_one: bool, tune: bool
) -> None:
    if data is None and not texts:
        raise ConfigError(
            "no pair was given",
            hint='Give a text and its translation, "…" "…", or a file with --data.',
        )
    if data is not None and texts:
        raise ConfigError(
            "there is text on the command line and --data as well", hint="Give one of the two."
        )
    if len(texts) > 2:
        raise ConfigError(
            f"{len(texts)} texts were given, and a pair has two",
            hint="Put each into quotation marks, or give many pairs with --data.",
        )
    needs = "--gold" if gold is not None else "--tune"
    if data is None and (gold is not None or tune):
        raise ConfigError(f"{needs} is about many pairs", hint="Name them with --data.")
    if from_one and gold is None:
        raise ConfigError("--from-one is about --gold, which is missing")


_USED = {"data.source_column", "data.target_column", "data.header", "decoding"}
