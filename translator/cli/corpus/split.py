"""`translator corpus split`: train, dev and test sets that have no sentence in common."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from translator.cli.common import SetOption
from translator.cli.corpus.asked import (
    SourceLanguage,
    SpecsArgument,
    TargetLanguage,
    languages_of,
    read_options,
)
from translator.cli.failures import reported
from translator.cli.train import check_place
from translator.errors import ConfigError
from translator.progress import counted, say

_EXAMPLE = "translator corpus split all.tsv --out corpus --source en --target fr"


@reported()
def split(
    specs: SpecsArgument,
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="DIR", help="Gets train.tsv, dev.tsv and test.tsv."),
    ],
    source: SourceLanguage = None,
    target: TargetLanguage = None,
    dev: Annotated[int, typer.Option("--dev", metavar="N", min=0, help="About so many pairs.")] = (
        1000
    ),
    test: Annotated[int, typer.Option("--test", metavar="N", min=0, help="Likewise.")] = 1000,
    by: Annotated[
        Literal["near", "source", "group"],
        typer.Option(
            "--by",
            help="What stays in one set. near: pairs with the same source or target but for "
            "capitals and punctuation, or with both the same but for figures; source: pairs with "
            "the same source; group: pairs with the same --group-column.",
        ),
    ] = "near",
    group_column: Annotated[
        str | None,
        typer.Option(
            "--group-column", metavar="NAME", help="Column with the document, user or origin."
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="Another one, other sets.")] = 1,
    settings: SetOption = None,
) -> None:
    """Make train, dev and test sets that share no sentence.

    A random split does not do: real corpora hold a sentence several times, with other translations
    or other punctuation, and a model is then tested on what it has learned by heart. Which set a
    pair is in follows from its text and --seed alone.

    \b
    translator corpus split all.tsv --out corpus --source en --target fr
    translator corpus split all.tsv --out corpus -s en -t fr --dev 500 --test 2000 --by source
    translator corpus split all.tsv --out corpus -s en -t fr --by group --group-column document
    """
    languages = languages_of(source, target, _EXAMPLE)
    options = read_options(settings)
    if (by == "group") != (group_column is not None):
        raise ConfigError(
            "--by group and --group-column belong together",
            hint="Name the column: --by group --group-column document",
        )
    if not dev and not test:
        raise ConfigError("--dev 0 and --test 0 leave nothing to split off")
    check_place(out)
    for name in ("train", "dev", "test"):
        if (out / f"{name}.tsv").exists():
            raise ConfigError(
                "is there already",
                where=out / f"{name}.tsv",
                hint="Choose another --out, or remove it.",
            )
    from translator.corpora.parting import part_corpora

    sizes = part_corpora(
        specs,
        out,
        source=languages[0],
        target=languages[1],
        options=options,
        sizes={name: size for name, size in (("test", test), ("dev", dev)) if size},
        by=by,
        group_column=group_column,
        seed=seed,
    )
    for name, number in sizes.items():
        say(f"{out / name}.tsv: {counted(number, 'pair')}")
