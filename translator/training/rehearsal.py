"""The largest batch and a few steps, done for real: the memory and the time they take.

`rehearse` does it in a process of its own: this one has the memory that training will have and no
more, and where that is not there, it is the one that ends.
"""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch

from translator.batching import EncodedCorpus
from translator.batching.plan import Rows
from translator.config import ModelConfig
from translator.errors import is_out_of_memory
from translator.hardware import (
    KeptMemory,
    keep_freed_memory,
    most_memory_taken,
    return_freed_memory,
)
from translator.memory import memory_limit, resident_memory
from translator.run_directory import RunDirectory
from translator.training.distributed import ALONE
from translator.training.loop import Trainer
from translator.training.run import Request, set_up
from translator.training.start import options_of

_TIMED = 24
_ENOUGH = 10.0
"""Batches that are timed, and the seconds after which that is enough."""
_VALIDATING = 4.0
"""Seconds of validation after which the rest is reckoned."""
_PART = 4
"""Before the whole largest batch, one part of this many shows what the whole will take."""


@dataclass(frozen=True, kw_only=True)
class Rehearsal:
    """What was seen; None where it did not come so far.

    Attributes:
        threads: of the CPU.
        precision: fp32, bf16 or fp16.
        validated: pairs of the dev set that a validation translates.
        memory_limit: bytes that there are, of the GPU if there is one.
        peak_bytes: the most memory that training takes: on a GPU what its tensors take, else all of
            the process, with the freed memory that it keeps.
        measured: whether the largest batch was rehearsed; if not, `peak_bytes` is extrapolated.
        token_bytes: memory that each further token of a batch takes.
        seconds_per_step: mean of an epoch.
        seconds_per_validation: of a model that translates at about the right length.
        out_of_memory: whether it ended for lack of memory.
    """

    threads: int | None = None
    precision: str | None = None
    validated: int | None = None
    memory_limit: int | None = None
    peak_bytes: int | None = None
    measured: bool = False
    token_bytes: float | None = None
    seconds_per_step: float | None = None
    seconds_per_validation: float | None = None
    out_of_memory: bool = False


def rehearse(request: Request) -> Rehearsal:
    """Rehearse a training in a process of its own, from data that are already prepared.

    Raises:
        RuntimeError: it failed for another reason than too little memory.
    """
    known = dataclasses.asdict(request)
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps(known, default=str),  # paths
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    facts: dict[str, Any] = {}
    for line in done.stdout.splitlines():
        facts |= json.loads(line)
    if done.returncode > 0:
        raise RuntimeError(f"the rehearsal ended with exit code {done.returncode}\n{done.stderr}")
    if done.returncode < 0:  # killed: by the system, which has no memory left for it
        facts["out_of_memory"] = True
    return Rehearsal(**facts)


def largest_batch(plan: list[Rows], corpus: EncodedCorpus, model: ModelConfig) -> Rows:
    """Return the batch that takes most memory, its longest rows first."""
    sources, targets = corpus.source_lengths, corpus.target_lengths
    D, F, H = model.d_model, model.ffn_dim, model.attention_heads

    def size(rows: Rows) -> int:
        """Return about how many numbers are kept for the way back: enough to compare."""
        S, T = int(sources[rows].max()), int(targets[rows].max())
        encoder = model.encoder_layers * S * (12 * D + 2 * F + 2 * H * S)
        decoder = model.decoder_layers * T * (20 * D + 2 * F + 2 * H * (S + T))
        return len(rows) * (encoder + decoder)

    rows = max(plan, key=size)
    return rows[np.argsort(-np.maximum(sources[rows], targets[rows]), kind="stable")]


def measure(trainer: Trainer, model: ModelConfig) -> Iterator[dict[str, Any]]:
    """Do the largest batch, a few others and a validation; yield what is known after each of them.

    The trainer's optimiser is used, so that its memory counts; the learning rate is zero.
    """
    stepper, device = trainer.stepper, trainer.stepper.model.device
    stepper.splits = False  # training would go on in parts; told is what the whole takes
    limit = _available(device)
    yield {
        "threads": torch.get_num_threads(),
        "precision": stepper.precision,
        "validated": trainer.validator.pairs,
        "memory_limit": limit,
    }

    def peak_of(rows: Rows) -> int | None:
        return_freed_memory()
        # gradients of the batch before are there while the next one is worked on
        stepper.take([rows] * min(trainer.options.accumulate, 2), 0, 0.0)
        return _needed(device)

    corpus = trainer.data.corpus
    whole = largest_batch(trainer.plan(0), corpus, model)
    width = int(max(corpus.source_lengths[whole[0]], corpus.target_lengths[whole[0]]))
    few = len(whole) // _PART
    one, some = peak_of(whole[:1]), peak_of(whole[:few]) if few > 1 else None
    if one is not None and some is not None:
        row_bytes = max(0.0, (some - one) / (few - 1))
        expected = round(one + row_bytes * (len(whole) - 1))
        yield {"peak_bytes": expected, "token_bytes": row_bytes / width}
        if limit is not None and expected > limit:
            return
    peak = peak_of(whole)
    yield {"peak_bytes": peak, "measured": True}
    if one is not None and peak is not None and len(whole) > 1:
        yield {"token_bytes": (peak - one) / (len(whole) - 1) / width}
    kept = KeptMemory()

    def step(rows: Rows) -> None:
        stepper.take([rows], 0, 0.0)
        kept.after_step()

    yield {"seconds_per_step": trainer.seconds_per_step(step, batches=_TIMED, enough=_ENOUGH)}
    seconds = trainer.validator.rehearse(stepper.best_weights, _VALIDATING)
    seen = most_memory_taken(device)
    if peak is not None and seen is not None:
        peak = max(peak, seen)
    yield {"seconds_per_validation": seconds, "peak_bytes": peak}


def _needed(device: torch.device) -> int | None:
    """Return what training may come to take, after a step that began without freed memory."""
    resident = resident_memory()
    if device.type == "cuda" or resident is None:
        return most_memory_taken(device)
    return KeptMemory.LIMIT * resident


def _available(device: torch.device) -> int | None:
    """Return the memory there is for this process: what it has, and what is free."""
    if device.type != "cuda":
        return memory_limit()
    return torch.cuda.mem_get_info(device)[0] + torch.cuda.memory_reserved(device)


def main() -> None:
    """Be the process that `rehearse` starts: a request on stdin, facts on stdout."""
    reply = sys.stdout
    sys.stdout = sys.stderr  # what libraries print is no part of the reply
    _be_the_first_to_end()
    known = json.load(sys.stdin)
    lists = {name: tuple(known[name]) for name in ("train", "settings", "command")}
    paths = {name: known[name] and Path(known[name]) for name in ("out", "from_run")}
    request = Request(**known | lists | paths)
    try:
        for facts in _facts(request):
            print(json.dumps(facts), file=reply, flush=True)
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        print(json.dumps({"out_of_memory": True}), file=reply, flush=True)


def _facts(request: Request) -> Iterator[dict[str, Any]]:
    keep_freed_memory()
    config = options_of(request)
    with TemporaryDirectory() as empty:
        trainer, _, _ = set_up(RunDirectory(empty), request, config, ALONE)
        yield from measure(trainer, config.model)


def _be_the_first_to_end() -> None:
    """Ask Linux to end this process and no other one where memory runs out."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    except OSError:
        return  # another system, or it is not allowed: then the system chooses


if __name__ == "__main__":
    main()
