"""`translator corpus convert`: a corpus from one format into another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.common import SetOption, shorthands
from translator.cli.corpus.info import READ_OPTIONS
from translator.cli.failures import reported
from translator.cli.files import check_writable, keep_inputs, naming
from translator.config import load_config
from translator.errors import ConfigError
from translator.languages import check_language
from translator.progress import counted, say

if TYPE_CHECKING:
    from translator.corpora.convert import Converted


@reported()
def convert(
    spec: Annotated[
        str,
        typer.Argument(
            metavar="IN",
            help="Any corpus: FILE (.tsv .csv .jsonl .parquet .tmx .xlf .po, also .gz .xz .zst), "
            "SOURCE_FILE,TARGET_FILE (also .srt), FOLDER, 'PATTERN*' or hf:NAME[/CONFIG][:SPLIT].",
        ),
    ],
    out: Annotated[
        str,
        typer.Argument(
            metavar="OUT",
            help="FILE.tsv, FILE.jsonl, FILE.parquet, FILE.tmx, or SOURCE_FILE,TARGET_FILE.",
        ),
    ],
    source: Annotated[
        str | None,
        typer.Option("--source", "-s", metavar="LANG", help="Language of the first side."),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", "-t", metavar="LANG", help="Language of the second side."),
    ] = None,
    pairs_only: Annotated[
        bool, typer.Option("--pairs-only", help="Leave out all columns but source and target.")
    ] = False,
    settings: SetOption = None,
) -> None:
    """Write a corpus in another format.

    Pairs with a blank side, and what the corpus itself marks as unfinished (fuzzy entries, states
    before translation), are left out and counted. Further columns, such as context and identifiers,
    are kept where the format has room for them. OUT appears whole, when all is written.

    \b
    translator corpus convert memory.tmx train.tsv --source en --target fr
    translator corpus convert locale/ train.jsonl --source en --target fr
    translator corpus convert train.parquet train.en,train.fr --source en --target fr
    """
    missing = [name for name, tag in (("--source", source), ("--target", target)) if not tag]
    if missing:
        raise ConfigError(
            f"{', '.join(missing)} missing",
            hint="For example: translator corpus convert memory.tmx train.tsv --source en "
            "--target fr",
        )
    tags = check_language(source or "", "--source"), check_language(target or "", "--target")
    options = load_config("", shorthands(settings, READ_OPTIONS)).data
    from translator.corpora.writers import output_format

    paths = output_format(out)[1]
    for path in paths:
        check_writable(path, "OUT")
        keep_inputs({"OUT": path}, [spec])
    from translator.corpora.convert import convert as convert_corpus

    with naming(paths[0]):
        done = convert_corpus(
            spec, out, source=tags[0], target=tags[1], options=options, pairs_only=pairs_only
        )
    _tell(done, out)


def _tell(done: Converted, out: str) -> None:
    dropped = ", ".join(f"{n:,} {reason}" for reason, n in done.dropped.most_common()) or "none"
    say(f"{out}: {counted(done.pairs, 'pair')}; left out: {dropped}")
    if done.columns:
        say(f"{out}: further columns: {', '.join(done.columns[:20])}")
    if done.lost:
        say(f"{out}: two text files have no room for {', '.join(done.lost[:20])}")
    if done.changed:
        texts = counted(done.changed, "text")
        say(f"{out}: characters that the format cannot hold were replaced in {texts}")
