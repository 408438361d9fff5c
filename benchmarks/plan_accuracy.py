"""`translator plan` beside the truth: the time and the peak memory of a short real training.

Each round asks for a plan and then trains as long as the plan is for, each in a process of its own,
from the same prepared corpus. Aim: plan and training within a quarter of each other. Told beside it
is how near the time comes that training announces before its first step.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from benchmarks.common import (
    MEGABYTE,
    folder,
    in_own_process,
    machine_line,
    markdown_table,
    parser,
    positive,
    ratio_to,
    report,
    run,
)

ALLOWED = (0.8, 1.25)
"""Plan divided by training."""
MEASURES = {
    "seconds": ("time to the end, s: plan", "plan", "seconds", 1, ".1f"),
    "announced": ("time to the end, s: announced", "training", "seconds", 1, ".1f"),
    "bytes": ("peak memory, MiB: plan", "plan", "bytes", MEGABYTE, ",.0f"),
}
"""Of each estimate its name in the table, who makes it, what it is of, unit and format."""


def plan(cache: str, asked: dict[str, Any]) -> dict[str, float]:
    """Return what a plan says; runs in a process of its own."""
    from translator.training import Request
    from translator.training.forecast import forecast

    os.environ["TRANSLATOR_CACHE"] = cache
    known, _ = forecast(Request(**asked, out=Path("checkpoints")))
    total, memory = known.time.total, known.memory.bytes
    if total is None or memory is None:
        raise RuntimeError("the plan holds no time or no memory")
    return {
        "seconds": total,
        "bytes": memory,
        "steps": known.steps.total or 0,
        "pairs": known.data.pairs,
        "parameters": known.parameters,
    }


def train(cache: str, out: str, asked: dict[str, Any]) -> dict[str, float]:
    """Train and return how long it took, and was to take; runs in a process of its own."""
    from translator.run_directory import RunDirectory
    from translator.training import Request
    from translator.training import train as train_for_real
    from translator.training.schedule import Budget

    os.environ["TRANSLATOR_CACHE"] = cache
    announced: list[float] = []
    seconds_left = Budget.seconds_left

    def noted(*arguments: Any, **options: Any) -> float | None:
        left = seconds_left(*arguments, **options)
        announced.append(left or 0.0)
        return left

    with patch.object(Budget, "seconds_left", noted):
        train_for_real(Request(**asked, out=Path(out)))
    result = RunDirectory(out).read_manifest()["result"]
    return {"seconds": result["seconds"], "steps": result["steps"], "announced": announced[0]}


def rounds(asked: dict[str, Any], number: int, place: Path) -> dict[str, list[dict[str, float]]]:
    """Let plan and training take turns."""
    results: dict[str, list[dict[str, float]]] = {"plan": [], "training": []}
    cache = str(place / "cache")
    for i in range(number):
        planned, _ = in_own_process(plan, cache=cache, asked=asked)
        out = str(place / f"run-{i}")
        trained, peak = in_own_process(train, cache=cache, out=out, asked=asked)
        results["plan"].append(planned)
        results["training"].append({**trained, "bytes": peak})
        told = ", ".join(
            f"{name} {seconds:.1f} s"
            for name, seconds in {
                "plan": planned["seconds"],
                "announced": trained["announced"],
                "training": trained["seconds"],
            }.items()
        )
        print(f"round {i + 1}: {told}", file=sys.stderr)
    return results


def ratios(results: dict[str, list[dict[str, float]]]) -> dict[str, float]:
    """Return for each estimate its ratio to what training took."""
    return {
        name: ratio_to(
            [one[name] for one in results[who]], [one[truth] for one in results["training"]]
        )
        for name, (_, who, truth, _, _) in MEASURES.items()
    }


def table(results: dict[str, list[dict[str, float]]]) -> str:
    """Return one line for each estimate."""
    rows = []
    for name, (label, who, truth, unit, form) in MEASURES.items():
        estimate = median(one[name] for one in results[who])
        taken = median(one[truth] for one in results["training"])
        ratio = f"{ratios(results)[name]:.2f}"
        rows.append([label, *(f"{value / unit:{form}}" for value in (estimate, taken)), ratio])
    return markdown_table(["", "estimate", "training", "ratio"], rows)


def accurate(results: dict[str, list[dict[str, float]]]) -> bool:
    """Return whether the plan was near enough to the truth."""
    found = ratios(results)
    return all(
        ALLOWED[0] <= found[name] <= ALLOWED[1]
        for name, one in MEASURES.items()
        if one[1] == "plan"
    )


def main() -> None:
    """Plan, train, and print both."""
    assert __doc__ is not None
    options_parser = parser(__doc__)
    options_parser.add_argument(
        "--train",
        default="data/sample/train.tsv",
        metavar="CORPUS",
        help="training pairs as `translator train` takes them",
    )
    options_parser.add_argument("--source", default="en", help="source language")
    options_parser.add_argument("--target", default="fr", help="target language")
    options_parser.add_argument("--preset", default="tiny")
    options_parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="SECTION.OPTION=VALUE",
        help="change the preset's options",
    )
    options_parser.add_argument("--steps", type=positive, default=200, help="how long to train")
    options_parser.add_argument("--rounds", type=positive, default=1)
    options_parser.add_argument(
        "--check", action="store_true", help="exit with 1 if the plan is not near enough"
    )
    options = options_parser.parse_args()
    asked = {
        "train": [options.train],
        "dev": None,
        "source": options.source,
        "target": options.target,
        "preset": options.preset,
        "settings": [*options.settings, f"training.max_steps={options.steps}"],
    }
    with folder(None) as place:
        results = rounds(asked, options.rounds, place)
    first = results["plan"][0]
    told = "near enough" if accurate(results) else "NOT near enough"
    notes = [
        f"Preset {options.preset}, {first['parameters'] / 1e6:.1f} M parameters, "
        f"{first['pairs']:,} pairs, {first['steps']:,} steps; median of {options.rounds} "
        f"round{'s' * (options.rounds > 1)}. A ratio of the plan from {ALLOWED[0]} to "
        f"{ALLOWED[1]} is near enough: {told}.",
        machine_line("sentencepiece"),
    ]
    report(table(results), notes, {"rounds": results, "ratios": ratios(results)}, options.json)
    if options.check and not accurate(results):
        sys.exit(1)


if __name__ == "__main__":
    run(main)
