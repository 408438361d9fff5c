"""What a training would take, without doing it: `translator plan`."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage

import numpy as np
import torch
from numpy.typing import NDArray

from translator.batching import padding_share
from translator.batching.plan import Rows
from translator.config import DEFAULT_PRESET, Config, ModelConfig, TrainingConfig
from translator.corpora.store import stored_bytes
from translator.corpora.trained_on import filter_bytes
from translator.memory import memory_limit
from translator.model.transformer import Transformer
from translator.progress import say
from translator.run_directory import cache_directory
from translator.tokenizer.tokenizer import PAD_ID
from translator.training.muon import state_size
from translator.training.prepare import Prepared, prepare
from translator.training.rehearsal import Rehearsal, largest_batch, rehearse
from translator.training.run import Request, check_options
from translator.training.schedule import Budget
from translator.training.start import options_of, tokenizer_of

_FLOAT = 4
"""Bytes of a weight."""
_COPIES = 4
"""What a weight takes at least: itself, its gradient, its momentum and the moving average."""


@dataclass(frozen=True, kw_only=True)
class Data:
    """The pairs; `real_tokens` is of both sides of all pairs to train on, ends included."""

    pairs: int
    dropped: dict[str, int]
    dev_pairs: int
    validated: int | None
    """Pairs of the dev set that a validation translates."""
    real_tokens: int
    target_tokens: int
    padding: dict[str, float]
    """Share of the positions of a batch, by side."""


@dataclass(frozen=True, kw_only=True)
class Lengths:
    """Tokens of the sentences to train on, by side; the end counts."""

    mean: dict[str, float]
    longest: dict[str, int]
    bins: list[tuple[int, int]]
    """Shortest and longest of each bin of the histogram."""
    shares: dict[str, list[float]]
    """Share of the sentences in each bin."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Of the GPU if there is one, in bytes."""

    bytes: int | None
    limit: int | None
    measured: bool
    token_bytes: float | None
    """What each further token of a batch takes."""
    fits: bool
    """Whether what was tried has not run out of memory."""
    batch_rows: int
    batch_length: int
    """The largest batch: pairs, and tokens of the longest."""


@dataclass(frozen=True, kw_only=True)
class Steps:
    """None where no limit says it."""

    per_epoch: int
    total: int | None
    epochs: float | None


@dataclass(frozen=True, kw_only=True)
class Time:
    """Seconds."""

    total: float | None
    per_step: float | None
    per_validation: float | None


@dataclass(frozen=True, kw_only=True)
class Disk:
    """Bytes; `run` is the most that the run directory takes, while a state is being replaced."""

    run: int
    states: int
    state: int
    weights: int
    cache: int
    free: int
    place: str


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """All that is known of a training beforehand."""

    source: str
    target: str
    preset: str
    data: Data
    lengths: Lengths
    vocabulary: int
    parameters: int
    device: str
    threads: int
    precision: str | None
    memory: Memory
    steps: Steps
    time: Time
    disk: Disk


def forecast(request: Request) -> tuple[Forecast, Config]:
    """Prepare the data as training does, and find out what training on them takes.

    Raises:
        ConfigError, DataError: as training would raise them.
    """
    config = options_of(request)
    device = check_options(config)
    prepared = prepare(
        request.train,
        request.dev,
        source=request.source,
        target=request.target,
        config=config,
        tokenizer=tokenizer_of(request),
    )
    plan = prepared.plan(config.training, 0)
    model = outline(config.model, len(prepared.tokenizer))
    parameters = model.parameter_count()
    seen = _rehearsed(request, device, parameters)
    steps, time = _steps_and_time(config.training, len(plan), seen)
    known = Forecast(
        source=request.source,
        target=request.target,
        preset=request.preset or DEFAULT_PRESET,
        data=_data(prepared, plan, seen),
        lengths=_lengths(prepared),
        vocabulary=len(prepared.tokenizer),
        parameters=parameters,
        device=str(device),
        threads=seen.threads or torch.get_num_threads(),
        precision=seen.precision,
        memory=_memory(prepared, plan, config, seen),
        steps=steps,
        time=time,
        disk=_disk(request.out, config.training, model, prepared),
    )
    return known, config


def outline(model: ModelConfig, vocab_size: int) -> Transformer:
    """Return the model without its weights: names and shapes, which take no memory."""
    with torch.device("meta"):
        return Transformer(model, vocab_size, PAD_ID)


def _rehearsed(request: Request, device: torch.device, parameters: int) -> Rehearsal:
    """Rehearse, unless the weights alone are too much for this machine."""
    copies = _COPIES if device.type == "cpu" else 1
    limit = memory_limit()
    if limit is not None and copies * _FLOAT * parameters > limit:
        needed = copies * _FLOAT * parameters
        return Rehearsal(memory_limit=limit, peak_bytes=needed, out_of_memory=True)
    say("Rehearsing the largest batch, a few steps and a validation")
    return rehearse(request)


