"""How far the links read off a model's attention are from those of people, and how fast that is.

The links of a test set are made by one direction and by both, with what `align` reads by default,
with a choice made by the agreement of both directions, and with one made by gold links of a dev
set. Speed is that of `align` beside forced scoring of the same pairs by the same engine, in turns.
With --train, eflomal (Östling and Tiedemann 2016) makes links too: it learns
from the training pairs and the test pairs together, as such aligners do.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.common import (
    BenchmarkError,
    machine_line,
    markdown_table,
    parser,
    positive,
    ratio_to,
    report,
    run,
)

if TYPE_CHECKING:
    import numpy as np

    from translator.alignment.choice import Choice
    from translator.alignment.gold import Error, Gold
    from translator.alignment.passages import Pair
    from translator.decoding.translator import Translator

Choices = tuple["Choice | None", "Choice | None"]
Parted = tuple[str, list[tuple[int, int]]]
"""A text, and the places of the words that eflomal sees of it."""


class Set(NamedTuple):
    """Pairs with gold links."""

    sources: list[str]
    targets: list[str]
    pairs: list[Pair]
    gold: list[Gold]


def read_set(translator: Translator, data: str, gold: Path, from_one: bool) -> Set:
    """Read pairs and their gold links.

    Raises:
        BenchmarkError: there are no references.
    """
    from translator.alignment.gold import check_gold, read_gold, word_places
    from translator.alignment.passages import Reader
    from translator.config import DataConfig
    from translator.corpora import read_test_set

    test = read_test_set(
        data, source=translator.source, target=translator.target, options=DataConfig()
    )
    sources, targets = list(test.sources), [text or "" for text in test.references[0]]
    known = read_gold(gold, from_one=from_one)
    words = None
    if any(one.words for one in known):
        words = [
            tuple(
                word_places(own, text, f"{gold}:{one.line}")
                for own, text in zip(one.words or ([], []), pair, strict=True)
            )
            for one, pair in zip(known, zip(sources, targets, strict=True), strict=True)
        ]
    pairs = Reader(translator).pairs(sources, targets, words=words)  # type: ignore[arg-type]
    check_gold(known, [(len(pair.source), len(pair.target)) for pair in pairs], gold)
    return Set(sources, targets, pairs, known)


def load(path: str, turned: Translator | None = None) -> Translator:
    """Load a model for the engine torch; with another one, for the direction opposite to it."""
    from translator.decoding.translator import Translator
    from translator.run_directory import RunDirectory

    decoding = replace(RunDirectory(path).read_config().decoding, engine="torch", device="cpu")
    languages = {} if turned is None else {"source": turned.target, "target": turned.source}
    return Translator.load(path, decoding=decoding, **languages)


def choose(
    translator: Translator, reverse: Translator | None, dev: Set | None, test: Set
) -> dict[str, Choices]:
    """Return the choices that are compared, by how they were made."""
    from translator.alignment.choice import default_choice
    from translator.alignment.tuning import tune_by_agreement, tune_by_gold

    found: dict[str, Choices] = {
        "default": (
            default_choice(translator.model.config),
            None if reverse is None else default_choice(reverse.model.config),
        )
    }
    if reverse is not None:
        # without gold links, so that the test set itself may decide
        pairs = (dev or test).pairs
        ours, theirs = tune_by_agreement(translator, reverse, pairs)
        found["agreement"] = ours.choice, theirs.choice
    if dev is not None:
        back = None
        if reverse is not None:
            turned = [
                pair._replace(
                    source=pair.target,
                    target=pair.source,
                    passages=[one.turned() for one in pair.passages],
                )
                for pair in dev.pairs
            ]
            back = tune_by_gold(reverse, turned, [_turned(one) for one in dev.gold]).choice
        found["gold links"] = tune_by_gold(translator, dev.pairs, dev.gold).choice, back
    return found


def _turned(gold: Gold) -> Gold:
    sure, possible = (frozenset((t, s) for s, t in links) for links in (gold.sure, gold.possible))
    return replace(gold, sure=sure, possible=possible, words=None)


def measure(
    translator: Translator, reverse: Translator | None, test: Set, choices: dict[str, Choices]
) -> list[dict[str, Any]]:
    """Return the error of each choice, direction and symmetrisation."""
    from translator.alignment.aligning import align_pairs
    from translator.alignment.gold import error_of
    from translator.alignment.links import SYMMETRISATIONS

    found = []
    for name, chosen in choices.items():
        methods: Sequence[str | None] = [None] if reverse is None else [None, *SYMMETRISATIONS]
        for method in methods:
            other = None if method is None else reverse
            links = align_pairs(
                translator,
                test.pairs,
                other,
                method or "mean",  # type: ignore[arg-type]
                choices=chosen,
            )
            error = error_of([one.links for one in links], test.gold)
            found.append(_row(name, method or "one", error))
    return found


def _row(choice: str, directions: str, error: Error) -> dict[str, Any]:
    return {
        "choice": choice,
        "directions": directions,
        "aer": error.rate,
        "precision": error.precision,
        "recall": error.recall,
    }


def eflomal(translator: Translator, train: str, test: Set) -> list[dict[str, Any]]:
    """Return the error of eflomal's links, for one direction and for both.

    It gets punctuation marks as words of their own, whatever the words of the gold links are: two
    of these are linked if any of their parts are.

    Raises:
        BenchmarkError: it is not installed.
    """
    try:
        from eflomal import Aligner
    except ImportError:
        raise BenchmarkError(
            "--train compares with eflomal: pip install eflomal (which needs a C compiler)"
        ) from None
    from translator.alignment.gold import error_of
    from translator.alignment.links import as_links, symmetrised
    from translator.config import DataConfig
    from translator.corpora import read_test_set

    more = read_test_set(
        train, source=translator.source, target=translator.target, options=DataConfig()
    )
    sources = _parts(translator, [*test.sources, *more.sources])
    targets = _parts(translator, [*test.targets, *(text or "" for text in more.references[0])])
    lines = []
    with TemporaryDirectory() as folder:
        files = Path(folder) / "forward", Path(folder) / "backward"
        Aligner().align(
            *(
                [" ".join(text[a:b] for a, b in spans) for text, spans in side]
                for side in (sources, targets)
            ),
            links_filename_fwd=str(files[0]),
            links_filename_rev=str(files[1]),
        )
        lines = [path.read_text(encoding="ascii").splitlines() for path in files]
    forward, backward = (
        [_in_words(*one) for one in zip(own, sources, targets, test.pairs, strict=False)]
        for own in lines
    )
    found = {"one": forward}
    for method in ("intersection", "union", "grow-diag", "grow-diag-final-and"):
        both = zip(forward, backward, strict=True)
        found[method] = [symmetrised(*one, method) for one in both]  # type: ignore[arg-type]
    return [
        _row("eflomal", method, error_of(map(as_links, links), test.gold))
        for method, links in found.items()
    ]


def _parts(translator: Translator, texts: list[str]) -> list[Parted]:
    """Return each text with the places of its words, punctuation marks apart."""
    from translator.alignment.words import Locator, word_spans

    tokens = Locator(translator.tokenizer).tokens(texts, [{} for _ in texts])
    return [(text, word_spans(text, own, "marks")) for text, own in zip(texts, tokens, strict=True)]


def _in_words(line: str, source: Parted, target: Parted, pair: Pair) -> np.ndarray:
    """Return links between parts of words as links between the words of a pair, boolean, T x S."""
    import numpy as np

    found = np.zeros((len(pair.target), len(pair.source)), dtype=bool)
    ours, theirs = _owners(source, pair.source), _owners(target, pair.target)
    for link in line.split():
        s, t = map(int, link.split("-"))
        found[np.ix_(theirs[t], ours[s])] = True
    return found


def _owners(parted: Parted, words: Sequence[str]) -> list[list[int]]:
    """Return the numbers of the words that each part of a text is in."""
    from translator.alignment.gold import word_places

    text, parts = parted
    places = word_places(words, text, text)
    return [
        [number for number, (begin, end) in enumerate(places) if begin < part[1] and part[0] < end]
        for part in parts
    ]


def speed(translator: Translator, test: Set, rounds: int) -> dict[str, list[float]]:
    """Return pairs per second of forced scoring and of alignment, in turns."""
    from translator.alignment.aligning import align

    found: dict[str, list[float]] = {"score": [], "align": []}
    for _ in range(rounds):
        for name, work in (("score", translator.score), ("align", None)):
            start = time.perf_counter()
            if work is None:
                align(translator, test.sources, test.targets)
            else:
                work(test.sources, test.targets)
            found[name].append(len(test.sources) / (time.perf_counter() - start))
    return found


def main() -> None:
    """Print the table."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--model", "-m", required=True, metavar="RUN")
    arguments.add_argument("--reverse", metavar="RUN", help="a model of the opposite direction")
    arguments.add_argument("--data", required=True, metavar="CORPUS", help="the test pairs")
    arguments.add_argument("--gold", required=True, type=Path, metavar="FILE")
    arguments.add_argument("--dev", metavar="CORPUS", help="pairs to choose on, with --dev-gold")
    arguments.add_argument("--dev-gold", type=Path, metavar="FILE")
    arguments.add_argument(
        "--train", metavar="CORPUS", help="compare with eflomal, which learns from these pairs"
    )
    arguments.add_argument("--from-one", action="store_true", help="words are counted from 1")
    arguments.add_argument("--rounds", type=positive, default=3, help="of the speed")
    options = arguments.parse_args()
    if (options.dev is None) != (options.dev_gold is None):
        raise BenchmarkError("--dev and --dev-gold go together")
    from translator.alignment.aligning import own_reverse

    translator = load(options.model)
    reverse = load(options.reverse, translator) if options.reverse else own_reverse(translator)
    test = read_set(translator, options.data, options.gold, options.from_one)
    dev = None
    if options.dev is not None:
        dev = read_set(translator, options.dev, options.dev_gold, options.from_one)
    choices = choose(translator, reverse, dev, test)
    rows = measure(translator, reverse, test, choices)
    if options.train is not None:
        rows += eflomal(translator, options.train, test)
    rates = speed(translator, test, options.rounds)
    table = markdown_table(
        ["read by", "directions", "AER", "precision", "recall"],
        [
            [row["choice"], row["directions"]]
            + [f"{100 * row[name]:.1f} %" for name in ("aer", "precision", "recall")]
            for row in rows
        ],
    )
    share = ratio_to(rates["align"], rates["score"])
    notes = [
        *(f"{name}: {chosen[0]}" for name, chosen in choices.items()),
        f"align does {rates['align'][-1]:,.0f} pairs/s, {share:.2f} times as many as score.",
        machine_line("eflomal") if options.train is not None else machine_line(),
    ]
    results = {"rows": rows, "pairs_per_second": rates, "align_to_score": share}
    report(table, notes, results, options.json)


if __name__ == "__main__":
    run(main)
