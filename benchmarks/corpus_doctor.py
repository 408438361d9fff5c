"""How much of what is wrong in a corpus the rules find, and how often they are wrong.

All pairs are judged, as by `translator corpus clean`; `check` tells languages of a sample only.

Faults of every kind are planted into a good corpus, each into pairs of its own. For each rule,
recall is the share of the planted pairs that it finds, precision the share of what it finds that
was planted: with this fault, or with one that implies it (a sentence that is not translated is also
identical on both sides). Of boilerplate the first occurrences are not found, on purpose.

With --model, pairs whose target is that of another source, of nearly the same length, are planted
too, and the model tells what does not belong together.

With --speed, whole corpora are checked with the cheap rules instead, and timed.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from benchmarks.common import (
    ROOT,
    command_line,
    folder,
    machine_line,
    markdown_table,
    parser,
    positive,
    report,
    run,
)

SAMPLE = ROOT / "data" / "sample"
OTHER_LANGUAGE = (
    "Gestern Abend haben wir lange am Fluss gesessen und geredet.",
    "Die Kinder spielen jeden Nachmittag hinter dem alten Haus.",
    "Meine Schwester arbeitet seit zwei Jahren in einem Krankenhaus.",
    "Kannst du mir bitte sagen, wann der nächste Zug abfährt?",
    "Er hat seinen Schlüssel verloren und wartet vor der Tür.",
    "Ayer por la tarde estuvimos hablando mucho tiempo en la cocina.",
    "Mi hermano trabaja desde hace tres años en una biblioteca pequeña.",
    "Los niños quieren jugar en el jardín antes de la cena.",
)
"""Our own sentences, neither English nor French."""
CYRILLIC = str.maketrans("abcdefghijklmnoprstuvyz", "абцдефгхийклмнопрстуввз"[:23])
BOILERPLATE = "Click here to go back to the main page."
CHEAP = "all,no-language,no-swapped"
"""Rules without those that tell languages apart, which takes longer than all others together."""
IMPLIED = {
    "identical": {"untranslated"},
    "ratio": {"extreme-ratio"},
    "near-duplicate": {"identical"},  # names that differ in their number
    "language": {"untranslated"},
    "unrelated": {"boilerplate", "language", "script", "swapped", "untranslated"},
}
"""For each rule, other planted faults that it is right to find."""

Pair = tuple[str, str]


class Planted(NamedTuple):
    """A corpus with faults: its rows, and for each fault the lines that have it."""

    rows: list[Pair]
    truth: dict[str, set[int]]


def plant(
    pairs: list[Pair],
    held: dict[str, list[Pair]],
    each: int,
    seed: int = 1,
    *,
    unrelated: bool = False,
) -> Planted:
    """Plant `each` pairs with every fault into a copy of `pairs`.

    Args:
        pairs: a good corpus.
        held: the pairs of the sets `test` and `dev`.
        each: pairs of each fault.
        seed: decides which pairs are spoiled.
        unrelated: whether to plant pairs whose sides do not belong together.
    """
    chance = random.Random(seed)
    long_enough = [pair for pair in pairs if len(pair[0].split()) >= 6 and "é" in pair[1]]
    spoiled: list[tuple[str, Pair]] = []
    chosen = chance.sample(long_enough, each * len(_SPOILERS))
    for number, (fault, spoil) in enumerate(_SPOILERS.items()):
        good = chosen[number * each : (number + 1) * each]
        spoiled += [(fault, spoil(pair, chance)) for pair in good]
    # else what is hardly spoiled would be nearly a duplicate of what it was made of
    taken = set(chosen)
    pairs = [pair for pair in pairs if pair not in taken]
    copied = chance.sample(pairs, 2 * each)
    spoiled += [("duplicate", pair) for pair in copied[:each]]
    spoiled += [
        ("near-duplicate", (a.upper().rstrip(".?!"), b.upper().rstrip(".?! ")))
        for a, b in copied[each:]
    ]
    spoiled += [("boilerplate", (BOILERPLATE, pair[1])) for pair in chance.sample(pairs, each)]
    if unrelated:
        spoiled += [
            ("unrelated", _mixed(pair, pairs, chance)) for pair in chance.sample(pairs, each)
        ]
    for name, there in held.items():
        overlap = [(a.lower(), b.lower()) for a, b in chance.sample(there, min(each, len(there)))]
        spoiled += [(f"{name}-overlap", pair) for pair in overlap]
    # copies come after what they are copies of
    places = sorted(
        chance.sample(range(len(pairs) + 1, len(pairs) + 1 + len(spoiled)), len(spoiled))
    )
    rows, truth = list(pairs), {fault: set() for fault, _ in spoiled}
    chance.shuffle(spoiled)
    for place, (fault, pair) in zip(places, spoiled, strict=True):
        rows.append(pair)
        truth[fault].add(place)
    return Planted(rows, truth)


def _mixed(pair: Pair, pairs: list[Pair], chance: random.Random) -> Pair:
    """Return a source with the target of another one, nearly as long as its own."""
    length = len(pair[1])
    while True:
        _, target = chance.choice(pairs)
        if abs(len(target) - length) <= 0.1 * length and target != pair[1]:
            return pair[0], target


def _in(text: str, inserted: str) -> str:
    middle = text.index(" ", len(text) // 2) if " " in text[len(text) // 2 :] else len(text)
    return text[:middle] + inserted + text[middle:]


_SPOILERS: dict[str, Callable[[Pair, random.Random], Pair]] = {
    "blank": lambda pair, chance: (pair[0], "") if chance.random() < 0.5 else ("", pair[1]),
    "identical": lambda pair, chance: (f"Ostrava {chance.randrange(10**6)}",) * 2,
    "untranslated": lambda pair, chance: (pair[0], pair[0]),
    "ratio": lambda pair, chance: (f"{pair[0]} {pair[0]} {pair[0]} {pair[0]}", pair[1]),
    "extreme-ratio": lambda pair, chance: (" ".join([pair[0]] * 9), pair[1]),
    "long": lambda pair, chance: (" ".join([pair[0]] * 50), " ".join([pair[1]] * 50)),
    "script": lambda pair, chance: (pair[0], pair[1].lower().translate(CYRILLIC)),
    "language": lambda pair, chance: (
        chance.choice(OTHER_LANGUAGE).replace(" ", f" {chance.choice(pair[0].split())} ", 1),
        pair[1],
    ),
    "swapped": lambda pair, chance: (pair[1], pair[0]),
    "encoding": lambda pair, chance: (
        pair[0],
        pair[1].encode().decode("latin-1")
        if chance.random() < 0.5
        else pair[1].replace("é", "\ufffd"),
    ),
    "html": lambda pair, chance: (pair[0], _in(pair[1], " &amp;quot;x&amp;quot;")),
    "control": lambda pair, chance: (_in(pair[0], chance.choice("\u00ad\x07\x1b\u2060")), pair[1]),
    "separators": lambda pair, chance: (_in(pair[0], chance.choice("\u2028\x0c\x85")), pair[1]),
    "numbers": lambda pair, chance: (
        f"{pair[0]} In {chance.randrange(1200, 1500)}.",
        f"{pair[1]} En {chance.randrange(1500, 1900)}.",
    ),
    "addresses": lambda pair, chance: (
        f"{pair[0]} See www.example.org/{chance.choice('abc')}.",
        f"{pair[1]} Voir www.example.org/{chance.choice('xyz')}.",
    ),
    "brackets": lambda pair, chance: (_in(pair[0], " (or not)"), _in(pair[1], " (ou non")),
}
"""What makes a good pair one with a fault, by the rule that should find it."""


def read(path: Path) -> list[Pair]:
    """Return the first two columns of a TSV file."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").split("\n") if line)
    return [(row[0], row[1]) for row in rows]


