"""Sentences in groups: how good are short ones, those with rare words, those of one origin?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from translator.corpora.trained_on import COUNTED_WORDS, TrainedOn, words
from translator.evaluation.results import Evaluation
from translator.evaluation.scores import Score

_LENGTHS = [(1, 5), (6, 10), (11, 15), (16, 20), (21, 30), (31, 50), (51, None)]
_COUNTS = [(0, 0), (1, 2), (3, 9), (10, 99), (100, 999), (1000, None)]
_BOOTSTRAP = 300
MOST_LABELS = 20

_METRICS = ("BLEU", "chrF2")


@dataclass(kw_only=True)
class Band:
    """Sentences that have something in common."""

    label: str
    sentences: int
    scores: list[dict[str, Score]]
    """For each system, by metric."""


@dataclass(kw_only=True)
class Grouping:
    """One way to part the test set."""

    title: str
    column: str
    """What the labels are."""
    note: str
    bands: list[Band]


def groupings(
    evaluation: Evaluation, known: TrainedOn | None, *, side: str = "source"
) -> list[Grouping]:
    """Return every grouping that this test set allows.

    Args:
        evaluation: a test set with its systems.
        known: the training text of the first system, in which words are counted.
        side: which side of that text is the language of the sources.
    """
    task = evaluation.task
    found = []
    texts = task.sources
    what = "source"
    if texts is None:
        texts = [next(t for t in row if t) for row in zip(*task.references, strict=True)]
        what = "reference"
    lengths = [len(words(text)) for text in texts]
    found.append(
        _grouping(
            evaluation,
            [_label(length, _LENGTHS) for length in lengths],
            order=[_text(band) for band in _LENGTHS],
            title=f"By length of the {what}",
            column=f"words in the {what}",
        )
    )
    if known is not None and task.sources is not None:
        rarest = [known.rarest(text, side) for text in task.sources]
        labels = [_label(count, _COUNTS) if count is not None else "no word" for count in rarest]
        capped = len(known.counts[side]) >= COUNTED_WORDS
        counted = known.counted < known.pairs
        found.append(
            _grouping(
                evaluation,
                labels,
                order=[*(_text(band) for band in _COUNTS), "no word"],
                title="By the rarest source word",
                column="times in training",
                note=(
                    "How often the rarest word of the source stands in "
                    + (
                        f"{known.counted:,} of the {known.pairs:,} training pairs, drawn evenly"
                        if counted
                        else "the training text"
                    )
                    + (
                        f"; only its {COUNTED_WORDS:,} most frequent words are known, all others "
                        "count as 0."
                        if capped
                        else "."
                    )
                ),
            )
        )
    if task.labels is not None:
        order = list(dict.fromkeys(task.labels))
        order.sort(key=lambda label: -(task.labels or []).count(label))
        left = len(order) - MOST_LABELS
        found.append(
            _grouping(
                evaluation,
                task.labels,
                order=order[:MOST_LABELS],
                title="By part",
                column="part",
                note=f"The {MOST_LABELS} largest parts; {left:,} others are left out."
                if left > 0
                else "",
            )
        )
    return [one for one in found if len(one.bands) > 1]


def _grouping(
    evaluation: Evaluation,
    labels: Sequence[str],
    *,
    order: Sequence[str],
    title: str,
    column: str,
    note: str = "",
) -> Grouping:
    rows_of: dict[str, list[int]] = {}
    for row, label in enumerate(labels):
        rows_of.setdefault(label, []).append(row)
    bands = []
    for label in order:
        if rows := rows_of.get(label):
            scores = [
                {
                    name: system.measured[name].score(rows, bootstrap=_BOOTSTRAP * (len(rows) > 1))
                    for name in _METRICS
                }
                for system in evaluation.systems
            ]
            bands.append(Band(label=label, sentences=len(rows), scores=scores))
    return Grouping(title=title, column=column, note=note, bands=bands)


def _label(number: int, bands: Sequence[tuple[int, int | None]]) -> str:
    return next(
        (_text(band) for band in bands if band[1] is None or number <= band[1]), _text(bands[-1])
    )


def _text(band: tuple[int, int | None]) -> str:
    first, last = band
    if last is None:
        return f"{first:,} or more"
    return f"{first:,}" if first == last else f"{first:,}-{last:,}"
