"""`translator corpus check`: what is wrong with parallel text, before it is trained on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from translator.cli.common import JsonOption, SetOption
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
from translator.cli.files import keep_inputs, open_output, standard_output
from translator.progress import say


@reported()
def check(
    specs: SpecsArgument,
    source: SourceLanguage = None,
    target: TargetLanguage = None,
    dev: DevOption = None,
    test: TestOption = None,
    model: JudgeOption = None,
    rules: RulesOption = "all",
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Also write a page with pictures and samples."),
    ] = None,
    workers: WorkersOption = 0,
    settings: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Find what is wrong with parallel text.

    Told are duplicates, sides that do not belong together, wrong languages and scripts, broken
    characters and more, with counts, line numbers and samples; and how much of the validation and
    test data is in the training data. Nothing is changed: that is done by clean. Exit code 1 if
    something serious was found, else 0.

    \b
    translator corpus check train.tsv --source en --target fr
    translator corpus check train.tsv --dev dev.tsv --test test.tsv -s en -t fr --html report.html
    translator corpus check train.tsv --model checkpoints/en-fr -s en -t fr
    translator corpus check train.en,train.fr -s en -t fr --rules all,no-brackets --json
    """
    languages = languages_of(
        source, target, "translator corpus check train.tsv --source en --target fr"
    )
    asked = question(
        specs, languages, settings, rules=rules, dev=dev, test=test, model=model, workers=workers
    )
    keep_inputs({"--html": html}, [*specs, dev, test])
    results = standard_output()
    with open_output(html or Path(os.devnull), "--html") as page:
        from translator.corpora.doctor.check import check as check_corpora
        from translator.corpora.doctor.report import as_json, as_page, as_text

        findings = check_corpora(asked)
        if html is not None:
            page.write(as_page(findings, specs, languages))
    if html is not None:
        say(f"saved {html}")
    results.write(as_json(findings) if json else as_text(findings, specs))
    if findings.serious:
        raise SystemExit(1)
