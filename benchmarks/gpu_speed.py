"""Training speed on a GPU, and how much of what its matrix units can do that is.

Three programs train a Transformer of the base size (width 512, feed-forward 2048, 8 heads, 6+6
layers, 32k vocabulary) in bf16, with the same batches of about 32,000 target tokens: our step, a
plain loop around Hugging Face's MarianMTModel, and the same loop around the Transformer that torch
brings along. They take turns, each in a process of its own, and in each turn the device's own rate
of bf16 products is measured too.

Model-FLOPs utilisation is what the model needs for its real tokens, divided by what the device
would have done in the same time at that rate. With E and C the weights of an encoder and a decoder
layer's matrices, the projections of the memory (2 D^2) apart from C, a step needs

    6 x (source tokens x (encoder layers x E + decoder layers x 2 D^2)
         + target tokens x (decoder layers x C + V x D))
    + 12 x D x (pairs of positions that attention compares, in all layers)

operations: 2 for a weight in the forward pass and 4 in the backward pass; attention makes two
products of a pair, each over D numbers. A pair of source positions is compared in each encoder
layer, and one of source and target, and of a target position with itself and those before, in each
decoder layer. Padding, recomputation, the optimiser and all that is no product count for nothing.
"""

from __future__ import annotations

import dataclasses
import sys
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.common import (
    MEGABYTE,
    BenchmarkError,
    folder,
    in_own_process,
    machine_line,
    markdown_table,
    positive,
    ratio_to,
    report,
    require_transformers,
    run,
)
from benchmarks.preparation_speed import write_corpus
from benchmarks.reference import Setup, batches, training_parser
from benchmarks.training_speed import (
    CONTENDERS,
    OURS,
    describe,
    marian_step,
    our_step,
    plain_step,
    timed,
)
from translator.config import Config

if TYPE_CHECKING:
    import torch

    from benchmarks.training_speed import Step
    from translator.batching.plan import Rows
    from translator.training.prepare import Prepared

SIZES = [
    "tokenizer.vocab_size=32000",
    "model.d_model=512",
    "model.ffn_dim=2048",
    "model.attention_heads=8",
    "model.encoder_layers=6",
    "model.decoder_layers=6",
    "training.batch_tokens=36000",
]
"""The last counts padding and the longer side: that many hold about 32,000 real target tokens."""
MARIAN, TORCH = "marian-bf16", "torch"
LABELS = {
    OURS: "translator",
    MARIAN: CONTENDERS[MARIAN].label,
    TORCH: "torch.nn's Transformer, plain loop, bf16",
}
TIMES_AS_FAST, UTILISATION = 2.0, 0.4
"""What we aim at: beside Hugging Face, and of the device's rate."""
WORDS = 50_000
"""Distinct words of each made-up language."""
PRODUCTS = 20
"""Products in a row, of whose repetitions the quickest tells the rate."""


def new_step(name: str, config: Config, prepared: Prepared, device: torch.device) -> Step:
    """Return the step of a contender."""
    import torch

    from benchmarks.plain_transformer import PlainTransformer
    from translator.tokenizer.tokenizer import PAD_ID

    if name == OURS:
        return our_step(config, prepared, device)
    if name == MARIAN:
        return marian_step(config, prepared, CONTENDERS[MARIAN], device)
    torch.manual_seed(config.training.seed)
    model = PlainTransformer(config.model, len(prepared.tokenizer), PAD_ID).to(device)
    return plain_step(
        config,
        prepared,
        model.train(),
        lambda batch: model(batch.source, batch.target_in),
        torch.bfloat16,
    )


def measure(name: str, setup: dict[str, Any], part: int, warmup: int, steps: int) -> dict[str, Any]:
    """Train one contender for some steps; runs in a process of its own."""
    from translator.hardware import choose_device, most_memory_taken

    data = Setup(**setup)
    device = choose_device(data.device)
    config, prepared = data.config(), data.prepare()
    plan = batches(config, prepared, part=part, number=warmup + steps)
    step = new_step(name, config, prepared, device)
    waits = count_waits(step, plan, device)
    result: dict[str, Any] = timed(step, plan, warmup, device)
    lengths = prepared.corpus.source_lengths, prepared.corpus.target_lengths
    sizes = config, len(prepared.tokenizer)
    result["flops"] = sum(
        model_flops(*sizes, *(side[rows] for side in lengths)) for rows in plan[warmup:]
    )
    return {**result, "waits": waits, "device_bytes": most_memory_taken(device)}


