"""What a run starts from: options and, for fine-tuning, another run's weights and vocabulary."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.config import DEFAULT_PRESET, Config, load_config, override
from translator.errors import ConfigError, ModelError
from translator.model.transformer import Transformer
from translator.model.weights import load_weights
from translator.run_directory import RunDirectory, checksum
from translator.tokenizer import Tokenizer

if TYPE_CHECKING:
    from translator.training.run import Request


def options_of(request: Request) -> Config:
    """Return the options of a new run: preset, settings, and the shape of the run it starts from.

    Raises:
        ConfigError: a bad option, or one that would need other weights or another vocabulary.
        ModelError: there is no model to start from.
    """
    config = load_config(request.preset or DEFAULT_PRESET, request.settings)
    if config.data.bidirectional and request.source == request.target != "":
        raise ConfigError(
            f"data.bidirectional=true takes two languages, and both are {request.source}",
            hint="Name them with --source and --target.",
        )
    if request.from_run is None:
        return config
    other = RunDirectory(request.from_run)
    other.require_model()
    start = other.read_config()
    config = dataclasses.replace(
        config,
        # what does not change the shape is the new run's own
        model=dataclasses.replace(start.model, dropout=config.model.dropout),
        tokenizer=dataclasses.replace(start.tokenizer, sampling=config.tokenizer.sampling),
    )
    _refuse_another_shape(request, config)
    if config.data.bidirectional:
        _require_tags(request, other)
    return config


def tokenizer_of(request: Request) -> Tokenizer | None:
    """Return the vocabulary of the run that a new one starts from; None if it learns its own."""
    if request.from_run is None:
        return None
    return Tokenizer.load(RunDirectory(request.from_run).tokenizer_file)


def record_of(request: Request) -> dict[str, Any] | None:
    """Return what the manifest says of the run that this one starts from."""
    if request.from_run is None:
        return None
    file = RunDirectory(request.from_run).weights_file
    return {"run": str(request.from_run), "weights": checksum(file)}


def load_start(record: dict[str, Any] | None, model: Transformer) -> None:
    """Put the weights that a run starts from into its model; nothing, if there are none.

    Args:
        record: what `record_of` said when the run was begun.
        model: of the same shape.

    Raises:
        ModelError: they are missing or damaged, or are no longer what they were.
    """
    if record is None:
        return
    file = RunDirectory(Path(record["run"])).weights_file
    load_weights(file, model)
    if checksum(file) != record["weights"]:
        raise ModelError(
            "has changed since the run that starts from it was begun",
            where=file,
            hint="Put it back as it was, or begin a new run.",
        )


def _require_tags(request: Request, other: RunDirectory) -> None:
    tokenizer = Tokenizer.load(other.tokenizer_file)
    missing = [tag for tag in (request.source, request.target) if not tokenizer.tag(tag)]
    if missing:
        raise ConfigError(
            f"{other.path} was not trained in both directions of these languages: its vocabulary "
            f"has no tag for {' and '.join(missing)}",
            hint="Start from a run that was, or leave out --from-run or data.bidirectional=true.",
        )


def _refuse_another_shape(request: Request, config: Config) -> None:
    before, after = config.to_dict(), override(config, request.settings).to_dict()
    for section, options in before.items():
        for name, value in options.items():
            if after[section][name] != value:
                raise ConfigError(
                    f"{request.from_run} has {section}.{name}={value}, not {after[section][name]}",
                    hint="A run that starts from another one has its shape and its vocabulary. "
                    "Leave the option out.",
                )
