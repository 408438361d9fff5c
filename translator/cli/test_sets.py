"""Test sets for `translator evaluate`: from a corpus, or from files of references."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from translator.config import DataConfig
from translator.corpora import read_column, read_test_set, read_text_lines
from translator.errors import DataError
from translator.evaluation.results import Task
from translator.progress import say
from translator.run_directory import checksum

_MOST_PARTS = 100
_NO_LABEL = "(none)"
_SHOWN = 5
"""Line numbers that a message lists."""


def corpus_task(
    spec: str,
    direction: tuple[str, str],
    columns: DataConfig,
    *,
    turned: bool = False,
    subset: str | None = None,
) -> Task:
    """Read a test set, and the labels of its parts if `subset` says where they are.

    Raises:
        ConfigError, DataError: see `read_test_set` and `read_column`.
    """
    source, target = direction
    test_set = read_test_set(spec, source=source, target=target, options=columns, turned=turned)
    if test_set.dropped:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in test_set.dropped.items())
        total = sum(test_set.dropped.values())
        say(f"{spec}: {total:,} pair{'s' * (total > 1)} left out: {reasons}")
    references, labels = test_set.references, None
    if subset is not None:
        if Path(subset).is_file():
            every = _label_lines(Path(subset), spec, test_set.total)
        else:
            every = read_column(
                spec, subset, source=source, target=target, options=columns, total=test_set.total
            )
        labels = _checked([every[row] for row in test_set.rows], spec, subset)
        # in a table without a header, all columns behind the second are taken for references
        references = [
            column for column in references if [text or _NO_LABEL for text in column] != labels
        ]
    return Task(
        name=spec,
        target=target,
        sources=test_set.sources,
        references=references,
        lines=[row + 1 for row in test_set.rows],
        total=test_set.total,
        labels=labels,
        details={"source": source, "target": target, "data": test_set.record},
        reading={"columns": _columns(columns), "turned": turned, "subset": subset},
    )


def files_task(
    references: Sequence[Path], total: int, hypotheses: Path, *, target: str, subset: str | None
) -> Task:
    """Read one or more files of references, of `total` lines each as `hypotheses`.

    Raises:
        DataError: a file cannot be read, the line counts differ, or no line has a reference.
    """
    columns: list[list[str | None]] = []
    for path in references:
        column = read_text_lines(path)
        if len(column) != total:
            raise DataError(
                f"{len(column):,} lines, but {hypotheses} has {total:,}",
                where=path,
                hint="They belong together line by line, so the counts must be equal.",
            )
        columns.append([text.strip() or None for text in column])
    kept = [i for i in range(total) if any(column[i] for column in columns)]
    if not kept:
        raise DataError(
            "no references: all lines are blank" if total else "is empty",
            where=", ".join(map(str, references)),
            hint="Each line is what the same line of --hypotheses should be.",
        )
    if len(kept) < total:
        without = sorted(set(range(total)) - set(kept))
        first = ", ".join(str(i + 1) for i in without[:_SHOWN])
        more = ", …" if len(without) > _SHOWN else ""
        say(f"{len(without):,} left out that have no reference (line {first}{more})")
    name = ", ".join(map(str, references))
    labels = None
    if subset is not None:
        if not Path(subset).is_file():
            raise DataError(
                "is no file, and files of references have no columns",
                where=subset,
                hint="Name a file with a label on each line.",
            )
        every = _label_lines(Path(subset), name, total)
        labels = _checked([every[i] for i in kept], name, subset)
    return Task(
        name=name,
        target=target,
        sources=None,
        references=[[column[i] for i in kept] for column in columns],
        lines=[i + 1 for i in kept],
        total=total,
        labels=labels,
        details={"references": [str(path) for path in references], "target": target or None},
        reading={
            "checksums": {str(path): checksum(path) for path in references},
            "subset": subset,
        },
    )


def named_apart(tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks, by the ends of their names where these tell them apart."""
    short = [Path(task.name.split(",")[0]).name.partition(".")[0] for task in tasks]
    if len(tasks) < 2 or len(set(short)) < len(short) or not all(short):
        return list(tasks)
    return [dataclasses.replace(task, name=name) for task, name in zip(tasks, short, strict=True)]


def _checked(labels: list[str], name: str, subset: str) -> list[str]:
    """Return the labels, also for sentences without one.

    Raises:
        DataError: there are so many that they are hardly labels.
    """
    found = set(labels)
    if len(found) > _MOST_PARTS:
        raise DataError(
            f"--subset {subset} parts the {len(labels):,} sentences into {len(found):,}",
            where=name,
            hint=f"At most {_MOST_PARTS} parts are scored: is it the right column?",
        )
    return [label or _NO_LABEL for label in labels]


def _columns(options: DataConfig) -> dict[str, str]:
    return {
        "source_column": options.source_column,
        "target_column": options.target_column,
        "header": options.header,
    }


def _label_lines(path: Path, name: str, total: int) -> list[str]:
    labels = [line.strip() for line in read_text_lines(path)]
    if len(labels) != total:
        raise DataError(
            f"{len(labels):,} lines, but {name} has {total:,}",
            where=path,
            hint="A label belongs to each line of the test set, so the counts must be equal.",
        )
    return labels
