"""The learning curve of a run: loss and BLEU on its validation set against time, as a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.common import BenchmarkError, markdown_table, parser, report, run


def curve(run_directory: Path) -> list[dict[str, Any]]:
    """Return the validations, each with the last training line before it.

    Raises:
        BenchmarkError: there is no record, or no validation in it.
    """
    file = run_directory / "metrics.jsonl"
    try:
        lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    except OSError as error:
        raise BenchmarkError(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError:
        raise BenchmarkError(f"{file}: not JSON lines") from None
    points: list[dict[str, Any]] = []
    last: dict[str, Any] = {}
    for line in lines:
        if line["type"] == "validation":
            points.append({**last, **line})
        else:
            last = line
    if not points:
        raise BenchmarkError(f"{file}: no validation yet")
    return points


def table(points: list[dict[str, Any]], rows: int) -> str:
    """Return at most `rows` of the points, evenly spread, the last one among them."""
    count = min(rows, len(points))
    chosen = [points[(i + 1) * len(points) // count - 1] for i in range(count)]
    return markdown_table(
        ["step", "epoch", "minutes", "dev loss", "dev BLEU"],
        [
            [
                f"{one['step']:,}",
                _shown(one.get("epoch"), 1),
                _shown(one["seconds"] / 60 if "seconds" in one else None, 1),
                _shown(one["loss"], 3),
                _shown(one["bleu"], 1),
            ]
            for one in chosen
        ],
    )


def _shown(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def main() -> None:
    """Print the table."""
    assert __doc__ is not None
    options_parser = parser(__doc__)
    options_parser.add_argument("--model", "-m", type=Path, required=True, metavar="RUN")
    options_parser.add_argument("--rows", type=int, default=15, help="at most this many lines")
    options = options_parser.parse_args()
    points = curve(options.model)
    best = max(points, key=lambda one: one["bleu"])
    notes = [f"Best dev BLEU {best['bleu']:.2f} at step {best['step']:,}."]
    report(table(points, max(1, options.rows)), notes, {"validations": points}, options.json)


if __name__ == "__main__":
    run(main)
