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
    import torch
    from torch import Tensor

    from translator.batching import Batch
    from translator.batching.plan import Rows
    from translator.training.prepare import Prepared

    Step = Callable[[list[Rows], int], tuple[int, Tensor]]
    """Trains on the batch of this number in a plan; returns the real target tokens, and numbers
    that are finite if it went well, which are not looked at while the time is taken."""


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


def our_step(config: Config, prepared: Prepared, device: torch.device) -> Step:
    """Return the step of `translator train`."""
    stepper = new_stepper(config, prepared, device)

    def step(plan: list[Rows], number: int) -> tuple[int, Tensor]:
        if number + 1 < len(plan):
            stepper.make_ahead([plan[number + 1]], number + 1)
        result = stepper.take([plan[number]], number, RATE)
        return result.tokens, result.values

    return step


def marian_step(
    config: Config, prepared: Prepared, contender: Contender, device: torch.device
) -> Step:
    """Return the step of a plain loop around MarianMTModel, as a user would write it."""
    from translator.hardware import keep_freed_memory, matrix_dtype
    from translator.tokenizer.tokenizer import PAD_ID

    if contender.tuned:
        keep_freed_memory()
    model = _marian(config, len(prepared.tokenizer), contender.attention)

    def logits(batch: Batch) -> Tensor:
        found: Tensor = model(
            input_ids=batch.source,
            attention_mask=(batch.source != PAD_ID).long(),
            decoder_input_ids=batch.target_in,
            use_cache=False,
        ).logits
        return found

    dtype = matrix_dtype(contender.precision)
    return plain_step(config, prepared, model.to(device), logits, dtype)


def plain_step(
    config: Config,
    prepared: Prepared,
    model: torch.nn.Module,
    logits: Callable[[Batch], Tensor],
    dtype: torch.dtype,
) -> Step:
    """Return the step of a plain loop: autocast, torch's loss, clipping and AdamW.

    Args:
        config: of which label smoothing and clipping are taken.
        prepared: the corpus.
        model: on its device.
        logits: what the model predicts, B x T x V.
        dtype: of autocast; float32: without it.
    """
    import torch
    from torch.nn.functional import cross_entropy

    from translator.batching import collate
    from translator.tokenizer.tokenizer import PAD_ID

    device = next(model.parameters()).device
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.98))

    def step(plan: list[Rows], number: int) -> tuple[int, Tensor]:
        batch = collate(*prepared.corpus.ids(plan[number])).to(device)
        with torch.autocast(device.type, dtype=dtype, enabled=dtype != torch.float32):
            loss = cross_entropy(
                logits(batch).flatten(0, 1),
                batch.target_out.flatten(),
                ignore_index=PAD_ID,
                label_smoothing=config.training.label_smoothing,
            )
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), config.training.clip_norm)
        optimizer.step()
        optimizer.zero_grad()
        return batch.target_tokens, loss.detach()

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
    import torch

    data, device = Setup(**setup), torch.device("cpu")
    config, prepared = data.config(), data.prepare()
    if name == OURS:
        step = our_step(config, prepared, device)
    else:
        step = marian_step(config, prepared, CONTENDERS[name], device)
    plan = batches(config, prepared, part=part, number=warmup + steps)
    return timed(step, plan, warmup, device)


def timed(step: Step, plan: list[Rows], warmup: int, device: torch.device) -> dict[str, float]:
    """Take the steps of a plan and return seconds and tokens of those after the first ones.

    Raises:
        BenchmarkError: a step was not finite, so that its time says nothing.
    """
    from translator.hardware import wait_for

    tokens, outcomes = 0, []
    for number in range(warmup):
        outcomes.append(step(plan, number)[1])
    wait_for(device)
    start = time.perf_counter()
    for number in range(warmup, len(plan)):
        found, outcome = step(plan, number)
        tokens += found
        outcomes.append(outcome)
    wait_for(device)
    seconds = time.perf_counter() - start
    for number, outcome in enumerate(outcomes):
        if not outcome.isfinite().all():
            raise BenchmarkError(f"step {number} is not finite: its time says nothing")
    return {"tokens": tokens, "seconds": seconds}


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
