"""`translator evaluate`: a model or its translations, and references -> scores with signatures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from translator.cli.asked import read_glossary
from translator.cli.common import (
    BeamOption,
    EngineOption,
    GlossaryOption,
    JsonOption,
    LengthPenaltyOption,
    ModelOption,
    SetOption,
    SourceOption,
    choose_model,
    model_config,
    shorthands,
)
from translator.cli.failures import reported
from translator.cli.files import open_output, standard_output
from translator.config import load_config
from translator.errors import ConfigError
from translator.languages import check_direction, check_language


@reported()
def evaluate(
    model: ModelOption = None,
    data: Annotated[
        str | None,
        typer.Option(
            "--data",
            "-d",
            metavar="SPEC",
            help="Test set: FILE (.tsv .csv .jsonl .parquet .tmx .xlf .po, also .gz .xz .zst; "
            "further columns are further references), SOURCE_FILE,REFERENCE_FILE,… or "
            "hf:NAME[/CONFIG][:SPLIT].",
        ),
    ] = None,
    hypotheses: Annotated[
        Path | None,
        typer.Option(
            "--hypotheses", metavar="FILE", help="Score these translations instead of a model's."
        ),
    ] = None,
    references: Annotated[
        list[Path] | None,
        typer.Option(
            "--references",
            metavar="FILE",
            help="What they should be, line by line; can be repeated (an empty line there: no "
            "further reference for this sentence).",
        ),
    ] = None,
    ter: Annotated[bool, typer.Option("--ter", help="Also compute TER (slow).")] = False,
    json: JsonOption = False,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Save the translations, one on each line (empty for a pair that is left out).",
        ),
    ] = None,
    source: SourceOption = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            "-t",
            metavar="LANG",
            help="Translate to LANG; as --source. With --hypotheses: their language, by which BLEU "
            "tokenises.",
        ),
    ] = None,
    beam: BeamOption = None,
    engine: EngineOption = None,
    length_penalty: LengthPenaltyOption = None,
    glossary: GlossaryOption = None,
    settings: SetOption = None,
) -> None:
    """Measure quality: BLEU, chrF, TER.

    Give a model and a test set, or translations and references. All scores are computed by
    sacrebleu on plain (detokenised, cased) text; each comes with the half width of its 95 %
    confidence interval (bootstrap resampling) and with its signature.

    \b
    translator evaluate --model checkpoints/en-fr --data test.tsv
    translator evaluate --model checkpoints/en-fr --data test.en,test.fr --output test.hyp --json
    translator evaluate --model checkpoints/two-ways --data test.tsv --source fr
    translator evaluate --model checkpoints/en-fr --data test.tsv --glossary terms.tsv
    translator evaluate --hypotheses test.hyp --references test.fr --references test.fr.2 --ter
    """
    needs_model: dict[str, object] = {
        "--model": model,
        "--data": data,
        "--source": source,
        "--beam": beam,
        "--engine": engine,
    }
    needs_model |= {"--length-penalty": length_penalty, "--glossary": glossary}
    needs_model |= {"--output": output, "--set": settings}
    if hypotheses is not None or references:
        _refuse(needs_model)
        if hypotheses is None or not references:
            missing = "--hypotheses" if hypotheses is None else "--references"
            raise ConfigError(f"{missing} missing", hint=_WAYS)
        from translator.cli.evaluation import score_files

        language = check_language(target, "--target") if target is not None else ""
        report = score_files(hypotheses, references, target=language, ter=ter)
    else:
        if data is None:
            raise ConfigError("--data missing", hint=_WAYS)
        with open_output(output or Path(os.devnull)) as saved:
            run = choose_model(model)
            direction = check_direction(run, source, target)
            config = model_config(
                run,
                settings,
                sections=_USED,
                beam=beam,
                length_penalty=length_penalty,
                engine=engine,
            )
            terms = read_glossary(glossary)
            # the columns of this test set, not of the training data
            columns = load_config("", shorthands(settings, _USED)).data
            from translator.cli.evaluation import score_model

            report = score_model(run, direction, data, columns, config.decoding, ter, saved, terms)
    standard_output().write(report.as_json() if json else report.as_text())


_USED = {"data.source_column", "data.target_column", "data.header", "decoding"}
_WAYS = (
    "Give a model and a test set (--model RUN --data SPEC), or translations and references "
    "(--hypotheses FILE --references FILE)."
)


def _refuse(options: dict[str, object]) -> None:
    given = [name for name, value in options.items() if value not in (None, [])]
    if given:
        raise ConfigError(
            f"{', '.join(given)} cannot be combined with --hypotheses and --references", hint=_WAYS
        )
