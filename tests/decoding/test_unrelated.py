"""Pairs whose sides do not belong together: what a model that knows the corpus makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from translator.decoding.translation import GivenScore
from translator.decoding.unrelated import Unrelated

SOURCES = [f"sentence {i}" for i in range(100)]
TARGETS = [f"phrase {i}" for i in range(100)]


class Model:
    """Finds the tokens of a translation likelier than those of anything else, by `gain` nats."""

    def __init__(self, gain: float) -> None:
        self.gain = gain

    def score(self, sources: Sequence[str], targets: Sequence[str]) -> list[GivenScore | None]:
        found: list[GivenScore | None] = []
        for source, target in zip(sources, targets, strict=True):
            # some sentences are as such less likely than others
            each = -3.0 - int(target.split()[1]) % 7
            each += self.gain * (source.split()[1] == target.split()[1])
            length = 5 + len(target)
            found.append(GivenScore(length * each, 0.0, 1.0, length))
        return found


def new(gain: float) -> Any:
    return Unrelated(Model(gain))  # type: ignore[arg-type]


def test_slipped_lines_are_found_and_no_others() -> None:
    mixed = [*TARGETS[:60], *TARGETS[61:65], TARGETS[60], *TARGETS[65:]]
    unrelated = new(3.0)
    assert unrelated(SOURCES, mixed) == [60, 61, 62, 63, 64]
    # what is usual is known now, for batches of any size
    assert unrelated(SOURCES[:1], TARGETS[:1]) == []
    assert unrelated(SOURCES[:1], TARGETS[1:2]) == [0]
    assert unrelated([], []) == []
    assert unrelated.unfit == ""


def test_what_cannot_be_told_is_not_found() -> None:
    """A source is held against another one; where both are the same, nothing is told."""
    unrelated = new(3.0)
    sources, targets = list(SOURCES), list(TARGETS)
    for at in (*range(10), *range(50, 60)):
        sources[at], targets[at] = "sentence 1", "phrase 2"
    assert unrelated(sources, targets) == []
    assert unrelated(SOURCES[:1], TARGETS[2:3]) == [0]


def test_a_model_that_does_not_know_the_text_says_so() -> None:
    unrelated = new(2.4)
    assert unrelated(SOURCES, TARGETS[1:] + TARGETS[:1]) == []
    assert unrelated.unfit.startswith("the model does not know such text")
    unrelated = new(2.4)
    assert unrelated(SOURCES, TARGETS) == []
    assert unrelated.unfit.endswith("tokens are likelier by 2.4 nats only")


def test_too_few_pairs() -> None:
    unrelated = new(3.0)
    assert unrelated(SOURCES[:19], TARGETS[1:20]) == []
    assert unrelated.unfit == "needs 20 pairs, to see what is usual"
