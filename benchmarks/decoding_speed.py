"""Speed, memory, start and quality of decoding: every engine and precision, beside its peers.

Time is from text to text: tokenizing, searching, detokenizing. Each measurement has a process of
its own; the contenders take turns. Peers have the very same weights: Hugging Face's generate, and
CTranslate2 called directly.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
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
    ratio_to,
    report,
    require_transformers,
    run,
)
from benchmarks.decoding_contenders import (
    BARE,
    COMMAND,
    JOEYNMT,
    ONCE,
    OURS,
    THEIRS,
    TUNED,
    made_ready,
    measure,
    parts_of,
)
from benchmarks.joeynmt_decoding import joeynmt_decoding

_SHOWN = 20
"""Sentences at most that are shown with both translations."""

Results = dict[str, list[dict[str, Any]]]
"""The rounds of each setting; keys are `model/contender/beam/batch_tokens`."""


def read_texts(model: Path, data: str, limit: int) -> tuple[list[str], list[list[str | None]]]:
    """Return the texts to translate, and columns of references."""
    from translator.corpora import read_test_set
    from translator.run_directory import RunDirectory

    run_directory = RunDirectory(model)
    source, target = run_directory.read_directions()[0]
    test = read_test_set(
        data, source=source, target=target, options=run_directory.read_config().data
    )
    texts = test.sources[: limit or None]
    return texts, [column[: len(texts)] for column in test.references]


def _bleu(translations: list[str], references: list[list[str | None]]) -> float:
    import sacrebleu

    return float(sacrebleu.corpus_bleu(translations, references).score)


def cold_start(model: str, engine: str, precision: str, text: str) -> dict[str, float]:
    """Translate one sentence by the command line; runs in a process of its own."""
    import resource

    command = [sys.executable, "-m", "translator", "translate", "--model", model]
    command += ["--engine", engine, "--set", f"decoding.precision={precision}", text]
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "peak_bytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024.0,
    }


def rounds(options: Any, contenders: list[str]) -> Results:
    """Let the contenders take turns with each setting."""
    results: Results = {}
    sets = {model: read_texts(model, options.data, options.limit) for model in options.model}
    differences = {
        model: in_own_process(made_ready, model=str(model), contenders=contenders)[0]
        for model in options.model
    }
    settings = [
        (model, beam, batch_tokens, contender)
        for model in options.model
        for beam in options.beam
        for batch_tokens in options.batch_tokens
        for contender in contenders
    ]
    for number in range(options.rounds):
        for model, beam, batch_tokens, contender in settings:
            texts, references = sets[model]
            given = {"model": str(model), "texts": texts}
            given |= {"beam": beam, "batch_tokens": batch_tokens}
            if contender == JOEYNMT:
                one = joeynmt_decoding(options.joeynmt_python, **given)
            else:
                one, peak = in_own_process(measure, contender=contender, **given)
                one["peak_bytes"] = peak
            one["bleu"] = _bleu(one["translations"], references)
            if contender == THEIRS:
                one["logit_difference"] = differences[model]
            key = f"{model.name}/{contender}/{beam}/{batch_tokens}"
            results.setdefault(key, []).append(one)
            print(f"round {number + 1}, {key}: {one['seconds']:.1f} s", file=sys.stderr)
    return results


def starts(options: Any) -> Results:
    """Start the command line afresh, once unmeasured, then once in each round."""
    results: Results = {}
    for number in range(options.rounds + 1):
        for model in options.model:
            for engine, _, precision in (name.partition(":") for name in options.engines):
                one, _ = in_own_process(
                    cold_start,
                    model=str(model),
                    engine=engine,
                    precision=precision or "float32",
                    text="A cold start.",
                )
                if number:
                    key = f"{model.name}/{_name(engine, precision)}"
                    results.setdefault(key, []).append(one)
    return results


def _name(engine: str, precision: str) -> str:
    return f"{OURS}{engine} {precision or 'float32'}"


def table(results: Results) -> str:
    """Return one line for each contender and setting; the first contender is the measure."""
    rows = []
    firsts: dict[tuple[str, ...], list[float]] = {}
    bare = {}
    for key, taken in results.items():
        model, contender, *setting = key.split("/")
        if contender.startswith(BARE):
            bare[model, parts_of(contender)[1], *setting] = _rates(taken, "sentences")
    for key, taken in results.items():
        model, contender, beam, batch_tokens = key.split("/")
        # by sentences: all translate the same ones, and need not write equally many tokens
        rates = _rates(taken, "sentences")
        first = firsts.setdefault((model, beam, batch_tokens), rates)
        ratios = [f"{ratio_to(rates, first):.2f}"]
        if bare:
            peer = bare.get((model, parts_of(contender)[1], beam, batch_tokens))
            ratios.append(f"{ratio_to(rates, peer):.1%}" if peer else "")
        rows.append(
            [
                contender,
                model,
                "greedy" if beam == "1" else beam,
                f"{int(batch_tokens):,}",
                f"{median(rates):,.1f}",
                f"{median(_rates(taken, 'tokens')):,.0f}",
                *ratios,
                f"{taken[0]['bleu']:.2f}",
                f"{max(one['peak_bytes'] for one in taken) / MEGABYTE:,.0f}",
            ]
        )
    header = ["", "model", "beam", "batch tokens", "sentences/s", "target tokens/s", "ratio"]
    if bare:
        header.append(f"of {BARE}")
    return markdown_table([*header, "BLEU", "peak memory, MiB"], rows)


def _rates(taken: list[dict[str, Any]], unit: str) -> list[float]:
    return [one[unit] / one["seconds"] for one in taken]


def starts_table(results: Results) -> str:
    """Return one line for each engine and precision."""
    rows = []
    for key, taken in results.items():
        model, _, contender = key.partition("/")
        seconds = median(one["seconds"] for one in taken)
        memory = max(one["peak_bytes"] for one in taken) / MEGABYTE
        rows.append([contender, model, f"{seconds:.2f}", f"{memory:,.0f}"])
    return markdown_table(
        ["one sentence from a cold start", "model", "seconds", "peak memory, MiB"], rows
    )


def notes(options: Any, results: Results) -> list[str]:
    """Return what a reader must know to judge the table."""
    some = next(iter(results.values()))[0]
    told = (
        f"{some['sentences']:,} sentences, median of {options.rounds} rounds; the ratio is of "
        "sentences/s to the first line with the same model, beam and batch"
    )
    if options.bare:
        told += f", the share that of {BARE} in the same precision"
    lines = [f"{told}. BLEU as sacrebleu computes it by default (13a, cased)."]
    firsts: dict[str, tuple[str, dict[str, Any]]] = {}
    for key, taken in results.items():
        model, contender, beam, batch_tokens = key.split("/")
        setting = f"{model}, beam {beam}, {batch_tokens} tokens"
        name, first = firsts.setdefault(setting, (contender, taken[0]))
        if first is not taken[0]:
            lines += [f"{contender}, {setting}: {_beside(taken[0], first, name)}."]
            if all(one.startswith(OURS) and "float32" in one for one in (contender, name)):
                lines += _different(taken[0], first, (contender, name))
    return [*lines, machine_line("transformers", "ctranslate2")]


def _beside(one: dict[str, Any], first: dict[str, Any], name: str) -> str:
    """Say how the translations differ from those of the first line, which is called `name`."""
    count = len(_differing(one, first))
    told = f"{count:,} of {one['sentences']:,} translations differ from those of {name}"
    told += f", BLEU by {one['bleu'] - first['bleu']:+.2f}"
    if "logit_difference" in one:
        told += f"; the logits differ by {one['logit_difference']:.1g} at most"
    return told


def _different(one: dict[str, Any], first: dict[str, Any], names: tuple[str, str]) -> list[str]:
    """List the sentences whose translations should be the same, and are not.

    Scores that differ no more than those of equal translations do are ties, decided by rounding.
    """
    differing = _differing(one, first)
    if not differing:
        return []
    same = set(range(one["sentences"])).difference(differing)
    rounding = max((abs(one["scores"][i] - first["scores"][i]) for i in same), default=0.0)
    lines = [f"  (the scores of equal translations differ by {rounding:.1g} at most)"]
    for i in differing[:_SHOWN]:
        for name, found in zip(names, (one, first), strict=True):
            text = f"{found['translations'][i]} ({found['scores'][i]:.7f})"
            lines.append(f"  sentence {i + 1}, {name}: {text}")
    if len(differing) > _SHOWN:
        lines.append(f"  and {len(differing) - _SHOWN:,} more")
    return lines


def _differing(one: dict[str, Any], first: dict[str, Any]) -> list[int]:
    pairs = zip(one["translations"], first["translations"], strict=True)
    return [i for i, (a, b) in enumerate(pairs) if a != b]


def draw(results: Results, file: Path) -> None:
    """Draw quality against speed: a point for each setting, a line for each contender."""
    try:
        import matplotlib as mpl
    except ImportError:
        raise BenchmarkError("--picture needs Matplotlib: pip install matplotlib") from None
    mpl.use("Agg")
    from matplotlib import pyplot

    lines: dict[str, list[tuple[float, float, str]]] = {}
    for key, taken in results.items():
        model, contender, beam, _ = key.split("/")
        speed = median(one["sentences"] / one["seconds"] for one in taken)
        lines.setdefault(f"{model}: {contender}", []).append((speed, taken[0]["bleu"], beam))
    figure, axes = pyplot.subplots(figsize=(8, 5), layout="constrained")
    for name, points in lines.items():
        xs, ys, beams = zip(*sorted(points), strict=True)
        axes.plot(xs, ys, marker="o", label=name)
        for x, y, beam in zip(xs, ys, beams, strict=True):
            axes.annotate(
                f"beam {beam}", (x, y), fontsize=7, textcoords="offset points", xytext=(4, 4)
            )
    axes.set(xscale="log", xlabel="sentences a second", ylabel="BLEU")
    axes.grid(alpha=0.3)
    axes.legend(fontsize=7)
    figure.savefig(file)
    pyplot.close(figure)


def numbers(text: str) -> list[int]:
    """Read whole numbers with commas (an argparse type)."""
    return [positive(part) for part in text.split(",")]


def contenders_of(options: Any) -> list[str]:
    """Return who takes part, in the order of the table."""
    parts = [name.partition(":") for name in options.engines]
    contenders = [_name(engine, precision) for engine, _, precision in parts]
    if options.tuned:
        contenders.append(f"{_name('torch', '')} ({TUNED})")
    precisions = [p or "float32" for engine, _, p in parts if engine == "ctranslate2"]
    further = [(options.command, f"{COMMAND}auto"), (options.command, f"{ONCE}auto")]
    for asked, name in (*further, (options.bare, BARE)):
        if asked:
            contenders += [f"{name} {precision}" for precision in precisions or ["float32"]]
    if options.hugging_face:
        require_transformers("--hugging-face")
        contenders.append(THEIRS)
    if options.joeynmt_python:
        contenders.append(JOEYNMT)
    return contenders


def main() -> None:
    """Measure and print the tables."""
    assert __doc__ is not None
    options_parser = parser(__doc__)
    add = options_parser.add_argument
    add(
        "--model",
        "-m",
        type=Path,
        required=True,
        action="append",
        metavar="RUN",
        help="run directory; can be repeated",
    )
    add("--data", required=True, metavar="CORPUS", help="test set: SOURCE_FILE,REFERENCE_FILE, …")
    add(
        "--engines",
        type=lambda text: text.split(","),
        default=["torch", "ctranslate2", "ctranslate2:int8"],
        metavar="ENGINE[:PRECISION],…",
        help="of translator; default: torch,ctranslate2,ctranslate2:int8",
    )
    add("--beam", type=numbers, default="1,5")
    add("--batch-tokens", type=numbers, default="16384")
    add("--rounds", type=positive, default=3)
    add("--limit", type=int, default=0, metavar="N", help="only the first N sentences; 0: all")
    add("--command", action="store_true", help="also translate as the command line does it")
    add("--bare", action="store_true", help="also CTranslate2 called directly")
    add("--hugging-face", action="store_true", help="also generate with M2M100")
    add(
        "--joeynmt-python",
        metavar="PYTHON",
        help="interpreter of an environment that holds JoeyNMT, which becomes a contender",
    )
    add("--tuned", action="store_true", help="also torch with the allocator tuned")
    add("--starts", action="store_true", help="also one sentence from a cold start")
    add("--picture", type=Path, metavar="FILE", help="draw quality against speed (.png, .svg)")
    options = options_parser.parse_args()
    for model in options.model:
        if not model.is_dir():
            raise BenchmarkError(f"{model}: there is no such run directory")
    results = rounds(options, contenders_of(options))
    text, figures = table(results), {"rounds": results}
    if options.starts:
        figures["starts"] = starts(options)
        text += f"\n\n{starts_table(figures['starts'])}"
    if options.picture:
        draw(results, options.picture)
    lines = notes(options, results)
    for taken in results.values():
        for one in taken:
            del one["translations"], one["scores"]
    report(text, lines, figures, options.json)


if __name__ == "__main__":
    run(main)