def write(path: Path, rows: list[Pair]) -> None:
    """Write two columns; what ends a line for other programs is left as it is."""
    text = "".join(f"{source}\t{target}\n" for source, target in rows)
    path.write_bytes(text.encode())


def found_lines(
    path: Path, test: Path, dev: Path, *, model: str | None = None, workers: int = 0
) -> tuple[dict[str, set[int]], int, float]:
    """Return the lines that each rule finds, the pairs, and the seconds it took."""
    from translator.config import DataConfig
    from translator.corpora.doctor.check import Question, examined_pairs
    from translator.corpora.doctor.rules import RULES
    from translator.corpora.lines import watching_separators
    from translator.decoding.translator import Translator
    from translator.decoding.unrelated import Unrelated

    found: dict[str, set[int]] = {rule: set() for rule in RULES}
    asked = Question(
        specs=[str(path)],
        source="en",
        target="fr",
        options=DataConfig(),
        rules=list(RULES),
        dev=str(dev),
        test=str(test),
        unrelated=None if model is None else Unrelated(Translator.load(model)),
        workers=workers,
    )
    pairs, start = 0, time.perf_counter()
    with watching_separators(lambda _, line, text: found["separators"].add(line)):
        for examined in examined_pairs(asked):
            pairs += len(examined.batch)
            found["blank"].update(line for line, _, _ in examined.batch.blank)
            for rule, offsets in examined.found.items():
                found[rule].update(examined.batch.lines[at] for at in offsets)
    return found, pairs, time.perf_counter() - start


