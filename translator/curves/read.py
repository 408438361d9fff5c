"""The record of a run as the points of its learning curve."""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from translator.errors import ModelError
from translator.run_directory import RunDirectory

_LARGEST = 1e300
"""Numbers beyond this are damage; whole numbers too large for a float are among them."""


@dataclass(frozen=True, kw_only=True)
class Logged:
    """A log line of training.

    Attributes:
        step: steps taken so far.
        epoch: passes over the data so far.
        loss: per target token since the line before (nats); None if no step had a finite one.
        learning_rate: of this step.
        skipped: steps without finite gradients so far.
        seconds: spent so far, validations included.
        tokens_per_second: target tokens, since the line before.
    """

    step: int
    epoch: float
    loss: float | None
    learning_rate: float
    skipped: int
    seconds: float
    tokens_per_second: float


@dataclass(frozen=True, kw_only=True)
class Validated:
    """A validation on the dev set.

    Attributes:
        step: steps taken before it. The mean of the last weights has the step of the last ones.
        loss: per target token (nats); None if it was not finite.
        bleu: of greedy translations.
    """

    step: int
    loss: float | None
    bleu: float


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What a run has recorded so far, in the order of the steps."""

    name: str
    log: Sequence[Logged]
    validations: Sequence[Validated]

    @property
    def steps(self) -> int:
        """Return the last step there is a line of."""
        return max(points[-1].step for points in (self.log, self.validations) if points)

    @property
    def best_bleu(self) -> Validated | None:
        """Return the validation whose weights training keeps: by BLEU, among equals by loss."""
        return max(
            self.validations,
            key=lambda one: (one.bleu, -math.inf if one.loss is None else -one.loss),
            default=None,
        )

    @property
    def best_loss(self) -> Validated | None:
        """Return the validation with the lowest loss, the first of equals."""
        finite = [(one.loss, i) for i, one in enumerate(self.validations) if one.loss is not None]
        return self.validations[min(finite)[1]] if finite else None

    @property
    def tokens_per_second(self) -> float | None:
        """Return the median over the log lines, which a pause of the machine does not move."""
        return median(one.tokens_per_second for one in self.log) if self.log else None

    def logged_by(self, step: int) -> Logged | None:
        """Return the last log line up to `step`."""
        count = bisect_right(self.log, step, key=lambda one: one.step)
        return self.log[count - 1] if count else None


def read_curve(run: RunDirectory, name: str) -> Curve:
    """Read the record of a run, also while it is being written.

    Args:
        run: in training or finished.
        name: what to call it.

    Raises:
        ModelError: this is no run directory, nothing is recorded yet, or a line is damaged.
    """
    log: list[Logged] = []
    validations: list[Validated] = []
    last = 0
    for number, line in enumerate(_lines(run), start=1):
        point = _point(line, f"{run.metrics_file}:{number}")
        if point is None:
            continue
        if point.step < last:
            raise ModelError(
                f"is damaged: step {point.step:,} comes after step {last:,}",
                where=f"{run.metrics_file}:{number}",
                hint=_MEND,
            )
        last = point.step
        if isinstance(point, Logged):
            log.append(point)
        else:
            validations.append(point)
    if not log and not validations:
        raise ModelError(
            "holds nothing yet",
            where=run.metrics_file,
            hint="The first line comes after training.log_every steps.",
        )
    return Curve(name=name, log=log, validations=validations)


def run_names(paths: Sequence[Path]) -> list[str]:
    """Return a name for each run: its directory's, or the path as given if two share that one."""
    short = [path.resolve().name for path in paths]
    names = [
        name if name and short.count(name) == 1 else str(path)
        for name, path in zip(short, paths, strict=True)
    ]
    # a name may hold line breaks, or bytes that are no text
    return ["".join(c if c.isprintable() else "?" for c in name) for name in names]


_MISSING = "Training writes it: copy it from where the run was trained."
_MEND = "Copy the file again from where it is whole, or take the line out."


def _lines(run: RunDirectory) -> list[bytes]:
    """Return the lines, without the last one if it is only half written yet."""
    file = run.metrics_file
    if run.path.exists() and not run.path.is_dir():
        raise ModelError("is a file, and a run is a directory", where=run.path)
    try:
        lines = file.read_bytes().split(b"\n")
    except FileNotFoundError:
        if run.holds_run():
            raise ModelError("is missing", where=file, hint=_MISSING) from None
        raise ModelError(
            f"is not a run directory: there is no {file.name} in it", where=run.path
        ) from None
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror}", where=file) from None
    # the objects hold no others, so the last is whole once it is closed
    if not lines[-1].rstrip().endswith(b"}"):
        lines.pop()
    return lines


def _point(line: bytes, where: str) -> Logged | Validated | None:
    """Return what a line says; None if it is blank or of another kind."""
    if not line.strip():
        return None
    try:
        values = json.loads(line, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise ModelError("is damaged: not JSON", where=where, hint=_MEND) from None
    if not isinstance(values, dict) or not isinstance(values.get("type"), str):
        raise ModelError("is damaged: not an object with a type", where=where, hint=_MEND)
    if values["type"] == "train":
        return Logged(
            step=_count(values, "step", where),
            epoch=_number(values, "epoch", where),
            loss=_loss(values, where),
            learning_rate=_number(values, "learning_rate", where),
            skipped=_count(values, "skipped", where),
            seconds=_number(values, "seconds", where),
            tokens_per_second=_number(values, "tokens_per_second", where),
        )
    if values["type"] == "validation":
        return Validated(
            step=_count(values, "step", where),
            loss=_loss(values, where),
            bleu=_number(values, "bleu", where),
        )
    return None


def _loss(values: dict[str, Any], where: str) -> float | None:
    """Return the loss; the record has null for what was not finite."""
    if "loss" in values and values["loss"] is None:
        return None
    return _number(values, "loss", where)


def _number(values: dict[str, Any], name: str, where: str) -> float:
    value = values.get(name)
    if (
        not isinstance(value, int | float)
        or isinstance(value, bool)  # a number to Python
        or not -_LARGEST <= value <= _LARGEST
    ):
        raise ModelError(f"is damaged: no number for {name}", where=where, hint=_MEND)
    return float(value)


def _count(values: dict[str, Any], name: str, where: str) -> int:
    value = _number(values, name, where)
    if value < 0 or not value.is_integer():
        raise ModelError(f"is damaged: no whole number for {name}", where=where, hint=_MEND)
    return int(value)
