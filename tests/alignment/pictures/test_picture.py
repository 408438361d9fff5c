from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from translator.alignment.attention import Attention
from translator.alignment.layout import arrange
from translator.alignment.panels import View, panels, percent
from translator.alignment.picture import picture

New = Callable[..., Attention]
SVG = "{http://www.w3.org/2000/svg}"


def svg(one: Attention, view: View | None = None) -> ET.Element:
    return ET.fromstring(picture(one, panels(one, view), "svg"))


def told(element: ET.Element) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what each cell tells, and its rectangle."""
    for cell in element.iter(f"{SVG}g"):
        if cell.get("class") == "cell":
            title, rect = cell.find(f"{SVG}title"), cell.find(f"{SVG}rect")
            assert title is not None
            assert rect is not None
            yield title.text or "", rect.attrib


def texts(element: ET.Element) -> dict[str, dict[str, str]]:
    return {(text.text or ""): text.attrib for text in element.iter(f"{SVG}text")}


def test_each_weight_is_a_cell_at_its_place(attention: New) -> None:
    one = attention("The cat slept", "Le chat dormait bien")
    found = dict(told(svg(one)))
    left = min(float(rect["x"]) for rect in found.values())
    top = min(float(rect["y"]) for rect in found.values())
    expected = {}
    for i, target in enumerate(one.target):
        for j, source in enumerate(one.source):
            if (weight := one.chosen[i, j]) >= 0.005:
                expected[f"{target} → {source}: {percent(weight)}"] = (i, j, weight)
    assert set(found) == set(expected)
    assert len(expected) > 4
    for text, (i, j, weight) in expected.items():
        rect = found[text]
        assert (float(rect["x"]), float(rect["y"])) == (left + 44 * j, top + 44 * i)
        # the darkest stands for 100 %
        assert float(rect["fill-opacity"]) == pytest.approx(weight, abs=0.001)


def test_links_are_framed(attention: New) -> None:
    one = attention("a b c", "x y", links=[(0, 1), (2, 0)])
    element = svg(one)
    frames = [rect.attrib for rect in element.iter(f"{SVG}rect") if rect.get("class") == "link"]
    [ground] = [rect.attrib for rect in element.iter(f"{SVG}rect") if rect.get("class") == "frame"]
    places = [
        ((float(one["x"]) - float(ground["x"])) // 44, (float(one["y"]) - float(ground["y"])) // 44)
        for one in frames
    ]
    assert sorted(places) == [(0, 1), (2, 0)]
    assert "framed: linked" in " ".join(texts(element))
    assert "framed" not in " ".join(texts(svg(attention("a b c", "x y"))))


def test_a_source_from_right_to_left_has_its_columns_so(attention: New) -> None:
    one = attention("جلست القطة على السجادة", "The cat sat there")
    element = svg(one)
    places = [float(texts(element)[word]["x"]) for word in one.source]
    assert places == sorted(places, reverse=True)
    cells = dict(told(element))
    for i, target in enumerate(one.target):
        [x] = {
            float(rect["x"])
            for text, rect in cells.items()
            if text.startswith(f"{target} → \u2068{one.source[i]}\u2069: ")
        }
        assert x == pytest.approx(places[i] - 22, abs=5), "a cell is under its word"
    # written from the right, and anchored at the left end all the same
    assert texts(element)["القطة"]["direction"] == "rtl"
    assert texts(element)["القطة"]["text-anchor"] == "end"
    rows = texts(svg(attention("The cat", "החתול ישב")))
    assert rows["ישב"]["text-anchor"] == "start", "a row's word ends at the map, where it starts"


EVIL = [
    "<script>alert(1)</script>",
    "&amp;\"'",
    "a\0b\x1b[1m",
    "x\u2028y",
    "\u202eturned",
    "\ud800",
]


@pytest.mark.parametrize("kind", ["svg", "html"])
def test_whatever_the_words_hold_it_stays_text(attention: New, kind: str) -> None:
    one = attention(EVIL, EVIL)
    made = picture(one, panels(one), kind, languages=("en", "fr")).decode("utf-8")
    assert "<script" not in made
    assert made.count("<title>") > len(EVIL)
    for forbidden in "\0\x1b\u2028\u202e":
        assert forbidden not in made
    found = made[made.index("<svg") : made.index("</svg>") + 6]
    words = texts(ET.fromstring(found))
    assert {"<script>alert(1)</script>"[:23] + "…", "&amp;\"'", "x\ufffdy", "turned"} <= set(words)


def test_a_page_asks_no_other_place_and_tells_values(attention: New) -> None:
    one = attention("The cat slept", "Le chat dormait", links=[(1, 1)])
    made = picture(one, panels(one), "html", languages=("en", "fr")).decode("utf-8")
    assert "default-src 'none'" in made
    addresses = made.replace('xmlns="http://www.w3.org/2000/svg"', "")
    assert not re.findall(r"https?:|//|@import|url\(|<link|<img|src=|<script", addresses)
    value = percent(float(one.chosen[1, 1]))
    # shown by the style sheet while the cell is pointed at, and by the browser a moment later
    assert f'<text class="told" x="14" y="-5">chat → cat: {value}</text>' in made
    assert f"<title>chat → cat: {value}</title>" in made
    assert ".cell:hover .told { visibility: visible; }" in made
    assert f'<bdi>cat</bdi> <span class="soft">{value}</span>' in made
    assert "chat → cat" in re.search('aria-label="([^"]*)"', made)[1]


def test_a_grid_names_each_map_and_each_word_once_for_a_row(attention: New) -> None:
    one = attention("a b c", "x y")
    words = [text.text for text in svg(one, View(grid=True)).iter(f"{SVG}text")]
    for layer in (1, 2):
        for head in (1, 2, 3):
            assert words.count(f"layer {layer}, head {head}") == 1
    assert words.count("x") == 2  # for each row of maps
    assert words.count("a") == 3  # for each column of maps


def test_the_same_each_time(attention: New) -> None:
    one = attention("a b c", "x y")
    for kind in ("svg", "html"):
        assert picture(one, panels(one), kind) == picture(one, panels(one), kind)


def luminance(rgb: Any) -> float:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def as_seen_without(cone: str, rgb: Any) -> Any:
    """Return a colour as eyes without one kind of cones see it (Machado and others, 2009)."""
    matrix = {
        "red": [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        "green": [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
        "blue": [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    }[cone]
    return np.clip(np.array(matrix) @ rgb, 0, 1)


@pytest.mark.parametrize("cone", ["", "red", "green", "blue"])
def test_all_eyes_see_more_as_darker(cone: str, attention: New) -> None:
    one = attention("a", "x")
    ink = re.search(r"\.ink { fill: #(\w{6}); }", picture(one, panels(one), "svg").decode())[1]
    colour = np.array([int(ink[i : i + 2], 16) for i in (0, 2, 4)]) / 255
    shades = [1 - share * (1 - colour) for share in np.linspace(0, 1, 11)]
    if cone:
        shades = [as_seen_without(cone, shade) for shade in shades]
    seen = [luminance(shade) for shade in shades]
    steps = -np.diff(seen)
    assert (steps > 0.02).all()


def test_words_have_room(attention: New, sentence: tuple[str, str]) -> None:
    for view in (View(), View(grid=True)):
        one = attention(*sentence, heads=2)
        scene = arrange(one, panels(one, view))
        words = [label for label in scene.labels if label.text and not label.soft]
        assert min(label.size for label in words) >= 10, "large enough to be read"
        for label in words:
            assert 0 <= label.x <= scene.width
            assert label.size <= label.y <= scene.height
        columns = [label for label in words if label.angle]
        for before, label in pairwise(columns):
            if label.y == before.y and label.x - before.x == pytest.approx(scene.cell):
                across = scene.cell * np.sin(np.radians(label.angle))
                assert across > label.size, "turned words do not touch each other"


plotting = pytest.mark.usefixtures("matplotlib")


@pytest.fixture
def matplotlib() -> None:
    pytest.importorskip("matplotlib", reason="PNG needs translator[plot]")


@plotting
# a machine may have no font for some of them; this test draws the figure once more by itself
@pytest.mark.filterwarnings("ignore:Glyph .* missing from")
def test_a_png_of_every_kind_of_sentence(
    attention: New, sentence: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing overlaps, and all is inside, as measured in the fonts that it is drawn with."""
    from translator.alignment import with_matplotlib

    figures = []
    finish = with_matplotlib.figure_bytes
    monkeypatch.setattr(
        with_matplotlib, "figure_bytes", lambda *a: (figures.append(a[0]), finish(*a))[1]
    )
    one = attention(*sentence)
    png = picture(one, panels(one), "png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    scene = arrange(one, panels(one))
    assert (width, height) == pytest.approx((2 * scene.width, 2 * scene.height), abs=2)
    [figure] = figures
    [axes] = figure.axes
    boxes = {}
    figure.draw_without_rendering()
    for text in axes.texts:
        box = text.get_window_extent()
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1, text.get_text()
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1, text.get_text()
        if not text.get_rotation():
            boxes[text] = box
    for text, box in boxes.items():
        for other, theirs in boxes.items():
            assert text is other or not box.overlaps(theirs), (text.get_text(), other.get_text())


@plotting
def test_a_png_shows_the_weights(attention: New) -> None:
    import io

    from matplotlib.image import imread

    one = attention("a b c", "x y")
    pixels = imread(io.BytesIO(picture(one, panels(one), "png")))
    scene = arrange(one, panels(one))
    [map_] = scene.maps
    ink = np.array([8, 48, 107]) / 255
    for cell in map_.cells:
        # in the corner, where no value is written
        x, y = (round(2 * (place + 5)) for place in (cell.x, cell.y))
        expected = 1 - cell.shade * (1 - ink)
        np.testing.assert_allclose(pixels[y, x, :3], expected, atol=0.02)


@plotting
def test_letters_that_no_font_has_are_told(
    attention: New, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from translator.alignment import with_matplotlib

    one = attention("猫 坐", "The cat")
    monkeypatch.setattr(with_matplotlib, "_add_new_fonts", lambda: None)
    monkeypatch.setattr(
        with_matplotlib,
        "_letters",
        lambda file, wanted: {char for char in wanted if ord(char) < 0x3000},
    )
    assert picture(one, panels(one), "png").startswith(b"\x89PNG")
    told = capsys.readouterr().err
    assert "no font of this machine has 坐 猫: the picture has boxes in their place" in told
    assert "fonts-noto-cjk" in told
    assert ".svg" in told
    picture(one, panels(one), "svg")
    assert capsys.readouterr().err == ""


@plotting
def test_fonts_are_chosen_for_the_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from matplotlib import font_manager

    from translator.alignment import with_matplotlib

    owned = {
        "DejaVu Sans": "abc",
        "Last Resort High-Efficiency": "abc猫坐ก",
        "Few": "猫",
        "Noto Sans CJK JP": "猫坐",
        "Noto Sans CJK SC": "猫坐",
        "Zzz": "猫坐",
    }
    entries = [SimpleNamespace(name=name, fname=name, style="normal", weight=400) for name in owned]
    monkeypatch.setattr(font_manager, "fontManager", SimpleNamespace(ttflist=entries))
    monkeypatch.setattr(font_manager, "findfont", lambda name: name)
    monkeypatch.setattr(with_matplotlib, "_add_new_fonts", lambda: None)
    monkeypatch.setattr(with_matplotlib, "_letters", lambda file, wanted: wanted & set(owned[file]))
    fonts_for = with_matplotlib.fonts_for
    assert fonts_for("ab c") == (["DejaVu Sans"], "")
    assert fonts_for("a猫坐", ("zh", "en")) == (["DejaVu Sans", "Noto Sans CJK SC"], "")
    assert fonts_for("a猫坐", ("en", "ja")) == (["DejaVu Sans", "Noto Sans CJK JP"], "")
    assert fonts_for("猫กข", ("ja",)) == (["DejaVu Sans", "Noto Sans CJK JP"], "กข")


@plotting
def test_a_matplotlib_that_does_not_join_letters_is_not_used_for_them(
    attention: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    import matplotlib

    from translator.errors import ConfigError

    monkeypatch.setattr(matplotlib, "__version_info__", (3, 10, 1))
    plain, arabic = attention("The cat", "Le chat"), attention("قطة", "cat")
    assert picture(plain, panels(plain), "png")
    with pytest.raises(ConfigError, match="cannot join these letters") as caught:
        picture(arabic, panels(arabic), "png")
    assert "or save as .svg or .html" in (caught.value.hint or "")
    assert picture(arabic, panels(arabic), "svg")
