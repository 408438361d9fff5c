"""Decoding speed of a trained run, beside Hugging Face's generate with the very same weights.

Time is from text to text: tokenizing, searching, detokenizing. Each measurement has a process of
its own; the contenders take turns.
"""

from __future__ import annotations

import sys
import time
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

OURS, TUNED, THEIRS = "translator", "translator, allocator tuned", "Hugging Face generate"


def measure(
    contender: str, model: str, data: str, limit: int, beam: int, batch_tokens: int
) -> dict[str, Any]:
    """Translate the test set once; runs in a process of its own."""
    from translator.corpora import read_test_set
    from translator.decoding.translator import Translator
    from translator.hardware import keep_freed_memory
    from translator.run_directory import RunDirectory

    config = RunDirectory(model).read_config()
    decoding = replace(config.decoding, beam=beam, batch_tokens=batch_tokens, device="cpu")
    if contender == TUNED:
        keep_freed_memory()
    translator = Translator.load(model, decoding=decoding)
    test = read_test_set(
        data, source=translator.source, target=translator.target, options=config.data
    )
    texts = test.sources[: limit or None]
    references = [column[: len(texts)] for column in test.references]
    facts: dict[str, Any] = {}
    if contender != THEIRS:
        work = translator.translate
    else:
        from benchmarks.hugging_face import generate, largest_difference, to_m2m100

        copy = to_m2m100(translator.model, 2 * config.data.max_length + 64)
        facts["logit_difference"] = largest_difference(translator.model, copy)

        def work(texts: list[str]) -> list[str]:
            return generate(translator, copy, texts)

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


def _bleu(translations: list[str], references: list[list[str | None]]) -> float:
    import sacrebleu

    return float(sacrebleu.corpus_bleu(translations, references).score)


def rounds(options: Any, contenders: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Let the contenders take turns with each setting; keys are `contender/beam/batch_tokens`."""
    results: dict[str, list[dict[str, Any]]] = {}
    for number in range(options.rounds):
        for beam in options.beam:
            for batch_tokens in options.batch_tokens:
                for contender in contenders:
                    one, peak = in_own_process(
                        measure,
                        contender=contender,
                        model=str(options.model),
                        data=options.data,
                        limit=options.limit,
                        beam=beam,
                        batch_tokens=batch_tokens,
                    )
                    one["peak_bytes"] = peak
                    key = f"{contender}/{beam}/{batch_tokens}"
                    results.setdefault(key, []).append(one)
                    print(f"round {number + 1}, {key}: {one['seconds']:.1f} s", file=sys.stderr)
    return results


def table(results: dict[str, list[dict[str, Any]]]) -> str:
    """Return one line for each contender and setting."""
    rows = []
    for key, taken in results.items():
        contender, beam, batch_tokens = key.split("/")
        rates = {
            unit: [one[unit] / one["seconds"] for one in taken] for unit in ("sentences", "tokens")
        }
        # by sentences: both translate the same ones, and need not write equally many tokens
        ours = results[f"{OURS}/{beam}/{batch_tokens}"]
        first = [one["sentences"] / one["seconds"] for one in ours]
        rows.append(
            [
                contender,
                "greedy" if beam == "1" else beam,
                f"{int(batch_tokens):,}",
                f"{median(rates['sentences']):,.1f}",
                f"{median(rates['tokens']):,.0f}",
                f"{ratio_to(rates['sentences'], first):.2f}",
                f"{taken[0]['bleu']:.1f}",
                f"{max(one['peak_bytes'] for one in taken) / MEGABYTE:,.0f}",
            ]
        )
    header = ["", "beam", "batch tokens", "sentences/s", "target tokens/s", "ratio", "BLEU"]
    return markdown_table([*header, "peak memory, MiB"], rows)


def notes(options: Any, results: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return what a reader must know to judge the table."""
    some = next(iter(results.values()))[0]
    lines = [
        f"{some['sentences']:,} sentences, float32, median of {options.rounds} rounds; the ratio "
        "is of sentences/s to translator with the same beam and batch. BLEU as sacrebleu computes "
        "it by default (13a, cased)."
    ]
    for key, taken in results.items():
        contender, _, setting = key.partition("/")
        if contender == THEIRS:
            ours = results[f"{OURS}/{setting}"][0]["translations"]
            same = sum(a == b for a, b in zip(ours, taken[0]["translations"], strict=True))
            beam = setting.partition("/")[0]
            lines.append(
                f"Beam {beam}: {same / len(ours):.1%} of the translations are the same; "
                f"the logits differ by {taken[0]['logit_difference']:.1g} at most."
            )
    return [*lines, machine_line("transformers")]


def numbers(text: str) -> list[int]:
    """Read whole numbers with commas (an argparse type)."""
    return [positive(part) for part in text.split(",")]


def main() -> None:
    """Measure and print the table."""
    assert __doc__ is not None
    options_parser = parser(__doc__)
    options_parser.add_argument(
        "--model", "-m", type=Path, required=True, metavar="RUN", help="run directory"
    )
    options_parser.add_argument(
        "--data", required=True, metavar="CORPUS", help="test set: SOURCE_FILE,REFERENCE_FILE, …"
    )
    options_parser.add_argument("--beam", type=numbers, default="1,5")
    options_parser.add_argument("--batch-tokens", type=numbers, default="1024,4096,16384")
    options_parser.add_argument("--rounds", type=positive, default=3)
    options_parser.add_argument(
        "--limit", type=int, default=0, metavar="N", help="only the first N sentences; 0: all"
    )
    options_parser.add_argument(
        "--hugging-face", action="store_true", help="also generate with M2M100 and these weights"
    )
    options_parser.add_argument(
        "--tuned", action="store_true", help="also translate with the allocator tuned"
    )
    options = options_parser.parse_args()
    contenders = [OURS, TUNED] if options.tuned else [OURS]
    if options.hugging_face:
        require_transformers("--hugging-face")
        contenders.append(THEIRS)
    if not options.model.is_dir():
        raise BenchmarkError(f"{options.model}: there is no such run directory")
    results = rounds(options, contenders)
    lines = notes(options, results)
    for taken in results.values():
        for one in taken:
            del one["translations"]
    report(table(results), lines, {"rounds": results}, options.json)


if __name__ == "__main__":
    run(main)
