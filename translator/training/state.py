"""Everything that a run needs to go on exactly where it was."""

from __future__ import annotations

import dataclasses
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from translator.config import TrainingConfig
from translator.errors import ModelError
from translator.run_directory import RunDirectory, read_json, replacing, write_atomically
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
    skipped_in_a_row: int = 0
    best_bleu: float = -1.0
    best_loss: float | None = None
    best_step: int = 0
    validations_since_best: int = 0
    unlogged_nll: float = 0.0
    unlogged_tokens: int = 0
    """What the steps since the last log line have seen."""
    metrics_bytes: int = 0
    """Length of metrics.jsonl at this position; what a killed process wrote after it is cut off."""
    snapshots: list[int] = field(default_factory=list)
    """Steps whose weights are kept for averaging."""
    loss_scale: dict[str, float] = field(default_factory=dict)
    """State of the fp16 loss scaling, if it is used."""


def save_state(
    run: RunDirectory,
    position: Position,
    stepper: Stepper,
    metrics_bytes: int,
    options: TrainingConfig,
) -> None:
    """Write the training state of this step, whole or not at all; then remove the oldest ones.

    Raises:
        OSError: the disk is full or read-only.
    """
    position.metrics_bytes = metrics_bytes
    position.loss_scale = stepper.scaler.state_dict()
    text = json.dumps(dataclasses.asdict(position), indent=2) + "\n"
    path = run.state_dir(position.step)
    if path.exists():
        # saved at the validation of this very step: the tensors are the same
        write_atomically(path / "position.json", text.encode())
        return
    with replacing(path) as directory:
        directory.mkdir()
        try:
            _save_tensors(directory, stepper)
        except SafetensorError as error:
            raise OSError(f"{path}: cannot be written: {error}") from error
        (directory / "position.json").write_text(text, encoding="utf-8")
    for old in run.states()[: -options.keep_states]:
        shutil.rmtree(old)


def load_state(directory: Path, stepper: Stepper) -> Position:
    """Put model, optimiser and average back to where they were, and return the position.

    Raises:
        ModelError: the state is damaged.
    """
    try:
        position = Position(**read_json(directory / "position.json"))
        stepper.model.load_state_dict(load_file(directory / "weights.safetensors"))
        _load_optimizer(stepper.optimizer, load_file(directory / "optimizer.safetensors"))
        if stepper.average is not None:
            stepper.average.model.load_state_dict(load_file(directory / "average.safetensors"))
        stepper.scaler.load_state_dict(position.loss_scale)
        return position
    except (ModelError, SafetensorError, OSError, RuntimeError, KeyError, TypeError) as error:
        raise ModelError(
            f"is damaged: {error}",
            where=directory,
            hint="Remove this directory; --resume then goes on from the state before it.",
        ) from None


def _save_tensors(directory: Path, stepper: Stepper) -> None:
    save_file(_contiguous(stepper.model.state_dict()), directory / "weights.safetensors")
    save_file(_optimizer_tensors(stepper.optimizer), directory / "optimizer.safetensors")
    if stepper.average is not None:
        average = _contiguous(stepper.average.model.state_dict())
        save_file(average, directory / "average.safetensors")


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
    optimizer.load_state_dict({"state": state, "param_groups": groups})


def _contiguous(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.contiguous() for name, tensor in state.items()}
