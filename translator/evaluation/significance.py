"""Is one system better than another, or is it chance? Paired tests, through sacrebleu.

Two questions are asked of the same sentences. Approximate randomisation: if the two translations of
each sentence were swapped at random, how often would the systems be as far apart? Paired bootstrap:
how often are they, on test sets that are drawn from this one? The verdict follows the first, which
errs less often (Riezler and Maxwell, 2005).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from translator.evaluation.scores import Measured

LEVEL = 0.05
"""A difference that chance makes less often than this counts as one."""

RANDOMISED, RESAMPLED = 10_000, 1_000
"""Trials of the two tests, as sacrebleu's command line makes them."""
_CELLS = {"ar": 30_000_000, "bs": 5_000_000}
"""Trials times sentences, at most: sacrebleu holds all trials at once. The signature says it."""
_FEWEST = 200

_LOWER_IS_BETTER = frozenset({"TER"})


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One metric of two systems on the same sentences."""

    metric: str
    value: float
    """Score of the first minus that of the other."""
    randomisation: float | None
    """The p-value of approximate randomisation; None where the scores are equal."""
    bootstrap: float | None
    """The p-value of the paired bootstrap."""
    signature: str

    @property
    def gain(self) -> float:
        """Return by how much the first is better."""
        return -self.value if self.metric in _LOWER_IS_BETTER else self.value


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What all metrics say of two systems."""

    first: str
    other: str
    differences: list[Difference]
    level: float = LEVEL
    """The p-value under which a difference counts: divided by the number of comparisons."""

    def verdict(self) -> str:
        """Say it in one plain sentence."""
        main = self.differences[0]
        if main.randomisation is None:
            return f"{self.first} and {self.other} have the same {main.metric}."
        gain = abs(main.gain)
        better, worse = (self.first, self.other) if main.gain > 0 else (self.other, self.first)
        number = points(gain)
        p = p_text(main.randomisation)
        if main.randomisation >= self.level:
            return (
                f"No difference between {self.first} and {self.other} that this test set can "
                f"show: {better} has {number} {main.metric} more, and chance alone makes such a "
                f"difference often enough ({p}){self._others(better)}."
            )
        others = self._others(better)
        return f"{better} is better than {worse} by {number} {main.metric} ({p}){others}."

    def _others(self, better: str) -> str:
        """Say which metric contradicts."""
        first_wins = better == self.first
        against = [
            one.metric
            for one in self.differences[1:]
            if one.randomisation is not None
            and one.randomisation < self.level
            and (one.gain > 0) != first_wins
        ]
        if not against:
            return ""
        return (
            f", but {' and '.join(against)} say{'s' * (len(against) == 1)} the opposite: read them"
        )


def compare(
    first: tuple[str, Sequence[Measured]],
    others: Sequence[tuple[str, Sequence[Measured]]],
    *,
    rows: Sequence[int] | None = None,
) -> list[Comparison]:
    """Compare a system with each of the others, metric by metric, on the sentences of `rows`."""
    name, measured = first
    level = LEVEL / max(1, len(others))
    differences: list[list[Difference]] = [[] for _ in others]
    for at, one in enumerate(measured):
        against = [those[at] for _, those in others]
        for found, difference in zip(differences, _differences(one, against, rows), strict=True):
            found.append(difference)
    return [
        Comparison(first=name, other=other, differences=found, level=level)
        for (other, _), found in zip(others, differences, strict=True)
    ]


def _differences(
    one: Measured, others: Sequence[Measured], rows: Sequence[int] | None
) -> list[Difference]:
    from sacrebleu.significance import PairedTest

    # the statistics are known: they take the place of the translations they were computed from
    systems: list[Any] = [
        (str(at), measured.part(rows)) for at, measured in enumerate([one, *others])
    ]
    sentences = len(systems[0][1])
    metric: Any = _Known(one.metric)
    results: dict[str, Any] = {}
    signatures = []
    for kind, trials in (("ar", RANDOMISED), ("bs", RESAMPLED)):
        count = max(_FEWEST, min(trials, _CELLS[kind] // max(1, sentences)))
        test = PairedTest(systems, {one.name: metric}, None, test_type=kind, n_samples=count)
        told, scores = test()
        [(key, signature)] = told.items()
        results[kind] = scores[key]
        signatures.append(str(signature))
    found = []
    for at in range(1, len(systems)):
        value = float(results["ar"][0].score - results["ar"][at].score)
        same = value == 0
        found.append(
            Difference(
                metric=one.name,
                value=value,
                randomisation=None if same else float(results["ar"][at].p_value),
                bootstrap=None if same else float(results["bs"][at].p_value),
                signature=_joined(signatures),
            )
        )
    return found


class _Known:
    """A metric of which the statistics are known already."""

    def __init__(self, metric: Any) -> None:
        self._metric = metric
        metric.n_bootstrap = metric.seed = None

    def _extract_corpus_statistics(self, statistics: Any, references: Any) -> Any:
        return statistics

    def __getattr__(self, name: str) -> Any:
        return getattr(self._metric, name)


def _joined(signatures: Sequence[str]) -> str:
    """Put the trials of the second test into the signature of the first."""
    first, second = signatures
    trials = next(part for part in second.split("|") if part.startswith("bs:"))
    head, seed, tail = first.partition("|seed:")
    return f"{head}|{trials}{seed}{tail}"


def points(value: float) -> str:
    """Return a difference with one decimal, or as many as it needs not to be zero."""
    return f"{value:.1f}" if value >= 0.05 else f"{value:.2g}"


def p_text(p: float) -> str:
    """Return ``p = 0.012``, or ``p < 0.001``."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
