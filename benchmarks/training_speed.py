"""Training speed beside Hugging Face's MarianMTModel, in real target tokens a second.

All contenders have the same sizes and vocabulary and see the same batches. Each round of each runs
in a process of its own, one after the other, so that drifts of the machine meet all of them.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

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
from benchmarks.joeynmt import joeynmt_round
from benchmarks.reference import (
    RATE,
    Setup,
    batches,
    new_stepper,
    padding_shares,
    training_parser,
)
from translator.config import Config

if TYPE_CHECKING:
    from translator.training.prepare import Prepared

    Step = Callable[[Any, int], int]
    """Takes rows of the corpus and the step's number, and returns the real target tokens."""


@dataclass(frozen=True)
class Contender:
    """A program, or a way to use it."""

    label: str
    precision: str = "fp32"
    attention: str = "sdpa"
    tuned: bool = False


OURS = "translator"
CONTENDERS = {
    OURS: Contender("translator"),
    "marian-fp32": Contender("Hugging Face MarianMTModel, plain loop, fp32"),
    "marian-bf16": Contender("Hugging Face MarianMTModel, plain loop, bf16", "bf16"),
    "marian-tuned": Contender(
        "Hugging Face MarianMTModel, eager attention, bf16, allocator tuned", "bf16", "eager", True
    ),
    "joeynmt": Contender("JoeyNMT, its own training command"),
}


def our_step(config: Config, prepared: Prepared) -> Step:
    """Return the step of `translator train`."""
    stepper = new_stepper(config, prepared)

    def step(rows: Any, number: int) -> int:
        result = stepper.take([rows], number, RATE)
        if not result.finite:
            raise BenchmarkError(f"step {number} is not finite: its time says nothing")
        return result.tokens

    return step


def marian_step(config: Config, prepared: Prepared, contender: Contender) -> Step:
    """Return the step of a plain loop around MarianMTModel, as a user would write it."""
    import torch
    from torch.nn.functional import cross_entropy

    from translator.batching import collate
    from translator.hardware import keep_freed_memory, matrix_dtype
    from translator.tokenizer.tokenizer import PAD_ID

    if contender.tuned:
        keep_freed_memory()
    model = _marian(config, len(prepared.tokenizer), contender.attention)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.98))
    dtype = matrix_dtype(contender.precision)

    def step(rows: Any, number: int) -> int:
        batch = collate(*prepared.corpus.ids(rows))
        with torch.autocast("cpu", dtype=dtype, enabled=dtype != torch.float32):
            logits = model(
                input_ids=batch.source,
                attention_mask=(batch.source != PAD_ID).long(),
                decoder_input_ids=batch.target_in,
                use_cache=False,
            ).logits
            loss = cross_entropy(
                logits.flatten(0, 1),
                batch.target_out.flatten(),
                ignore_index=PAD_ID,
                label_smoothing=config.training.label_smoothing,
            )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), config.training.clip_norm)
        optimizer.step()
        optimizer.zero_grad()
        if not loss.isfinite():
            raise BenchmarkError(f"step {number} is not finite: its time says nothing")
        return batch.target_tokens

    return step


def _marian(config: Config, vocab_size: int, attention: str) -> Any:
    from transformers import MarianConfig, MarianMTModel, set_seed

    from translator.tokenizer.tokenizer import BOS_ID, EOS_ID, PAD_ID

    shape = config.model
    set_seed(config.training.seed)
    model = MarianMTModel(
        MarianConfig(
            vocab_size=vocab_size,
            max_position_embeddings=max(512, config.data.max_length),
            d_model=shape.d_model,
            encoder_layers=shape.encoder_layers,
            decoder_layers=shape.decoder_layers,
            encoder_attention_heads=shape.attention_heads,
            decoder_attention_heads=shape.attention_heads,
            encoder_ffn_dim=shape.ffn_dim,
            decoder_ffn_dim=shape.ffn_dim,
            activation_function="relu",
            dropout=shape.dropout,
            scale_embedding=True,
            tie_word_embeddings=True,
            pad_token_id=PAD_ID,
            bos_token_id=BOS_ID,
            eos_token_id=EOS_ID,
            forced_eos_token_id=EOS_ID,
            decoder_start_token_id=BOS_ID,
            attn_implementation=attention,
        )
    )
    if model.config._attn_implementation != attention:
        raise BenchmarkError(f"this transformers does not give {attention} attention to Marian")
    return model.train()


def measure(
    name: str, setup: dict[str, Any], part: int, warmup: int, steps: int
) -> dict[str, float]:
    """Train one contender for some steps; runs in a process of its own."""
    data = Setup(**setup)
    config, prepared = data.config(), data.prepare()
    if name == OURS:
        step = our_step(config, prepared)
    else:
        step = marian_step(config, prepared, CONTENDERS[name])
    plan = batches(config, prepared, part=part, number=warmup + steps)
    for number, rows in enumerate(plan[:warmup]):
        step(rows, number)
    start = time.perf_counter()
    tokens = sum(step(rows, warmup + number) for number, rows in enumerate(plan[warmup:]))
    return {"tokens": tokens, "seconds": time.perf_counter() - start}


