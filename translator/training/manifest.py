"""What a run says of itself: manifest.json."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import torch

from translator.config import Config
from translator.training.loop import Trainer
from translator.training.prepare import Prepared

if TYPE_CHECKING:
    from translator.training.run import Request


def new_manifest(
    request: Request,
    config: Config,
    prepared: Prepared,
    precision: str,
    device: torch.device,
    processes: int,
) -> dict[str, Any]:
    """Return the record of a run that is about to begin."""
    return {
        "source": request.source,
        "target": request.target,
        "bidirectional": config.data.bidirectional,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": list(request.command),
        "train": list(request.train),
        "dev": request.dev,
        "data": prepared.records,
        "pairs": prepared.pairs,
        "dropped": prepared.dropped,
        "overlap": prepared.overlap,
        "training_fingerprint": prepared.fingerprint,
        "dev_fingerprint": prepared.dev_fingerprint,
        "tokenizer_fingerprint": prepared.tokenizer.fingerprint,
        "seed": config.training.seed,
        "precision": precision,
        "device": str(device),
        "processes": processes,
        "versions": {
            "python": platform.python_version(),
            **{
                name: version(name)
                for name in ("translator", "torch", "sentencepiece", "datasets", "sacrebleu")
            },
        },
    }


def peak_memory_before(manifest: Mapping[str, Any]) -> int:
    """Return the bytes that the earlier sittings of a run took at most; 0 if there were none."""
    result = manifest.get("result")
    peak = result.get("peak_memory_bytes") if isinstance(result, dict) else None
    return peak if isinstance(peak, int) else 0


def result_of(trainer: Trainer, peak_memory: int) -> dict[str, Any]:
    """Return how far training has come, how good the best weights are, and what it took.

    Args:
        trainer: of the run.
        peak_memory: bytes, the most in any of its sittings; 0 if unknown.
    """
    here = trainer.position
    measured = here.best_step > 0
    return {
        "finished": here.finished,
        "steps": here.step,
        "epochs": round(here.epoch + here.batch / len(trainer.plan(here.epoch)), 3),
        "tokens": here.tokens,
        "seconds": round(here.seconds, 1),
        "peak_memory_bytes": peak_memory or None,
        "skipped_steps": here.skipped,
        "best_step": here.best_step if measured else None,
        "dev_bleu": round(here.best_bleu, 2) if measured else None,
        "dev_loss": round(here.best_loss, 4) if measured and here.best_loss is not None else None,
        "dev_sentences": len(trainer.validator.sources),
    }
