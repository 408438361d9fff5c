"""How a forecast is told: as text, or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from translator.config import Config
from translator.export.facts import describe_model, describe_pairs
from translator.progress import clock, counted, size
from translator.training.advice import advise
from translator.training.announce import (
    describe_budget,
    describe_device,
    direction_names,
)
from translator.training.forecast import Forecast
from translator.training.prepare import describe_dropped
from translator.training.schedule import Budget

_BAR = 24
"""Characters of the longest bar."""


def as_json(forecast: Forecast, config: Config) -> str:
    """Return one JSON object with all facts, bytes and seconds in full."""
    value = asdict(forecast) | {"advice": advise(forecast, config)}
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def as_text(forecast: Forecast, config: Config) -> str:
    """Return the facts in lines like those that training begins with, then the advice."""
    names = direction_names(forecast.source, forecast.target, config)
    lines = [f"Plan for {names}, preset {forecast.preset}"]
    lines += [f"  {name:<12}{fact}" for name, fact in _facts(forecast, config)]
    advice = advise(forecast, config)
    lines += ["Advice", *(f"  - {sentence}" for sentence in advice)] if advice else []
    return "\n".join(lines) + "\n"


def _facts(forecast: Forecast, config: Config) -> Iterator[tuple[str, str]]:
    """Yield each line's name and content."""
    data, steps, disk = forecast.data, forecast.steps, forecast.disk
    dropped = describe_dropped(data.dropped)
    yield "data", f"{describe_pairs(data.pairs, config)}; dropped: {dropped}"
    part = (
        ""
        if data.validated in (None, data.dev_pairs)
        else f" ({data.validated:,} of them translated)"
    )
    yield "dev", f"{counted(data.dev_pairs, 'pair')}{part}"
    yield from _histogram(forecast)
    pieces = f"{forecast.vocabulary:,} pieces ({config.tokenizer.algorithm}, joint)"
    yield "vocabulary", pieces
    yield "model", describe_model(config.model, forecast.parameters)
    device = describe_device(forecast.device, forecast.threads)
    yield "device", f"{device}, {forecast.precision or config.training.precision}"
    yield "memory", _memory(forecast)
    shares = ", ".join(f"{share:.1%} of the {side}" for side, share in data.padding.items())
    yield "padding", shares
    budget = describe_budget(Budget.from_config(config.training))
    total = "" if steps.total is None else f", {steps.total:,} in all"
    epochs = "" if steps.epochs is None else f" ({steps.epochs:.1f} epochs)"
    yield "budget", budget
    yield "steps", f"{steps.per_epoch:,} an epoch{total}{epochs}"
    yield "time", _time(forecast)
    states = counted(disk.states, "state")
    yield (
        "disk",
        f"up to {size(disk.run)} in {disk.place}: {states} of {size(disk.state)}, weights of "
        f"{size(disk.weights)}; {size(disk.free)} are free",
    )
    yield "cache", f"{size(disk.cache)}, which training will use"


def _histogram(forecast: Forecast) -> Iterator[tuple[str, str]]:
    lengths = forecast.lengths
    parts = [
        f"{side} {lengths.mean[side]:.1f} on average, {lengths.longest[side]} at most"
        for side in lengths.mean
    ]
    yield "tokens", "; ".join(parts)
    most = max(share for shares in lengths.shares.values() for share in shares)
    for i, (shortest, longest) in enumerate(lengths.bins):
        bars = []
        for side, shares in lengths.shares.items():
            bar = "#" * round(_BAR * shares[i] / most)
            bars.append(f"{side} {shares[i]:>4.0%} {bar:<{_BAR}}")
        yield "", f"{f'{shortest}-{longest}':>8}  {'  '.join(bars)}".rstrip()


def _memory(forecast: Forecast) -> str:
    memory = forecast.memory
    if memory.bytes is None:
        return "not enough" if not memory.fits else "unknown on this system"
    how = "measured" if memory.measured else "estimated"
    limit = "" if memory.limit is None else f" of {size(memory.limit)}"
    pairs = counted(memory.batch_rows, "pair")
    return (
        f"{size(memory.bytes)}{limit} ({how}; largest batch: {pairs} of up to "
        f"{memory.batch_length} tokens)"
    )


def _time(forecast: Forecast) -> str:
    time = forecast.time
    if time.per_step is None:
        return "unknown, because the largest batch does not fit"
    each = f"{time.per_step:.2f} s a step"
    if time.per_validation is not None:
        each += f", {time.per_validation:.1f} s a validation"
    return f"about {each}" if time.total is None else f"about {clock(time.total)} ({each})"
