"""A picture of attention as PNG, with whatever fonts of this machine have its letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any

from translator.alignment.labels import is_right_to_left
from translator.alignment.layout import Cell, Label, Scene
from translator.errors import ConfigError
from translator.pictures import figure_bytes, figure_class
from translator.progress import say

OTHERWISE = "without --save it is drawn in the terminal, and .svg and .html need nothing."
_DOTS = 2
"""Of the PNG for each pixel of the layout, so that it is sharp on fine screens."""
_POINTS = 72
_INK, _TEXT, _SOFT, _FRAME, _LINK = "#08306b", "#1b1f24", "#5b6570", "#c3c9d1", "#d55e00"
_DARK = 0.55
"""Shade from which a value in a cell is white."""
_SHAPING = (3, 11)
"""The first version of Matplotlib that joins letters and knows directions."""
_REGIONS = {"ja": "JP", "ko": "KR", "zh": "SC", "zh-Hans": "SC", "zh-Hant": "TC", "zh-TW": "TC"}
"""Ends of the names of fonts that draw Chinese characters as a language writes them."""
_OWN = "DejaVu Sans"
_NO_LETTERS = "Last Resort"
"""Comes with Matplotlib, and has a box for each letter of every script."""
_PREFERRED = ("Noto Sans", "Source Han Sans", "WenQuanYi", "Arial", "Microsoft", "Hiragino")
"""Beginnings of the names of fonts that have much and look plain: they are tried first."""


def png(scene: Scene, languages: Sequence[str] = ()) -> bytes:
    """Return the scene as the content of a PNG file.

    Args:
        scene: what is drawn.
        languages: tags of its words' languages, by which fonts are chosen where several have them.

    Raises:
        ConfigError: Matplotlib is not installed, or too old for these letters.
    """
    figure = figure_class(OTHERWISE)(
        figsize=(scene.width / _POINTS, scene.height / _POINTS), dpi=_DOTS * _POINTS
    )
    _require_shaping(label.text for label in scene.labels)
    families, missing = fonts_for("".join(label.text for label in scene.labels), languages)
    if missing:
        say(_told_missing(missing))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, scene.width)
    axes.set_ylim(scene.height, 0)
    axes.set_axis_off()
    for label in scene.labels:
        _write(axes, label, families)
    half = scene.scale_height / 2
    boxes = [(cell, half, scene.scale_height) for cell in scene.scale]
    for map_ in scene.maps:
        boxes += [(cell, scene.cell, scene.cell) for cell in map_.cells]
    _fill(axes, boxes)
    for map_ in scene.maps:
        for cell in map_.cells:
            _write_value(axes, cell, scene.cell / 2)
        _outline(axes, map_.x, map_.y, map_.width, map_.height, _FRAME, 1)
        for x, y in map_.links:
            _outline(axes, x + 1, y + 1, scene.cell - 2, scene.cell - 2, _LINK, 2)
    return figure_bytes(figure, "png")


def fonts_for(text: str, languages: Sequence[str] = ()) -> tuple[list[str], str]:
    """Return the families of fonts that have the letters of a text, and the letters none has.

    The first is Matplotlib's own, which has Latin, Greek, Cyrillic, Arabic and Hebrew letters. Of
    the others, one that has more of what is missing goes before one that has less; where one
    character is written in several ways, one for the languages before one for others.
    """
    from matplotlib.font_manager import findfont, fontManager

    wanted = {char for char in text if not char.isspace() and unicodedata.category(char) != "Cf"}
    families = [_OWN]
    missing = wanted - _letters(findfont(_OWN), wanted)
    if missing:
        _add_new_fonts()
        files: dict[str, str] = {}
        for entry in fontManager.ttflist:
            if entry.style == "normal" and entry.weight in (400, "normal", "regular"):
                files.setdefault(entry.name, entry.fname)
        found = {
            name: _letters(file, missing)
            for name, file in files.items()
            if not name.startswith(_NO_LETTERS)
        }
        while missing and found:
            best = max(
                sorted(found),
                key=lambda name: (len(found[name] & missing), _rank(name, languages)),
            )
            if not found[best] & missing:
                break
            families.append(best)
            missing -= found.pop(best)
    return families, "".join(sorted(missing))


def _add_new_fonts() -> None:
    """Tell Matplotlib of fonts that were installed after it had made its list."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    known = {entry.fname for entry in fontManager.ttflist}
    for file in sorted(set(findSystemFonts()) - known):
        with suppress(OSError, RuntimeError):  # damaged, or of a kind that it does not draw
            fontManager.addfont(file)


