"""The reference training set-up: one model, one vocabulary, one sequence of batches."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.common import parser, positive
from translator.config import Config, ModelConfig, TokenizerConfig, TrainingConfig, override

if TYPE_CHECKING:
    import torch

    from translator.batching.plan import Rows
    from translator.training.prepare import Prepared
    from translator.training.step import Stepper

REFERENCE = Config(
    tokenizer=TokenizerConfig(vocab_size=8000),
    model=ModelConfig(
        d_model=256,
        ffn_dim=1024,
        attention_heads=8,
        encoder_layers=3,
        decoder_layers=3,
        dropout=0.1,
    ),
    training=TrainingConfig(batch_tokens=4096, label_smoothing=0.1),
)
RATE = 5e-4
"""Learning rate, constant: it does not change the work, and nothing diverges in a few steps."""


@dataclass(frozen=True)
class Setup:
    """Which data and options a benchmark is run with; what `in_own_process` passes on."""

    train: str
    source: str
    target: str
    settings: list[str]
    cache: str
    device: str = "cpu"

    @classmethod
    def from_options(cls, options: argparse.Namespace, cache: Path) -> Setup:
        """Take the command line apart."""
        return cls(
            options.train, options.source, options.target, options.settings, cache=str(cache)
        )

    def config(self) -> Config:
        """Return the reference options with the ``--set`` values applied."""
        return override(REFERENCE, self.settings)

    def prepare(self) -> Prepared:
        """Read, learn the vocabulary and encode; the second time all of it is in the cache."""
        from translator.training.prepare import prepare

        os.environ["TRANSLATOR_CACHE"] = self.cache
        return prepare(
            [self.train], None, source=self.source, target=self.target, config=self.config()
        )

    def to_dict(self) -> dict[str, object]:
        """Return the fields as plain values."""
        return asdict(self)


def batches(config: Config, prepared: Prepared, *, part: int, number: int) -> list[Rows]:
    """Return `number` batches as rows of the corpus; each `part` gives other ones."""
    from translator.batching import plan_epoch

    def epochs() -> Iterator[list[Rows]]:
        for epoch in count(1000 * part):
            yield plan_epoch(
                prepared.corpus.source_lengths,
                prepared.corpus.target_lengths,
                parts=prepared.parts,
                batch_tokens=config.training.batch_tokens,
                seed=config.training.seed,
                epoch=epoch,
            )

    return list(islice(chain.from_iterable(epochs()), number))


def padding_shares(prepared: Prepared, plan: list[Rows]) -> dict[str, float]:
    """Return which share of the source and the target positions of some batches is padding."""
    from translator.batching import padding_share

    return {
        side: padding_share(getattr(prepared.corpus, f"{side}_lengths"), plan)
        for side in ("source", "target")
    }


def new_stepper(config: Config, prepared: Prepared, device: torch.device | None = None) -> Stepper:
    """Return what `translator train` trains with, the allocator tuned as it does; on the CPU."""
    import torch

    from translator.hardware import choose_precision, keep_freed_memory
    from translator.model.transformer import Transformer
    from translator.tokenizer.tokenizer import PAD_ID
    from translator.training.step import Stepper

    keep_freed_memory()
    torch.manual_seed(config.training.seed)
    device = device or torch.device("cpu")
    model = Transformer(config.model, len(prepared.tokenizer), PAD_ID).to(device)
    precision = choose_precision(config.training.precision, device)
    return Stepper(config, model, prepared.corpus, prepared.tokenizer, precision)


def training_parser(description: str, *, steps: int, instead: str = "") -> argparse.ArgumentParser:
    """Return a parser with the options of benchmarks that train.

    Args:
        description: of the benchmark.
        steps: timed in each round by default.
        instead: what is trained from without a corpus; empty: one must be given.
    """
    made = parser(description)
    made.add_argument(
        "--train",
        required=not instead,
        metavar="CORPUS",
        help="training pairs as `translator train` takes them: SOURCE_FILE,TARGET_FILE or a table"
        + (f"; none: {instead}" if instead else ""),
    )
    made.add_argument("--source", default="en", help="source language")
    made.add_argument("--target", default="de", help="target language")
    made.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="SECTION.OPTION=VALUE",
        help="change the reference set-up",
    )
    made.add_argument("--steps", type=positive, default=steps, help="steps timed in each round")
    made.add_argument("--warmup", type=int, default=5, help="steps before them, not counted")
    made.add_argument(
        "--cache", type=Path, help="keep the prepared corpus here; none: a temporary folder"
    )
    return made