def describe(setup: dict[str, Any], number: int) -> dict[str, Any]:
    """Prepare the corpus and tell what all contenders have in common."""
    data = Setup(**setup)
    config, prepared = data.config(), data.prepare()
    plan = batches(config, prepared, part=0, number=number)
    return {
        "pairs": prepared.pairs,
        "vocabulary": len(prepared.tokenizer),
        "padding": padding_shares(prepared, plan),
        "parameters": new_stepper(config, prepared).model.parameter_count(),
        "pairs_per_batch": sum(map(len, plan)) / len(plan),
    }


def table(names: list[str], results: dict[str, list[dict[str, float]]]) -> str:
    """Return one line for each contender."""
    rates = {name: [one["tokens_per_second"] for one in results[name]] for name in names}
    rows = [
        [
            CONTENDERS[name].label,
            f"{median(rates[name]):,.0f}",
            f"{min(rates[name]):,.0f} to {max(rates[name]):,.0f}",
            f"{ratio_to(rates[name], rates[names[0]]):.2f}",
            f"{max(one['peak_bytes'] for one in results[name]) / MEGABYTE:,.0f}",
        ]
        for name in names
    ]
    first = CONTENDERS[names[0]].label
    return markdown_table(
        ["", "target tokens/s", "range", f"ratio to {first}", "peak memory, MiB"], rows
    )


def notes(common: dict[str, Any], options: Any, results: dict[str, Any]) -> list[str]:
    """Return what a reader must know to judge the table."""
    padding = common["padding"]
    lines = [
        f"{common['pairs']:,} pairs, vocabulary {common['vocabulary']:,}, "
        f"{common['parameters'] / 1e6:.1f} M parameters, "
        f"{common['pairs_per_batch']:.0f} pairs a batch; padding: {padding['source']:.1%} of the "
        f"source positions, {padding['target']:.1%} of the target positions.",
        f"Median of {options.rounds} rounds of {options.steps} steps after {options.warmup} "
        "not counted; the ratio is the median of the rounds' ratios.",
    ]
    plain = [name for name in ("marian-fp32", "marian-bf16") if name in results]
    if plain and OURS in results:
        ours, *others = (
            [one["tokens_per_second"] for one in results[name]] for name in (OURS, *plain)
        )
        best = min(ratio_to(ours, other) for other in others)
        lines.append(f"translator is {best:.2f} times as fast as the better plain loop.")
    return [*lines, machine_line("transformers")]


def main() -> None:
    """Run the rounds and print the table."""
    assert __doc__ is not None
    options_parser = training_parser(__doc__, steps=30)
    options_parser.add_argument("--rounds", type=positive, default=3)
    options_parser.add_argument(
        "--contenders",
        default=",".join(name for name in CONTENDERS if name != "joeynmt"),
        help=f"which of {', '.join(CONTENDERS)}, with commas; ratios are to the first",
    )
    options_parser.add_argument(
        "--joeynmt-python",
        metavar="PYTHON",
        help="interpreter of an environment that holds JoeyNMT, which becomes a contender",
    )
    options = options_parser.parse_args()
    names = [name for name in options.contenders.split(",") if name]
    if options.joeynmt_python and "joeynmt" not in names:
        names.append("joeynmt")
    unknown = [name for name in names if name not in CONTENDERS]
    if unknown or not names:
        raise BenchmarkError(f"--contenders: {unknown} not known, only {', '.join(CONTENDERS)}")
    if "joeynmt" in names and not options.joeynmt_python:
        raise BenchmarkError("the contender joeynmt needs --joeynmt-python PYTHON")
    if any(name.startswith("marian") for name in names):
        require_transformers("a Marian contender")
    with folder(options.cache) as cache:
        setup = Setup.from_options(options, cache)
        common, _ = in_own_process(
            describe, setup=setup.to_dict(), number=options.warmup + options.steps
        )
        results = rounds(names, setup, options)
    figures = {"setup": common, "rounds": results}
    report(table(names, results), notes(common, options, results), figures, options.json)


def rounds(names: list[str], setup: Setup, options: Any) -> dict[str, list[dict[str, float]]]:
    """Let the contenders take turns."""
    results: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for part in range(options.rounds):
        for name in names:
            shared = {"setup": setup.to_dict(), "warmup": options.warmup, "steps": options.steps}
            if name == "joeynmt":
                one = joeynmt_round(options.joeynmt_python, **shared)
            else:
                one, peak = in_own_process(measure, name=name, part=part, **shared)
                one["peak_bytes"] = peak
                one["tokens_per_second"] = one["tokens"] / one["seconds"]
            results[name].append(one)
            rate = f"{one['tokens_per_second']:,.0f} target tokens/s"
            print(f"round {part + 1}, {CONTENDERS[name].label}: {rate}", file=sys.stderr)
    return results


if __name__ == "__main__":
    run(main)
