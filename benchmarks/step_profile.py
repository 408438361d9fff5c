"""Where the time of a training step goes.

The real step of `translator train` is watched from outside, so the parts are what users pay for.
"""

from __future__ import annotations

import time
from typing import Any

from benchmarks.common import (
    MEGABYTE,
    Stopwatch,
    folder,
    in_own_process,
    machine_line,
    markdown_table,
    report,
    run,
)
from benchmarks.reference import RATE, Setup, batches, new_stepper, training_parser

LOSS = "logits, loss, their gradient"
PARTS = ["data", "encoder", "decoder", LOSS, "backward", "optimiser", "average"]


def profile(setup: dict[str, Any], warmup: int, steps: int, operators: int) -> dict[str, Any]:
    """Take steps and return the seconds of each part; runs in a process of its own."""
    import torch

    from translator.training import step as step_module

    data = Setup(**setup)
    config, prepared = data.config(), data.prepare()
    stepper = new_stepper(config, prepared)
    plan = batches(config, prepared, part=0, number=warmup + steps)
    for number, rows in enumerate(plan[:warmup]):
        stepper.take([rows], number, RATE)
    watch = Stopwatch()
    watch.watch(stepper, "_batch", "data")
    watch.watch(stepper.model, "encode", "encoder")
    watch.watch(stepper.model, "decode", "decoder")
    watch.watch(step_module, "projected_loss", LOSS)
    watch.watch(torch.Tensor, "backward", "backward")
    watch.watch(torch.nn.utils, "clip_grad_norm_", "optimiser")
    watch.watch(stepper.optimizer, "step", "optimiser")
    watch.watch(stepper.optimizer, "zero_grad", "optimiser")
    if stepper.average is not None:
        watch.watch(stepper.average, "update", "average")
    start = time.perf_counter()
    taken = [stepper.take([rows], warmup + n, RATE) for n, rows in enumerate(plan[warmup:])]
    seconds = time.perf_counter() - start
    parts = dict(watch.seconds)
    top = ""
    if operators:
        with torch.profiler.profile() as profiler:
            for number, rows in enumerate(plan[warmup:]):
                stepper.take([rows], warmup + steps + number, RATE)
        averages = profiler.key_averages()
        top = averages.table(sort_by="self_cpu_time_total", row_limit=operators)
    return {
        "parts": parts,
        "seconds": seconds,
        "tokens": sum(result.tokens for result in taken),
        "precision": stepper.precision,
        "operators": top,
    }


def table(result: dict[str, Any], steps: int) -> str:
    """Return milliseconds and share of each part."""
    whole, parts = result["seconds"], result["parts"]
    rest = whole - sum(parts.values())
    rows = [
        [name, f"{1000 * seconds / steps:.1f}", f"{seconds / whole:.1%}"]
        for name, seconds in [
            *((name, parts.get(name, 0.0)) for name in PARTS),
            ("the rest", rest),
            ("whole step", whole),
        ]
    ]
    return markdown_table(["part of a step", "ms", "share"], rows)


def main() -> None:
    """Profile and print the table."""
    assert __doc__ is not None
    options_parser = training_parser(__doc__, steps=30)
    options_parser.add_argument(
        "--operators", type=int, default=0, metavar="N", help="also print torch's N costliest ones"
    )
    options = options_parser.parse_args()
    with folder(options.cache) as cache:
        result, peak = in_own_process(
            profile,
            setup=Setup.from_options(options, cache).to_dict(),
            warmup=options.warmup,
            steps=options.steps,
            operators=options.operators,
        )
    operators = result.pop("operators")
    notes = [
        f"{options.steps} steps in {result['precision']}, "
        f"{result['tokens'] / result['seconds']:,.0f} target tokens/s, "
        f"peak memory {peak / MEGABYTE:,.0f} MiB.",
        machine_line(),
    ]
    report(table(result, options.steps), notes, {**result, "steps": options.steps}, options.json)
    if operators:
        print(f"\n{operators}")


if __name__ == "__main__":
    run(main)
