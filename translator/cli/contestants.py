"""Who is evaluated: runs that translate a test set, and files of translations."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from translator.cli.stream import lines_text, translate_all
from translator.config import DecodingConfig
from translator.corpora import read_text_lines
from translator.corpora.lines import clean
from translator.errors import DataError
from translator.evaluation.results import System, Task
from translator.progress import counted, say
from translator.run_directory import RunDirectory, checksum

if TYPE_CHECKING:
    from translator.decoding.glossary import Glossary
    from translator.decoding.translation import Translation
    from translator.decoding.translator import Translator


@dataclass
class HypothesisFile:
    """Translations that somebody has made, a line for each line of the test set."""

    path: Path

    @property
    def reads(self) -> Path:
        """Return what it reads."""
        return self.path

    @property
    def name(self) -> str:
        """Return what tables call it."""
        return str(self.path)

    def translate(self, task: Task) -> System:
        """Return the translations of the sentences that the task has.

        Raises:
            DataError: the file cannot be read, or has another number of lines.
        """
        lines = read_text_lines(self.path)
        if len(lines) != task.total:
            raise DataError(
                f"{len(lines):,} lines, but {task.name} has {task.total:,}",
                where=self.path,
                hint="They belong together line by line, so the counts must be equal.",
            )
        hypotheses = [clean(lines[number - 1]) for number in task.lines]
        details = {"hypotheses": str(self.path), "checksum": checksum(self.path)}
        return System(name=self.name, hypotheses=hypotheses, details=details)


@dataclass
class Model:
    """A run, and how it is to translate."""

    run: RunDirectory
    direction: tuple[str, str]
    decoding: DecodingConfig
    glossary: Glossary | None = None
    _translator: Translator | None = field(default=None, init=False)

    @property
    def reads(self) -> RunDirectory:
        """Return what it reads."""
        return self.run

    @property
    def name(self) -> str:
        """Return what tables call it."""
        return str(self.run.path)

    def translate(self, task: Task) -> System:
        """Translate the sentences of a test set.

        Raises:
            ModelError: the model cannot be read.
        """
        if task.sources is None:
            raise DataError(
                "is a run, and there are no sources that it could translate",
                where=self.run.path,
                hint="Give the test set with --data in place of --references.",
            )
        source, target = self.direction
        translator = self._load()
        started = time.monotonic()
        hypotheses, best = translate_all(translator, task.sources, self.glossary)
        cut = sum(not translation.complete for translation in best)
        seconds = time.monotonic() - started
        say(
            f"translated {counted(len(hypotheses), 'sentence')} in {seconds:.1f} s "
            f"({len(hypotheses) / max(seconds, 1e-9):,.0f} sentences/s)"
            + (f", {cut:,} of them cut at the length limit" if cut else "")
        )
        details: dict[str, Any] = {}
        if self.glossary is not None:
            details["glossary"] = _honoured(self.glossary, task, best)
        details |= {
            "model": str(self.run.path),
            "source": source,
            "target": target,
            "weights": checksum(self.run.weights_file),
            "vocabulary": checksum(self.run.tokenizer_file),
            "decoding": asdict(self.decoding),
            "engine": translator.engine.name,
            "cut": cut,
            "seconds": round(seconds, 3),
        }
        return System(name=self.name, hypotheses=hypotheses, details=details)

    def forget(self) -> None:
        """Free the memory that the model takes."""
        self._translator = None

    def _load(self) -> Translator:
        if self._translator is None:
            from translator.decoding.translator import Translator

            source, target = self.direction
            self._translator = Translator.load(
                self.run.path, source=source, target=target, decoding=self.decoding
            )
        return self._translator


Contestant = HypothesisFile | Model


def _honoured(glossary: Glossary, task: Task, found: Sequence[Translation]) -> dict[str, int]:
    """Say and return how many of the required terms are in the translations."""
    required = sum(len(glossary.requirements(text)) for text in task.sources or [])
    lacking = [sum(map(glossary.has, translation.missed)) for translation in found]
    without = [i for i, count in enumerate(lacking) if count]
    missed = sum(lacking)
    numbers = [task.lines[i] for i in without]
    say(
        f"glossary: {counted(required, 'term')} required, {required - missed:,} in the translation"
        + (f"; some are missing in {lines_text(numbers)}" if numbers else "")
    )
    return {"terms": len(glossary), "required": required, "honoured": required - missed}