def count_waits(step: Step, plan: list[Rows], device: torch.device) -> int | None:
    """Return how often a step, the second one, waits for the GPU; None without one."""
    import warnings

    import torch

    step(plan[:1], 0)
    if device.type != "cuda":
        return None
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        torch.cuda.set_sync_debug_mode("warn")
        step(plan[:1], 0)
        torch.cuda.set_sync_debug_mode("default")
    return sum("synchronizing" in str(warning.message) for warning in told)


def model_flops(config: Config, vocabulary: int, sources: np.ndarray, targets: np.ndarray) -> float:
    """Return the operations that a step on these pairs needs, as above.

    Args:
        config: of the model.
        vocabulary: V.
        sources, targets: tokens of each row, eos included.
    """
    shape = config.model
    D, F = shape.d_model, shape.ffn_dim
    S, T = sources.astype(float), targets.astype(float)
    encoder, decoder = shape.encoder_layers, shape.decoder_layers
    source_weights = encoder * (4 * D * D + 2 * D * F) + decoder * 2 * D * D
    target_weights = decoder * (6 * D * D + 2 * D * F) + vocabulary * D
    pairs = encoder * S * S + decoder * (S * T + T * (T + 1) / 2)
    products = S.sum() * source_weights + T.sum() * target_weights
    return float(6 * products + 12 * D * pairs.sum())


def matrix_rate(device: str, size: int) -> float:
    """Return the operations a second of bf16 products of square matrices, at best."""
    import torch

    from translator.hardware import wait_for

    where = torch.device(device)
    a, b = (torch.randn(size, size, device=where, dtype=torch.bfloat16) for _ in range(2))
    quickest = float("inf")
    for _ in range(5):  # the first one is for warming up
        wait_for(where)
        start = time.perf_counter()
        for _ in range(PRODUCTS):
            a @ b
        wait_for(where)
        quickest = min(quickest, time.perf_counter() - start)
    return 2 * size**3 * PRODUCTS / quickest


def rounds(names: list[str], setup: Setup, options: Any) -> dict[str, list[dict[str, Any]]]:
    """Let the contenders take turns."""
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for part in range(options.rounds):
        rate, _ = in_own_process(matrix_rate, device=setup.device, size=options.matrix)
        for name in names:
            one, peak = in_own_process(
                measure,
                name=name,
                part=part,
                setup=setup.to_dict(),
                warmup=options.warmup,
                steps=options.steps,
            )
            one["tokens_per_second"] = one["tokens"] / one["seconds"]
            one["utilisation"] = one["flops"] / one["seconds"] / rate
            results[name].append({**one, "peak_bytes": peak, "matrix_rate": rate})
            print(
                f"round {part + 1}, {LABELS[name]}: {one['tokens_per_second']:,.0f} target "
                f"tokens/s, {one['utilisation']:.1%} of {rate / 1e12:,.3g} TFLOP/s",
                file=sys.stderr,
            )
    return results


def table(results: dict[str, list[dict[str, Any]]]) -> str:
    """Return one line for each contender."""
    rates = {name: [one["tokens_per_second"] for one in found] for name, found in results.items()}
    names = list(results)
    rows = [
        [
            LABELS[name],
            f"{median(rates[name]):,.0f}",
            f"{min(rates[name]):,.0f} to {max(rates[name]):,.0f}",
            f"{ratio_to(rates[name], rates[names[0]]):.2f}",
            f"{median(one['utilisation'] for one in found):.1%}",
            f"{max(one['device_bytes'] for one in found) / MEGABYTE:,.0f}",
            "-" if found[0]["waits"] is None else str(max(one["waits"] for one in found)),
        ]
        for name, found in results.items()
    ]
    header = ["", "target tokens/s", "range", f"ratio to {LABELS[names[0]]}", "utilisation"]
    return markdown_table([*header, "device memory, MiB", "waits in a step"], rows)


