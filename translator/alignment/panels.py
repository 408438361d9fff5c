"""Which attention is looked at: one head, a mean, the one chosen for the model, or all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from translator.errors import ConfigError, DataError

if TYPE_CHECKING:
    import numpy as np

    from translator.alignment.attention import Attention
    from translator.alignment.choice import Choice

LONGEST = 200
"""Words of a side, beyond which nobody can read a picture."""


@dataclass(frozen=True, kw_only=True)
class View:
    """What is asked for; by default the layer and heads that were chosen for the model.

    Attributes:
        layer: of the decoder, counted from 1; alone, the mean of its heads.
        head: of that layer, counted from 1.
        mean: of all heads of all layers.
        grid: each head for itself, of that layer or of all.
    """

    layer: int | None = None
    head: int | None = None
    mean: bool = False
    grid: bool = False

    def check(self, layers: int, heads: int) -> None:
        """Compare with what a model has.

        Raises:
            ConfigError: it has no such layer or head, or one option contradicts another.
        """
        if self.mean and (self.grid or self.layer is not None or self.head is not None):
            other = "--grid" if self.grid else "--layer" if self.layer is not None else "--head"
            raise ConfigError(
                f"--mean and {other} contradict each other",
                hint="--mean is of all layers and heads; --layer N alone is the mean of that one.",
            )
        if self.head is not None and self.grid:
            raise ConfigError(
                "--grid and --head contradict each other",
                hint="--grid shows every head; leave one of the two out.",
            )
        for name, number, count in (("layer", self.layer, layers), ("head", self.head, heads)):
            if number is not None and not 1 <= number <= count:
                owner = "The model has" if name == "layer" else "Each layer has"
                known = f"the {name}s 1 to {count}" if count > 1 else f"one {name}: 1"
                raise ConfigError(f"--{name} {number}: there is none", hint=f"{owner} {known}.")
        if self.head is not None and self.layer is None and layers > 1:
            raise ConfigError(
                f"--head {self.head}: of which layer?",
                hint=f"Name it as well: --layer 1 to --layer {layers}.",
            )


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A map to be drawn.

    Attributes:
        title: what it is of.
        weights: T x S.
    """

    title: str
    weights: np.ndarray


def panels(
    attention: Attention, view: View | None = None, choice: Choice | None = None
) -> list[list[Panel]]:
    """Return the maps that are asked for, in rows: one, or a row for each layer.

    Args:
        attention: the weights.
        view: what is asked for.
        choice: which layer and heads `attention.chosen` is of, to be told.

    Raises:
        ConfigError: see `View.check`.
        DataError: there are no words, or too many to be drawn.
    """
    view = view or View()
    weights = attention.weights  # layers x H x T x S
    view.check(*weights.shape[:2])
    for side, words in (("the source", attention.source), ("the translation", attention.target)):
        if not words:
            raise DataError(f"{side} has no words to be drawn")
        if len(words) > LONGEST:
            raise DataError(
                f"{side} has {len(words)} words, and a picture of more than {LONGEST} "
                "cannot be read",
                hint="Give it sentence by sentence, or take the numbers: align --attention FILE.",
            )
    if view.grid:
        rows = range(len(weights)) if view.layer is None else [view.layer - 1]
        return [
            [
                Panel(title=f"layer {layer + 1}, head {head + 1}", weights=weights[layer, head])
                for head in range(weights.shape[1])
            ]
            for layer in rows
        ]
    if view.mean:
        return [[Panel(title="mean of all layers and heads", weights=weights.mean(axis=(0, 1)))]]
    layer = 1 if view.layer is None and view.head is not None else view.layer
    if layer is None:
        return [[Panel(title=_chosen(choice, weights.shape[1]), weights=attention.chosen)]]
    if view.head is None:
        title = f"layer {layer}, mean of {weights.shape[1]} heads"
        return [[Panel(title=title, weights=weights[layer - 1].mean(axis=0))]]
    title = f"layer {layer}, head {view.head}"
    return [[Panel(title=title, weights=weights[layer - 1, view.head - 1])]]


def _chosen(choice: Choice | None, heads: int) -> str:
    """Return what the chosen weights are called."""
    if choice is None:
        return "the layer and heads chosen for alignment"
    return f"{choice_text(choice, heads)} (chosen for alignment)"


def choice_text(choice: Choice, heads: int) -> str:
    """Return which layer and heads were chosen, in words; both are told from 1 on.

    Args:
        choice: counts them from 0 on.
        heads: that each layer has.
    """
    numbers = [str(head + 1) for head in sorted(choice.heads)]
    if len(numbers) == 1:
        told = f"head {numbers[0]}"
    elif len(numbers) == heads:
        told = f"mean of {heads} heads"
    else:
        told = f"mean of heads {', '.join(numbers[:-1])} and {numbers[-1]}"
    return f"layer {choice.layer + 1}, {told}"


def peak(rows: Sequence[Sequence[Panel]]) -> float:
    """Return the weight drawn darkest, the same in all maps: the largest, up to the next tenth."""
    largest = max(float(panel.weights.max()) for row in rows for panel in row)
    return min(max(-(-largest * 10 // 1), 1.0), 10.0) / 10


def percent(weight: float) -> str:
    """Return a weight as a share, ``87.3 %``."""
    return f"{100 * weight:.1f} %"
