"""What was found: counted by rule, with lines and samples; the verdict."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from translator.corpora.doctor import sides
from translator.corpora.doctor.batch import Batch
from translator.corpora.doctor.examine import Examined
from translator.corpora.doctor.rules import RULES, Level
from translator.progress import counted

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LINES, SAMPLES = 20, 5
"""Line numbers (the first ones) and samples (drawn evenly) that are kept of each rule."""
TEXT = 300
"""Characters that are kept of a sample's side."""

LENGTH_STEP, LENGTH_BINS = 20, 16
"""Characters of a bar of the lengths, and bars; the last one has all that is longer."""
RATIO_BINS, RATIO_STEP = 13, 0.25
"""Bars of the ratio, which is usual in the middle; each is 2 ** step times the one before."""

_UNALIGNED, _ALIGNED = 0.25, 0.45
"""Correlation of the lengths of both sides: that of pairs of unrelated sentences, at most, and that
of translations, at least."""
_ENOUGH = 500
"""Pairs from which on a correlation says something."""
OVERLAP = 0.01
"""Share of a test set that may turn up in training before the test set is called spoiled."""
SAMPLED = ("language", "swapped")
"""Rules for which a sample of the pairs may be enough."""


class Sample(NamedTuple):
    """A pair, cut to a length that can be shown."""

    corpus: str
    line: int
    source: str
    target: str


@dataclass
class Found:
    """What one rule found."""

    count: int = 0
    lines: list[tuple[str, int]] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)

    def add(self, sample: Sample, chance: random.Random) -> None:
        """Count a pair; each one is as likely to become a sample."""
        self.count += 1
        if len(self.lines) < LINES:
            self.lines.append((sample.corpus, sample.line))
        if len(self.samples) < SAMPLES:
            self.samples.append(sample)
        elif (at := chance.randrange(self.count)) < SAMPLES:
            self.samples[at] = sample


class Problem(NamedTuple):
    """Something that the verdict names: how bad, and a sentence or two."""

    level: Level
    text: str


