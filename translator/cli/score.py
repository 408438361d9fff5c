"""`translator score`: pairs in, how likely the model finds each of them out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from translator.cli.common import (
    LengthPenaltyOption,
    ModelOption,
    SetOption,
    SourceOption,
    TargetOption,
    choose_model,
    load_translator,
    model_config,
    shorthands,
)
from translator.cli.failures import reported
from translator.cli.files import keep_inputs, open_output
from translator.config import load_config
from translator.errors import ConfigError
from translator.languages import check_direction


@reported()
def score(
    model: ModelOption = None,
    data: Annotated[
        str | None,
        typer.Option(
            "--data",
            "-d",
            metavar="SPEC",
            help="Pairs to score: FILE (.tsv .csv .jsonl .parquet .tmx .xlf .po, also .gz .xz "
            ".zst), SOURCE_FILE,TARGET_FILE or hf:NAME[/CONFIG][:SPLIT].",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write; default: stdout."),
    ] = None,
    json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print one JSON object for each pair, with all its words and tokens."
        ),
    ] = False,
    source: SourceOption = None,
    target: TargetOption = None,
    length_penalty: LengthPenaltyOption = None,
    settings: SetOption = None,
) -> None:
    """Tell how likely the model finds given translations.

    Each pair gives a line: line<TAB>log probability<TAB>score<TAB>perplexity. The log probability
    (natural) is that of the whole translation; the score is this divided by the number of tokens to
    the power of the length penalty, as translate ranks by it; the perplexity is that of a token.
    A pair with a blank side has a line with nothing in these columns, and is told on stderr.

    \b
    translator score --model checkpoints/en-fr --data pairs.tsv --output pairs.scores.tsv
    translator score --model checkpoints/en-fr --data test.en,test.fr --json
    translator score --model checkpoints/two-ways --data test.tsv --source fr
    """
    if data is None:
        raise ConfigError(
            "--data missing", hint="Name the pairs, for example: --data test.en,test.fr"
        )
    with open_output(output) as results:
        run = choose_model(model)
        keep_inputs({"--output": output}, [data, run])
        direction = check_direction(run, source, target)
        config = model_config(run, settings, sections=_USED, length_penalty=length_penalty)
        # the columns of these pairs, not of the training data
        columns = load_config("", shorthands(settings, _USED)).data
        from translator.cli.given import open_pairs, score_pairs

        pairs, total = open_pairs(
            data,
            source=direction[0],
            target=direction[1],
            options=columns,
            turned=direction != run.read_directions()[0],
        )
        translator = load_translator(run, config, source, target)
        score_pairs(translator, pairs, results, name=data, as_json=json, total=total)


_USED = {
    "data.source_column",
    "data.target_column",
    "data.header",
    "decoding.length_penalty",
    "decoding.device",
}
