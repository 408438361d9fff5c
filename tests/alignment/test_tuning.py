"""The choice finds the head in which the links are, and the row they are in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest

from translator.alignment import tuning
from translator.alignment.gold import Gold
from translator.alignment.passages import Pair, Reader, Sides
from translator.alignment.reading import Read
from translator.alignment.tuning import tune_by_agreement, tune_by_gold
from translator.decoding.translator import Translator
from translator.errors import DataError

LAYER, HEAD, ROW = 2, 1, "output"


def links_of(number: int) -> list[tuple[int, int]]:
    """Return the links of a pair: its words the other way round, some with two."""
    return [(i, 5 - i) for i in range(6)] + [(0, 4)] * (number % 2)


@pytest.fixture
def pairs(translator: Translator) -> list[Pair]:
    texts = [f"a{i} b c d e f" for i in range(40)]
    return Reader(translator).pairs(texts, texts)


@pytest.fixture
def gold() -> list[Gold]:
    return [
        Gold(frozenset(links_of(i)), frozenset([*links_of(i), (1, 1)]), None, i) for i in range(40)
    ]


@pytest.fixture
def planted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one head of the models look at the linked words, and all others anywhere."""

    def all_weights(translator: Translator, sides: Sequence[Sides], row: str) -> Iterator[Read]:
        turned = translator.source == "fr"
        chance = np.random.default_rng([turned, row == "input"])
        for i in reversed(range(len(sides))):
            weights = chance.random((3, 2, 6, 6)).astype(np.float32) / 6
            if row == ROW:
                weights[LAYER, HEAD] *= 0.2
                for s, t in links_of(i):
                    where = (s, t) if turned else (t, s)
                    weights[LAYER, HEAD][where] += 0.4
            yield i, weights

    monkeypatch.setattr(tuning, "all_weights", all_weights)


@pytest.mark.usefixtures("planted")
def test_by_gold_links(translator: Translator, pairs: list[Pair], gold: list[Gold]) -> None:
    found = tune_by_gold(translator, pairs, gold)
    assert (found.error, found.pairs) == (0.0, 40)
    assert (found.choice.layer, found.choice.row) == (LAYER, ROW)
    assert HEAD in found.choice.heads
    # below what is linked, above what is not
    assert 0.04 < found.choice.threshold <= 0.4


@pytest.mark.usefixtures("planted")
def test_by_agreement(new_translator: Callable[..., Translator], pairs: list[Pair]) -> None:
    there, back = tune_by_agreement(new_translator(), new_translator("fr", "en"), pairs)
    for found in (there, back):
        assert (found.choice.layer, found.choice.row) == (LAYER, ROW)
        assert HEAD in found.choice.heads
        assert found.error == there.error < 0.1


def test_pairs_that_are_not_looked_at(translator: Translator, gold: list[Gold]) -> None:
    texts = ["", "A cat sat. A bird sings.", "word " * 61]
    pairs = Reader(translator).pairs(texts, texts)
    with pytest.raises(DataError, match="none of the 3 pairs is a single sentence of up to 60"):
        tune_by_gold(translator, pairs, gold[:3])
