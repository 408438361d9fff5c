"""What a glossary does to translations: how many of its terms they hold, and their BLEU.

The sentences and terms beside this script are for a model of the sample corpus. Most terms ask for
a word that such a model would not choose; the references have it.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.common import machine_line, markdown_table, parser, positive, report, run

SENTENCES = Path(__file__).with_name("glossary.tsv")
TERMS = Path(__file__).with_name("glossary_terms.tsv")
_SHOWN = 20
"""Missing terms that are named."""


def measure(model: str, data: str, terms: Path, limit: int, beam: int) -> dict[str, Any]:
    """Translate with the glossary and without it."""
    import sacrebleu

    from translator.cli.asked import read_glossary
    from translator.corpora import read_test_set
    from translator.decoding.glossary import missing
    from translator.decoding.translator import Translator
    from translator.run_directory import RunDirectory

    config = RunDirectory(model).read_config()
    translator = Translator.load(model, decoding=replace(config.decoding, beam=beam, device="cpu"))
    test = read_test_set(
        data, source=translator.source, target=translator.target, options=config.data
    )
    texts = test.sources[: limit or None]
    references = [column[: len(texts)] for column in test.references]
    glossary = read_glossary(terms)
    assert glossary is not None
    asked = [glossary.requirements(text) for text in texts]
    ways = {}
    for way, given in (("without the glossary", None), ("with it", glossary)):
        translations = translator.translate(texts, glossary=given)
        # looked for in the text, whatever the search believes to have done
        lacking = [missing(*one) for one in zip(asked, translations, strict=True)]
        ways[way] = {
            "missing": [
                [number, term.source, term.target, text]
                for number, (found, text) in enumerate(
                    zip(lacking, translations, strict=True), start=1
                )
                for term in found
            ],
            "bleu": float(sacrebleu.corpus_bleu(translations, references).score),
        }
    return {
        "sentences": len(texts),
        "terms": len(glossary),
        "required": sum(map(len, asked)),
        "ways": ways,
    }


def table(facts: dict[str, Any]) -> str:
    """Return a line for each way to translate."""
    required = facts["required"]
    rows = []
    for way, found in facts["ways"].items():
        honoured = required - len(found["missing"])
        share = f"{honoured / required:.1%}" if required else ""
        rows.append([way, f"{honoured:,} of {required:,}", share, f"{found['bleu']:.2f}"])
    return markdown_table(["", "terms honoured", "share", "BLEU"], rows)


def notes(facts: dict[str, Any]) -> list[str]:
    """Say what was translated, and which terms are missing in spite of the glossary."""
    missing = facts["ways"]["with it"]["missing"]
    lines = [f"{facts['sentences']:,} sentences, a glossary of {facts['terms']:,} terms."]
    lines += [
        f"sentence {number}: no {target!r} (for {source!r}) in: {text}"
        for number, source, target, text in missing[:_SHOWN]
    ]
    if len(missing) > _SHOWN:
        lines.append(f"and {len(missing) - _SHOWN:,} more")
    return [*lines, machine_line("ctranslate2")]


def main() -> None:
    """Print the table."""
    arguments = parser(__doc__ or "")
    arguments.add_argument("--model", "-m", required=True, metavar="RUN")
    arguments.add_argument(
        "--data", default=str(SENTENCES), metavar="CORPUS", help="sentences with references"
    )
    arguments.add_argument(
        "--terms", type=Path, default=TERMS, metavar="FILE", help="as for translate --glossary"
    )
    arguments.add_argument("--limit", type=int, default=0, metavar="N", help="0: all sentences")
    arguments.add_argument("--beam", type=positive, default=5)
    options = arguments.parse_args()
    facts = measure(options.model, options.data, options.terms, options.limit, options.beam)
    report(table(facts), notes(facts), facts, options.json)


if __name__ == "__main__":
    run(main)
