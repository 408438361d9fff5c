"""Draw the pairs, divide them into train, dev and test, and write the files."""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from data.sample_corpus.clause import statement
from data.sample_corpus.events import build
from data.sample_corpus.grammar import Gen
from data.sample_corpus.lexicon.load import BY_NAME, frame
from data.sample_corpus.patterns import PATTERNS, Sentence, Skip, realise
from data.sample_corpus.patterns.registry import Pattern
from data.sample_corpus.words import Phrase, join_english, join_french, links

SEED = 20_240_229
TRAIN, HELD_OUT = 25_000, 1_000
# A word of dev or test is in at least so many train sentences.
SUPPORT = 8
LONGEST = 24


class Pair(NamedTuple):
    """A pair of texts with its words and its links."""

    pattern: str
    en: str
    fr: str
    en_words: tuple[str, ...]
    fr_words: tuple[str, ...]
    sentence: Sentence


def pair(name: str, sentence: Sentence) -> Pair:
    """The pair of a finished sentence."""
    en = tuple(w.text for w in sentence.en)
    fr = tuple(w.text for w in sentence.fr)
    return Pair(name, join_english(en), join_french(fr), en, fr, sentence)


def first_test_pair() -> Pair:
    """The cat sat on the mat."""

    def make(g: Gen) -> Phrase:
        mat = g.say("{x}", "{x}", x=g.np(BY_NAME["mat"]).phrase)
        verb = frame("sit on")
        made = build(g, verb._replace(complements=()), "past", g.np(BY_NAME["cat"]))
        return statement(made.clause) + mat

    # The seed is one whose sentence has nothing to contract; the text does not depend on it.
    return pair("posture", realise(Pattern("posture", 1, ".", make), Random(0)))


def draws(rng: Random, entries: list[Pattern]) -> Iterator[Pair]:
    """Sentences of the patterns, without end, each pattern as often as its weight says."""
    weights = [entry.weight for entry in entries]
    while True:
        entry = rng.choices(entries, weights)[0]
        try:
            yield pair(entry.name, realise(entry, rng))
        except Skip:
            continue


def sensible(made: Pair) -> bool:
    """Whether a pair is short enough and says no name twice."""
    if len(made.en_words) > LONGEST:
        return False
    names = [w for w in made.en_words if w[0].isupper() and w != "I"]
    return len(set(names)) == len(names)


_MARKS = re.compile(r"[^\w ]+")


def key(text: str) -> str:
    """A text without what the eye passes over: two texts with one key count as equal."""
    return _MARKS.sub("", text.lower())


def corpus(seed: int = SEED) -> tuple[list[Pair], list[Pair], list[Pair]]:
    """The pairs of train, dev and test."""
    rng = Random(seed)
    first = first_test_pair()
    english, french = {key(first.en)}, {key(first.fr)}
    pool: list[Pair] = []
    for made in draws(rng, list(PATTERNS.values())):
        en, fr = key(made.en), key(made.fr)
        if en in english or fr in french or not sensible(made):
            continue
        english.add(en)
        french.add(fr)
        pool.append(made)
        if len(pool) == TRAIN + 2 * HELD_OUT - 1:
            break
    rng.shuffle(pool)
    return divide(pool, first)


def _sided(made: Pair) -> set[tuple[str, str]]:
    """The words of a pair with their side: English "parties" does not vouch for the French."""
    return {("en", w) for w in made.en_words} | {("fr", w) for w in made.fr_words}


def divide(pool: list[Pair], first: Pair) -> tuple[list[Pair], list[Pair], list[Pair]]:
    """Hold out pairs whose words all stay frequent in train."""
    support: Counter[tuple[str, str]] = Counter()
    for made in pool:
        support.update(_sided(made))
    wanted = 2 * HELD_OUT - 1
    held: list[Pair] = []
    train: list[Pair] = []
    for made in pool:
        own = _sided(made)
        if len(held) < wanted and all(support[word] > SUPPORT for word in own):
            support.subtract(own)
            held.append(made)
        else:
            train.append(made)
    return train, held[:HELD_OUT], [first, *held[HELD_OUT:]]


def write(out: Path) -> None:
    """Write the five files into a directory."""
    out.mkdir(parents=True, exist_ok=True)
    train, dev, test = corpus()
    for name, pairs in (("train", train), ("dev", dev), ("test", test)):
        _write_lines(out / f"{name}.tsv", (f"{p.en}\t{p.fr}" for p in pairs))
        if name != "train":
            _write_lines(out / f"{name}.links.tsv", map(link_line, pairs))


def link_line(made: Pair) -> str:
    """The words of both sides and their links, as a line of three columns."""
    found = links(made.sentence.en, made.sentence.fr)
    joined = " ".join(f"{i}-{j}" for i, j in found)
    return f"{' '.join(made.en_words)}\t{' '.join(made.fr_words)}\t{joined}"


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    path.write_bytes("".join(f"{line}\n" for line in lines).encode())


def show(count: int, seed: int, only: str) -> None:
    """Print a few examples of every pattern."""
    rng = Random(seed)
    for name, entry in PATTERNS.items():
        if only and only != name:
            continue
        print(f"## {name}")
        for made, _ in zip(draws(rng, [entry]), range(count), strict=False):
            print(f"  {made.en}\n  {made.fr}")


def main(arguments: list[str] | None = None) -> None:
    """Parse the command line and write or show the corpus."""
    parser = argparse.ArgumentParser(prog="data.sample_corpus", description=__doc__)
    parser.add_argument("--out", type=Path, help="the directory for the files")
    parser.add_argument("--show", type=int, default=0, help="print so many pairs of each pattern")
    parser.add_argument("--pattern", default="", help="show only this pattern")
    parser.add_argument("--seed", type=int, default=1, help="the seed of --show")
    options = parser.parse_args(arguments)
    if options.show:
        show(options.show, options.seed, options.pattern)
    if options.out:
        write(options.out)
