from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from datasets import Dataset
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.corpora import hold_out, shares_target
from translator.corpora.split import fold
from translator.errors import DataError


def dataset(sources: list[str]) -> Dataset:
    return Dataset.from_dict({"source": sources, "target": ["x"] * len(sources)})


def numbered(start: int, stop: int) -> list[str]:
    return [f"sentence number {n}" for n in range(start, stop)]


def held_sources(sources: list[str], dev_size: int) -> set[str]:
    return {sources[row] for row in hold_out(dataset(sources), dev_size=dev_size)[1]}


@pytest.mark.parametrize(
    "text",
    [
        "The cat sat.",
        "the cat sat",
        "THE  CAT\u00a0sat…",
        " The cat sat ?! ",
        "\uff34he cat sat\uff01",  # full-width letters
        "The cat sat\u3002",
    ],
)
def test_fold(text: str) -> None:
    assert fold(text) == "the cat sat"


def test_fold_keeps_what_differs() -> None:
    assert fold("Straße") == fold("STRASSE")
    assert fold("e.g. this") == "e.g. this"
    assert fold("été") == fold("e\u0301te\u0301") != fold("ete")


def test_exact_rows_in_any_process() -> None:
    sources = numbered(0, 200)
    train, dev = hold_out(dataset(sources), dev_size=5)
    assert dev.tolist() == EXPECTED
    assert train.tolist() == [row for row in range(200) if row not in EXPECTED]
    code = (
        "from datasets import Dataset; from translator.corpora import hold_out; "
        "s = [f'sentence number {n}' for n in range(200)]; "
        "print(hold_out(Dataset.from_dict({'source': s}), dev_size=5)[1].tolist())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{EXPECTED}\n"


EXPECTED = [44, 65, 94, 170, 174, 182, 188]


@pytest.mark.parametrize("dev_size", [1, 100, 1000, 10**9])
def test_about_as_many_as_asked_for(dev_size: int) -> None:
    train, dev = hold_out(dataset(numbered(0, 20_000)), dev_size=dev_size)
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
    if len({fold(source) for source in sources}) < 2:
        with pytest.raises(DataError, match="same source sentence"):
            hold_out(dataset(sources), dev_size=dev_size)
        return
    train, dev = hold_out(dataset(sources), dev_size=dev_size)
    assert sorted([*train, *dev]) == list(range(len(sources)))
    assert len(train) >= 1
    assert len(dev) >= 1
    one, other = ({fold(sources[row]) for row in rows} for rows in (train, dev))
    assert not one & other


@settings(max_examples=20, deadline=None)
@given(
    st.lists(st.text(max_size=20), min_size=20, max_size=300, unique_by=fold), st.integers(1, 50)
)
def test_at_most_a_tenth(sources: list[str], dev_size: int) -> None:
    _, dev = hold_out(dataset(sources), dev_size=dev_size)
    assert 1 <= len(dev) <= len(sources) // 10


def test_one_source_that_fills_the_corpus_is_trained_on() -> None:
    for repeated in (numbered(0, 200)[row] for row in (*EXPECTED[:2], 0)):
        sources = [repeated] * 900 + numbered(200, 300)
        train, dev = hold_out(dataset(sources), dev_size=10**6)
        assert 0 in train
        assert 1 <= len(dev) <= 100
        _, dev = hold_out(dataset([repeated] * 90 + numbered(200, 3000)), dev_size=30)
        assert 1 <= len(dev) <= 60


def test_two_pairs() -> None:
    train, dev = hold_out(dataset(["a", "b"]), dev_size=1000)
    assert (len(train), len(dev)) == (1, 1)


@pytest.mark.parametrize("sources", [["a"], ["a", "A."]])
def test_nothing_to_hold_out(sources: list[str]) -> None:
    with pytest.raises(DataError, match="all have the same source"):
        hold_out(dataset(sources), dev_size=1)


def test_a_view_of_a_dataset() -> None:
    whole = dataset(["x", *numbered(0, 50)])
    view = whole.select(range(1, 51))
    assert (
        hold_out(view, dev_size=3)[1].tolist()
        == hold_out(dataset(numbered(0, 50)), dev_size=3)[1].tolist()
    )


def test_how_far_it_has_come_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("translator.progress.PLAIN_INTERVAL", -1)
    hold_out(dataset(numbered(0, 12_000)), dev_size=3)
    told = [line.partition(" pairs")[0] for line in capsys.readouterr().err.splitlines()]
    assert told == [
        "Holding out: 83%, 10,000",
        "Holding out: 100%, 12,000",
        "Holding out: 100%, 12,000",  # the last line
    ]


def test_targets_that_are_held_out_too() -> None:
    targets = ["Oui.", "Non.", "oui", "Peut-être.", "NON !"]
    pairs = Dataset.from_dict({"source": ["x"] * 5, "target": targets})
    found = shares_target(pairs, np.array([1, 2, 3, 4]), np.array([0]))
    assert found.tolist() == [False, True, False, False]
    assert shares_target(pairs, np.array([3, 4]), np.array([0, 1])).tolist() == [False, True]
