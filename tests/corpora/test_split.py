from __future__ import annotations

import subprocess
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from translator.corpora import hold_out
from translator.corpora.doctor.repeats import folded, hashes
from translator.errors import DataError


def keys(sources: list[str]) -> NDArray[np.uint64]:
    return hashes(map(folded, sources))


def numbered(start: int, stop: int) -> list[str]:
    return [f"sentence number {n}" for n in range(start, stop)]


def held_sources(sources: list[str], dev_size: int) -> set[str]:
    return {sources[row] for row in hold_out(keys(sources), dev_size=dev_size)[1]}


def test_exact_rows_in_any_process() -> None:
    sources = numbered(0, 200)
    train, dev = hold_out(keys(sources), dev_size=5)
    assert dev.tolist() == EXPECTED
    assert train.tolist() == [row for row in range(200) if row not in EXPECTED]
    code = (
        "from translator.corpora import hold_out; "
        "from translator.corpora.doctor.repeats import folded, hashes; "
        "keys = hashes(folded(f'Sentence number {n}!') for n in range(200)); "
        "print(hold_out(keys, dev_size=5)[1].tolist())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{EXPECTED}\n"


EXPECTED = [27, 102, 156]


@pytest.mark.parametrize("dev_size", [1, 100, 1000, 10**9])
def test_about_as_many_as_asked_for(dev_size: int) -> None:
    train, dev = hold_out(keys(numbered(0, 20_000)), dev_size=dev_size)
    asked = min(dev_size, 20_000 / 12)
    assert abs(len(dev) - asked) <= 4 * asked**0.5
    assert 1 <= len(dev) <= 2000
    assert sorted([*train, *dev]) == list(range(20_000))
    assert train.dtype == dev.dtype == np.int64


def test_growing_never_moves_trained_pairs_to_validation() -> None:
    small, large, larger = numbered(0, 3000), numbered(0, 5000), numbered(0, 20_000)
    before, after, later = (held_sources(s, 300) for s in (small, large, larger))
    assert after & set(small) <= before
    assert later & set(large) <= after
    # below the limit, nothing moves at all
    assert held_sources(large, 10**6) & set(small) == held_sources(small, 10**6)


def test_order_does_not_matter() -> None:
    sources = numbered(0, 3000)
    assert held_sources(sources, 200) == held_sources(sources[::-1], 200)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.sampled_from([f"{w}{end}" for w in "aAbBcdefgh" for end in ("", ".", " !")]),
        min_size=2,
        max_size=60,
    ),
    st.integers(1, 100),
)
def test_no_source_on_both_sides(sources: list[str], dev_size: int) -> None:
    if len({folded(source) for source in sources}) < 2:
        with pytest.raises(DataError, match="same source sentence"):
            hold_out(keys(sources), dev_size=dev_size)
        return
    train, dev = hold_out(keys(sources), dev_size=dev_size)
    assert sorted([*train, *dev]) == list(range(len(sources)))
    assert len(train) >= 1
    assert len(dev) >= 1
    one, other = ({folded(sources[row]) for row in rows} for rows in (train, dev))
    assert not one & other


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.text(max_size=20), min_size=20, max_size=300, unique_by=folded), st.integers(1, 50)
)
def test_at_most_a_tenth(sources: list[str], dev_size: int) -> None:
    _, dev = hold_out(keys(sources), dev_size=dev_size)
    assert 1 <= len(dev) <= len(sources) // 10


def test_one_source_that_fills_the_corpus_is_trained_on() -> None:
    for repeated in (numbered(0, 200)[row] for row in (*EXPECTED[:2], 0)):
        sources = [repeated] * 900 + numbered(200, 300)
        train, dev = hold_out(keys(sources), dev_size=10**6)
        assert 0 in train
        assert 1 <= len(dev) <= 100
        _, dev = hold_out(keys([repeated] * 90 + numbered(200, 3000)), dev_size=30)
        assert 1 <= len(dev) <= 60


def test_two_pairs() -> None:
    train, dev = hold_out(keys(["a", "b"]), dev_size=1000)
    assert (len(train), len(dev)) == (1, 1)


@pytest.mark.parametrize("sources", [["a"], ["a", "A."]])
def test_nothing_to_hold_out(sources: list[str]) -> None:
    with pytest.raises(DataError, match="all have the same source"):
        hold_out(keys(sources), dev_size=1)


def test_of_a_large_corpus_little_more_than_the_answer_is_in_memory() -> None:
    many = np.random.default_rng(1).integers(0, 2**64, 300_000, dtype=np.uint64)
    tracemalloc.start()
    try:
        train, dev = hold_out(many, dev_size=1000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(train) + len(dev) == len(many)
    assert peak < 16 * len(many)  # 8 of these bytes are the number of the row
