"""Learning curves as a picture of four panels: loss, BLEU, learning rate, speed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from translator.curves.read import Curve
from translator.pictures import figure_bytes, figure_class

FORMATS = ("png", "svg")
_OTHERWISE = "without --save there is a summary in text."

# Okabe and Ito's colours, which all eyes tell apart, without their yellow, too pale for a line.
# The markers tell the runs apart where there is no colour, and when the colours come round again.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_MARKERS = "os^Dv"
_GREY = "#555555"
_TRAIN: dict[str, Any] = {"linewidth": 1.0, "alpha": 0.6}
_DEV: dict[str, Any] = {"linewidth": 1.5, "markersize": 5}
_LOG: dict[str, Any] = {"linewidth": 1.0, "markersize": 4}

_INCHES = (11.0, 7.2)
_DOTS_PER_INCH = 150
_LEGEND_CHARACTERS = 110
"""Beside each other above the panels, with six for each handle."""
_LEGEND_LINE = 0.22
"""Inches."""


def picture(curves: Sequence[Curve], kind: str) -> bytes:
    """Return the curves as the content of a file.

    Args:
        curves: of one or more runs, drawn into the same axes.
        kind: one of `FORMATS`.

    Raises:
        ConfigError: Matplotlib is not installed.
    """
    return figure_bytes(draw(curves), kind)


def draw(curves: Sequence[Curve]) -> Any:
    """Return the curves as a Matplotlib figure with the panels loss, BLEU, learning rate, speed.

    Raises:
        ConfigError: Matplotlib is not installed.
    """
    figure = figure_class(_OTHERWISE)(figsize=_INCHES, dpi=_DOTS_PER_INCH, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.08, wspace=0.03, hspace=0.03)
    loss, bleu, rate, speed = figure.subplots(2, 2, sharex=True).flat
    handles = []
    for i, curve in enumerate(curves):
        colour, marker = _COLOURS[i % len(_COLOURS)], _MARKERS[i % len(_MARKERS)]
        _line(loss, curve.log, "loss", color=colour, **_TRAIN)
        dev = {"color": colour, "marker": marker, **_DEV}
        _line(loss, curve.validations, "loss", markers=20, **dev)
        handles.append(_line(bleu, curve.validations, "bleu", markers=20, **dev))
        log = {"color": colour, "marker": marker, **_LOG}
        _line(rate, curve.log, "learning_rate", markers=8, **log)
        _line(speed, curve.log, "tokens_per_second", markers=8, **log)
    _panel(loss, "loss (nats per target token)")
    _panel(bleu, "BLEU on dev (0 to 100)", bottom=0)
    _panel(rate, "learning rate", bottom=0)
    _panel(speed, "speed (target tokens/s)", ticks="{x:,.0f}", bottom=0)
    _explain_lines(loss)
    _name_runs(figure, handles, [curve.name for curve in curves])
    return figure


def _line(axes: Any, points: Sequence[Any], name: str, *, markers: int = 1, **style: Any) -> Any:
    """Draw one field of the points against their steps, with gaps where there is no value.

    At most so many of the points are marked.
    """
    values = [getattr(point, name) for point in points]
    if len(points) == 1:
        # a line through one point cannot be seen
        style.setdefault("marker", ".")
    [line] = axes.plot(
        [point.step for point in points],
        [math.nan if value is None else value for value in values],
        markevery=math.ceil(len(points) / markers) or 1,
        **style,
    )
    return line


def _panel(axes: Any, label: str, ticks: str = "{x:g}", bottom: float | None = None) -> None:
    """Set labels, ticks and limits, once everything is drawn."""
    from matplotlib.ticker import MaxNLocator

    axes.set_xlabel("step")
    axes.set_ylabel(label)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter(ticks)
    axes.tick_params(labelbottom=True)
    axes.grid(color="#DDDDDD", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=bottom)
    if not any(len(line.get_xdata()) for line in axes.lines):
        axes.text(0.5, 0.5, "nothing yet", color=_GREY, ha="center", transform=axes.transAxes)


def _explain_lines(loss: Any) -> None:
    """Say which of a run's two losses is which."""
    from matplotlib.lines import Line2D

    train = Line2D([], [], color=_GREY, **_TRAIN)
    dev = Line2D([], [], color=_GREY, marker="o", **_DEV)
    loss.legend([train, dev], ["train", "dev"], frameon=False)


def _name_runs(figure: Any, handles: Sequence[Any], names: Sequence[str]) -> None:
    """Put the runs' names above the panels, and make the figure so much taller."""
    longest = _LEGEND_CHARACTERS - 6
    names = [name if len(name) <= longest else f"…{name[1 - longest :]}" for name in names]
    columns = min(_LEGEND_CHARACTERS // (max(map(len, names)) + 6), len(names))
    width, height = _INCHES
    figure.set_size_inches(width, height + _LEGEND_LINE * math.ceil(len(names) / columns))
    legend = figure.legend(
        handles,
        [f"run {i + 1}" for i in range(len(names))],
        loc="outside upper center",
        ncols=columns,
        frameon=False,
    )
    for text, name in zip(legend.get_texts(), names, strict=True):
        # set only now, as it is: Matplotlib takes _ at the beginning and $ for instructions
        text.set_text(name)
        text.set_parse_math(False)
