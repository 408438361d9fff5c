"""Preparation of a large corpus: pairs a second, cold and from the cache, and peak memory.

A table of made-up sentence pairs is written to a temporary folder and prepared as `translator
train` does it; with --steps it is also trained from for a while.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.common import (
    MEGABYTE,
    Stopwatch,
    folder,
    in_own_process,
    machine_line,
    markdown_table,
    parser,
    positive,
    report,
    run,
)

SYLLABLES = 120
CHUNK = 50_000
PARTS = ["reading", "vocabulary", "encoding"]


def write_corpus(path: str, pairs: int, words: int, seed: int) -> int:
    """Write a TSV of random words, frequent ones more often (Zipf); return its bytes."""
    import numpy as np

    chance = np.random.default_rng(seed)
    consonants, vowels = list("bcdfghklmnprstvz"), list("aeiouyéèàü")
    syllables = [f"{chance.choice(consonants)}{chance.choice(vowels)}" for _ in range(SYLLABLES)]
    vocabularies = [
        np.array(["".join(chance.choice(syllables, chance.integers(1, 6))) for _ in range(words)])
        for _ in range(2)
    ]
    frequency = 1 / np.arange(1, words + 1)
    frequency /= frequency.sum()
    with Path(path).open("w", encoding="utf-8") as file:
        for start in range(0, pairs, CHUNK):
            sides = []
            lengths = chance.integers(4, 19, min(CHUNK, pairs - start))
            for vocabulary in vocabularies:
                text = vocabulary[chance.choice(words, int(lengths.sum()), p=frequency)]
                ends = lengths.cumsum()
                sides.append([" ".join(row) + "." for row in np.split(text, ends[:-1])])
            file.writelines(f"{a}\t{b}\n" for a, b in zip(*sides, strict=True))
    return Path(path).stat().st_size


def prepare_once(path: str, cache: str, settings: list[str]) -> dict[str, Any]:
    """Prepare the corpus with this cache and return the seconds of each part."""
    import datasets  # noqa: F401 - the time of loading libraries is not counted

    from translator.config import load_config
    from translator.training import prepare as module

    os.environ["TRANSLATOR_CACHE"] = cache
    watch = Stopwatch()
    watch.watch(module, "open_training_corpus", "reading")
    watch.watch(module, "_vocabulary", "vocabulary")
    watch.watch(module, "encode_corpus", "encoding")
    config = load_config("", settings)
    start = time.perf_counter()
    prepared = module.prepare([path], None, source="en", target="fr", config=config)
    seconds = time.perf_counter() - start
    return {"pairs": prepared.pairs, "seconds": seconds, "parts": watch.seconds}


def train_some(path: str, cache: str, out: str, settings: list[str], steps: int) -> dict[str, Any]:
    """Train from the prepared corpus, as the command line does."""
    from translator.training import Request, train

    os.environ["TRANSLATOR_CACHE"] = cache
    start = time.perf_counter()
    train(
        Request(
            train=(path,),
            dev=None,
            source="en",
            target="fr",
            out=Path(out),
            preset="small",
            settings=(*settings, f"training.max_steps={steps}"),
        )
    )
    return {"seconds": time.perf_counter() - start}


def measure(options: Any, pairs: int, place: Path) -> dict[str, dict[str, Any]]:
    """Generate, prepare cold, prepare from the cache, and train; each in a process of its own."""
    place.mkdir()
    path, cache = str(place / "corpus.tsv"), str(place / "cache")
    size, _ = in_own_process(
        write_corpus, path=path, pairs=pairs, words=options.words, seed=options.seed
    )
    print(f"corpus: {pairs:,} pairs, {size / MEGABYTE:,.0f} MiB", file=sys.stderr)
    results: dict[str, dict[str, Any]] = {}
    for name in ("cold", "from the cache"):
        one, peak = in_own_process(prepare_once, path=path, cache=cache, settings=options.settings)
        results[name] = {**one, "peak_bytes": peak}
        print(f"{name}: {one['seconds']:.1f} s", file=sys.stderr)
    if options.steps:
        one, peak = in_own_process(
            train_some,
            path=path,
            cache=cache,
            out=str(place / "run"),
            settings=options.settings,
            steps=options.steps,
        )
        results["training"] = {**one, "peak_bytes": peak}
    results["corpus"] = {"pairs": pairs, "bytes": size}
    shutil.rmtree(place)
    return results


def rows_of(results: dict[str, dict[str, Any]]) -> list[list[str]]:
    """Return a line of the table for each time the corpus was used."""
    rows = []
    pairs = f"{results['corpus']['pairs']:,}"
    for name in ("cold", "from the cache"):
        one = results[name]
        rows.append(
            [
                f"preparation, {name}",
                pairs,
                f"{one['seconds']:,.1f}",
                f"{results['corpus']['pairs'] / one['seconds']:,.0f}",
                *(f"{one['parts'].get(part, 0.0):,.1f}" for part in PARTS),
                f"{one['peak_bytes'] / MEGABYTE:,.0f}",
            ]
        )
    if "training" in results:
        one = results["training"]
        blank = ["" for _ in PARTS]
        peak = f"{one['peak_bytes'] / MEGABYTE:,.0f}"
        rows.append(["training from it", pairs, f"{one['seconds']:,.1f}", "", *blank, peak])
    return rows


def table(results: list[dict[str, dict[str, Any]]]) -> str:
    """Return the lines of all corpora."""
    rows = [row for one in results for row in rows_of(one)]
    parts = [f"{part}, s" for part in PARTS]
    return markdown_table(["", "pairs", "seconds", "pairs/s", *parts, "peak memory, MiB"], rows)


def sizes(text: str) -> list[int]:
    """Read whole numbers with commas between them (an argparse type)."""
    try:
        return [positive(number) for number in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of numbers") from None


def main() -> None:
    """Measure and print the table."""
    assert __doc__ is not None
    options_parser = parser(__doc__)
    options_parser.add_argument(
        "--pairs",
        type=sizes,
        default=[1_000_000],
        metavar="N[,N...]",
        help="sentence pairs of the corpus, or of several one after the other",
    )
    options_parser.add_argument(
        "--words", type=positive, default=50_000, help="distinct words of each language"
    )
    options_parser.add_argument("--seed", type=int, default=1, help="of the made-up text")
    options_parser.add_argument(
        "--steps", type=int, default=0, metavar="N", help="also train for N steps"
    )
    options_parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="SECTION.OPTION=VALUE",
        help="change the default options",
    )
    options_parser.add_argument(
        "--folder", type=Path, help="where temporary files go; they are removed at the end"
    )
    options = options_parser.parse_args()
    with folder(None, inside=options.folder) as place:
        results = [measure(options, pairs, place / f"{pairs}") for pairs in options.pairs]
    trained = f"; {options.steps} training steps" if options.steps else ""
    corpora = ", ".join(f"{one['corpus']['bytes'] / MEGABYTE:,.0f}" for one in results)
    notes = [
        f"Made-up pairs, {corpora} MiB of text{trained}. Peak memory is resident memory, with the "
        "mapped files that the system could drop at any time.",
        machine_line("datasets", "sentencepiece"),
    ]
    report(table(results), notes, {"corpora": results}, options.json)


if __name__ == "__main__":
    run(main)
