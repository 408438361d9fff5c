"""`translator export`: a run -> a model of another program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from translator.cli.common import ModelOption, SourceOption, TargetOption, choose_model
from translator.cli.failures import reported
from translator.cli.files import naming
from translator.errors import ConfigError, DataError
from translator.languages import check_direction
from translator.progress import say

Quantization = Literal["float32", "int8", "int8_float32", "float16", "bfloat16"]


@reported()
def export(
    to: Annotated[
        Literal["ctranslate2", "huggingface", "translator"],
        typer.Option("--to", help="The program that is to run the model."),
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FOLDER", help="Where to; a new folder.")
    ],
    model: ModelOption = None,
    quantization: Annotated[
        Quantization | None,
        typer.Option(
            "--quantization",
            help="Number format of the weights; default: float32. Of CTranslate2's int8 is a "
            "quarter of the size; translator's own can be float16, which is half of it.",
        ),
    ] = None,
    source: SourceOption = None,
    target: TargetOption = None,
    verify: Annotated[
        bool,
        typer.Option(
            "--verify",
            help="Compare tokens, logits and translations with the run's, and print what differs; "
            "exit code 1 if something does. What already lies in the folder is only compared.",
        ),
    ] = False,
    input_: Annotated[
        Path | None,
        typer.Option(
            "--input",
            "-i",
            metavar="FILE",
            help="With --verify: sentences to compare with, one on each line, of which 500 are "
            "used; default: the run's validation set.",
        ),
    ] = None,
) -> None:
    """Write a model for CTranslate2 or Hugging Face, or to give away.

    The folder that is made for the other two needs no translator any more: it holds weights,
    vocabulary, settings of the search and a README that shows how to call it. A model that knows
    both directions is written to Hugging Face's format for one of them, which --source or --target
    chooses. What is made for translator is a run directory without what only training needs.

    \b
    translator export --model checkpoints/en-fr --to ctranslate2 --quantization int8 --out en-fr.ct2
    translator export --model checkpoints/en-fr --to huggingface --out en-fr.hf --verify
    translator export --model checkpoints/two-ways --to huggingface --source fr --out fr-en.hf
    translator export --model checkpoints/en-fr --to translator --quantization float16 --out en-fr
    """
    if quantization is not None and to == "huggingface":
        raise ConfigError("--quantization is for --to ctranslate2 and --to translator only")
    if to == "translator" and quantization not in (None, "float32", "float16"):
        raise ConfigError(
            f"--quantization {quantization} is for --to ctranslate2 only",
            hint="Weights for translator are float32 or float16.",
        )
    if input_ is not None and not verify:
        raise ConfigError("--input is for --verify only")
    run = choose_model(model)
    direction = check_direction(run, source, target)
    there = out.exists()
    if there and not (verify and out.is_dir()):
        raise DataError("is there already", where=out, hint="Choose another --out, or remove it.")
    if not there:
        with naming(out):
            if to == "ctranslate2":
                from translator.export import ctranslate2

                ctranslate2.export(run, out, quantization or "float32")
            elif to == "translator":
                from translator.export import run as own

                own.export(run, out, quantization or "float32")
            else:
                from translator.export import huggingface

                huggingface.export(run, out, direction)
        say(f"wrote {out}")
    if verify:
        from translator.cli.verification import verified

        if not verified(run, direction, to, out, input_, quantization):
            raise SystemExit(1)
