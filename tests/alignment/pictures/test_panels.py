from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from translator.alignment.attention import Attention
from translator.alignment.choice import Choice
from translator.alignment.panels import LONGEST, Panel, View, panels, peak, percent
from translator.errors import ConfigError, DataError

New = Callable[..., Attention]


def test_what_is_shown(attention: New) -> None:
    one = attention("a b c", "x y")
    weights = one.weights
    for view, title, expected in (
        (View(), "the layer and heads chosen for alignment", one.chosen),
        (View(mean=True), "mean of all layers and heads", weights.mean(axis=(0, 1))),
        (View(layer=2), "layer 2, mean of 3 heads", weights[1].mean(axis=0)),
        (View(layer=1, head=3), "layer 1, head 3", weights[0, 2]),
    ):
        [[panel]] = panels(one, view)
        assert panel.title == title
        np.testing.assert_array_equal(panel.weights, expected)


@pytest.mark.parametrize(
    ("heads", "told"),
    [((1,), "head 2"), ((0, 2), "mean of heads 1 and 3"), ((0, 1, 2), "mean of 3 heads")],
)
def test_what_was_chosen_is_told(attention: New, heads: tuple[int, ...], told: str) -> None:
    [[panel]] = panels(attention("a b", "x"), choice=Choice(layer=1, heads=heads))
    assert panel.title == f"layer 2, {told} (chosen for alignment)"


def test_a_grid_has_a_row_for_each_layer(attention: New) -> None:
    one = attention("a b c", "x y")
    rows = panels(one, View(grid=True))
    assert [[panel.title for panel in row] for row in rows] == [
        [f"layer {layer}, head {head}" for head in (1, 2, 3)] for layer in (1, 2)
    ]
    for layer, row in enumerate(rows):
        for head, panel in enumerate(row):
            np.testing.assert_array_equal(panel.weights, one.weights[layer, head])
    [only] = panels(one, View(grid=True, layer=2))
    assert [panel.title for panel in only] == [f"layer 2, head {head}" for head in (1, 2, 3)]


def test_of_one_layer_a_head_needs_no_layer(attention: New) -> None:
    [[panel]] = panels(attention("a b", "x", layers=1), View(head=2))
    assert panel.title == "layer 1, head 2"


@pytest.mark.parametrize(
    ("view", "message", "hint"),
    [
        (View(layer=3), "--layer 3: there is none", "The model has the layers 1 to 2."),
        (View(layer=0), "--layer 0: there is none", "The model has the layers 1 to 2."),
        (View(layer=1, head=4), "--head 4: there is none", "Each layer has the heads 1 to 3."),
        (View(head=1), "--head 1: of which layer?", "--layer 1 to --layer 2"),
        (View(mean=True, layer=1), "--mean and --layer contradict", "--layer N alone is the mean"),
        (View(mean=True, head=1), "--mean and --head contradict", "--mean is of all"),
        (View(mean=True, grid=True), "--mean and --grid contradict", "--mean is of all"),
        (View(grid=True, layer=1, head=1), "--grid and --head contradict", "shows every head"),
    ],
)
def test_mistakes(attention: New, view: View, message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        panels(attention("a b", "x"), view)
    assert message in caught.value.message
    assert hint in (caught.value.hint or "")


def test_nothing_and_too_much_is_not_drawn(attention: New) -> None:
    nothing = Attention(
        source=(),
        target=("x",),
        weights=np.zeros((1, 1, 1, 0), dtype=np.float32),
        chosen=np.zeros((1, 0), dtype=np.float32),
        links=(),
    )
    with pytest.raises(DataError, match="the source has no words"):
        panels(nothing)
    panels(attention(["a"] * LONGEST, "x"))
    with pytest.raises(DataError, match=f"the translation has {LONGEST + 1} words"):
        panels(attention("a", ["x"] * (LONGEST + 1)))


@pytest.mark.parametrize(
    ("largest", "expected"),
    [(0.0, 0.1), (0.04, 0.1), (0.11, 0.2), (0.2, 0.2), (0.55, 0.6), (0.97, 1.0), (1.0, 1.0)],
)
def test_the_darkest_is_the_next_tenth(largest: float, expected: float) -> None:
    low, high = (Panel(title="", weights=np.array([[0.0, value]])) for value in (0.0, largest))
    assert peak([[low], [high]]) == expected


def test_shares() -> None:
    assert [percent(weight) for weight in (0.0, 0.0049, 0.8734, 1.0)] == [
        "0.0 %",
        "0.5 %",
        "87.3 %",
        "100.0 %",
    ]