def aims(results: dict[str, list[dict[str, Any]]]) -> dict[str, bool]:
    """Return what is aimed at, with what came out, and whether it is reached."""
    found: dict[str, bool] = {}
    ours = results.get(OURS, [])
    if ours:
        share = median(one["utilisation"] for one in ours)
        found[f"utilisation {share:.1%}, aim {UTILISATION:.0%}"] = share >= UTILISATION
    if ours and MARIAN in results:
        rates = [[one["tokens_per_second"] for one in results[name]] for name in (OURS, MARIAN)]
        ratio = ratio_to(*rates)
        found[f"{ratio:.2f} times Hugging Face, aim {TIMES_AS_FAST:.1f}"] = ratio >= TIMES_AS_FAST
    return found


def notes(common: dict[str, Any], options: Any, results: dict[str, Any]) -> list[str]:
    """Return what a reader must know to judge the table."""
    everything = [one for found in results.values() for one in found]
    padding, rate = common["padding"], median(one["matrix_rate"] for one in everything)
    tokens = median(one["tokens"] for one in everything) / options.steps
    return [
        f"{device_line(options.device)}: {rate / 1e12:,.3g} TFLOP/s in bf16 products of "
        f"{options.matrix:,} x {options.matrix:,}.",
        f"Vocabulary {common['vocabulary']:,}, {common['parameters'] / 1e6:.1f} M parameters, "
        f"{tokens:,.0f} target tokens and {common['pairs_per_batch']:,.0f} pairs a batch; padding: "
        f"{padding['source']:.1%} of the source positions, {padding['target']:.1%} of the target "
        "positions.",
        f"Median of {options.rounds} rounds of {options.steps} steps after {options.warmup} not "
        "counted; the ratio is the median of the rounds' ratios.",
        *(f"{told}: {'reached' if well else 'missed'}." for told, well in aims(results).items()),
        machine_line("transformers"),
    ]


def device_line(name: str) -> str:
    """Return what the device is called."""
    import torch

    device = torch.device(name)
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "The CPU"


def require_device(name: str) -> None:
    """Raise a `BenchmarkError` where there is no such device."""
    import torch

    if name.startswith("cuda") and not torch.cuda.is_available():
        raise BenchmarkError(
            "torch finds no GPU here. --device cpu tries the benchmark out, with sizes for it: "
            "--set model.d_model=64 --set tokenizer.vocab_size=1000 "
            "--set training.batch_tokens=500 --pairs 2000 --matrix 512 --steps 2 --rounds 1"
        )


def main() -> None:
    """Run the rounds and print the table."""
    assert __doc__ is not None
    options_parser = training_parser(
        __doc__.partition("\n")[0], steps=50, instead="made-up sentence pairs"
    )
    options_parser.add_argument("--rounds", type=positive, default=3)
    options_parser.add_argument("--device", default="cuda")
    options_parser.add_argument(
        "--contenders",
        default=",".join(LABELS),
        help=f"which of {', '.join(LABELS)}, with commas; ratios are to the first",
    )
    options_parser.add_argument(
        "--pairs", type=positive, default=300_000, help="made-up pairs, without --train"
    )
    options_parser.add_argument(
        "--matrix", type=positive, default=8192, help="rows of the products that tell the rate"
    )
    options_parser.add_argument(
        "--check", action="store_true", help="exit with 1 if an aim is missed"
    )
    options = options_parser.parse_args()
    names = [name for name in options.contenders.split(",") if name]
    unknown = [name for name in names if name not in LABELS]
    if unknown or not names:
        raise BenchmarkError(f"--contenders: {unknown} not known, only {', '.join(LABELS)}")
    require_device(options.device)
    if MARIAN in names:
        require_transformers("the Marian contender")
    with folder(options.cache) as cache:
        setup = prepared_setup(options, cache)
        common, _ = in_own_process(
            describe, setup=setup.to_dict(), number=options.warmup + options.steps
        )
        results = rounds(names, setup, options)
    figures = {"setup": common, "rounds": results}
    report(table(results), notes(common, options, results), figures, options.json)
    if options.check and not all(aims(results).values()):
        sys.exit(1)


def prepared_setup(options: Any, cache: Path) -> Setup:
    """Return the set-up of all contenders; its corpus is made up if none is given."""
    if options.train is None:
        options.train = str(cache / f"made-up-{options.pairs}.tsv")
        if not Path(options.train).exists():
            in_own_process(
                write_corpus, path=options.train, pairs=options.pairs, words=WORDS, seed=1
            )
    setup = Setup.from_options(options, cache)
    return dataclasses.replace(setup, settings=[*SIZES, *setup.settings], device=options.device)


if __name__ == "__main__":
    run(main)
