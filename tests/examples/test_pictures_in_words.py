"""The example is run with less training, and must already do far better than chance."""

from __future__ import annotations

import runpy
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

SCRIPT = Path(__file__).parents[2] / "examples" / "pictures_in_words.py"


@pytest.fixture(scope="module")
def example() -> Any:
    return SimpleNamespace(**runpy.run_path(str(SCRIPT)))


def test_pictures_show_what_their_words_say(example: Any) -> None:
    chance = np.random.default_rng(1)
    relations = set()
    for _ in range(100):
        one = example.make_picture(chance)
        first, second = one.things
        assert one.words[:4] == first.words == ["a", first.size, first.colour, first.shape]
        assert one.words[-4:] == second.words
        relation = " ".join(one.words[4:-4])
        relations.add(relation)
        if relation == "is left of":
            assert second.column - first.column > abs(second.row - first.row)
        else:
            assert relation == "is above"
            assert second.row - first.row > abs(second.column - first.column)
        for thing in one.things:
            # its colour is in its own patch, and in no other
            patch = example.PATCH
            here = one.pixels[
                thing.row * patch : (thing.row + 1) * patch,
                thing.column * patch : (thing.column + 1) * patch,
            ]
            coloured = (here == example.COLOURS[thing.colour]).all(axis=-1).sum()
            everywhere = (one.pixels == example.COLOURS[thing.colour]).all(axis=-1).sum()
            same = first.colour == second.colour
            assert coloured > 0
            assert same or coloured == everywhere
        assert example.UNSEEN not in [thing[1:3] for thing in one.things]
    assert relations == {"is left of", "is above"}
    for _ in range(20):
        one = example.make_picture(chance, unseen=True)
        assert example.UNSEEN in [thing[1:3] for thing in one.things]


def test_a_patch_is_its_pixels_and_its_place(example: Any) -> None:
    one = example.make_picture(np.random.default_rng(2))
    memory = example.as_memory([one, one])
    assert memory.shape == (2, 16, example.MEMORY_DIM)
    size = example.PATCH
    for row in range(4):
        for column in range(4):
            vector = memory[1, 4 * row + column]
            pixels = one.pixels[row * size : (row + 1) * size, column * size : (column + 1) * size]
            expected = torch.tensor(2 * pixels - 1, dtype=torch.float32).flatten()
            assert torch.allclose(vector[:-8], expected)
            assert vector[-8:].nonzero().flatten().tolist() == [row, 4 + column]


@pytest.mark.slow
def test_it_learns_to_describe_them(
    example: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    picture = tmp_path / "looks.png"
    arguments = ["--steps", "300", "--pictures", "100", "--save", str(picture)]
    measured = example.main(arguments)
    words, looks = measured["new pictures"]
    # by chance, a sentence is right once in some thousands, and a look once in sixteen
    assert words > 0.1
    assert looks > 0.4
    told = capsys.readouterr().out
    assert told.count("\n-> a ") == 3
    assert "layer 2, mean of 4 heads" in told
    assert f"{words:.1%} described in the right words" in told
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    assert width > 2 * height > 400


def test_a_picture_that_cannot_be_drawn_is_told_before_training(
    example: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr(sys, "argv", ["pictures_in_words.py", "--save", "a.png"])
    with pytest.raises(SystemExit) as caught:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    assert "needs Matplotlib" in str(caught.value)
