"""Speed, memory, start and quality of decoding: every engine and precision, beside its peers.

Time is from text to text: tokenizing, searching, detokenizing. Each measurement has a process of
its own; the contenders take turns. Peers have the very same weights: Hugging Face's generate, and
CTranslate2 called directly.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
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

BARE, THEIRS = "CTranslate2 itself", "Hugging Face generate"
_OURS = "translator, "
_TUNED = "allocator tuned"
_BARE_BATCH = 2048
"""Tokens of CTranslate2's batches when it is called directly: the best of 512 to 8192 here."""

Results = dict[str, list[dict[str, Any]]]
"""The rounds of each setting; keys are `model/contender/beam/batch_tokens`."""


def measure(
    contender: str, model: str, data: str, limit: int, beam: int, batch_tokens: int
) -> dict[str, Any]:
    """Translate the test set once; runs in a process of its own."""
    from translator.corpora import read_test_set
    from translator.decoding.translator import Translator
    from translator.run_directory import RunDirectory

    config = RunDirectory(model).read_config()
    engine, precision, tuned = _parts(contender)
    decoding = replace(
        config.decoding,
        beam=beam,
        batch_tokens=batch_tokens,
        device="cpu",
        engine=engine,
        precision=precision,
    )
    if tuned:
        from translator.hardware import keep_freed_memory

        keep_freed_memory()
    start = time.perf_counter()
    translator = Translator.load(model, decoding=decoding)
    facts: dict[str, Any] = {"load_seconds": time.perf_counter() - start}
    test = read_test_set(
        data, source=translator.source, target=translator.target, options=config.data
    )
    texts = test.sources[: limit or None]
    references = [column[: len(texts)] for column in test.references]
    work: Callable[[list[str]], list[str]] = translator.translate
    if contender == THEIRS:
        work, facts["logit_difference"] = _hugging_face(translator, config.data.max_length)
    elif contender.startswith(BARE):
        work = _bare(translator, model)
    work(texts[: max(1, len(texts) // 50)])  # warm-up
    start = time.perf_counter()
    translations = list(work(texts))
    seconds = time.perf_counter() - start
    tokens = sum(len(ids) + 1 for ids in translator.tokenizer.encode(translations))
    return {
        **facts,
        "seconds": seconds,
        "sentences": len(texts),
        "tokens": tokens,
        "bleu": _bleu(translations, references),
        "translations": translations,
    }


def _parts(contender: str) -> tuple[Any, Any, bool]:
    """Return engine, precision and whether the allocator is tuned."""
    if contender == THEIRS:
        return "torch", "float32", False
    names = contender.replace(f"{BARE} ", "ctranslate2 ").removeprefix(_OURS)
    engine, precision, *more = names.split(" ", 2)
    return engine, precision, more == [f"({_TUNED})"]


def _hugging_face(
    translator: Any, max_length: int
) -> tuple[Callable[[list[str]], list[str]], float]:
    from benchmarks.hugging_face import generate, largest_difference, to_m2m100

    copy = to_m2m100(translator.model, max_length)
    difference = largest_difference(translator.model, copy)
    return lambda texts: generate(translator, copy, texts), difference


def _bare(translator: Any, model: str) -> Callable[[list[str]], list[str]]:
    """Return CTranslate2 as its own documentation calls it: all sentences in one call."""
    import ctranslate2

    from translator.decoding.engines.threads import share_out
    from translator.export.ctranslate2 import converted
    from translator.run_directory import RunDirectory

    workers, threads = share_out(0, 0)
    options, tokenizer = translator.decoding, translator.tokenizer
    bare = ctranslate2.Translator(
        str(converted(RunDirectory(model))),
        compute_type=options.precision,
        inter_threads=workers,
        intra_threads=threads,
    )
    pieces = tokenizer.pieces(range(len(tokenizer)))
    ids = {piece: id_ for id_, piece in enumerate(pieces)}

    def work(texts: list[str]) -> list[str]:
        rows = [[pieces[id_] for id_ in row] for row in tokenizer.encode(texts)]
        found = bare.translate_batch(
            rows,
            beam_size=options.beam,
            length_penalty=options.length_penalty,
            max_decoding_length=int(options.max_length_ratio * max(map(len, rows))) + 20,
            max_batch_size=_BARE_BATCH,
            batch_type="tokens",
            return_scores=True,
        )
        return list(tokenizer.decode([[ids[x] for x in one.hypotheses[0]] for one in found]))

    return work


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
    settings = [
        (model, beam, batch_tokens, contender)
        for model in options.model
        for beam in options.beam
        for batch_tokens in options.batch_tokens
        for contender in contenders
    ]
    for number in range(options.rounds):
        for model, beam, batch_tokens, contender in settings:
            one, peak = in_own_process(
                measure,
                contender=contender,
                model=str(model),
                data=options.data,
                limit=options.limit,
                beam=beam,
                batch_tokens=batch_tokens,
            )
            one["peak_bytes"] = peak
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
    return f"{_OURS}{engine} {precision or 'float32'}"


def table(results: Results) -> str:
    """Return one line for each contender and setting; the first contender is the measure."""
    rows = []
    firsts: dict[tuple[str, ...], list[float]] = {}
    for key, taken in results.items():
        model, contender, beam, batch_tokens = key.split("/")
        rates = {
            unit: [one[unit] / one["seconds"] for one in taken] for unit in ("sentences", "tokens")
        }
        # by sentences: all translate the same ones, and need not write equally many tokens
        first = firsts.setdefault((model, beam, batch_tokens), rates["sentences"])
        rows.append(
            [
                contender,
                model,
                "greedy" if beam == "1" else beam,
                f"{int(batch_tokens):,}",
                f"{median(rates['sentences']):,.1f}",
                f"{median(rates['tokens']):,.0f}",
                f"{ratio_to(rates['sentences'], first):.2f}",
                f"{taken[0]['bleu']:.1f}",
                f"{max(one['peak_bytes'] for one in taken) / MEGABYTE:,.0f}",
            ]
        )
    header = ["", "model", "beam", "batch tokens", "sentences/s", "target tokens/s", "ratio"]
    return markdown_table([*header, "BLEU", "peak memory, MiB"], rows)


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
    lines = [
        f"{some['sentences']:,} sentences, median of {options.rounds} rounds; the ratio is of "
        "sentences/s to the first line with the same model, beam and batch. BLEU as sacrebleu "
        "computes it by default (13a, cased)."
    ]
    first: dict[str, list[str]] = {}
    for key, taken in results.items():
        model, contender, beam, batch_tokens = key.split("/")
        mine = taken[0]["translations"]
        ours = first.setdefault(f"{model}/{beam}/{batch_tokens}", mine)
        if ours is not mine:
            same = sum(a == b for a, b in zip(ours, mine, strict=True))
            more = ""
            if "logit_difference" in taken[0]:
                more = f"; the logits differ by {taken[0]['logit_difference']:.1g} at most"
            lines.append(
                f"{contender}, {model}, beam {beam}, {batch_tokens} tokens: {same / len(ours):.1%} "
                f"of the translations are those of the first line{more}."
            )
    return [*lines, machine_line("transformers", "ctranslate2")]


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
        contenders.append(f"{_name('torch', '')} ({_TUNED})")
    if options.bare:
        precisions = [p or "float32" for engine, _, p in parts if engine == "ctranslate2"]
        contenders += [f"{BARE} {precision}" for precision in precisions or ["float32"]]
    if options.hugging_face:
        require_transformers("--hugging-face")
        contenders.append(THEIRS)
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
    add("--bare", action="store_true", help="also CTranslate2 called directly")
    add("--hugging-face", action="store_true", help="also generate with M2M100")
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
            del one["translations"]
    report(text, lines, figures, options.json)


if __name__ == "__main__":
    run(main)
