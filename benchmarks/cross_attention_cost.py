"""Time of the cross-attention layer against target length T and source length S.

The layer's matrices cost O(T + S), the attention itself O(T x S). The sum of both is fitted to the
grid, and at the largest lengths what is not linear must grow with the product.
"""

from __future__ import annotations

import sys
import time
from statistics import median
from typing import Any

from benchmarks.common import (
    MEGABYTE,
    BenchmarkError,
    in_own_process,
    machine_line,
    markdown_table,
    parser,
    positive,
    report,
    run,
)

TERMS = ["fixed", "per T", "per S", "per T x S"]
ALLOWED = (0.7, 1.4)
"""Growth of the attention's time divided by growth of T x S: 1, give or take caches."""


def measure(
    lengths: list[int], batch: int, d_model: int, heads: int, repeats: int
) -> list[dict[str, float]]:
    """Return the median seconds of both paths for each pair of lengths; in a process of its own."""
    import torch

    from translator.hardware import keep_freed_memory
    from translator.model.cross_attention import CrossAttention

    keep_freed_memory()
    torch.manual_seed(1)
    layer = CrossAttention(d_model, heads).eval()
    grid = [(T, S) for T in lengths for S in lengths]
    times: dict[tuple[int, int], list[tuple[float, float]]] = {pair: [] for pair in grid}
    with torch.no_grad():
        for round_ in range(repeats + 1):  # the first warms up
            for T, S in grid:
                states = torch.randn(batch, T, d_model)
                memory = torch.randn(batch, S, d_model)
                allowed = torch.ones(batch, 1, 1, S, dtype=torch.bool)
                start = time.perf_counter()
                layer(states, memory, allowed)
                middle = time.perf_counter()
                layer.forward_with_weights(states, memory, allowed)
                if round_:
                    times[T, S].append((middle - start, time.perf_counter() - middle))
    return [
        {
            "T": T,
            "S": S,
            "fast": median(fast for fast, _ in taken),
            "readable": median(readable for _, readable in taken),
            "readable_over_fast": median(readable / fast for fast, readable in taken),
        }
        for (T, S), taken in times.items()
    ]


def fit(measured: list[dict[str, float]]) -> list[float]:
    """Fit seconds = a + b T + c S + d T S, each point weighing by its relative error."""
    import numpy as np

    points = np.array([[1.0, one["T"], one["S"], one["T"] * one["S"]] for one in measured])
    seconds = np.array([one["fast"] for one in measured])
    rows = points / seconds[:, None]
    free = list(range(len(TERMS)))
    while True:
        found, *_ = np.linalg.lstsq(rows[:, free], np.ones(len(rows)), rcond=None)
        # no term takes negative time: leave the most negative one out and fit again
        if found.min() >= 0:
            break
        free.pop(int(found.argmin()))
    result = [0.0] * len(TERMS)
    for term, value in zip(free, found, strict=True):
        result[term] = float(value)
    return result


def growth(measured: list[dict[str, float]], fitted: list[float]) -> dict[str, float]:
    """Return what the last step of the grid does in T, in S and in both.

    `T`, `S` and `both`: how many times longer the layer takes. `attention_…`: the same without the
    time that the fit gives to the matrices, divided by how many times larger T x S is.
    """
    fast = {(one["T"], one["S"]): one["fast"] for one in measured}
    largest = max(one["T"] for one in measured)
    half = max(one["T"] for one in measured if one["T"] < largest)
    ends = {"T": (half, largest), "S": (largest, half), "both": (half, half)}

    def attention(pair: tuple[float, float]) -> float:
        T, S = pair
        return fast[pair] - (fitted[0] + fitted[1] * T + fitted[2] * S)

    whole = (largest, largest)
    result = {name: fast[whole] / fast[pair] for name, pair in ends.items()}
    for name, pair in ends.items():
        longer = whole[0] * whole[1] / (pair[0] * pair[1])
        result[f"attention_{name}"] = attention(whole) / attention(pair) / longer
    return result


