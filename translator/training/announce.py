"""What a run is going to do, said before it is done."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch

from translator.config import Config
from translator.export.facts import describe_model, describe_pairs
from translator.languages import direction_text, language_name
from translator.progress import clock, counted, say
from translator.training.loop import Trainer
from translator.training.prepare import Prepared, describe_dropped
from translator.training.schedule import Budget

if TYPE_CHECKING:
    from translator.training.run import Request


def announce(
    request: Request,
    config: Config,
    prepared: Prepared,
    trainer: Trainer,
    manifest: dict[str, Any],
) -> None:
    """Say languages, data, model, device, budget and estimated time."""
    names = direction_names(request.source, request.target, config)
    validated = trainer.validator.pairs
    part = "" if validated == trainer.validator.dev_size else f" ({validated:,} of them translated)"
    steps = math.ceil(len(trainer.plan(0)) / trainer.batches_per_step)
    say(f"Training {names} in {request.out}")
    dropped = describe_dropped(prepared.dropped)
    say(f"  data        {describe_pairs(prepared.pairs, config)}; dropped: {dropped}")
    if len(prepared.records["train"]) > 1:
        for corpus in prepared.records["train"]:
            # a weight stands in the name, as @2
            say(f"              {counted(corpus['pairs'], 'pair')} from {corpus['spec']}")
    say(f"  dev         {counted(trainer.validator.dev_size, 'pair')}{part}")
    say(f"  vocabulary  {len(prepared.tokenizer):,} pieces ({config.tokenizer.algorithm}, joint)")
    if manifest["from_run"]:
        say(f"  start       weights and vocabulary of {manifest['from_run']['run']}")
    say(f"  model       {describe_model(config.model, trainer.stepper.model.parameter_count())}")
    device = describe_device(str(manifest["device"]), torch.get_num_threads())
    processes = f", {trainer.world.size} processes" if trainer.world.size > 1 else ""
    say(f"  device      {device}, {manifest['precision']}{processes}")
    say(f"  budget      {describe_budget(trainer.budget)}; an epoch is {counted(steps, 'step')}")
    each = trainer.seconds_per_step() * _VALIDATION
    say(f"  time        {_estimate(trainer, each, steps)}")
    if warning := too_short_warning(trainer.budget, each, steps):
        say(warning)
    for name, counts in prepared.overlap.items():
        if warning := overlap_warning(name, counts):
            say(warning)
    if trainer.position.step:
        say(f"Going on after step {trainer.position.step:,}.")


def overlap_warning(name: str, counts: dict[str, int]) -> str:
    """Return what to say of a set (`dev`, `test`) that is in the training data; else nothing."""
    total = max(counts["sentences"], 1)
    if max(counts["source"], counts["target"]) < SPOILED * total:
        return ""
    spoils = "scores on it would" if name == "test" else "BLEU on dev will"
    source, target = (
        f"{counts[side]:,} ({counts[side] / total:.0%})" for side in ("source", "target")
    )
    return (
        f"WARNING: of {counted(total, f'{name} sentence')}, {source} have their source in the "
        f"training data, and {target} a translation: {spoils} flatter the model. "
        "translator corpus clean takes them out of it."
    )


def direction_names(source: str, target: str, config: Config) -> str:
    """Return what is learned, such as ``English -> French``."""
    names = language_name(source), language_name(target)
    return direction_text(*names, both=config.data.bidirectional)


def describe_device(device: str, threads: int) -> str:
    """Return the device, of a CPU with the number of threads."""
    return f"{device}, {counted(threads, 'thread')}" if device == "cpu" else device


def describe_budget(budget: Budget) -> str:
    """Return all limits of a budget."""
    limits = []
    if budget.steps:
        limits.append(counted(budget.steps, "step"))
    if budget.epochs:
        limits.append(counted(budget.epochs, "epoch"))
    if budget.seconds:
        limits.append(clock(budget.seconds))
    return " or ".join(limits) or "until BLEU stops rising"


SPOILED = 0.01
"""Share of a set in the training data that is told."""

_VALIDATION = 1.1
"""Time with validations, beside the time of the steps alone."""


def too_short_warning(budget: Budget, each: float, steps_per_epoch: int) -> str:
    """Return what to say of a budget that ends in the first epoch; else nothing.

    Args:
        budget: all limits.
        each: seconds that a step takes.
        steps_per_epoch: steps in a pass over the data.
    """
    seconds = budget.seconds_left(0, 0.0, each=each, steps_per_epoch=steps_per_epoch)
    one_pass = each * steps_per_epoch
    if seconds is None or seconds >= one_pass:
        return ""
    return (
        f"WARNING: the budget ends after {seconds / one_pass:.2f} epochs, so that some pairs are "
        f"never seen: one pass takes about {clock(one_pass)} here. Allow more time or steps, or "
        "let the machine do nothing else."
    )


def _estimate(trainer: Trainer, each: float, steps_per_epoch: int) -> str:
    """Return the time to the end, where a step takes `each` seconds."""
    here = trainer.position
    left = trainer.budget.seconds_left(
        here.step, here.seconds, each=each, steps_per_epoch=steps_per_epoch
    )
    if left is None:
        return f"about {each:.2f} s a step"
    return f"about {clock(left)} to go ({each:.2f} s a step)"
