"""`translator corpus info`: format, languages, counts and lengths of a corpus."""

from __future__ import annotations

from typing import Annotated

import typer

from translator.cli.common import JsonOption, SetOption, shorthands
from translator.cli.failures import reported
from translator.cli.files import standard_output
from translator.config import load_config
from translator.languages import check_language


@reported()
def info(
    specs: Annotated[
        list[str], typer.Argument(metavar="SPEC...", help="Corpora, named as for train.")
    ],
    source: Annotated[
        str | None,
        typer.Option("--source", "-s", metavar="LANG", help="Default: what the files name first."),
    ] = None,
    target: Annotated[
        str | None,
        typer.Option("--target", "-t", metavar="LANG", help="Default: what the files name next."),
    ] = None,
    settings: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Tell what is in a corpus.

    Told are format, languages, how many pairs there are and why other rows are none, and how long
    the texts are.

    \b
    translator corpus info memory.tmx
    translator corpus info train.en,train.fr locale/ --json
    """
    source = check_language(source, "--source") if source else None
    target = check_language(target, "--target") if target else None
    options = load_config("", shorthands(settings, READ_OPTIONS)).data
    from translator.cli.corpus.figures import as_json, as_text
    from translator.corpora.info import corpus_info

    output = standard_output()
    found = []
    for spec in specs:
        found.append(corpus_info(spec, source=source, target=target, options=options))
        if not json:
            output.write(("\n" if len(found) > 1 else "") + as_text(found[-1]))
    if json:
        output.write(as_json(found))


READ_OPTIONS = {
    "data.source_column",
    "data.target_column",
    "data.header",
    "data.inline_tags",
}
"""What decides how a corpus is read."""
