from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable

import numpy as np
import pytest
from rich.cells import cell_len
from rich.color import ColorSystem

from translator.alignment.attention import Attention
from translator.alignment.panels import View, panels
from translator.alignment.terminal import ASCII_SHADES, SHADES, Terminal, drawn, this_terminal

New = Callable[..., Attention]


def given(source: str, target: str, weights: list[list[float]]) -> Attention:
    chosen = np.array(weights, dtype=np.float32)
    return Attention(
        source=tuple(source.split()),
        target=tuple(target.split()),
        weights=chosen[None, None],
        chosen=chosen,
        links=(),
    )


CAT = given(
    "The cat slept", "Le chat dormait", [[0.95, 0.01, 0], [0.3, 0.65, 0], [0.01, 0.45, 0.5]]
)


def test_shades() -> None:
    assert drawn(CAT, panels(CAT), Terminal()) == (
        "the layer and heads chosen for alignment\n"
        "\n"
        "        The cat slept\n"
        "     Le ███\n"
        "   chat ░░░ ▓▓▓\n"
        "dormait     ▒▒▒ ▒▒▒▒▒\n"
        "\n"
        "░░ from 20 %, ▒▒ from 40 %, ▓▓ from 60 %, ██ from 80 % of a word's attention\n"
        "across: source, down: translation\n"
    )


def test_without_such_characters() -> None:
    lines = drawn(CAT, panels(CAT), Terminal(shades=ASCII_SHADES)).splitlines()
    assert lines[3:6] == ["     Le ###", "   chat ... ***", "dormait     ::: :::::"]
    assert all(line.isascii() for line in lines)


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize(
    ("system", "mark"),
    [
        (ColorSystem.TRUECOLOR, "\x1b[48;2;"),
        (ColorSystem.EIGHT_BIT, "\x1b[48;5;"),
        (ColorSystem.STANDARD, "\x1b[4"),
    ],
)
def test_colours_stand_where_shades_stand(system: ColorSystem, mark: str) -> None:
    coloured = drawn(CAT, panels(CAT), Terminal(colours=system)).splitlines()
    shaded = drawn(CAT, panels(CAT), Terminal()).splitlines()
    assert mark in coloured[3]
    assert [plain(line)[:7] for line in coloured[2:6]] == [line[:7] for line in shaded[2:6]]
    # every cell has a colour, so that all of the map is seen on any ground
    assert {len(plain(line)) for line in coloured[3:6]} == {len("dormait The cat slept")}
    assert all(line.count("\x1b[0m") == 3 for line in coloured[3:6])


def test_colours_grow_lighter_with_the_weight() -> None:
    one = given("a b c d e", "x", [[0.0, 0.25, 0.5, 0.75, 1.0]])
    line = drawn(one, panels(one), Terminal(colours=ColorSystem.TRUECOLOR)).splitlines()[3]
    colours = [
        [int(part) for part in found]
        for found in re.findall(r"\x1b\[48;2;(\d+);(\d+);(\d+)m", line)
    ]
    assert colours[0] == [0, 34, 78]
    assert colours[-1] == [254, 232, 56]
    seen = [0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in colours]
    assert seen == sorted(seen)


def columns_of(line: str, mark: str) -> set[int]:
    """Return the columns of a terminal in which a character stands."""
    return {cell_len(line[:i]) for i, char in enumerate(line) if char == mark}


def test_wide_characters_keep_the_columns() -> None:
    one = given("猫 坐 垫子", "The 猫は mat", np.eye(3).tolist())
    lines = drawn(one, panels(one), Terminal()).splitlines()
    heads = [cell_len(lines[2][: lines[2].index(word)]) for word in one.source]
    for line, begin in zip(lines[3:6], heads, strict=True):
        assert min(columns_of(line, "█")) == begin


def test_from_right_to_left_the_words_come_from_the_right() -> None:
    one = given("جلست القطة هنا", "The cat sat", np.eye(3).tolist())
    lines = drawn(one, panels(one), Terminal()).splitlines()
    assert re.findall(r"\w+", lines[2]) == ["هنا", "القطة", "جلست"]
    # marks keep a terminal from putting them into an order of its own
    assert lines[2].startswith("\u200e")
    assert lines[2].count("\u200e") == 3
    starts = [min(columns_of(line, "█")) for line in lines[3:6]]
    assert starts == sorted(starts, reverse=True)
    assert [cell_len(lines[2][: lines[2].index(word)]) for word in one.source] == starts
    rows = given("The cat", "החתול ישב", np.eye(2).tolist())
    line = drawn(rows, panels(rows), Terminal()).splitlines()[4]
    assert line == "\u200e  ישב \u200e    ███"


def test_words_that_do_not_fit_are_written_downwards() -> None:
    lines = drawn(CAT, panels(CAT), Terminal(width=20)).splitlines()
    assert lines[2:10] == [
        "            s",
        "            l",
        "        T c e",
        "        h a p",
        "        e t t",
        "     Le ██",
        "   chat ░░▓▓",
        "dormait   ▒▒▒▒",
    ]


def test_what_does_not_fit_stands_below(attention: New) -> None:
    words = [f"word{i}" for i in range(60)]
    one = attention(words, words)
    text = drawn(one, panels(one), Terminal(width=80))
    assert max(cell_len(line) for line in text.splitlines()) <= 80
    assert text.count("word59") == 2  # 36 columns, then 24
    assert sum(line.count("█") + line.count("▓") for line in text.splitlines()[:-2]) >= 60
    # as narrow as no terminal is, it still ends
    assert drawn(one, panels(one), Terminal(width=1)).count("word59") == 60


def test_each_map_of_a_grid_stands_by_itself(attention: New) -> None:
    one = attention("a b", "x y")
    lines = drawn(one, panels(one, View(grid=True)), Terminal(width=80)).splitlines()
    titles = [line for line in lines if line.startswith("layer")]
    assert titles == [f"layer {layer}, head {head}" for layer in (1, 2) for head in (1, 2, 3)]


def test_marks_stay_with_their_letters() -> None:
    one = given("cafe\u0301s bleus", "x", [[0.5, 0.5]])
    lines = drawn(one, panels(one), Terminal(width=6)).splitlines()
    assert "  e\u0301" in [line[:4] for line in lines]
    assert {cell_len(line) for line in lines[2:7]} <= {3, 5}


class Screen(io.StringIO):
    """Standard output as a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, ColorSystem.TRUECOLOR),
        ({"TERM": "xterm-256color"}, ColorSystem.EIGHT_BIT),
        ({"TERM": "xterm"}, ColorSystem.STANDARD),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, None),
        ({"TERM": "dumb"}, None),
    ],
)
def test_what_the_terminal_can_show(
    environment: dict[str, str], colours: ColorSystem | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("COLORTERM", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**environment, "COLUMNS": "97"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Screen())
    assert this_terminal() == Terminal(width=97, colours=colours, shades=SHADES)


def test_a_file_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert this_terminal() == Terminal()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    assert this_terminal() == Terminal(shades=ASCII_SHADES)