def table(measured: list[dict[str, float]], lengths: list[int]) -> str:
    """Return the grid: milliseconds, and in brackets the readable path's ratio to the fast one."""
    cells = {(one["T"], one["S"]): one for one in measured}
    rows = []
    for T in lengths:
        row = [f"T = {T}"]
        for S in lengths:
            one = cells[T, S]
            row.append(f"{1000 * one['fast']:.2f} ({one['readable_over_fast']:.2f})")
        rows.append(row)
    return markdown_table(["ms (readable / fast)", *(f"S = {length}" for length in lengths)], rows)


def notes(
    options: Any, measured: list[dict[str, float]], fitted: list[float], grown: dict[str, float]
) -> list[str]:
    """Return the fit, the check and the machine."""
    units = [1e6, 1e6, 1e6, 1e9]
    names = ["µs", "µs per T", "µs per S", "ns per T x S"]
    terms = ", ".join(
        f"{value * unit:.3g} {name}" for value, unit, name in zip(fitted, units, names, strict=True)
    )
    last = measured[-1]
    share = fitted[3] * last["T"] * last["S"] / last["fast"]
    passed = "as it should be" if is_product(grown) else "NOT what T x S gives"
    return [
        f"Fast path, batch {options.batch}, D {options.d_model}, {options.heads} heads, float32, "
        f"median of {options.repeats}. In brackets: readable path / fast path.",
        f"Fit: {terms}. At T = S = {last['T']:.0f} the T x S part is {share:.0%} of the time.",
        f"To T = S = {last['T']:.0f} from the next smaller length the whole layer takes "
        f"{grown['T']:.2f} times as long in T, {grown['S']:.2f} in S, {grown['both']:.2f} in both.",
        "Growth of the rest (without fixed and linear terms) over growth of T x S: "
        f"{grown['attention_T']:.2f} in T, {grown['attention_S']:.2f} in S, "
        f"{grown['attention_both']:.2f} in both; 1.00 is exactly the product: {passed}.",
        machine_line(),
    ]


def is_product(grown: dict[str, float]) -> bool:
    """Return whether the attention's time grows with T x S within what caches do to it."""
    low, high = ALLOWED
    return all(low <= grown[f"attention_{name}"] <= high for name in ("T", "S", "both"))


def main() -> None:
    """Measure the grid and print it."""
    assert __doc__ is not None
    options_parser = parser(__doc__)
    options_parser.add_argument(
        "--lengths", default="32,64,128,256,512,1024,2048", help="of T and of S, with commas"
    )
    options_parser.add_argument("--batch", type=positive, default=1)
    options_parser.add_argument("--d-model", type=positive, default=256)
    options_parser.add_argument("--heads", type=positive, default=8)
    options_parser.add_argument("--repeats", type=positive, default=7)
    options_parser.add_argument(
        "--check", action="store_true", help="exit with 1 if the time does not grow with T x S"
    )
    options = options_parser.parse_args()
    try:
        lengths = sorted({positive(text) for text in options.lengths.split(",")})
    except ValueError:
        raise BenchmarkError(f"--lengths {options.lengths}: whole numbers with commas") from None
    if len(lengths) < 3:
        raise BenchmarkError("--lengths needs three or more lengths to fit a line to")
    if options.d_model % options.heads:
        raise BenchmarkError(f"--d-model {options.d_model} is no multiple of {options.heads} heads")
    measured, peak = in_own_process(
        measure,
        lengths=lengths,
        batch=options.batch,
        d_model=options.d_model,
        heads=options.heads,
        repeats=options.repeats,
    )
    fitted = fit(measured)
    grown = growth(measured, fitted)
    texts = [*notes(options, measured, fitted, grown)]
    texts.insert(-1, f"Peak memory {peak / MEGABYTE:,.0f} MiB.")
    figures = {"grid": measured, "fit": dict(zip(TERMS, fitted, strict=True)), "growth": grown}
    report(table(measured, lengths), texts, figures, options.json)
    if options.check and not is_product(grown):
        sys.exit(1)


if __name__ == "__main__":
    run(main)