def scores(found: dict[str, set[int]], truth: dict[str, set[int]]) -> dict[str, dict[str, float]]:
    """Return counts, recall and precision of each rule."""
    results = {}
    for rule, planted in truth.items():
        right = planted.union(*(truth[other] for other in IMPLIED.get(rule, ())))
        there = found[rule]
        results[rule] = {
            "planted": len(planted),
            "found": len(there),
            "recall": len(there & planted) / len(planted),
            "precision": len(there & right) / len(there) if there else 0.0,
        }
    return results


def checked(spec: str, source: str, target: str) -> dict[str, float]:
    """Check a corpus with the cheap rules by the command line; return the pairs and the seconds.

    Seconds of the processor are those of all processes; both kinds have loading and start in them.
    """
    asked = ["--rules", CHEAP, "--source", source, "--target", target, "--json"]
    used, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    # 1: something serious was found
    told = command_line("corpus", "check", spec, *asked, fine=(0, 1))
    wall, now = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "pairs": json.loads(told)["pairs"],
        "seconds": wall,
        "processor_seconds": now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime,
    }


def tell_speed(options: argparse.Namespace) -> None:
    """Check each corpus once, and print the table."""
    rows, results = [], {}
    for spec in options.speed:
        results[spec] = one = checked(spec, options.source, options.target)
        rates = (one["pairs"] / one[name] for name in ("seconds", "processor_seconds"))
        rows.append(
            [
                spec,
                f"{one['pairs']:,}",
                f"{one['seconds']:.1f}",
                f"{one['processor_seconds']:.1f}",
                *(f"{rate:,.0f}" for rate in rates),
            ]
        )
    header = ["corpus", "pairs", "seconds", "processor seconds", "pairs/s", "pairs/processor s"]
    notes = [f"Rules: {CHEAP}.", machine_line("ftfy")]
    report(markdown_table(header, rows), notes, {"speed": results}, options.json)


def main() -> None:
    """Plant, look, and print the table."""
    assert __doc__ is not None
    made = parser(__doc__)
    made.add_argument("--train", type=Path, default=SAMPLE / "train.tsv", help="a good corpus")
    made.add_argument("--dev", type=Path, default=SAMPLE / "dev.tsv", help="its validation set")
    made.add_argument("--test", type=Path, default=SAMPLE / "test.tsv", help="its test set")
    made.add_argument("--model", metavar="RUN", help="of the languages of the corpus")
    made.add_argument("--each", type=positive, default=200, help="planted pairs of each fault")
    made.add_argument("--seed", type=int, default=1, help="decides which pairs are spoiled")
    made.add_argument("--speed", nargs="+", metavar="CORPUS", help="measure these instead")
    made.add_argument("--source", default="en", help="source language of those")
    made.add_argument("--target", default="fr", help="target language of those")
    options = made.parse_args()
    if options.speed:
        tell_speed(options)
        return
    held = {"test": read(options.test), "dev": read(options.dev)}
    mixed = options.model is not None
    planted = plant(read(options.train), held, options.each, options.seed, unrelated=mixed)
    with folder(None) as place:
        path = place / "faulty.tsv"
        write(path, planted.rows)
        found, pairs, seconds = found_lines(path, options.test, options.dev, model=options.model)
    results = scores(found, planted.truth)
    rows = [
        [
            rule,
            f"{one['planted']:,}",
            f"{one['found']:,}",
            f"{one['recall']:.1%}",
            f"{one['precision']:.1%}",
        ]
        for rule, one in sorted(results.items())
    ]
    table = markdown_table(["rule", "planted", "found", "recall", "precision"], rows)
    notes = [
        f"{pairs:,} pairs, {pairs / seconds:,.0f} a second with all rules, languages included.",
        "Counted as right too, because they are implied: "
        + "; ".join(f"by {rule}, {', '.join(sorted(others))}" for rule, others in IMPLIED.items())
        + ".",
        machine_line("ftfy", "py3langid"),
    ]
    report(table, notes, {"rules": results}, options.json)


if __name__ == "__main__":
    run(main)
