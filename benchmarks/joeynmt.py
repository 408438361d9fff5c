"""JoeyNMT's own training command as a contender: same corpus, vocabulary, sizes and token budget.

It lives in an environment of its own, because it needs older libraries. It plans its batches
itself (random rows, not sorted by length) and reports its own rate of real target tokens.
"""

from __future__ import annotations

import json
import math
import os
import re
import statistics
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.common import BenchmarkError, in_own_process
from benchmarks.reference import RATE, Setup
from translator.config import Config

if TYPE_CHECKING:
    from translator.tokenizer.tokenizer import Tokenizer

RATE_LINE = re.compile(r"Tokens per Sec:\s+(\d+)")
SYMBOLS = {
    "unk_token": "<unk>",
    "unk_id": 0,
    "pad_token": "<pad>",
    "pad_id": 1,
    "bos_token": "<s>",
    "bos_id": 2,
    "eos_token": "</s>",
    "eos_id": 3,
}


def joeynmt_round(python: str, setup: dict[str, Any], warmup: int, steps: int) -> dict[str, float]:
    """Train with JoeyNMT for some steps; return its rate without the warm-up.

    Raises:
        BenchmarkError: it cannot be run.
    """
    data = Setup(**setup)
    with TemporaryDirectory(prefix="joeynmt-") as name:
        place = Path(name)
        # what this process holds itself would count as JoeyNMT's peak memory
        in_own_process(write_data, setup=setup, folder=name)
        every = max(warmup, 1)  # the rate is logged for this many steps, and the first is left out
        updates = every + every * math.ceil(steps / every)
        settings = configuration(data, place, updates=updates, every=every)
        (place / "config.yaml").write_text(json.dumps(settings))  # which is YAML too
        _, peak = run_joeynmt(python, place, "train", "--skip-test")
        log = (place / "model" / "train.log").read_text(encoding="utf-8")
    rates = [float(rate) for rate in RATE_LINE.findall(log)][1:]
    if not rates:
        raise BenchmarkError("JoeyNMT logged no rate")
    return {"tokens_per_second": statistics.harmonic_mean(rates), "peak_bytes": peak}


def write_data(setup: dict[str, Any], folder: str) -> None:
    """Write the pairs as text, the SentencePiece model, and its pieces; in a process of its own."""
    from translator.corpora import open_training_corpus

    data, place = Setup(**setup), Path(folder)
    prepared = data.prepare()
    corpus = open_training_corpus(
        [data.train],
        source=data.source,
        target=data.target,
        options=data.config().data,
        cache_dir=Path(data.cache),
    )
    rows = corpus.dataset[prepared.parts[0][0]]
    for language, side in ((data.source, "source"), (data.target, "target")):
        lines = [f"{text}\n" for text in rows[side]]
        (place / f"train.{language}").write_text("".join(lines), encoding="utf-8")
        (place / f"dev.{language}").write_text("".join(lines[:10]), encoding="utf-8")
    write_tokenizer(prepared.tokenizer, place)


def write_tokenizer(tokenizer: Tokenizer, place: Path) -> None:
    """Write the SentencePiece model, and its pieces but for the special ones."""
    (place / "tokenizer.model").write_bytes(tokenizer.model)
    pieces = tokenizer.pieces(range(len(SYMBOLS) // 2, len(tokenizer)))
    (place / "pieces.txt").write_text("".join(f"{piece}\n" for piece in pieces), encoding="utf-8")


def configuration(setup: Setup, place: Path, *, updates: int, every: int) -> dict[str, Any]:
    """Return JoeyNMT's configuration for the reference set-up."""
    config = setup.config()
    files = {"train": str(place / "train"), "dev": str(place / "dev"), "dataset_type": "plain"}
    return {
        "name": "benchmark",
        "joeynmt_version": "2.3.0",
        "model_dir": str(place / "model"),
        "use_cuda": False,
        "random_seed": config.training.seed,
        "data": files | data_section(config, setup.source, setup.target, place),
        "testing": {"beam_size": 1, "batch_size": 16, "batch_type": "sentence"},
        "training": _training(config, updates=updates, every=every),
        "model": model_section(config),
    }


def data_section(config: Config, source: str, target: str, place: Path) -> dict[str, Any]:
    """Return what JoeyNMT is to know of the languages and their vocabulary."""

    def side(language: str) -> dict[str, Any]:
        return {
            "lang": language,
            "level": "bpe",
            "tokenizer_type": "sentencepiece",
            "tokenizer_cfg": {"model_file": str(place / "tokenizer.model")},
            "voc_file": str(place / "pieces.txt"),
            "max_length": config.data.max_length,
        }

    return {"src": side(source), "trg": side(target), "special_symbols": SYMBOLS}


def model_section(config: Config) -> dict[str, Any]:
    """Return the shape of the model."""
    shape = config.model

    def stack(layers: int) -> dict[str, Any]:
        return {
            "type": "transformer",
            "num_layers": layers,
            "num_heads": shape.attention_heads,
            "embeddings": {"embedding_dim": shape.d_model, "scale": True, "dropout": shape.dropout},
            "hidden_size": shape.d_model,
            "ff_size": shape.ffn_dim,
            "dropout": shape.dropout,
            "layer_norm": "pre",
            "activation": "relu",
        }

    return {
        "initializer": "xavier_uniform",
        "tied_embeddings": True,
        "tied_softmax": True,
        "encoder": stack(shape.encoder_layers),
        "decoder": stack(shape.decoder_layers),
    }


def _training(config: Config, *, updates: int, every: int) -> dict[str, Any]:
    training = config.training
    return {
        "optimizer": "adamw",
        "adam_betas": [0.9, 0.98],
        "learning_rate": RATE,
        "learning_rate_min": 0.0,
        "scheduling": "exponential",  # it needs one; with this factor the rate stays
        "decrease_factor": 1.0,
        "label_smoothing": training.label_smoothing,
        "normalization": "tokens",
        "clip_grad_norm": training.clip_norm,
        "batch_size": training.batch_tokens,
        "batch_type": "token",
        "epochs": 1000,
        "updates": updates,
        "logging_freq": every,
        "validation_freq": 1000 * every,
        "overwrite": True,
        "shuffle": True,
    }


def run_joeynmt(
    python: str, place: Path, *arguments: str, given: Path | None = None
) -> tuple[str, int]:
    """Run one of its commands, return what it prints and the peak memory in bytes.

    Args:
        python: interpreter of its environment.
        place: folder with config.yaml.
        arguments: the command and its options.
        given: file for its standard input.

    Raises:
        BenchmarkError: it failed.
    """
    mode, *options = arguments
    command = [str(Path(python).absolute()), "-m", "joeynmt", mode, str(place / "config.yaml")]
    printed, logged = place / "printed.txt", place / "output.txt"
    with (
        printed.open("wb") as stdout,
        logged.open("wb") as stderr,
        (given or Path(os.devnull)).open("rb") as stdin,
    ):
        process = subprocess.Popen(
            [*command, *options], stdin=stdin, stdout=stdout, stderr=stderr, cwd=place
        )
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        tail = logged.read_text(errors="replace").splitlines()[-8:]
        raise BenchmarkError("JoeyNMT failed:\n  " + "\n  ".join(tail))
    return printed.read_text(encoding="utf-8"), usage.ru_maxrss * 1024
