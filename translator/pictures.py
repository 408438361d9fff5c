"""What all pictures share: the kind a file name stands for, Matplotlib without a screen."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from translator.errors import ConfigError, nearest


def picture_format(path: Path, formats: Sequence[str]) -> str:
    """Return which of the `formats` a file name stands for.

    Raises:
        ConfigError: it stands for none.
    """
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in formats:
        raise ConfigError(
            f"there are no pictures of the kind {path.suffix!r}"
            if suffix
            else "the name does not say what kind of picture it is to be",
            where=path,
            hint=nearest(path.suffix.lower(), [f".{known}" for known in formats]),
        )
    return suffix


def figure_class(otherwise: str) -> Any:
    """Return Matplotlib's class `Figure`, which works without a screen.

    Args:
        otherwise: what can be done without it, for the message.

    Raises:
        ConfigError: it is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ConfigError(
            "a picture needs Matplotlib, which is not installed",
            hint=f"pip install matplotlib; {otherwise}",
        ) from None
    return Figure


def figure_bytes(figure: Any, kind: str) -> bytes:
    """Return a figure as the content of a file of the kind png or svg, the same each time."""
    import matplotlib

    content = io.BytesIO()
    # text stays text in an SVG; ids that are the same each time, and no date
    settings = {"svg.fonttype": "none", "svg.hashsalt": "translator"}
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        # a box in place of a letter speaks for itself
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure.savefig(content, format=kind, metadata={"Date": None} if kind == "svg" else None)
    return content.getvalue()
