from __future__ import annotations

import math
import struct
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from translator.curves import Curve
from translator.curves.picture import FORMATS, draw, picture
from translator.errors import ConfigError
from translator.pictures import picture_format

pytest.importorskip("matplotlib", reason="pictures need translator[plot]")

NewCurve = Callable[..., Curve]
LABELS = [
    "loss (nats per target token)",
    "BLEU on dev (0 to 100)",
    "learning rate",
    "speed (target tokens/s)",
]


def points(line: Any) -> list[tuple[float, float]]:
    return list(zip(line.get_xdata(), line.get_ydata(), strict=True))


def test_every_number_is_drawn(curve: NewCurve) -> None:
    runs = [curve("a", [10, 30], [4, 3]), curve("b", [20, 25, 15], [5, None, 2])]
    figure = draw(runs)
    assert [axes.get_ylabel() for axes in figure.axes] == LABELS
    assert {axes.get_xlabel() for axes in figure.axes} == {"step"}
    loss, bleu, rate, speed = ([points(line) for line in axes.lines] for axes in figure.axes)
    assert loss[0] == [(100, 10), (200, 5)]
    assert loss[1] == [(100, 4), (200, 3)]
    assert loss[2] == [(100, 10), (200, 5), (300, 10 / 3)]
    assert [x for x, _ in loss[3]] == [100, 200, 300]
    assert [y for _, y in loss[3][::2]] == [5, 2]
    assert math.isnan(loss[3][1][1])
    assert bleu == [[(100, 10), (200, 30)], [(100, 20), (200, 25), (300, 15)]]
    assert rate[1] == [(100, 0.001), (200, 0.0005), (300, 0.001 / 3)]
    assert speed[1] == [(100, 1000), (200, 2000), (300, 3000)]
    # a run has one colour in all panels, and not that of the other
    colours = [[line.get_color() for line in axes.lines] for axes in figure.axes]
    first, second = colours[1]
    assert first != second
    assert colours == [[first, first, second, second], *[[first, second]] * 3]


def test_runs_differ_when_the_colours_come_round_again(curve: NewCurve) -> None:
    lines = draw([curve(str(i), [1], [1]) for i in range(30)]).axes[1].lines
    assert len({(line.get_color(), line.get_marker()) for line in lines}) == 30


def test_a_run_at_its_beginning(curve: NewCurve) -> None:
    figure = draw([curve("new", logged=1)])
    texts = [[text.get_text() for text in axes.texts] for axes in figure.axes]
    assert texts == [[], ["nothing yet"], [], []]
    # one point is no line: it needs a marker to be seen
    assert figure.axes[0].lines[0].get_marker() == "."


NAMES = {
    "one": ["demo"],
    "three": ["en-fr", "en-fr-larger", "en-fr-with-sub-word-sampling"],
    "many": [f"run-{i}" for i in range(12)],
    "long": ["deep/in/a/folder/" * 10 + str(i) for i in range(12)],
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_nothing_overlaps(curve: NewCurve, names: list[str]) -> None:
    figure = draw([curve(name, [1.5, 30], [9, 3]) for name in names])
    figure.draw_without_rendering()
    [legend] = figure.legends
    boxes = [axes.get_tightbbox() for axes in figure.axes]
    for box in boxes:
        assert box.width > 600, "too narrow to be read"
        assert box.height > 400, "too low to be read"
    boxes.append(legend.get_window_extent())
    for i, box in enumerate(boxes):
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1
        for other in boxes[:i]:
            assert not box.overlaps(other)


def texts(svg: bytes) -> Iterator[str]:
    for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        yield "".join(element.itertext()).strip()


def test_an_svg_holds_its_text(curve: NewCurve) -> None:
    names = ["_hidden", "$x^2$", "<b> & c", "翻訳"]
    svg = picture([curve(name, [1], [1]) for name in names], "svg")
    found = list(texts(svg))
    assert {*names, *LABELS, "train", "dev"} <= set(found)
    assert found.count("step") == 4
    # the same each time
    assert picture([curve(name, [1], [1]) for name in names], "svg") == svg


def test_a_png_is_large_enough_to_be_read(curve: NewCurve) -> None:
    png = picture([curve("a", [1, 2], [2, 1])], "png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    assert width == 1650
    assert 1000 < height < 1300
    assert png != picture([curve("a", [1, 3], [2, 1])], "png")


@pytest.mark.parametrize(("name", "kind"), [("a.png", "png"), ("b/c.d.SVG", "svg")])
def test_kinds_of_pictures(name: str, kind: str) -> None:
    assert picture_format(Path(name), FORMATS) == kind


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("curve.pgn", "there are no pictures of the kind '.pgn'", "Did you mean .png?"),
        ("curve.pdf", "there are no pictures of the kind '.pdf'", "Known: .png, .svg."),
        ("curve.svg.gz", "there are no pictures of the kind '.gz'", "Known: .png, .svg."),
        ("curve", "the name does not say what kind of picture it is to be", "Known: .png, .svg."),
    ],
)
def test_unknown_kinds(name: str, message: str, hint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        picture_format(Path(name), FORMATS)
    assert (caught.value.message, caught.value.hint) == (message, hint)
    assert caught.value.where == name


def test_neither_pyplot_nor_torch_is_loaded() -> None:
    code = (
        "import sys\n"
        "from translator.curves import Curve, Validated\n"
        "from translator.curves.picture import picture\n"
        "curve = Curve(name='a', log=[], validations=[Validated(step=1, loss=1, bleu=1)])\n"
        "assert picture([curve], 'png')\n"
        "print('matplotlib.pyplot' in sys.modules, 'torch' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, timeout=120
    )
    assert done.stdout == "False False\n"
