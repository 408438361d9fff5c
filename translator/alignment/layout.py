"""Where everything stands in a picture of attention, whatever it is drawn with.

Lengths are pixels, y grows downwards. Columns are words of the source, rows those of the
translation; a source that is written from right to left has its columns in that order too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from translator.alignment.attention import Attention
from translator.alignment.labels import in_reading_order, is_right_to_left, isolated, shown
from translator.alignment.panels import Panel, peak, percent

_MARGIN = 14
_GAP = 8
"""Between a word and its row or column."""
_TITLE = 24
"""Height of a title below its map, or of the legend."""
_BETWEEN = 18
"""Between the maps of a grid."""
_STEPS = 10
"""Of the legend's scale."""
_SINGLE = ((12, 44, 13), (25, 28, 13), (math.inf, 18, 13))
_GRID = ((8, 24, 12), (20, 15, 11), (math.inf, 12, 10))
"""Up to so many words, the side of a cell and the size of letters."""
_ANGLES = (45, 60, 75, 90)
_VALUES = 40
"""Side of a cell that has room for its value."""
_INVISIBLE = 0.005
"""Weights below it are not drawn: they would be white, and make a file large."""


@dataclass(frozen=True, kw_only=True)
class Label:
    """Text at a place: `x`, `y` are its baseline's start, middle or end, as `anchor` says.

    It is turned by `angle` degrees (counter-clockwise) around this point.
    """

    x: float
    y: float
    text: str
    anchor: str = "start"
    size: int = 13
    angle: int = 0
    soft: bool = False

    @property
    def right_to_left(self) -> bool:
        """Return whether it is written from right to left; its start is its left end even so."""
        return is_right_to_left(self.text)


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A weight, drawn as a shade from 0 to 1, with what is told about it."""

    x: float
    y: float
    shade: float
    told: str = ""
    value: str = ""


@dataclass(frozen=True, kw_only=True)
class Map:
    """One map: its frame, its cells, the rows behind them and the linked cells' places."""

    x: float
    y: float
    width: float
    height: float
    cells: list[Cell]
    rows: list[Cell]
    links: list[tuple[float, float]]


@dataclass(kw_only=True)
class Scene:
    """A whole picture."""

    width: float
    height: float
    cell: int
    described: str
    """In words, for those who do not see it."""
    labels: list[Label] = field(default_factory=list)
    maps: list[Map] = field(default_factory=list)
    scale: list[Cell] = field(default_factory=list)
    """The legend's shades; each is half as wide as high."""
    scale_height: int = 12


def arrange(attention: Attention, rows: Sequence[Sequence[Panel]]) -> Scene:
    """Return a picture of some maps of the same words, in rows."""
    several = len(rows) > 1 or len(rows[0]) > 1
    S, T = len(attention.source), len(attention.target)
    sizes = _GRID if several else _SINGLE
    cell, size = next(found[1:] for found in sizes if max(S, T) <= found[0])
    order = in_reading_order(attention.source)
    sources = [shown(attention.source[j]) for j in order]
    targets = [shown(word) for word in attention.target]
    angle, head, over = _columns([_width(word, size) for word in sources], cell, size)
    left = _MARGIN + max(_width(word, size) for word in targets) + _GAP
    width, height = S * cell, T * cell
    right = left + len(rows[0]) * (width + _BETWEEN) - _BETWEEN
    bottom = _MARGIN + head + len(rows) * (height + _TITLE)
    darkest = peak(rows)
    scene = Scene(
        width=right + max(over, _MARGIN),
        height=bottom + 2 * _TITLE + 4,
        cell=cell,
        described=_described(attention, rows[0][0] if not several else None),
    )
    for r, row in enumerate(rows):
        y = _MARGIN + head + r * (height + _TITLE)
        scene.labels += _row_words(targets, left, y, cell, size)
        for c, panel in enumerate(row):
            x = left + c * (width + _BETWEEN)
            if r == 0:
                scene.labels += _column_words(sources, x, y, cell, size, angle)
            title = Label(
                x=x + width / 2, y=y + height + 16, text=panel.title, anchor="middle", size=12
            )
            # a title wider than its map begins where the map does
            if _width(panel.title, 12) > width + _BETWEEN:
                title = Label(x=x, y=y + height + 16, text=panel.title, size=12)
            scene.labels.append(title)
            scene.maps.append(_map(attention, panel, order, x, y, cell, darkest))
    _add_legend(scene, left, bottom + 8, darkest, links=bool(attention.links))
    return scene


