"""What `translator evaluate` measures, and how it is told."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.cli.files import Output
from translator.cli.stream import lines_text, translate_all
from translator.config import DataConfig, DecodingConfig
from translator.corpora import TestSet, read_test_set, read_text_lines
from translator.errors import DataError
from translator.evaluation import Score, evaluate, warning_signs
from translator.progress import counted, say
from translator.run_directory import RunDirectory

if TYPE_CHECKING:
    from translator.decoding.glossary import Glossary
    from translator.decoding.translation import Translation

_SHOWN = 5
"""Line numbers that a message lists."""


@dataclass(kw_only=True)
class Report:
    """Scores, and what they depend on."""

    scores: list[Score]
    sentences: int
    details: dict[str, Any] = field(default_factory=dict)

    def as_text(self) -> str:
        """Return a line for each score."""
        return "".join(f"{score}\n" for score in self.scores)

    def as_json(self) -> str:
        """Return one JSON object."""
        value = {
            "scores": [asdict(score) for score in self.scores],
            "sentences": self.sentences,
            **self.details,
            "versions": {name: version(name) for name in ("translator", "sacrebleu", "torch")},
        }
        return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def score_files(hypotheses: Path, references: list[Path], *, target: str, ter: bool) -> Report:
    """Score a file of translations against one or more files of references.

    Raises:
        DataError: a file cannot be read, the line counts differ, or no line has a reference.
    """
    lines = read_text_lines(hypotheses)
    columns: list[list[str | None]] = []
    for path in references:
        column = read_text_lines(path)
        if len(column) != len(lines):
            raise DataError(
                f"{len(column):,} lines, but {hypotheses} has {len(lines):,}",
                where=path,
                hint="They belong together line by line, so the counts must be equal.",
            )
        columns.append([text.strip() or None for text in column])
    kept = [i for i in range(len(lines)) if any(column[i] for column in columns)]
    if not kept:
        raise DataError(
            "no references: all lines are blank",
            where=", ".join(map(str, references)),
            hint="Each line is what the same line of --hypotheses should be.",
        )
    if len(kept) < len(lines):
        without = sorted(set(range(len(lines))) - set(kept))
        first = ", ".join(str(i + 1) for i in without[:_SHOWN])
        more = ", …" if len(without) > _SHOWN else ""
        say(f"{len(without):,} left out that have no reference (line {first}{more})")
    lines = [lines[i] for i in kept]
    columns = [[column[i] for i in kept] for column in columns]
    scores = _scores(lines, columns, target, ter)
    details = {
        "hypotheses": str(hypotheses),
        "references": [str(path) for path in references],
        "target": target or None,
    }
    return Report(scores=scores, sentences=len(lines), details=details)


def score_model(
    run: RunDirectory,
    direction: tuple[str, str],
    data: str,
    columns: DataConfig,
    decoding: DecodingConfig,
    ter: bool,
    saved: Output,
    glossary: Glossary | None = None,
) -> Report:
    """Translate a test set, save the translations, and score them.

    Raises:
        DataError: the test set cannot be read.
        ModelError: the model cannot.
    """
    source, target = direction
    # a table whose columns have no names is like that of the training data
    turned = direction != run.read_directions()[0]
    test_set = read_test_set(data, source=source, target=target, options=columns, turned=turned)
    if test_set.dropped:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in test_set.dropped.items())
        total = sum(test_set.dropped.values())
        say(f"{data}: {total:,} pair{'s' * (total > 1)} left out: {reasons}")
    from translator.decoding.translator import Translator

    translator = Translator.load(run.path, source=source, target=target, decoding=decoding)
    started = time.monotonic()
    hypotheses, best = translate_all(translator, test_set.sources, glossary)
    cut = sum(not translation.complete for translation in best)
    seconds = time.monotonic() - started
    say(
        f"translated {counted(len(hypotheses), 'sentence')} in {seconds:.1f} s "
        f"({len(hypotheses) / max(seconds, 1e-9):,.0f} sentences/s)"
        + (f", {cut:,} of them cut at the length limit" if cut else "")
    )
    details: dict[str, Any] = {}
    if glossary is not None:
        details["glossary"] = _honoured(glossary, test_set, best)
    # a line for each row of the test set, so that the file stands beside it line by line
    lines = dict(zip(test_set.rows, hypotheses, strict=True))
    saved.write("".join(f"{lines.get(row, '')}\n" for row in range(test_set.total)))
    scores = _scores(hypotheses, test_set.references, target, ter)
    details |= {
        "model": str(run.path),
        "source": source,
        "target": target,
        "data": test_set.record,
        "decoding": asdict(decoding),
        "engine": translator.engine.name,
        "cut": cut,
        "seconds": round(seconds, 3),
    }
    return Report(scores=scores, sentences=len(hypotheses), details=details)


def _honoured(
    glossary: Glossary, test_set: TestSet, found: Sequence[Translation]
) -> dict[str, int]:
    """Say and return how many of the required terms are in the translations."""
    required = sum(len(glossary.requirements(text)) for text in test_set.sources)
    without = [i for i, translation in enumerate(found) if translation.missed]
    missed = sum(len(translation.missed) for translation in found)
    numbers = [test_set.rows[i] + 1 for i in without]
    say(
        f"glossary: {counted(required, 'term')} required, {required - missed:,} in the translation"
        + (f"; some are missing in {lines_text(numbers)}" if numbers else "")
    )
    return {"terms": len(glossary), "required": required, "honoured": required - missed}


def _scores(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str | None]],
    target: str,
    ter: bool,
) -> list[Score]:
    scores = evaluate(hypotheses, references, target=target, ter=ter)
    every_reference = (text for column in references for text in column)
    for warning in [
        *warning_signs(hypotheses, "hypotheses"),
        *warning_signs(every_reference, "references"),
    ]:
        say(f"warning: {warning}")
    return scores
