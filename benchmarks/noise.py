"""What noise in the training data costs, and how much of that `translator corpus clean` saves.

A share of the training pairs is spoiled in ways that real corpora have: sentences that are not
translated, in another language, with broken characters, cut off, or beside those of another line.
Then the same model is trained, with the same budget, on the pairs as they were, on the spoiled
ones, and on what `clean` leaves of those; all are scored on the same test set.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from pathlib import Path

from benchmarks.common import (
    BenchmarkError,
    command_line,
    folder,
    machine_line,
    markdown_table,
    parser,
    positive,
    report,
    run,
)
from benchmarks.corpus_doctor import CYRILLIC, Pair, Planted, write

Pieces = tuple[tuple[str, ...], ...]
FOREIGN: dict[str, Pieces] = {
    "es": (
        ("Mi hermano", "La vecina", "El profesor", "Un amigo nuestro", "Su abuela"),
        ("trabaja", "espera", "lee el periódico", "toma café", "habla por teléfono"),
        ("en la biblioteca", "delante de la estación", "cerca del río", "junto a la ventana"),
        ("todas las mañanas.", "desde hace una hora.", "antes de la cena.", "cuando llueve."),
    ),
    "it": (
        ("Mio fratello", "La vicina", "Il professore", "Un nostro amico", "Sua nonna"),
        ("lavora", "aspetta", "legge il giornale", "beve un caffè", "parla al telefono"),
        ("in biblioteca", "davanti alla stazione", "vicino al fiume", "accanto alla finestra"),
        ("ogni mattina.", "da un'ora.", "prima di cena.", "quando piove."),
    ),
    "nl": (
        ("Mijn broer", "De buurvrouw", "De leraar", "Een vriend van ons", "Zijn oma"),
        ("werkt", "wacht", "leest de krant", "drinkt koffie", "zit te bellen"),
        ("in de bibliotheek", "voor het station", "bij de rivier", "naast het raam"),
        ("elke ochtend.", "al een uur.", "voor het avondeten.", "als het regent."),
    ),
}
"""Our own sentences by language, each with one piece of every row."""

Spoil = Callable[[Pair, Pair, random.Random], Pair]
"""A good pair, the pair of another line, and chance, to a spoiled pair."""


def noise(languages: tuple[str, str]) -> dict[str, Spoil]:
    """Return the ways to spoil a pair of two languages; the last one can hardly be noticed."""
    known = {tag.lower().partition("-")[0] for tag in languages}
    foreign = [pieces for language, pieces in FOREIGN.items() if language not in known]
    return {
        "not translated": lambda pair, other, chance: (pair[0], pair[0]),
        "in another language": lambda pair, other, chance: (
            pair[0],
            " ".join(chance.choice(row) for row in chance.choice(foreign)),
        ),
        "swapped": lambda pair, other, chance: (pair[1], pair[0]),
        "in another script": lambda pair, other, chance: (
            pair[0],
            pair[1].lower().translate(CYRILLIC),
        ),
        "broken characters": lambda pair, other, chance: (
            pair[0],
            pair[1].encode().decode("latin-1"),
        ),
        "cut off": lambda pair, other, chance: (pair[0], pair[1][: len(pair[1]) // 4]),
        "several sentences": lambda pair, other, chance: (
            pair[0],
            f"{pair[1]} {other[1]} {other[0]}",
        ),
        "another line's": lambda pair, other, chance: (pair[0], other[1]),
    }


def spoiled(pairs: list[Pair], share: float, seed: int, languages: tuple[str, str]) -> Planted:
    """Return the pairs, `share` of them spoiled, as many in each way.

    Raises:
        BenchmarkError: there are too few pairs that a way changes.
    """
    chance = random.Random(seed)
    rows, ways = list(pairs), noise(languages)
    truth: dict[str, set[int]] = {name: set() for name in ways}
    left = chance.sample(range(len(rows)), len(rows))
    for number in range(int(share * len(rows))):
        name = list(ways)[number % len(ways)]
        # pure ASCII has no characters to break: another pair then
        for place in reversed(range(len(left))):
            at = left[place]
            rows[at] = ways[name](pairs[at], chance.choice(pairs), chance)
            if rows[at] != pairs[at]:
                truth[name].add(at + 1)
                del left[place]
                break
        else:
            raise BenchmarkError(f"too few pairs can be spoiled so: {name}")
    return Planted(rows, truth)


def score(train: Path, options: argparse.Namespace, place: Path, name: str) -> dict[str, float]:
    """Train on a file, and return the scores on the test set."""
    out = place / name.replace(" ", "-")
    languages = ["--source", options.source, "--target", options.target]
    settings = [word for setting in options.settings for word in ("--set", setting)]
    command_line(
        "train",
        *("--train", str(train), "--dev", options.dev, "--out", str(out)),
        *("--preset", options.preset, "--max-steps", str(options.steps), "--no-clean"),
        *languages,
        *settings,
    )
    asked = ["--model", str(out), "--data", options.test, "--json"]
    told = json.loads(command_line("evaluate", *asked))
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
    made.add_argument("--steps", type=positive, default=1500, help="budget of each run")
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
    planted = spoiled(pairs, options.share, options.seed, (options.source, options.target))
    languages = ["--source", options.source, "--target", options.target]
    with folder(options.runs) as place:
        files = {name: place / f"{name}.tsv" for name in ("as it was", "spoiled", "cleaned")}
        write(files["as it was"], pairs)
        write(files["spoiled"], planted.rows)
        asked = [str(files["spoiled"]), "-o", str(files["cleaned"]), *languages]
        command_line("corpus", "clean", *asked)
        kept = set(files["cleaned"].read_text(encoding="utf-8").split("\n"))
        wrong = [planted.rows[line - 1] for lines in planted.truth.values() for line in lines]
        left = sum(f"{a}\t{b}" in kept for a, b in wrong)
        rows, results = [], {}
        for name, file in files.items():
            results[name] = score(file, options, place, name)
            lines = file.read_text(encoding="utf-8").count("\n")
            values = results[name]
            rows.append([name, f"{lines:,}", f"{values['BLEU']:.1f}", f"{values['chrF2']:.1f}"])
    notes = [
        f"{len(wrong):,} of {len(pairs):,} pairs were spoiled; {left:,} of those are left after "
        f"cleaning. Preset {options.preset}, {options.steps:,} steps each.",
        machine_line("py3langid"),
    ]
    report(
        markdown_table(["training pairs", "", "BLEU", "chrF2"], rows), notes, results, options.json
    )


if __name__ == "__main__":
    run(main)
