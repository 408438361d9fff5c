"""Everything that a run needs to go on exactly where it was.

A state is a directory of tensors and of position.json, which holds the checksums of all of them: a
file that was cut short or has a flipped bit is noticed, and the run goes on from the state before.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from translator.config import TrainingConfig
from translator.errors import ModelError, is_out_of_memory
from translator.progress import say
from translator.run_directory import (
    RunDirectory,
    checksum,
    remove_directory,
    replacing,
    share,
    write_atomically,
)
from translator.training.step import Stepper


@dataclass
class Position:
    """How far a run has come. Random numbers are derived from it, so it is all of their state."""

    step: int = 0
    """Steps taken, skipped ones included."""
    epoch: int = 0
    batch: int = 0
    """Batches of this epoch that are done."""
    seconds: float = 0.0
    """Time spent in training, over all sittings."""
    tokens: int = 0
    """Real target tokens trained on."""
    skipped: int = 0
    """Steps that were skipped because loss or gradients were not finite."""
    skipped_lately: float = 0.0
    """The same, where later steps make up for earlier ones."""
    best_bleu: float = -1.0
    best_loss: float | None = None
    best_step: int = 0
    best_weights: str = ""
    """Checksum of the best weights (`BestWeights`)."""
    validations_since_best: int = 0
    validated: int = 0
    """Step of the last validation: one that was broken off is made when the run goes on."""
    finished: bool = False
    """Whether all that comes after the last step is done too."""
    unlogged_nll: float = 0.0
    unlogged_tokens: int = 0
    """What the steps since the last log line have seen."""
    metrics_bytes: int = 0
    """Length of metrics.jsonl at this position; what a killed process wrote after it is cut off."""
    snapshots: list[int] = field(default_factory=list)
    """Steps whose weights are kept for averaging."""
    loss_scale: dict[str, float] = field(default_factory=dict)
    """State of the fp16 loss scaling, if it is used."""
    part_limit: int = 0
    """What a part of a batch may measure since memory ran out (`Stepper`); 0: it never did."""


def save_state(
    run: RunDirectory,
    position: Position,
    stepper: Stepper,
    metrics_bytes: int,
    options: TrainingConfig,
) -> None:
    """Write the training state of this step, whole or not at all; then remove what is too old.

    Raises:
        OSError: the disk is full or read-only.
    """
    position.metrics_bytes = metrics_bytes
    position.loss_scale = stepper.scaler.state_dict()
    position.part_limit = stepper.part_limit
    path = run.state_dir(position.step)
    if path.exists():
        # saved at the validation of this very step: the tensors are the same
        _, checksums = _read_position(path)
        write_atomically(path / _POSITION, _written(position, checksums))
    else:
        with replacing(path) as directory:
            directory.mkdir()
            try:
                _save_tensors(directory, stepper)
            except SafetensorError as error:
                raise OSError(f"{path}: cannot be written: {error}") from error
            checksums = {file.name: checksum(file) for file in sorted(directory.iterdir())}
            (directory / _POSITION).write_bytes(_written(position, checksums))
    for old in run.states()[: -options.keep_states]:
        remove_directory(old)


def load_newest_state(run: RunDirectory, stepper: Stepper) -> Position:
    """Load the newest whole state, and say so if it is not the newest one.

    Damaged states after it are removed: going on from it makes the same ones again.

    Raises:
        ModelError: there are states, and every one is damaged; nothing is removed.
    """
    damaged: dict[Path, str] = {}
    for path in reversed(run.states()):
        try:
            position = load_state(path, stepper)
        except ModelError as error:
            damaged[path] = error.message
            continue
        for newer, message in damaged.items():
            say(f"{newer} {message}. Going back to {path.name}, after which it is made again.")
            remove_directory(newer)
        return position
    if damaged:
        raise ModelError(
            "holds no whole training state: "
            + "; ".join(f"{path.name} {message}" for path, message in damaged.items()),
            where=run.states_dir,
            hint="Put a whole one back from a copy, or train again with another --out. "
            "model.safetensors, if it is there, still translates.",
        )
    return Position()


def best_weights_needed(run: RunDirectory) -> set[str]:
    """Return the checksums of the best weights that the kept states go with."""
    needed = set()
    for path in run.states():
        with suppress(ModelError, OSError):  # nothing goes back to a damaged one
            needed.add(_read_position(path)[0].best_weights)
    return needed


def load_state(directory: Path, stepper: Stepper) -> Position:
    """Put model, optimiser and average back to where they were, and return the position.

    Raises:
        ModelError: the state is damaged, or is one of another model.
        PermissionError: it may not be read.
    """
    try:
        position, checksums = _read_position(directory)
        for name, expected in checksums.items():
            if checksum(directory / name) != expected:
                raise ModelError(f"{name} is not what was written")
        stepper.model.load_state_dict(load_file(directory / "weights.safetensors"))
        _load_optimizer(stepper.optimizer, load_file(directory / "optimizer.safetensors"))
        if stepper.average is not None:
            stepper.average.model.load_state_dict(load_file(directory / "average.safetensors"))
        stepper.scaler.load_state_dict(position.loss_scale)
        stepper.part_limit = position.part_limit
        return position
    except PermissionError:
        raise
    except (ModelError, SafetensorError, OSError, RuntimeError, KeyError, ValueError) as error:
        if is_out_of_memory(error):
            raise
        message = error.message if isinstance(error, ModelError) else str(error)
        if isinstance(error, OSError):
            message = f"{Path(error.filename or directory).name}: {error.strerror}"
        raise ModelError(f"is damaged: {message}", where=directory) from None


_POSITION = "position.json"
_OWN = "position"
"""Under this name the checksums hold the one of position.json's own content."""


