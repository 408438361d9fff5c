"""What noise in the training data costs, and how much of that `translator corpus clean` saves.

A share of the training pairs is spoiled in ways that real corpora have: sentences that are not
translated, in another language, with broken characters, cut off, or beside those of another line.
Then the same model is trained, with the same budget, on the pairs as they were, on the spoiled
ones, and on what `clean` leaves of those; all are scored on the same test set.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.common import (
    ROOT,
    BenchmarkError,
    folder,
    machine_line,
    markdown_table,
    parser,
    report,
    run,
)
from benchmarks.corpus_doctor import CYRILLIC, OTHER_LANGUAGE, Pair, write

Spoil = Callable[[Pair, Pair, random.Random], Pair]
NOISE: dict[str, Spoil] = {
    "not translated": lambda pair, other, chance: (pair[0], pair[0]),
    "in another language": lambda pair, other, chance: (pair[0], chance.choice(OTHER_LANGUAGE)),
    "swapped": lambda pair, other, chance: (pair[1], pair[0]),
    "in another script": lambda pair, other, chance: (pair[0], pair[1].lower().translate(CYRILLIC)),
    "broken characters": lambda pair, other, chance: (
        pair[0],
        pair[1].encode().decode("latin-1"),
    ),
    "cut off": lambda pair, other, chance: (pair[0], pair[1][: len(pair[1]) // 4]),
    "several sentences": lambda pair, other, chance: (pair[0], f"{pair[1]} {other[1]} {other[0]}"),
    "another line's": lambda pair, other, chance: (pair[0], other[1]),
}
"""Ways to spoil a pair, each as frequent as the others; the last one can hardly be noticed."""


def spoiled(pairs: list[Pair], share: float, seed: int) -> list[Pair]:
    """Return the pairs, `share` of them spoiled."""
    chance = random.Random(seed)
    rows = list(pairs)
    ways = list(NOISE.values())
    for at in chance.sample(range(len(rows)), int(share * len(rows))):
        rows[at] = chance.choice(ways)(pairs[at], chance.choice(pairs), chance)
    return rows


def call(*arguments: str) -> str:
    """Run the command line and return what it prints."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", "translator", *arguments],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BenchmarkError(f"translator {arguments[0]}: {done.stderr[-1000:]}")
    print(done.stderr[-300:], file=sys.stderr)
    return done.stdout


def score(train: Path, options: argparse.Namespace, place: Path, name: str) -> dict[str, float]:
    """Train on a file, and return the scores on the test set."""
    out = place / name.replace(" ", "-")
    languages = ["--source", options.source, "--target", options.target]
    settings = [word for setting in options.settings for word in ("--set", setting)]
    call(
        "train",
        *("--train", str(train), "--dev", options.dev, "--out", str(out)),
        *("--preset", options.preset, "--max-time", options.time, "--no-clean"),
        *languages,
        *settings,
    )
    told = json.loads(call("evaluate", "--model", str(out), "--data", options.test, "--json"))
    return {one["name"]: one["value"] for one in told["scores"]}


def main() -> None:
    """Spoil, clean, train three times, and print the table."""
    assert __doc__ is not None
    made = parser(__doc__)
    for name in ("train", "dev", "test"):
        made.add_argument(f"--{name}", required=True, metavar="CORPUS", help=f"{name} pairs")
    made.add_argument("--source", default="en", help="source language")
    made.add_argument("--target", default="de", help="target language")
    made.add_argument("--preset", default="tiny", help="preset of all runs")
    made.add_argument("--time", default="20m", metavar="TIME", help="budget of each run")
    made.add_argument("--share", type=float, default=0.2, help="of the pairs that are spoiled")
    made.add_argument("--seed", type=int, default=1, help="decides which ones")
    made.add_argument("--runs", type=Path, metavar="FOLDER", help="keep the runs here")
    made.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="SECTION.OPTION=VALUE",
        help="change the options of all runs",
    )
    options = made.parse_args()
    from translator.config import DataConfig
    from translator.corpora import read_test_set

    there = read_test_set(
        options.train, source=options.source, target=options.target, options=DataConfig()
    )
    pairs = [(a, b or "") for a, b in zip(there.sources, there.references[0], strict=True)]
    noisy = spoiled(pairs, options.share, options.seed)
    languages = ["--source", options.source, "--target", options.target]
    with folder(options.runs) as place:
        files = {name: place / f"{name}.tsv" for name in ("as it was", "spoiled", "cleaned")}
        write(files["as it was"], pairs)
        write(files["spoiled"], noisy)
        call("corpus", "clean", str(files["spoiled"]), "-o", str(files["cleaned"]), *languages)
        kept = set(files["cleaned"].read_text(encoding="utf-8").split("\n"))
        wrong = [row for row, good in zip(noisy, pairs, strict=True) if row != good]
        left = sum(f"{a}\t{b}" in kept for a, b in wrong)
        rows, results = [], {}
        for name, file in files.items():
            results[name] = score(file, options, place, name)
            lines = file.read_text(encoding="utf-8").count("\n")
            values = results[name]
            rows.append([name, f"{lines:,}", f"{values['BLEU']:.1f}", f"{values['chrF2']:.1f}"])
    notes = [
        f"{len(wrong):,} of {len(pairs):,} pairs were spoiled; {left:,} of those are left after "
        f"cleaning. Preset {options.preset}, {options.time} each.",
        machine_line("py3langid"),
    ]
    report(
        markdown_table(["training pairs", "", "BLEU", "chrF2"], rows), notes, results, options.json
    )


if __name__ == "__main__":
    run(main)
