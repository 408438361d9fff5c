"""`translator corpus clean`: the pairs that are worth training on, and the others with a reason."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from translator.cli.common import SetOption
from translator.cli.corpus.asked import (
    DevOption,
    JudgeOption,
    RulesOption,
    SourceLanguage,
    SpecsArgument,
    TargetLanguage,
    TestOption,
    WorkersOption,
    languages_of,
    question,
)
from translator.cli.failures import reported
from translator.cli.files import check_writable, keep_inputs
from translator.errors import ConfigError
from translator.progress import counted, say

_EXAMPLE = "translator corpus clean train.tsv --output kept.tsv --source en --target fr"


@reported()
def clean(
    specs: SpecsArgument,
    out: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Where the kept pairs go: FILE.tsv, FILE.jsonl, FILE.parquet, FILE.tmx, or "
            "SOURCE_FILE,TARGET_FILE.",
        ),
    ],
    dropped: Annotated[
        Path | None,
        typer.Option(
            "--dropped",
            metavar="FILE",
            help="Where the others go, as TSV: reason, corpus, line, source, target.",
        ),
    ] = None,
    source: SourceLanguage = None,
    target: TargetLanguage = None,
    dev: DevOption = None,
    test: TestOption = None,
    model: JudgeOption = None,
    rules: RulesOption = "default",
    workers: WorkersOption = 0,
    settings: SetOption = None,
) -> None:
    """Leave out pairs that are better not trained on.

    The kept pairs are written in their order, as they are; several corpora become one. With --dev
    and --test, pairs that share a side with them are left out too. The rules language and swapped
    need translator[languages]; without it they are left out, which is told.

    \b
    translator corpus clean train.tsv --output kept.tsv --dropped dropped.tsv -s en -t fr
    translator corpus clean train.tsv --test test.tsv --output kept.tsv -s en -t fr
    translator corpus clean a.en,a.fr -o kept.en,kept.fr -s en -t fr --rules duplicate,encoding
    """
    languages = languages_of(source, target, _EXAMPLE)
    asked = question(
        specs, languages, settings, rules=rules, dev=dev, test=test, model=model, workers=workers
    )
    from translator.corpora.writers import output_format

    for path in output_format(out)[1]:
        check_writable(path, "--output")
        if dropped is not None and dropped.resolve() == path.resolve():
            raise ConfigError(f"--output and --dropped are the same file, {path}")
        keep_inputs({"--output": path}, [*specs, dev, test])
    if dropped is not None:
        check_writable(dropped, "--dropped")
        keep_inputs({"--dropped": dropped}, [*specs, dev, test])
    from translator.corpora.doctor.check import clean as clean_corpora

    done = clean_corpora(asked, out, dropped)
    say(f"{out}: {counted(done.kept, 'pair')} kept")
    for rule, number in done.dropped.most_common():
        say(f"  {number:>9,} left out: {rule}")