def _written(position: Position, checksums: Mapping[str, str]) -> bytes:
    """Return the content of position.json."""
    values = dataclasses.asdict(position)
    values["checksums"] = {**checksums, _OWN: _own_checksum(values, checksums)}
    return (json.dumps(values, indent=2) + "\n").encode()


def _read_position(directory: Path) -> tuple[Position, dict[str, str]]:
    """Return the position and the checksums of the state's other files.

    Raises:
        ModelError: the file is damaged.
        OSError: it is missing, or cannot be read.
    """
    try:
        values: dict[str, Any] = json.loads((directory / _POSITION).read_bytes())
        if "checksums" not in values:
            # a state from before they were kept, which came after validation and end
            return Position(**{"validated": values["step"], "finished": True, **values}), {}
        checksums: dict[str, str] = values.pop("checksums")
        if checksums.pop(_OWN) == _own_checksum(values, checksums):
            return Position(**values), checksums
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        pass  # told below, as is a checksum that differs
    raise ModelError(f"{_POSITION} is not what was written", where=directory)


def _own_checksum(values: Mapping[str, Any], checksums: Mapping[str, str]) -> str:
    text = json.dumps([values, checksums], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _save_tensors(directory: Path, stepper: Stepper) -> None:
    parts = {
        "weights": _contiguous(stepper.model.state_dict()),
        "optimizer": _optimizer_tensors(stepper.optimizer),
    }
    if stepper.average is not None:
        parts["average"] = _contiguous(stepper.average.model.state_dict())
    for name, tensors in parts.items():
        file = directory / f"{name}.safetensors"
        save_file(tensors, file)
        share(file)


def _optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    return {
        f"{index}.{name}": tensor.contiguous()
        for index, values in optimizer.state_dict()["state"].items()
        for name, tensor in values.items()
    }


def _load_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        index, name = key.split(".")
        state.setdefault(int(index), {})[name] = tensor
    groups = optimizer.state_dict()["param_groups"]
    for group in groups:
        for index in group["params"]:
            if ("momentum" in state.get(index, {})) != group["orthogonal"]:
                raise ModelError("it holds the optimiser of another version of translator")
    optimizer.load_state_dict({"state": state, "param_groups": groups})


def _contiguous(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.contiguous() for name, tensor in state.items()}
