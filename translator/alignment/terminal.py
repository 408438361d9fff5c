"""Maps of attention in a terminal: shades of characters, or of colours where there are some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from translator.alignment.attention import Attention
from translator.alignment.labels import in_reading_order, is_right_to_left, shown
from translator.alignment.panels import Panel, peak

if TYPE_CHECKING:
    from rich.color import ColorSystem

SHADES = " ░▒▓█"
ASCII_SHADES = " .:*#"
_CIVIDIS = ((0, 34, 78), (65, 77, 107), (125, 124, 120), (188, 174, 108), (254, 232, 56))
"""Corners of the colour map cividis (doi:10.1371/journal.pone.0199239), for all eyes alike."""
_LONGEST_ROW = 20
_LONGEST_COLUMN = 14
"""Columns of the terminal that a word takes at most, down the side and along the top."""
_NARROWEST = 3
_UPRIGHT = 2
"""Columns of the terminal under a word written downwards: a cell is then about square."""
_FORTHRIGHT = "\u200e"
"""Left-to-right mark: takes no room, and keeps a terminal from turning what stands beside it."""


@dataclass(frozen=True, kw_only=True)
class Terminal:
    """What it can show.

    Attributes:
        width: its columns; None for a file or a pipe, which have no limit.
        colours: how it tells them; None for shades of characters.
        shades: characters from nothing to everything.
    """

    width: int | None = None
    colours: ColorSystem | None = None
    shades: str = SHADES


def drawn(attention: Attention, rows: Sequence[Sequence[Panel]], terminal: Terminal) -> str:
    """Return maps one below the other, with the words of the source along the top.

    The words stand side by side where they fit, else they are written downwards; what does not fit
    even then stands below.
    """
    darkest = peak(rows)
    order = in_reading_order(attention.source)
    targets = [shown(word, _LONGEST_ROW) for word in attention.target]
    side = max(map(_cells, targets))
    blocks = _blocks([shown(attention.source[j], _LONGEST_COLUMN) for j in order], side, terminal)
    lines: list[str] = []
    for panel in (panel for row in rows for panel in row):
        lines += [panel.title, ""]
        for begin, words, widths, upright in blocks:
            places = order[begin : begin + len(words)]
            lines += _heads(words, widths, side, upright=upright)
            for i, target in enumerate(targets):
                cells = [
                    _cell(float(panel.weights[i, j]) / darkest, width, terminal)
                    for j, width in zip(places, widths, strict=True)
                ]
                gap = "" if upright else " "
                lines.append(_line(f"{_padded(target, side, right=True)} ", cells, gap))
            lines.append("")
    lines += [_legend(darkest, terminal), "across: source, down: translation"]
    return "".join(f"{line.rstrip(' ')}\n" for line in lines)


_Block = tuple[int, list[str], list[int], bool]
"""Its first column, its words, the columns of the terminal each takes, and whether downwards."""


def _blocks(words: list[str], side: int, terminal: Terminal) -> list[_Block]:
    widths = [max(_cells(word), _NARROWEST) for word in words]
    room = terminal.width - side - 1 if terminal.width else None
    if room is None or sum(widths) + len(widths) - 1 <= room:
        return [(0, words, widths, False)]
    count = max(room // _UPRIGHT, 1)
    return [
        (begin, words[begin : begin + count], [_UPRIGHT] * len(words[begin : begin + count]), True)
        for begin in range(0, len(words), count)
    ]


def _heads(words: list[str], widths: list[int], side: int, *, upright: bool) -> list[str]:
    """Return the lines above a map."""
    before = " " * (side + 1)
    if not upright:
        padded = [_padded(word, width) for word, width in zip(words, widths, strict=True)]
        return [_line(before, padded, " ")]
    letters = [_letters(word) for word in words]
    height = max(map(len, letters))
    letters = [[""] * (height - len(word)) + word for word in letters]
    return [
        _line(before, [_padded(word[row], _UPRIGHT) for word in letters], "")
        for row in range(height)
    ]


def _letters(word: str) -> list[str]:
    """Return what takes a place of its own; marks stay with the letters that they stand on."""
    letters: list[str] = []
    for char in word:
        if letters and not _cells(char):
            letters[-1] += char
        else:
            letters.append(char)
    return letters


def _line(before: str, cells: Sequence[str], gap: str) -> str:
    if any(map(is_right_to_left, cells)):
        # a terminal that knows directions would put such words in an order of its own
        return _FORTHRIGHT + before + (gap + _FORTHRIGHT).join(cells)
    if is_right_to_left(before):
        return _FORTHRIGHT + before + _FORTHRIGHT + gap.join(cells)
    return before + gap.join(cells)


def _cell(share: float, width: int, terminal: Terminal) -> str:
    if terminal.colours is None:
        return _shade(share, terminal.shades) * width
    return _coloured(share, " " * width, terminal.colours)


def _shade(share: float, shades: str) -> str:
    return shades[min(int(share * len(shades)), len(shades) - 1)]


def _coloured(share: float, text: str, colours: ColorSystem) -> str:
    from rich.color import Color
    from rich.style import Style

    at = min(max(share, 0.0), 1.0) * (len(_CIVIDIS) - 1)
    low = min(int(at), len(_CIVIDIS) - 2)
    red, green, blue = (
        round(a + (b - a) * (at - low))
        for a, b in zip(_CIVIDIS[low], _CIVIDIS[low + 1], strict=True)
    )
    return Style(bgcolor=Color.from_rgb(red, green, blue)).render(text, color_system=colours)


def _legend(darkest: float, terminal: Terminal) -> str:
    about = "of a word's attention"
    if terminal.colours is not None:
        steps = 10
        scale = "".join(_coloured(i / (steps - 1), "  ", terminal.colours) for i in range(steps))
        return f"0 % {scale} {100 * darkest:.0f} % {about}"
    count = len(terminal.shades)
    steps_told = ", ".join(
        f"{shade * 2} from {100 * darkest * i / count:.0f} %"
        for i, shade in enumerate(terminal.shades)
        if i
    )
    return f"{steps_told} {about}"


def _padded(text: str, width: int, *, right: bool = False) -> str:
    room = " " * (width - _cells(text))
    return room + text if right else text + room


def _cells(text: str) -> int:
    """Return the columns of a terminal that a text takes; some characters take two, some none."""
    from rich.cells import cell_len

    return cell_len(text)


def this_terminal() -> Terminal:
    """Return what standard output can show; of colours, what its environment tells (NO_COLOR)."""
    import shutil
    import sys

    shades = (
        SHADES if "utf" in (getattr(sys.stdout, "encoding", "") or "").lower() else ASCII_SHADES
    )
    if sys.stdout is None or not sys.stdout.isatty():
        return Terminal(shades=shades)
    from rich.color import ColorSystem
    from rich.console import Console

    known = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT}
    known |= {"truecolor": ColorSystem.TRUECOLOR, "windows": ColorSystem.WINDOWS}
    console = Console()
    colours = None if console.no_color else known.get(console.color_system or "")
    return Terminal(width=shutil.get_terminal_size().columns, colours=colours, shades=shades)