class Findings:
    """What was found in all corpora that were examined together."""

    def __init__(self, rules: Sequence[str]) -> None:
        import numpy as np

        self.found = {rule: Found() for rule in RULES if rule in rules}
        self.pairs = self.empty = self.left_out = self.judged = self.faulty = 0
        """Pairs, lines that are blank on both sides, records that the corpus marks as no pairs,
        pairs whose languages were looked at, and pairs that any rule found."""
        self.corpora: list[str] = []
        """Names of the files."""
        self.overlap: dict[str, dict[str, int]] = {}
        """For each set that was held against training: how much of it turned up."""
        self.not_checked: dict[str, str] = {}
        """Rules that could not be applied, with the reason."""
        self.characters = np.zeros(2, dtype=np.int64)
        self.lengths = np.zeros((2, LENGTH_BINS), dtype=np.int64)
        self.ratios = np.zeros(RATIO_BINS, dtype=np.int64)
        self.usual = 1.0
        self._moments = np.zeros(6)
        self._unaligned: list[tuple[str, int, int]] = []
        self._chance = random.Random(1)

    def add(self, examined: Examined) -> None:
        """Count what was found in a batch."""
        batch = examined.batch
        corpus = batch.corpus
        if corpus not in self.corpora:
            self.corpora.append(corpus)
        self.pairs += len(batch) + len(batch.blank)
        self.empty += batch.empty
        self.left_out += len(batch.left_out)
        self.judged += examined.judged
        if "blank" in self.found:
            self.faulty += len(batch.blank)
            for line, source, target in batch.blank:
                self._add("blank", corpus, line, source, target)
        self.faulty += len(examined.reasons())
        for rule, offsets in examined.found.items():
            for at in offsets:
                self._add(rule, corpus, batch.lines[at], batch.sources[at], batch.targets[at])
        if len(batch):
            self._measure(batch, corpus)

    def add_separators(self, corpus: str, line: int, text: str) -> None:
        """Count a line that holds an odd line separator."""
        self._add("separators", corpus, line, text, "")

    def _add(self, rule: str, corpus: str, line: int, source: str, target: str) -> None:
        found = self.found[rule]
        found.add(Sample(corpus, line, source[:TEXT], target[:TEXT]), self._chance)

    def _measure(self, batch: Batch, corpus: str) -> None:
        """Take lengths for the pictures, and to see whether the lines belong together."""
        import numpy as np

        both = np.stack(np.split(batch.lengths, 2))
        self.characters += both.sum(axis=1)
        bars = np.minimum((both - 1) // LENGTH_STEP, LENGTH_BINS - 1)
        for side in (0, 1):
            self.lengths[side] += np.bincount(bars[side], minlength=LENGTH_BINS)
        sources, targets = both + sides.SLACK
        if self.pairs <= len(batch) + len(batch.blank):
            self.usual = float(np.median(targets / sources))
        steps = np.round(np.log2(targets / sources / self.usual) / RATIO_STEP).astype(np.int64)
        steps = np.clip(steps + RATIO_BINS // 2, 0, RATIO_BINS - 1)
        self.ratios += np.bincount(steps, minlength=RATIO_BINS)
        x, y = np.log(both)
        moments = np.array([len(x), x.sum(), y.sum(), (x * x).sum(), (y * y).sum(), (x * y).sum()])
        self._moments += moments
        if len(x) >= _ENOUGH and _correlation(moments) < _UNALIGNED:
            self._unaligned.append((corpus, batch.lines[0], batch.lines[-1]))

    @property
    def complete(self) -> int:
        """Return how many pairs have two sides."""
        return int(self._moments[0])

    @property
    def correlation(self) -> float | None:
        """Return the correlation of the two sides' lengths; None of too few pairs."""
        return _correlation(self._moments) if self._moments[0] >= _ENOUGH else None

    def level(self, rule: str) -> Level | None:
        """Return how bad it is what a rule found."""
        if rule in ("test-overlap", "dev-overlap"):
            counts = self.overlap.get(rule)
            # whoever has learned the translation alone has a start too
            most = max(counts["source"], counts["target"]) if counts else 0
            spoiled = counts is not None and most >= OVERLAP * counts["sentences"]
            found = self.found[rule].count
            return ("serious" if spoiled else "doubtful") if found else None
        return RULES[rule].level(self.found[rule].count, self._looked_at(rule))

    def share(self, rule: str) -> float:
        """Return which share a rule finds of the pairs that it was applied to."""
        return self.found[rule].count / self._looked_at(rule)

    def _looked_at(self, rule: str) -> int:
        return max(self.judged if rule in SAMPLED else self.pairs, 1)

    @property
    def sample(self) -> str:
        """Return how many pairs were looked at for some rules; empty if it was all of them."""
        rules = [rule for rule in SAMPLED if rule in self.found]
        if not rules or self.judged >= self.complete:
            return ""
        total = counted(self.complete, "pair")
        return f"{', '.join(rules)}: {self.judged:,} of {total} looked at"

    def problems(self) -> list[Problem]:
        """Return what the verdict names, the worst first."""
        told = list(self._alignment())
        for rule, found in self.found.items():
            level = self.level(rule)
            if level in ("serious", "doubtful"):
                number = counted(found.count, "pair")
                if rule in SAMPLED and self.sample:
                    number = f"{found.count:,} of {self.judged:,} pairs looked at"
                told.append(Problem(level, f"{number}: {RULES[rule].title}"))
        return sorted(told, key=lambda problem: problem.level != "serious")

    @property
    def serious(self) -> bool:
        """Return whether anything serious was found."""
        return any(problem.level == "serious" for problem in self.problems())

    def verdict(self) -> str:
        """Return one sentence that somebody who is new to this understands."""
        problems = self.problems()
        if not self.complete:
            return "There is nothing in it: no line has two sides."
        if self.serious:
            return "Do not train or test with this as it is: see what is marked as serious."
        if problems:
            return "Good enough to train with; cleaning it would take out what is doubtful."
        return "Nothing stands against training with this."

    def _alignment(self) -> list[Problem]:
        correlation = self.correlation
        if correlation is None:
            return []
        if correlation < _UNALIGNED:
            return [
                Problem(
                    "serious",
                    "The lines do not seem to belong together: long ones stand beside short ones "
                    f"(correlation of lengths {correlation:.2f}). Is one file sorted, or shifted?",
                )
            ]
        if correlation >= _ALIGNED and self._unaligned:
            corpus, first, last = self._unaligned[0]
            more = len(self._unaligned) - 1
            others = f" and {more} more such stretches" if more else ""
            return [
                Problem(
                    "serious",
                    f"From line {first:,} to {last:,} of {corpus}{others} the sides do not seem to "
                    "belong together: are lines missing in one of the files?",
                )
            ]
        return []


def _correlation(moments: NDArray[np.float64]) -> float:
    n, x, y, xx, yy, xy = moments.tolist()
    spread = (n * xx - x * x) * (n * yy - y * y)
    # of lengths that hardly differ nothing can be said
    if spread <= (0.05 * n * n) ** 2:
        return 1.0
    return float((n * xy - x * y) / spread**0.5)


def as_dict(findings: Findings) -> dict[str, Any]:
    """Return everything, for JSON."""
    rules = {}
    for rule, found in findings.found.items():
        rules[rule] = {
            "title": RULES[rule].title,
            "count": found.count,
            "share": round(findings.share(rule), 6),
            "level": findings.level(rule),
            "first": [{"corpus": corpus, "line": line} for corpus, line in found.lines],
            "samples": [sample._asdict() for sample in found.samples],
        }
    return {
        "pairs": findings.pairs,
        "blank_lines": findings.empty,
        "left_out": findings.left_out,
        "faulty_pairs": findings.faulty,
        "verdict": findings.verdict(),
        "serious": findings.serious,
        "problems": [problem._asdict() for problem in findings.problems()],
        "rules": rules,
        "overlap": findings.overlap,
        "languages_judged": findings.judged,
        "not_checked": findings.not_checked,
        "length_correlation": findings.correlation,
        "characters": dict(zip(("source", "target"), map(int, findings.characters), strict=True)),
        "histograms": {
            "characters_step": LENGTH_STEP,
            "source": findings.lengths[0].tolist(),
            "target": findings.lengths[1].tolist(),
            "usual_ratio": findings.usual,
            "ratio_step": RATIO_STEP,
            "ratio": findings.ratios.tolist(),
        },
    }
