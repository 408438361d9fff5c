"""What the commands of the corpus doctor share: options, and the question they make."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.common import choose_model, load_translator, shorthands
from translator.config import load_config
from translator.corpora.doctor.rules import RULES, chosen_rules
from translator.errors import ConfigError
from translator.languages import check_direction, check_language

if TYPE_CHECKING:
    from translator.config import DataConfig
    from translator.corpora.doctor.check import Question

READ_OPTIONS = {"data.source_column", "data.target_column", "data.header", "data.inline_tags"}
"""What decides how a corpus is read."""

SpecsArgument = Annotated[
    list[str], typer.Argument(metavar="CORPUS...", help="Corpora, named as for train.")
]
SourceLanguage = Annotated[
    str | None, typer.Option("--source", "-s", metavar="LANG", help="Language of the first side.")
]
TargetLanguage = Annotated[
    str | None, typer.Option("--target", "-t", metavar="LANG", help="Language of the second side.")
]
DevOption = Annotated[
    str | None,
    typer.Option("--dev", metavar="SPEC", help="Validation data that training must not hold."),
]
TestOption = Annotated[
    str | None,
    typer.Option("--test", metavar="SPEC", help="Test data that training must not hold."),
]
JudgeOption = Annotated[
    Path | None,
    typer.Option(
        "--model",
        "-m",
        metavar="RUN",
        help="Also tell pairs whose sides do not belong together, by what this model finds likely. "
        "It must know such text: train it on the corpus itself, or on one like it.",
    ),
]
RulesOption = Annotated[
    str,
    typer.Option(
        "--rules",
        metavar="NAMES",
        help="Rules with commas between them; default and all stand for several, no-NAME takes one "
        f"out again. All: {', '.join(RULES)}.",
    ),
]
WorkersOption = Annotated[
    int, typer.Option("--workers", metavar="N", min=0, help="Processes; 0 takes one for each core.")
]


def languages_of(source: str | None, target: str | None, example: str) -> tuple[str, str]:
    """Return the two language tags.

    Raises:
        ConfigError: one is missing, or no tag.
    """
    missing = [name for name, tag in (("--source", source), ("--target", target)) if not tag]
    if missing:
        raise ConfigError(f"{', '.join(missing)} missing", hint=f"For example: {example}")
    return check_language(source or "", "--source"), check_language(target or "", "--target")


def read_options(settings: list[str] | None) -> DataConfig:
    """Return how the corpora are read."""
    return load_config("", shorthands(settings, READ_OPTIONS)).data


def question(
    specs: list[str],
    languages: tuple[str, str],
    settings: list[str] | None,
    *,
    rules: str,
    dev: str | None,
    test: str | None,
    model: Path | None,
    workers: int,
) -> Question:
    """Return what to look for, and where.

    Raises:
        ConfigError: an unknown rule or option.
        ModelError: the model cannot be used, or is for other languages.
    """
    names, options = chosen_rules(rules), read_options(settings)
    for option, rule, given in (
        ("dev", "dev-overlap", dev),
        ("test", "test-overlap", test),
        ("model", "unrelated", model),
    ):
        if given is not None and rule not in names and f"no-{rule}" not in rules:
            raise ConfigError(
                f"--{option} is given, and --rules leaves out {rule}, which looks for it",
                hint=f"Add it: --rules {rules},{rule}",
            )
    from translator.corpora.doctor.check import Question

    unrelated = None
    if model is not None:
        run = choose_model(model)
        check_direction(run, *languages)
        from translator.decoding.unrelated import Unrelated

        unrelated = Unrelated(load_translator(run, run.read_config(), *languages))
    return Question(
        specs=specs,
        source=languages[0],
        target=languages[1],
        options=options,
        rules=names,
        dev=dev,
        test=test,
        unrelated=unrelated,
        workers=workers,
        strict=any(name in rules for name in ("language", "swapped", "all")),
    )