def _data(prepared: Prepared, plan: list[Rows], seen: Rehearsal) -> Data:
    sources, targets = _trained_on(prepared)
    corpus = prepared.corpus
    return Data(
        pairs=prepared.pairs,
        dropped=prepared.dropped,
        dev_pairs=len(prepared.dev_sources),
        validated=seen.validated,
        real_tokens=int(sources.sum()) + int(targets.sum()),
        target_tokens=int(targets.sum()),
        padding={
            "source": round(padding_share(corpus.source_lengths, plan), 4),
            "target": round(padding_share(corpus.target_lengths, plan), 4),
        },
    )


def _trained_on(prepared: Prepared) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the lengths of source and target of all pairs to train on."""
    rows = np.concatenate([rows for rows, _ in prepared.parts])
    return prepared.corpus.source_lengths[rows], prepared.corpus.target_lengths[rows]


def _lengths(prepared: Prepared) -> Lengths:
    sides = dict(zip(("source", "target"), _trained_on(prepared), strict=True))
    longest = {side: int(lengths.max()) for side, lengths in sides.items()}
    bins = length_bins(max(longest.values()))
    return Lengths(
        mean={side: round(float(lengths.mean()), 2) for side, lengths in sides.items()},
        longest=longest,
        bins=bins,
        shares={
            side: [round(float(((a <= lengths) & (lengths <= b)).mean()), 4) for a, b in bins]
            for side, lengths in sides.items()
        },
    )


def length_bins(longest: int) -> list[tuple[int, int]]:
    """Return the bins 1-4, 5-8, 9-16, … up to the longest sentence."""
    ends = [4]
    while ends[-1] < longest:
        ends.append(2 * ends[-1])
    return [(a + 1, b) for a, b in zip([0, *ends], ends, strict=False)]


def _memory(prepared: Prepared, plan: list[Rows], config: Config, seen: Rehearsal) -> Memory:
    corpus = prepared.corpus
    rows = largest_batch(plan, corpus, config.model)
    return Memory(
        bytes=seen.peak_bytes,
        limit=seen.memory_limit,
        measured=seen.measured,
        token_bytes=seen.token_bytes,
        fits=not seen.out_of_memory,
        batch_rows=len(rows),
        batch_length=int(max(corpus.source_lengths[rows[0]], corpus.target_lengths[rows[0]])),
    )


def _steps_and_time(options: TrainingConfig, batches: int, seen: Rehearsal) -> tuple[Steps, Time]:
    """Reckon when the budget is used up, validations included."""
    budget = Budget.from_config(options)
    per_epoch = math.ceil(batches / options.accumulate)
    step, validation = seen.seconds_per_step, seen.seconds_per_validation
    untimed = dataclasses.replace(budget, seconds=None)
    # in steps: as if each took a second
    counted = untimed.seconds_left(0, 0.0, each=1.0, steps_per_epoch=per_epoch)
    total = None if counted is None else round(counted)
    seconds = None
    if step is not None and validation is not None:
        each = step + validation / options.validate_every
        if total is not None:
            seconds = total * step + math.ceil(total / options.validate_every) * validation
        if budget.seconds and (seconds is None or budget.seconds < seconds):
            total, seconds = int(budget.seconds / each), budget.seconds
    elif budget.seconds:
        total = None  # nobody knows how many steps that is
    epochs = None if total is None else round(total / per_epoch, 2)
    return (
        Steps(per_epoch=per_epoch, total=total, epochs=epochs),
        Time(total=seconds, per_step=step, per_validation=validation),
    )


def _disk(out: Path, options: TrainingConfig, model: Transformer, prepared: Prepared) -> Disk:
    weights = _FLOAT * model.parameter_count()
    state = weights * (1 + bool(options.ema_decay)) + _FLOAT * state_size(model)
    snapshots = options.average_last + options.keep_states if options.average_last else 0
    place = next(path for path in [out, *out.absolute().parents] if path.exists())
    ids = [Path(file["filename"]) for file in prepared.corpus.dataset.cache_files]
    cache = stored_bytes(prepared.records["train"], cache_directory())
    return Disk(
        # the new state, with the best weights of its time, is there before the old one is removed
        run=(options.keep_states + 1) * (state + weights)
        + (1 + snapshots) * weights
        + filter_bytes(prepared.pairs),
        states=options.keep_states,
        state=state,
        weights=weights,
        cache=cache + sum(file.stat().st_size for file in ids),
        free=disk_usage(place).free,
        place=str(out),
    )
