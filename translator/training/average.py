"""Averages of weights over training: moving, and over the last validations."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from translator.errors import ModelError
from translator.model.transformer import Transformer
from translator.model.weights import read_weights, save_weights
from translator.run_directory import RunDirectory

_NEEDED = (
    "The mean of the last validations needs it. Put it back, or remove the training states after "
    "it: --resume then writes it again."
)


class MovingAverage:
    """An exponential moving average of a model's weights, in a model of its own.

    Early on the decay is lower, (1 + step) / (10 + step), so that the random start is forgotten.
    """

    def __init__(self, model: Transformer, decay: float) -> None:
        self.decay = decay
        self.model = copy.deepcopy(model).eval().requires_grad_(False)

    @torch.no_grad()
    def update(self, model: Transformer, step: int, skipped: Tensor | None = None) -> None:
        """Move the average towards the weights after `step` steps.

        Args:
            model: that has the weights.
            step: how many steps it has taken.
            skipped: a boolean of the device, for whether to leave the average where it is.
        """
        share = 1 - min(self.decay, (1 + step) / (10 + step))
        mean: list[Tensor] = [*self.model.parameters()]
        weights: list[Tensor] = [*model.parameters()]
        if skipped is None:
            torch._foreach_lerp_(mean, weights, share)
            return
        way = torch._foreach_sub(weights, mean)
        torch._foreach_mul_(way, torch.where(skipped, 0.0, share))
        torch._foreach_add_(mean, way)


def mean_of(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Return the plain mean of some weights (arXiv 1706.03762, section 6.1)."""
    return {name: torch.stack([s[name] for s in states]).mean(dim=0) for name in states[0]}


class Snapshots:
    """The weights of the last validations, kept in files until the end of training.

    Args:
        run: where they are kept.
        count: how many are averaged; 0: none are kept.
        spare: how many more stay, for going on from an older training state.
    """

    def __init__(self, run: RunDirectory, count: int, spare: int) -> None:
        self.run, self.count, self.spare = run, count, spare

    def keep(self, steps: list[int], step: int, model: Transformer) -> list[int]:
        """Add the weights at `step` to those kept at `steps`; return the steps to average now."""
        if not self.count:
            return []
        save_weights(self.run.snapshot_file(step), model.state_dict())
        known = sorted(self.run.snapshots(), key=lambda kept: kept[0])
        for _, file in known[: -(self.count + self.spare)]:
            file.unlink()
        return [*steps, step][-self.count :]

    def forget_after(self, step: int) -> None:
        """Remove what is newer than a training state that is gone back to."""
        for kept, file in self.run.snapshots():
            if kept > step:
                file.unlink()

    def mean(self, steps: list[int]) -> dict[str, Tensor] | None:
        """Return the mean of the weights kept at `steps`; None when there are fewer than two.

        Raises:
            ModelError: one of the files is missing or damaged.
        """
        if len(steps) < 2:
            return None
        return mean_of([_load(self.run.snapshot_file(step)) for step in steps])


def _load(file: Path) -> dict[str, Tensor]:
    if not file.exists():
        raise ModelError("is missing", where=file, hint=_NEEDED)
    try:
        return read_weights(file)
    except ModelError as error:
        raise ModelError(error.message, where=file, hint=_NEEDED) from None