def _columns(widths: Sequence[float], cell: int, size: int) -> tuple[int, float, float]:
    """Return how much the words of columns are turned, how high they are, and their overhang."""
    if max(widths) + 4 <= cell:
        return 0, size + _GAP, 0.0
    angle = next(a for a in _ANGLES if a == 90 or cell * math.sin(math.radians(a)) >= 1.15 * size)
    sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
    over = max(
        width * cosine - (len(widths) - 1 - j) * cell - cell / 2 for j, width in enumerate(widths)
    )
    return angle, max(widths) * sine + size * cosine + _GAP, over + _MARGIN


def _row_words(words: Sequence[str], left: float, top: float, cell: int, size: int) -> list[Label]:
    return [
        Label(
            x=left - _GAP,
            y=top + i * cell + cell / 2 + 0.35 * size,
            text=word,
            anchor="end",
            size=size,
        )
        for i, word in enumerate(words)
    ]


def _column_words(
    words: Sequence[str], left: float, top: float, cell: int, size: int, angle: int
) -> list[Label]:
    # turned around the end of their baseline, their middle is over the middle of the column
    aside = 0.35 * size * math.sin(math.radians(angle))
    return [
        Label(
            x=left + j * cell + cell / 2 + aside,
            y=top - _GAP,
            text=word,
            anchor="start" if angle else "middle",
            size=size,
            angle=angle,
        )
        for j, word in enumerate(words)
    ]


def _map(
    attention: Attention,
    panel: Panel,
    order: Sequence[int],
    left: float,
    top: float,
    cell: int,
    darkest: float,
) -> Map:
    linked = set(attention.links)
    cells, rows, links = [], [], []
    for i, target in enumerate(attention.target):
        y = top + i * cell
        told = isolated(shown(target))
        rows.append(Cell(x=left, y=y, shade=0, told=f"{told}: {percent(_INVISIBLE)} or less"))
        for column, j in enumerate(order):
            weight = float(panel.weights[i, j])
            x = left + column * cell
            if (j, i) in linked:
                links.append((x, y))
            if weight < _INVISIBLE:
                continue
            cells.append(
                Cell(
                    x=x,
                    y=y,
                    shade=min(weight / darkest, 1.0),
                    told=f"{told} → {isolated(shown(attention.source[j]))}: {percent(weight)}",
                    value=f"{100 * weight:.0f}" if cell >= _VALUES else "",
                )
            )
    return Map(
        x=left,
        y=top,
        width=len(order) * cell,
        height=len(attention.target) * cell,
        cells=cells,
        rows=rows,
        links=links,
    )


def _add_legend(scene: Scene, left: float, top: float, darkest: float, *, links: bool) -> None:
    half = scene.scale_height / 2
    begin = left + 26
    scene.scale = [
        Cell(x=begin + half * step, y=top, shade=(step + 1) / _STEPS) for step in range(_STEPS)
    ]
    places = [
        (left, top + 10, "0 %"),
        (begin + half * _STEPS + 6, top + 10, f"{100 * darkest:.0f} % of a word's attention"),
        (left, top + 28, "across: source; down: translation" + "; framed: linked" * links),
    ]
    for x, y, text in places:
        scene.labels.append(Label(x=x, y=y, text=text, size=11, soft=True))
        scene.width = max(scene.width, x + _width(text, 11) + _MARGIN)


def _described(attention: Attention, panel: Panel | None) -> str:
    """Return what a single map shows, in words."""
    if panel is None:
        return "Attention of every layer and head"
    strongest = panel.weights.argmax(axis=1)
    pairs = [
        f"{isolated(shown(word))} → {isolated(shown(attention.source[j]))} "
        f"{percent(float(panel.weights[i, j]))}"
        for i, (word, j) in enumerate(zip(attention.target, strongest, strict=True))
    ]
    return f"Attention, {panel.title}: {'; '.join(pairs)}"


def _width(text: str, size: int) -> float:
    """Return about how wide a text is, in whatever font it will be drawn."""
    from rich.cells import cell_len

    wide = sum(cell_len(char) > 1 for char in text)
    return size * (wide * 1.05 + (cell_len(text) - 2 * wide) * 0.62)
