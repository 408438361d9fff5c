"""Tables for a terminal, for Markdown and for LaTeX."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(kw_only=True)
class Table:
    """Rows of text under a header."""

    header: list[str]
    rows: list[list[str]]
    names: int = 1
    """The first columns hold names and stand left; the others hold numbers and stand right."""

    def as_text(self) -> str:
        """Return columns parted by two spaces."""
        grid = [self.header, *self.rows]
        widths = [max(_width(row[at]) for row in grid) for at in range(len(self.header))]
        lines = []
        for row in grid:
            cells = [_padded(cell, widths[at], left=at < self.names) for at, cell in enumerate(row)]
            lines.append("  ".join(cells).rstrip())
        return "".join(f"{line}\n" for line in lines)

    def as_markdown(self) -> str:
        """Return a Markdown table."""
        marks = ["---" if at < self.names else "---:" for at in range(len(self.header))]
        lines = [_markdown_row(self.header), "|" + "|".join(marks) + "|"]
        lines += [_markdown_row(row) for row in self.rows]
        return "".join(f"{line}\n" for line in lines)

    def as_latex(self) -> str:
        r"""Return a `tabular` with the rules of the package booktabs."""
        columns = "l" * self.names + "r" * (len(self.header) - self.names)
        lines = [rf"\begin{{tabular}}{{{columns}}}", r"\toprule", _latex_row(self.header)]
        lines += [r"\midrule", *map(_latex_row, self.rows), r"\bottomrule", r"\end{tabular}"]
        return "".join(f"{line}\n" for line in lines)


def _markdown_row(cells: Sequence[str]) -> str:
    return (
        "| " + " | ".join(cell.replace("\\", "\\\\").replace("|", "\\|") for cell in cells) + " |"
    )


def _latex_row(cells: Sequence[str]) -> str:
    return " & ".join(map(latex_text, cells)) + r" \\"


_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "±": r"$\pm$",
    "<": "$<$",
    ">": "$>$",
    "…": r"\dots{}",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}
_SPECIAL = re.compile("|".join(map(re.escape, _LATEX)))


def latex_text(text: str) -> str:
    """Return text in which LaTeX reads no commands."""
    return _SPECIAL.sub(lambda match: _LATEX[match[0]], text)


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(letter) else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


def _padded(text: str, width: int, *, left: bool) -> str:
    room = " " * (width - _width(text))
    return text + room if left else room + text
