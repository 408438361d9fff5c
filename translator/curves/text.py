"""Learning curves in a terminal: figures of several runs side by side, and curves of blocks."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

from translator.curves.read import Curve, Validated

BLOCKS = "▁▂▃▄▅▆▇█"
_WIDTH = 24
"""Characters of a curve."""
_GAP = "  "


def summary(curves: Sequence[Curve], width: int | None = None) -> str:
    """Return the runs' figures side by side, a run in each column.

    Args:
        curves: of the runs.
        width: columns of the terminal; runs that do not fit beside each other stand below. None:
            there is no limit.
    """
    columns = _with_curves(curves)
    labels = list(columns[0])
    blocks = []
    while columns:
        count = _fitting(labels, columns, width)
        blocks.append(_aligned([labels, *(list(one.values()) for one in columns[:count])]))
        columns = columns[count:]
    return "\n".join(blocks)


def table(curve: Curve, rows: int) -> str:
    """Return at most `rows` validations, evenly spread, the last among them, in Markdown."""
    count = min(rows, len(curve.validations))
    chosen = [
        curve.validations[(i + 1) * len(curve.validations) // count - 1] for i in range(count)
    ]
    lines = [["step", "epoch", "minutes", "dev loss", "dev BLEU"]]
    for one in chosen:
        epochs, minutes = _reached(curve, one.step)
        lines.append([f"{one.step:,}", epochs, minutes, _shown(one.loss, 3), f"{one.bleu:.1f}"])
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    lines.insert(1, ["-" * (width - 1) + ":" for width in widths])
    padded = (
        " | ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        for line in lines
    )
    return "".join(f"| {line} |\n" for line in padded)


def sparkline(points: Sequence[tuple[int, float]], steps: int, low: float, high: float) -> str:
    """Return a curve of block characters; there is none where there are no points.

    Args:
        points: steps and values, in the order of the steps.
        steps: at the end of the whole width.
        low, high: values of the lowest and the highest block.
    """
    if not points:
        return ""
    first, last = (_column(step, steps) for step in (points[0][0], points[-1][0]))
    blocks = []
    for column in range(first, last + 1):
        value = _value_at(points, steps * (column + 1) / _WIDTH)
        share = (value - low) / (high - low) if high > low else 0.0
        blocks.append(BLOCKS[min(int(share * len(BLOCKS)), len(BLOCKS) - 1)])
    return " " * first + "".join(blocks)


def _column(step: int, steps: int) -> int:
    """Return in which column of a curve a step lies."""
    return max(0, math.ceil(step * _WIDTH / max(steps, 1)) - 1)


def _value_at(points: Sequence[tuple[int, float]], step: float) -> float:
    """Return the value on the straight line between the points before and after `step`."""
    after = bisect_right(points, step, key=lambda point: point[0])
    if after in (0, len(points)):
        return points[max(after - 1, 0)][1]
    (begin, low), (end, high) = points[after - 1], points[after]
    return low + (high - low) * (step - begin) / (end - begin)


def _with_curves(curves: Sequence[Curve]) -> list[dict[str, str]]:
    """Return a column for each run: cells by their labels, the run's name under no label."""
    columns = [_figures(curve) for curve in curves]
    steps = max(curve.steps for curve in curves)
    bleu = [[(one.step, one.bleu) for one in curve.validations] for curve in curves]
    loss = [
        [(one.step, one.loss) for one in curve.validations if one.loss is not None]
        for curve in curves
    ]
    # one scale for all runs, so that their curves can be compared
    for name, digits, runs in (("dev BLEU", 1, bleu), ("dev loss", 3, loss)):
        values = [value for points in runs for _, value in points]
        low, high = (min(values), max(values)) if values else (0.0, 0.0)
        scale = f" ({BLOCKS[0]} {low:.{digits}f}, {BLOCKS[-1]} {high:.{digits}f})" if values else ""
        for column, points in zip(columns, runs, strict=True):
            column[name + scale] = sparkline(points, steps, low, high) or "-"
    return columns


def _figures(curve: Curve) -> dict[str, str]:
    epochs, minutes = _reached(curve, curve.steps)
    last = curve.validations[-1] if curve.validations else None
    return {
        "": curve.name,
        "steps": f"{curve.steps:,}",
        "epochs": epochs,
        "minutes": minutes,
        "target tokens/s (median)": _shown(curve.tokens_per_second, 0),
        "skipped steps": f"{curve.log[-1].skipped:,}" if curve.log else "-",
        "best dev BLEU": _bleu(curve.best_bleu),
        "best dev loss": _loss(curve.best_loss),
        "last dev BLEU": _bleu(last),
        "last dev loss": _loss(last),
    }


def _reached(curve: Curve, step: int) -> tuple[str, str]:
    """Return epochs and minutes at the last log line up to `step`."""
    at = curve.logged_by(step)
    return ("-", "-") if at is None else (f"{at.epoch:.2f}", f"{at.seconds / 60:,.1f}")


def _bleu(one: Validated | None) -> str:
    return "-" if one is None else f"{one.bleu:.1f} at step {one.step:,}"


def _loss(one: Validated | None) -> str:
    return "-" if one is None else f"{_shown(one.loss, 3)} at step {one.step:,}"


def _shown(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:,.{digits}f}"


def _fitting(labels: list[str], columns: list[dict[str, str]], width: int | None) -> int:
    """Return how many of the columns fit beside each other; at least one."""
    used = _widest(labels)
    for count, column in enumerate(columns):
        used += len(_GAP) + _widest(list(column.values()))
        if count and width is not None and used > width:
            return count
    return len(columns)


def _aligned(columns: list[list[str]]) -> str:
    """Return the columns as lines of text."""
    from rich.cells import set_cell_size

    widths = [_widest(column) for column in columns]
    lines = (
        _GAP.join(set_cell_size(cell, width) for cell, width in zip(row, widths, strict=True))
        for row in zip(*columns, strict=True)
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _widest(cells: list[str]) -> int:
    """Return the width of the widest cell; in a terminal some characters take two columns."""
    from rich.cells import cell_len

    return max(map(cell_len, cells))
