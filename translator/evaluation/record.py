"""A result that can be traced: scores, translations and all they depend on, in one JSON file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from translator.errors import DataError
from translator.evaluation.results import Evaluation, System, Task
from translator.evaluation.telling import values

FORMAT = 1
_DIGITS = 4
_OUTCOME = ("name", "scores", "translations", "sentence_scores")
"""What a system's entry holds beside where its translations come from."""


def as_record(evaluations: Sequence[Evaluation], **facts: Any) -> dict[str, Any]:
    """Return everything, each sentence with its own scores; `facts` are told as they are."""
    return {
        "translator_evaluation": FORMAT,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        **facts,
        "test_sets": [_test_set(one) for one in evaluations],
    }


def _test_set(one: Evaluation) -> dict[str, Any]:
    found = values(one)
    task = one.task
    for told, system in zip(found["systems"], one.systems, strict=True):
        told["translations"] = system.hypotheses
        told["sentence_scores"] = sentence_scores(system)
    return {
        **found,
        "reading": task.reading,
        "total": task.total,
        "lines": task.lines,
        "sources": task.sources,
        "references_text": task.references,
        "labels": task.labels,
    }


def sentence_scores(system: System) -> dict[str, list[float]]:
    """Return the scores of single sentences by metric, as they are saved."""
    return {
        name: [round(score, _DIGITS) for score in measured.sentence_scores()]
        for name, measured in system.measured.items()
    }


def read_record(path: Path) -> dict[str, Any]:
    """Read what `as_record` gave.

    Raises:
        DataError: the file cannot be read, or is something else.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError("there is no such file", where=path) from None
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", where=path) from None
    except (ValueError, RecursionError):
        raise _foreign(path) from None
    if not isinstance(record, dict) or not isinstance(record.get("test_sets"), list):
        raise _foreign(path)
    version = record.get("translator_evaluation")
    if not isinstance(version, int):
        raise _foreign(path)
    if version > FORMAT:
        raise DataError(
            f"has format {version}, and this translator reads up to {FORMAT}",
            where=path,
            hint="Upgrade translator to verify it.",
        )
    return record


def stored_task(told: dict[str, Any], path: Path) -> Task:
    """Return a test set of a record.

    Raises:
        DataError: something is missing.
    """
    try:
        return Task(
            name=told["test_set"],
            target=told["target"] or "",
            sources=told["sources"],
            references=told["references_text"],
            lines=told["lines"],
            total=told["total"],
            labels=told["labels"],
            reading=told["reading"],
        )
    except (LookupError, TypeError):
        raise _foreign(path) from None


def stored_systems(told: dict[str, Any], path: Path) -> list[System]:
    """Return the systems of a test set of a record.

    Raises:
        DataError: something is missing.
    """
    try:
        return [
            System(
                name=one["name"],
                hypotheses=one["translations"],
                # the scores are to be computed anew, not told again
                details={name: value for name, value in one.items() if name not in _OUTCOME},
            )
            for one in told["systems"]
        ]
    except (LookupError, TypeError):
        raise _foreign(path) from None


def _foreign(path: Path) -> DataError:
    return DataError("is not, or no longer, what `translator evaluate --save` writes", where=path)
