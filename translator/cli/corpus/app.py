"""`translator corpus`: work on parallel text before, and without, a training."""

from __future__ import annotations

import typer

from translator.cli.corpus.check import check
from translator.cli.corpus.clean import clean
from translator.cli.corpus.convert import convert
from translator.cli.corpus.info import info
from translator.cli.corpus.split import split

corpus = typer.Typer(
    name="corpus",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@corpus.callback()
def about() -> None:
    """Look at parallel text, and change it.

    A corpus is named as for train: FILE (.tsv .csv .jsonl .parquet .tmx .xlf .po, also .gz .xz
    .zst), SOURCE_FILE,TARGET_FILE (also .srt), FOLDER, 'PATTERN*' or hf:NAME[/CONFIG][:SPLIT].
    """


corpus.command()(check)
corpus.command()(clean)
corpus.command()(split)
corpus.command()(convert)
corpus.command()(info)
