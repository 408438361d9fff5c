"""BLEU, chrF and TER of a whole test set, each with a signature and a confidence interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from translator.errors import DataError
from translator.evaluation.tokenizers import cuts_characters, tokenizer_for

SEED = 12345
"""sacrebleu's own, so that the intervals are the ones its command line prints."""
RESAMPLED = 1000
"""Test sets drawn for an interval."""


@dataclass(frozen=True, kw_only=True)
class Score:
    """One metric over a test set."""

    name: str
    """Such as BLEU, chrF2 or TER (lower is better)."""
    value: float
    confidence: float | None
    """Half the width of the 95 % interval around `mean`; None without resampling."""
    mean: float | None
    """Mean over the resampled test sets."""
    signature: str
    """What the number depends on, in sacrebleu's form; to be printed wherever the number is."""

    def __str__(self) -> str:
        interval = "" if self.confidence is None else f" ± {self.confidence:.1f}"
        return f"{self.name} {self.value:.1f}{interval}  ({self.signature})"


def metrics_for(
    target: str = "", *, ter: bool = False, tokenised: bool = False, comet: Any = None
) -> dict[str, Any]:
    """Return sacrebleu's metrics by name: BLEU and chrF, and what else is asked for.

    `target` is the language, by which the tokenizer of BLEU is chosen; `comet` is a metric that
    `comet.load_comet` has made.

    Raises:
        ConfigError: the tokenizer of `tokenised` BLEU is not installed.
    """
    from sacrebleu import BLEU, CHRF, TER

    chrf = CHRF()
    metrics: dict[str, Any] = {
        "BLEU": BLEU(tokenize=tokenizer_for(target), force=True),
        f"chrF{chrf.beta}": chrf,
    }
    if ter:
        cut = cuts_characters(target)
        metrics["TER"] = TER(normalized=cut, asian_support=cut)
    if tokenised:
        from translator.evaluation.tokenised import NAME, tokenised_bleu

        metrics[NAME] = tokenised_bleu(target)
    if comet is not None:
        metrics["COMET"] = comet
    return metrics


class Measured:
    """One metric over one system's translations, from which the score of any part of them follows.

    Attributes:
        name: what the metric is called.
        metric: sacrebleu's.
        statistics: for each sentence, what its score and that of any set of sentences is made of.
    """

    def __init__(
        self,
        name: str,
        metric: Any,
        hypotheses: Sequence[str],
        references: Sequence[Sequence[str | None]],
    ) -> None:
        self.name, self.metric = name, metric
        self.statistics: list[Any] = metric._extract_corpus_statistics(hypotheses, references)

    def score(self, rows: Sequence[int] | None = None, *, bootstrap: int = 0) -> Score:
        """Score the sentences of these rows (None: all), with an interval from resampled sets.

        This is what `metric.corpus_score(..., n_bootstrap=bootstrap)` does, in little memory:
        sacrebleu holds all resampled test sets at once, 0.7 GB for chrF on 10,000 sentences.
        """
        import numpy

        metric = self.metric
        statistics = self.part(rows)
        result = metric._aggregate_and_compute(statistics)
        mean = confidence = None
        metric.n_bootstrap = metric.seed = None
        if bootstrap > 1:
            metric.n_bootstrap, metric.seed = bootstrap, str(SEED)
            table = numpy.array(statistics, dtype="float32")
            random = numpy.random.default_rng(SEED)
            samples = [
                metric._compute_score_from_stats(
                    table[random.choice(len(table), len(table))].sum(0)
                )
                for _ in range(bootstrap)
            ]
            values = sorted(float(sample.score) for sample in samples)
            outside = bootstrap // 40
            mean = sum(values) / bootstrap
            confidence = (values[bootstrap - 1 - outside] - values[outside]) / 2
        return Score(
            name=self.name,
            value=float(result.score),
            confidence=confidence,
            mean=mean,
            signature=str(metric.get_signature()),
        )

    def part(self, rows: Sequence[int] | None) -> list[Any]:
        """Return the statistics of these sentences; None: of all."""
        return self.statistics if rows is None else [self.statistics[row] for row in rows]

    def sentence_scores(self) -> list[float]:
        """Score each sentence alone; BLEU with as many orders of n-grams as the sentence has."""
        metric = self.metric
        if getattr(metric, "effective_order", None) is False:
            import copy

            metric = copy.copy(metric)
            metric.effective_order = True
        return [float(metric._aggregate_and_compute([one]).score) for one in self.statistics]


def measure(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str | None]],
    metrics: Mapping[str, Any],
) -> dict[str, Measured]:
    """Compute what all scores of detokenised `hypotheses` are made of.

    `references` holds one list for each column of references, aligned to the hypotheses; None
    stands for a reference that this sentence does not have.

    Raises:
        DataError: nothing to score, unequal counts, or a sentence without any reference.
    """
    _check(hypotheses, references)
    return {
        name: Measured(name, metric, hypotheses, references) for name, metric in metrics.items()
    }


def evaluate(
    hypotheses: Sequence[str],
    references: Sequence[Sequence[str | None]],
    *,
    target: str = "",
    ter: bool = False,
    bootstrap: int = RESAMPLED,
) -> list[Score]:
    """Score detokenised `hypotheses`: BLEU, chrF and, if asked for, TER.

    `references` are as for `measure`, `target` as for `metrics_for`. Intervals come from
    `bootstrap` resampled test sets (0: none).

    Raises:
        DataError: as `measure`.
    """
    measured = measure(hypotheses, references, metrics_for(target, ter=ter))
    return [one.score(bootstrap=bootstrap) for one in measured.values()]


def bleu(
    hypotheses: Sequence[str], references: Sequence[Sequence[str | None]], *, target: str = ""
) -> float:
    """Return corpus BLEU alone, as `evaluate` computes it.

    Raises:
        DataError: as `evaluate`.
    """
    from sacrebleu import BLEU

    _check(hypotheses, references)
    metric: Any = BLEU(tokenize=tokenizer_for(target), force=True)
    return float(metric.corpus_score(hypotheses, references).score)


def _check(hypotheses: Sequence[str], references: Sequence[Sequence[str | None]]) -> None:
    if not references:
        raise DataError("there are no references to score against")
    for number, column in enumerate(references, start=1):
        if len(column) != len(hypotheses):
            which = f"references in column {number}" if len(references) > 1 else "references"
            raise DataError(
                f"{len(hypotheses):,} hypotheses, but {len(column):,} {which}",
                hint="They belong together line by line, so the counts must be equal.",
            )
    if not hypotheses:
        raise DataError("there is nothing to score: no hypotheses and no references")
    for number, row in enumerate(zip(*references, strict=True), start=1):
        if all(reference is None for reference in row):
            raise DataError(f"sentence {number:,} has no reference")