def _letters(file: str, wanted: set[str]) -> set[str]:
    """Return which of the letters a font has; none, if it cannot be read."""
    from matplotlib.ft2font import FT2Font

    try:
        font = FT2Font(file)
    except (OSError, RuntimeError):
        return set()  # damaged, or of a kind that Matplotlib does not draw
    return {char for char in wanted if font.get_char_index(ord(char))}


def _rank(name: str, languages: Sequence[str]) -> tuple[bool, bool]:
    regions = tuple(_REGIONS[tag] for tag in languages if tag in _REGIONS)
    return name.startswith(_PREFERRED), name.endswith(regions)


def _told_missing(missing: str) -> str:
    some = " ".join(missing[:12]) + (" …" if len(missing) > 12 else "")
    return (
        f"warning: no font of this machine has {some}: the picture has boxes in their place\n"
        "  Install one (on Debian and Ubuntu: fonts-noto-cjk or fonts-noto-core), or save as .svg "
        "or .html,\n  which leave letters to the fonts of whoever looks at them."
    )


def _require_shaping(texts: Iterable[str]) -> None:
    import matplotlib

    if matplotlib.__version_info__[:2] < _SHAPING and any(map(_needs_shaping, texts)):
        raise ConfigError(
            f"Matplotlib {matplotlib.__version__} cannot join these letters, nor turn them",
            hint="pip install 'matplotlib>=3.11', or save as .svg or .html.",
        )


def _needs_shaping(text: str) -> bool:
    """Return whether letters change beside others, or go from right to left."""
    marks = any(unicodedata.category(char) in ("Mc", "Mn") for char in text)
    return is_right_to_left(text) or marks


def _write(axes: Any, label: Label, families: list[str]) -> None:
    text = axes.text(
        label.x,
        label.y,
        label.text,
        ha={"start": "left", "middle": "center", "end": "right"}[label.anchor],
        va="baseline",
        size=label.size,
        color=_SOFT if label.soft else _TEXT,
        family=families,
        rotation=label.angle,
        rotation_mode="anchor",
    )
    text.set_parse_math(False)


def _write_value(axes: Any, cell: Cell, middle: float) -> None:
    if cell.value:
        colour = "white" if cell.shade > _DARK else _TEXT
        x, y = cell.x + middle, cell.y + middle + 4
        axes.text(x, y, cell.value, ha="center", size=11, color=colour)


def _fill(axes: Any, boxes: Sequence[tuple[Cell, float, float]]) -> None:
    """Draw cells of the given widths and heights."""
    from matplotlib.collections import PatchCollection
    from matplotlib.colors import to_rgba
    from matplotlib.patches import Rectangle

    axes.add_collection(
        PatchCollection(
            [Rectangle((cell.x, cell.y), width, height) for cell, width, height in boxes],
            facecolors=[to_rgba(_INK, cell.shade) for cell, _, _ in boxes],
            linewidths=0,
            antialiaseds=False,
        ),
        autolim=False,
    )


def _outline(
    axes: Any, x: float, y: float, width: float, height: float, colour: str, line: float
) -> None:
    from matplotlib.patches import Rectangle

    axes.add_patch(Rectangle((x, y), width, height, fill=False, edgecolor=colour, linewidth=line))
