"""What single options do to quality, everything else and the number of tokens being equal.

Each variant is trained with `translator train` for the same number of passes over the same data, or
of steps, once for each seed, and scored with `translator evaluate`. Runs are kept in a folder: a
run that is whole is not made again, one that was broken off goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev

from benchmarks.common import (
    ROOT,
    BenchmarkError,
    machine_line,
    markdown_table,
    parser,
    positive,
    report,
    run,
)
from translator.errors import TranslatorError
from translator.run_directory import RunDirectory

BASELINE = "as the preset has it"
VARIANTS: dict[str, list[str]] = {
    BASELINE: [],
    "sub-word sampling 0.1": ["tokenizer.sampling=0.1"],
    "sub-word sampling 0.4": ["tokenizer.sampling=0.4"],
    "no moving average": ["training.ema_decay=0"],
    "no moving average, mean of the last 5": ["training.ema_decay=0", "training.average_last=5"],
    "3 + 3 layers": ["model.encoder_layers=3", "model.decoder_layers=3"],
    "6 + 2 layers": ["model.encoder_layers=6"],
    "vocabulary of 4,000": ["tokenizer.vocab_size=4000"],
    "vocabulary of 10,000": ["tokenizer.vocab_size=10000"],
    "byte-pair encoding": ["tokenizer.algorithm=bpe"],
    "dropout 0.1": ["model.dropout=0.1"],
    "dropout 0.3": ["model.dropout=0.3"],
    "word dropout 0.1": ["training.word_dropout=0.1"],
    "no label smoothing": ["training.label_smoothing=0"],
    "label smoothing 0.2": ["training.label_smoothing=0.2"],
    "R-Drop 1": ["training.r_drop=1"],
    "R-Drop 3": ["training.r_drop=3"],
    "inverse square root": ["training.schedule=inverse_sqrt"],
    "half the learning rate": ["training.learning_rate=2.5e-3"],
    "twice the learning rate": ["training.learning_rate=1e-2"],
    "half the batch": ["training.batch_tokens=1250"],
    "twice the batch": ["training.batch_tokens=5000"],
    "both directions in one model": ["data.bidirectional=true"],
    "products in fp32": ["training.precision=fp32"],
}


@dataclass(frozen=True)
class Study:
    """What all variants share.

    Attributes:
        corpora: options that name languages and training and validation data.
        settings: options of all of them; a variant's own come after.
        test: the test set, as `translator evaluate --data` takes it.
        folder: where the runs are.
        threads: of each run.
    """

    corpora: list[str]
    settings: list[str]
    test: str
    folder: Path
    threads: int

    def scores(self, name: str, seed: int) -> dict[str, float]:
        """Train a variant, or go on with it, unless that is done, and return its scores."""
        place = RunDirectory(self.folder / f"{name.replace(' ', '-').replace(',', '')}-{seed}")
        scores = place.path / "test-scores.json"
        if not scores.exists():
            settings = [*self.settings, *VARIANTS[name], f"training.seed={seed}"]
            resume = ["--resume"] if place.states() else []
            options = [option for setting in settings for option in ("--set", setting)]
            self._call("train", *self.corpora, "--out", str(place.path), *options, *resume)
            test = ["--model", str(place.path), "--data", self.test, "--json"]
            scores.write_text(self._call("evaluate", *test))
        dev = place.read_manifest()["result"]
        print(f"{name}, seed {seed}: dev BLEU {dev['dev_bleu']:.1f}", file=sys.stderr)
        metrics = map(json.loads, place.metrics_file.read_text().splitlines())
        loss = min(line["loss"] for line in metrics if line["type"] == "validation")
        told = json.loads(scores.read_text())["scores"]
        bleu = next(score for score in told if score["name"] == "BLEU")
        return {
            "dev_loss": loss,
            "dev_bleu": dev["dev_bleu"],
            "test_bleu": bleu["value"],
            "minutes": dev["seconds"] / 60,
        }

    def _call(self, *arguments: str) -> str:
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        done = subprocess.run(
            [sys.executable, "-m", "translator", *arguments],
            env={**os.environ, "OMP_NUM_THREADS": str(self.threads), "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BenchmarkError(f"translator {arguments[0]}: {done.stderr[-1000:]}")
        return done.stdout


def rows(results: dict[str, list[dict[str, float]]]) -> list[list[str]]:
    """Return a line for each variant: mean and spread over the seeds, difference to the first."""
    base = mean(scores["test_bleu"] for scores in results[BASELINE])
    lines = []
    for name, seeds in results.items():
        bleu = [scores["test_bleu"] for scores in seeds]
        spread = f" ± {stdev(bleu):.1f}" if len(bleu) > 1 else ""
        lines.append(
            [
                name,
                f"{mean(scores['dev_loss'] for scores in seeds):.3f}",
                f"{mean(scores['dev_bleu'] for scores in seeds):.1f}",
                f"{mean(bleu):.1f}{spread}",
                "" if name == BASELINE else f"{mean(bleu) - base:+.1f}",
                f"{mean(scores['minutes'] for scores in seeds):.0f}",
            ]
        )
    return lines


def options(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    made = parser("What single options do to quality.")
    for name in ("train", "dev", "test"):
        made.add_argument(f"--{name}", required=True, metavar="CORPUS", help=f"{name} pairs")
    made.add_argument("--source", default="en", help="source language")
    made.add_argument("--target", default="de", help="target language")
    made.add_argument("--preset", default="tiny", help="preset of all variants")
    budget = made.add_mutually_exclusive_group()
    budget.add_argument("--epochs", type=positive, default=6, help="passes over the training pairs")
    budget.add_argument(
        "--steps", type=positive, help="instead of passes; not for batches of other sizes"
    )
    made.add_argument("--seeds", type=int, nargs="+", default=[1, 2], help="one run for each")
    made.add_argument("--jobs", type=positive, default=1, help="runs at the same time")
    made.add_argument("--runs", type=Path, required=True, metavar="FOLDER", help="keep them here")
    made.add_argument(
        "--only", nargs="+", default=[], metavar="VARIANT", choices=list(VARIANTS), help="not all"
    )
    made.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="SECTION.OPTION=VALUE",
        help="change all variants",
    )
    return made.parse_args(argv)


def main() -> None:
    """Train, score and print the table."""
    asked = options()
    corpora = ["--train", asked.train, "--dev", asked.dev, "--preset", asked.preset]
    corpora += ["--source", asked.source, "--target", asked.target]
    limit, unit = (asked.steps, "steps") if asked.steps else (asked.epochs, "epochs")
    budget = [f"training.max_{unit}={limit}", "training.patience=0"]
    threads = max(1, (os.cpu_count() or 1) // asked.jobs)
    study = Study(corpora, [*budget, *asked.settings], asked.test, asked.runs, threads)
    names = [name for name in VARIANTS if name in asked.only or not asked.only]
    names = list(dict.fromkeys([BASELINE, *names]))
    with ThreadPoolExecutor(asked.jobs) as pool:
        waiting = {
            name: [pool.submit(study.scores, name, seed) for seed in asked.seeds] for name in names
        }
        try:
            results = {name: [one.result() for one in seeds] for name, seeds in waiting.items()}
        except (BenchmarkError, TranslatorError):
            pool.shutdown(cancel_futures=True)
            raise
    header = ["variant", "dev loss", "dev BLEU", "test BLEU", "difference", "minutes"]
    notes = [
        f"{limit:,} {unit}, {len(asked.seeds)} seeds, {asked.jobs} runs at a time; "
        "dev: greedy, best of the run; test: beam search.",
        machine_line(),
    ]
    report(markdown_table(header, rows(results)), notes, {"results": results}, asked.json)


if __name__ == "__main__":
    run(main)
