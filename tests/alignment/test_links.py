from __future__ import annotations

import itertools
from typing import get_args

import numpy as np
import pytest

from translator.alignment.choice import Choice
from translator.alignment.links import (
    OfLinks,
    as_links,
    balanced,
    chosen_of,
    linked,
    linked_both_ways,
    pharaoh,
    symmetrised,
)

WEIGHTS = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.05], [0.0, 0.0, 0.0], [0.2, 0.35, 0.35]])


@pytest.mark.parametrize(
    ("threshold", "floor", "found"),
    [
        (1.1, 0.0, {(0, 0), (0, 1), (1, 3)}),  # of each word its largest, the first of equals
        (1.1, 0.2, {(0, 0), (1, 3)}),
        (0.3, 0.0, {(0, 0), (1, 0), (0, 1), (1, 3), (2, 3)}),
        (0.3, 0.2, {(0, 0), (1, 0), (1, 3), (2, 3)}),
        (0.1, 0.1, {(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (0, 3), (1, 3), (2, 3)}),
    ],
)
def test_which_weights_make_links(
    threshold: float, floor: float, found: set[tuple[int, int]]
) -> None:
    links = chosen_of(WEIGHTS, threshold, floor)
    assert set(as_links(links)) == found
    both = chosen_of(np.stack([WEIGHTS, WEIGHTS[::-1]]), threshold, floor)
    assert (both[0] == links).all()
    assert (both[1] == links[::-1]).all()


def test_words_compete_for_what_they_look_at() -> None:
    # an article that looks at its noun more than at the other article
    weights = np.array([[0.3, 0.6], [0.1, 0.8], [0.0, 0.0]], dtype=np.float32)
    shared = [[9 / 10, 36 / 100], [1 / 10, 64 / 100], [0, 0]]
    expected = np.array([np.array(row) / (sum(row) or 1) for row in shared])
    np.testing.assert_allclose(balanced(weights), expected, rtol=1e-6)
    np.testing.assert_allclose(balanced(np.stack([weights] * 2))[1], expected, rtol=1e-6)
    assert as_links(chosen_of(weights, 1.1, 0.0)) == [(1, 0), (1, 1)]
    choice = Choice(layer=0, heads=(0,), threshold=1.1)
    assert as_links(linked(weights, choice)) == [(0, 0), (1, 1)]


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0)])
def test_no_words(shape: tuple[int, int]) -> None:
    nothing = np.zeros(shape)
    assert as_links(linked(nothing, Choice(layer=0, heads=(0,)))) == []
    for method in get_args(OfLinks):
        found = symmetrised(nothing > 0, nothing > 0, method)  # type: ignore[arg-type]
        assert found.shape == shape


def test_the_mean_of_both_directions() -> None:
    forward = np.array([[0.6, 0.2], [0.3, 0.5], [0.1, 0.1]])
    backward = np.array([[0.7, 0.1, 0.1], [0.2, 0.2, 0.6]])
    mean = (balanced(forward) + balanced(backward).T) / 2
    choice = Choice(layer=0, heads=(0,))
    found = linked_both_ways(forward, backward, (choice, choice), "mean")
    assert found.tolist() == (mean >= 0.35).tolist()
    assert as_links(found) == [(0, 0), (1, 1), (1, 2)]
    found = linked_both_ways(forward, backward, (choice, choice), "intersection")
    assert (found == (linked(forward, choice) & linked(backward, choice).T)).all()


def array(*links: tuple[int, int], size: int = 4) -> np.ndarray:
    found = np.zeros((size, size), dtype=bool)
    for s, t in links:
        found[t, s] = True
    return found


def test_both_directions() -> None:
    forward = array((0, 0), (1, 1), (2, 2), (3, 3), size=5)
    backward = array((0, 0), (1, 2), (1, 1), (0, 4), size=5)
    found = {
        method: as_links(symmetrised(forward, backward, method))  # type: ignore[arg-type]
        for method in get_args(OfLinks)
    }
    assert found["intersection"] == [(0, 0), (1, 1)]
    assert found["union"] == [(0, 0), (0, 4), (1, 1), (1, 2), (2, 2), (3, 3)]
    # 1-1 has 1-2 and 2-2 beside it, which have a word without link, and 2-2 has 3-3
    assert found["grow-diag"] == [(0, 0), (1, 1), (1, 2), (2, 2), (3, 3)]
    # 0-4 has nothing beside it, and only one of its words is free
    assert found["grow-diag-final-and"] == found["grow-diag"]
    assert found["grow-diag-final"] == found["union"]
    # apart from all others
    forward, backward = array((0, 0), (3, 2)), array((0, 0), (2, 3), (3, 3))
    apart = symmetrised(forward, backward, "grow-diag")
    assert as_links(apart) == [(0, 0)]
    apart = symmetrised(forward, backward, "grow-diag-final-and")
    assert as_links(apart) == [(0, 0), (2, 3), (3, 2)]
    apart = symmetrised(forward, backward, "grow-diag-final")
    assert as_links(apart) == [(0, 0), (2, 3), (3, 2)]
    apart = symmetrised(array((0, 0)), array((0, 0), (0, 2)), "grow-diag-final")
    assert as_links(apart) == [(0, 0), (0, 2)]
    apart = symmetrised(array((0, 0)), array((0, 0), (0, 2)), "grow-diag-final-and")
    assert as_links(apart) == [(0, 0)]


def test_all_small_cases_lie_between_intersection_and_union() -> None:
    cells = list(itertools.product(range(2), range(2)))
    cases = [
        array(*(cell for cell, bit in zip(cells, bits, strict=True) if bit), size=2)
        for bits in itertools.product((0, 1), repeat=4)
    ]
    for forward, backward in itertools.product(cases, repeat=2):
        found = {
            method: symmetrised(forward, backward, method)  # type: ignore[arg-type]
            for method in get_args(OfLinks)
        }
        assert (found["intersection"] == (forward & backward)).all()
        assert (found["union"] == (forward | backward)).all()
        for last in ("grow-diag-final", "grow-diag-final-and"):
            order = [found[name] for name in ("intersection", "grow-diag", last, "union")]
            for smaller, larger in itertools.pairwise(order):
                assert not (smaller & ~larger).any()
        # with -final no word is left alone that either direction links to one that is alone, too
        rest = (forward | backward) & ~found["grow-diag-final-and"]
        rows, columns = (found["grow-diag-final-and"].any(axis=axis) for axis in (1, 0))
        assert not (rest & ~rows[:, None] & ~columns).any()


def test_pharaoh() -> None:
    assert pharaoh(as_links(array((1, 0), (0, 2)), (10, 20))) == "10-22 11-20"
    assert pharaoh([]) == ""
