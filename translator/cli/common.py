"""What several commands share: their options, and the choice of a model."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from translator.cli.files import near_paths
from translator.config import DEFAULT_PRESET, Config, load_config
from translator.errors import ConfigError, ModelError
from translator.languages import direction_text
from translator.progress import say
from translator.run_directory import SHIPPED, RunDirectory, shipped_model

if TYPE_CHECKING:
    from translator.decoding.translator import Translator

RUNS = Path("checkpoints")
"""Where runs are looked for when none is named."""

VARIABLE = "TRANSLATOR_MODEL"

DEFAULT_MODEL = (
    f"what {VARIABLE} names, else the model that comes with translator, or, where none does, the "
    "only run under checkpoints/"
)
"""What `choose_model` takes, for the help of its option."""

_TRAIN = "translator train --train train.tsv --source en --target fr --out checkpoints/en-fr"

ModelOption = Annotated[
    Path | None,
    typer.Option(
        "--model",
        "-m",
        metavar="RUN",
        help=f"Run directory of the model. Default: {DEFAULT_MODEL}.",
    ),
]
SourceOption = Annotated[
    str | None,
    typer.Option(
        "--source",
        "-s",
        metavar="LANG",
        help="Translate from LANG: a choice if the model knows both directions, else a check.",
    ),
]
TargetOption = Annotated[
    str | None,
    typer.Option("--target", "-t", metavar="LANG", help="Translate to LANG; as --source."),
]
BeamOption = Annotated[
    int | None,
    typer.Option(
        "--beam", metavar="N", help="Hypotheses kept for each sentence; 1 is greedy (fastest)."
    ),
]
EngineOption = Annotated[
    Literal["auto", "torch", "ctranslate2"] | None,
    typer.Option(
        "--engine",
        help="What computes; auto is ctranslate2 where it is installed (translator[fast]) and "
        "can do what is asked for.",
    ),
]
LengthPenaltyOption = Annotated[
    float | None,
    typer.Option(
        "--length-penalty",
        metavar="X",
        help="Exponent of the length by which scores are divided: more than 1 favours long "
        "translations, 0 short ones.",
    ),
]
GlossaryOption = Annotated[
    Path | None,
    typer.Option(
        "--glossary",
        metavar="FILE",
        help="Terms whose translation is given: source term, tab, required target term on a line.",
    ),
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="SECTION.OPTION=VALUE",
        help="Set a rarer option; can be repeated. `translator train --options` lists them all.",
    ),
]

JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object that tells everything.")
]

# of train and plan
TrainOption = Annotated[
    list[str] | None,
    typer.Option(
        "--train",
        metavar="SPEC",
        help="Training data; can be repeated. FILE (.tsv .csv .jsonl .parquet .tmx .xlf .po, also "
        ".gz .xz .zst), SOURCE_FILE,TARGET_FILE (also .srt), FOLDER, 'PATTERN*' or "
        "hf:NAME[/CONFIG][:SPLIT]; @2 at the end doubles its weight.",
    ),
]
DevOption = Annotated[
    str | None,
    typer.Option(
        "--dev", metavar="SPEC", help="Validation data; default: held out of the training data."
    ),
]
NoCleanOption = Annotated[
    bool,
    typer.Option(
        "--no-clean",
        help="Train on all pairs: also on repeated ones, untranslated ones and those with broken "
        "characters, which are left out otherwise (the same as --set data.clean=false).",
    ),
]
FromOption = Annotated[
    str | None,
    typer.Option("--source", "-s", metavar="LANG", help="Language to translate from."),
]
ToOption = Annotated[
    str | None, typer.Option("--target", "-t", metavar="LANG", help="Language to translate to.")
]
PresetOption = Annotated[
    str | None,
    typer.Option(
        "--preset",
        "-p",
        metavar="NAME|FILE.toml",
        help=f"Options to start from; default: {DEFAULT_PRESET}.",
    ),
]
StartOption = Annotated[
    Path | None,
    typer.Option(
        "--from-run",
        metavar="RUN",
        help="Start from the weights and the vocabulary of another run (fine-tuning).",
    ),
]
MaxTimeOption = Annotated[
    str | None,
    typer.Option("--max-time", metavar="TIME", help="Stop after, for example, 30m or 1h30m."),
]
MaxStepsOption = Annotated[
    int | None, typer.Option("--max-steps", metavar="N", help="Stop after N steps.")
]
MaxEpochsOption = Annotated[
    int | None, typer.Option("--max-epochs", metavar="N", help="Stop after N passes.")
]


def choose_model(named: Path | None) -> RunDirectory:
    """Return the run to work with: the named one, else the environment's, else the shipped one.

    A package may have come without a model; then it is the only run under `RUNS`.

    Raises:
        ModelError: there is no such run, it has no model yet, or none was named among several.
    """
    variable = os.environ.get(VARIABLE)
    path = named or (Path(variable) if variable else _default())
    run = RunDirectory(path)
    if not path.exists():
        told = near_runs(path) or _list_of(_runs())
        raise ModelError(
            "there is no such run directory"
            + ("" if named else f" (it is named by the environment variable {VARIABLE})"),
            where=path,
            hint=told,
        )
    run.require_model()
    return run


def near_runs(path: Path) -> str | None:
    """Return a hint with the runs most like the missing `path`."""
    here = RUNS / path
    return f"Did you mean {here}?" if here.is_dir() else near_paths(path)


def model_config(
    run: RunDirectory, settings: Sequence[str] | None, *, sections: set[str], **flags: object
) -> Config:
    """Return the options of the run with what the command line changes in `sections`.

    `flags` are options of decoding that have a flag of their own.

    Raises:
        ConfigError: an unknown option, a bad value, or an option that only training uses.
    """
    values = {f"decoding__{name}": value for name, value in flags.items()}
    return load_config(str(run.config_file), shorthands(settings, sections, **values))


def shorthands(
    settings: Sequence[str] | None, sections: set[str] | None, **values: object
) -> list[str]:
    """Return `settings` and, after them, the options that have a flag of their own.

    Raises:
        ConfigError: a setting lies outside of `sections`, which may also name single options
            (None: all may be set).
    """
    given = list(settings or [])
    for setting in given:
        name = setting.partition("=")[0].strip()
        section, _, option = name.partition(".")
        known = Config().to_dict().get(section)
        if known is None or sections is None or sections & {section, name}:
            continue
        some = any(used.startswith(f"{section}.") for used in sections)
        if not some or option in known:
            raise ConfigError(
                f"--set {setting}: the {'other ' * some}{section} options have no effect here",
                hint=f"This command uses the options of: {', '.join(sorted(sections))}.",
            )
    flags = {name.replace("__", "."): value for name, value in values.items() if value is not None}
    return given + [f"{name}={value}" for name, value in flags.items()]


def load_translator(
    run: RunDirectory, config: Config, source: str | None, target: str | None
) -> Translator:
    """Load the model of a checked run, for the direction asked for."""
    from translator.decoding.translator import Translator

    return Translator.load(run.path, source=source, target=target, decoding=config.decoding)


def with_torch(config: Config) -> Config:
    """Return the options with the engine torch, for what no other engine can tell."""
    precision = config.decoding.precision
    decoding = dataclasses.replace(
        config.decoding, engine="torch", precision="float32" if precision == "int8" else precision
    )
    return dataclasses.replace(config, decoding=decoding)


def _runs() -> list[Path]:
    if not RUNS.is_dir():
        return []
    return sorted(path for path in RUNS.iterdir() if RunDirectory(path).holds_model())


def _default() -> Path:
    shipped = shipped_model()
    if shipped is not None:
        say(f"using {SHIPPED}, the model that comes with translator ({_languages(shipped.path)})")
        return shipped.path
    runs = _runs()
    if len(runs) != 1:
        raise ModelError(
            "no model was named, and none came with this translator", hint=_list_of(runs)
        )
    say(f"using {runs[0]}")
    return runs[0]


def _list_of(runs: list[Path]) -> str:
    if not runs:
        return f"There are none under {RUNS}/ yet. Train one, for example:\n  {_TRAIN}"
    lines = [f"    --model {run}  ({_languages(run)})" for run in runs]
    return "\n".join([f"Under {RUNS}/ there are:", *lines, f"  Or train one: {_TRAIN}"])


def _languages(run: Path) -> str:
    try:
        directions = RunDirectory(run).read_directions()
    except ModelError:
        return "damaged -> ?"
    return direction_text(*directions[0], both=len(directions) > 1)
