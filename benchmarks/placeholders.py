"""Whether what is to be copied comes out untouched and in the right place.

The lines of a test set that hold such spans (URLs, e-mail addresses, `{name}`, `%s`, tags, emoji,
numbers with units) are translated. A line is untouched if each of its spans is in the translation,
as often as in the source; places are compared where the reference has the same spans, two or more.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from benchmarks.common import (
    BenchmarkError,
    machine_line,
    markdown_table,
    parser,
    positive,
    report,
    run,
)
from translator.tokenizer.placeholders import mark

_SHOWN = 20
"""Lines with a span that was lost or doubled that are shown."""


def measure(model: str, data: str, limit: int, beam: int) -> dict[str, Any]:
    """Translate the lines with spans, and compare these with the source's and the reference's."""
    from translator.corpora import read_test_set
    from translator.decoding.translator import Translator
    from translator.run_directory import RunDirectory

    config = RunDirectory(model).read_config()
    translator = Translator.load(model, decoding=replace(config.decoding, beam=beam, device="cpu"))
    test = read_test_set(
        data, source=translator.source, target=translator.target, options=config.data
    )
    chosen = [i for i, text in enumerate(test.sources) if _is_of_use(text)][: limit or None]
    if not chosen:
        raise BenchmarkError(f"{data}: no line holds anything that is copied, and a word beside it")
    sources = [test.sources[i] for i in chosen]
    references = [str(test.references[0][i]) for i in chosen]
    translations = translator.translate(sources)
    touched, placed, ordered = [], 0, 0
    for i, source, translation, reference in zip(
        chosen, sources, translations, references, strict=True
    ):
        ours, theirs = spans_of(source), spans_of(translation)
        wanted = spans_of(reference)
        if not is_untouched(ours, theirs):
            touched.append([test.rows[i] + 1, source, translation])
        if len(ours) > 1 and Counter(ours) == Counter(wanted):
            placed += 1
            ordered += theirs == wanted
    return {
        "known": bool(translator.tokenizer.placeholders),
        "lines": len(chosen),
        "spans": sum(len(spans_of(source)) for source in sources),
        "touched": touched,
        "placed": placed,
        "ordered": ordered,
    }


def spans_of(text: str) -> list[str]:
    """Return what is copied in a text, in order."""
    return list(mark(text).spans)


def is_untouched(source: list[str], translation: list[str]) -> bool:
    """Return whether each span of the source is in the translation, and as often."""
    counts = Counter(translation)
    return all(counts[span] == count for span, count in Counter(source).items())


def _is_of_use(text: str) -> bool:
    """Return whether there are spans, and something to translate."""
    one = mark(text)
    return bool(one.spans) and not one.is_all_copied


def table(facts: dict[str, Any]) -> str:
    """Return both shares."""
    lines, placed = facts["lines"], facts["placed"]
    untouched = lines - len(facts["touched"])
    rows = [
        ["all spans untouched", f"{lines:,}", f"{untouched:,}", f"{untouched / lines:.1%}"],
        [
            "two spans or more, in the reference's order",
            f"{placed:,}",
            f"{facts['ordered']:,}",
            f"{facts['ordered'] / placed:.1%}" if placed else "",
        ],
    ]
    return markdown_table(["", "lines", "of them so", "share"], rows)


def notes(facts: dict[str, Any]) -> list[str]:
    """Say how much was looked at, and show what went wrong."""
    lines = [f"{facts['lines']:,} lines with {facts['spans']:,} spans."]
    if not facts["known"]:
        lines.append("The model's vocabulary knows nothing of spans: it has read them as text.")
    for number, source, translation in facts["touched"][:_SHOWN]:
        lines += [f"row {number}: {source}", f"  -> {translation}"]
    if len(facts["touched"]) > _SHOWN:
        lines.append(f"and {len(facts['touched']) - _SHOWN:,} more")
    return [*lines, machine_line("ctranslate2")]


def main() -> None:
    """Print the table."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--model", "-m", required=True, metavar="RUN")
    arguments.add_argument(
        "--data", required=True, metavar="CORPUS", help="lines with spans, with references"
    )
    arguments.add_argument("--limit", type=int, default=0, metavar="N", help="0: all such lines")
    arguments.add_argument("--beam", type=positive, default=5)
    options = arguments.parse_args()
    facts = measure(options.model, options.data, options.limit, options.beam)
    report(table(facts), notes(facts), facts, options.json)


if __name__ == "__main__":
    run(main)
