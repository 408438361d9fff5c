"""What `translator evaluate` measures, and how it is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

from translator.cli.contestants import Contestant, Model
from translator.cli.files import Output
from translator.corpora.trained_on import TrainedOn
from translator.errors import ConfigError
from translator.evaluation import warning_signs
from translator.evaluation.results import Evaluation, System, Task, evaluate_systems
from translator.evaluation.scores import metrics_for
from translator.evaluation.telling import told, values
from translator.evaluation.warning_signs import case_sign, copy_sign, equal_sign
from translator.progress import progress, say

Form = Literal["text", "markdown", "latex", "json"]

_COMMON = 0.01
"""Of a test set, sentences that may be in training too: short ones are in any text."""
_ALWAYS = ("translator", "sacrebleu", "sentencepiece", "torch")
"""Packages that any score depends on."""


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """What is measured beside BLEU and chrF."""

    ter: bool = False
    tokenised: bool = False
    comet: str | None = None

    def load(self, target: str, comet: Any, task: Task) -> dict[str, Any]:
        """Return the metrics for a test set by name."""
        if comet is not None:
            from translator.evaluation.comet import require_sources

            comet.sources = require_sources(task.sources)
        return metrics_for(target, ter=self.ter, tokenised=self.tokenised, comet=comet)


@dataclass(kw_only=True)
class Report:
    """What was found out on each test set."""

    evaluations: list[Evaluation]
    metrics: Metrics

    @property
    def versions(self) -> dict[str, str]:
        """Return the versions of what computed the scores."""
        engines = {
            system.details.get("engine") for one in self.evaluations for system in one.systems
        }
        needed = {
            "ctranslate2": "ctranslate2" in engines,
            "sacremoses": self.metrics.tokenised,
            "unbabel-comet": self.metrics.comet is not None,
        }
        names = [*_ALWAYS, *(name for name, used in needed.items() if used)]
        return {name: installed(name) for name in names}

    def in_form(self, form: Form) -> str:
        """Return it as it goes to stdout."""
        return self.as_json() if form == "json" else told(self.evaluations, form)

    def as_json(self) -> str:
        """Return one JSON object: flat for one system on one test set."""
        first = self.evaluations[0]
        if len(self.evaluations) > 1 or len(first.systems) > 1 or first.parts:
            value: dict[str, Any] = {"test_sets": [values(one) for one in self.evaluations]}
        else:
            value = {
                "scores": [asdict(score) for score in first.whole.scores[0]],
                "sentences": len(first.task),
                **first.systems[0].details,
                **first.task.details,
                "warnings": first.warnings,
            }
        return json.dumps({**value, "versions": self.versions}, indent=2, ensure_ascii=False) + "\n"


def evaluated(
    tasks: Sequence[Task],
    contestants: Sequence[Contestant],
    metrics: Metrics,
    saved: Output | None = None,
) -> Report:
    """Let everyone translate every test set, save the first one's translations, and score them.

    Raises:
        DataError: a file does not belong to a test set.
        ModelError: a model cannot be read.
    """
    _refuse_equal_names(contestants)
    for task in tasks:
        metrics_for(task.target, ter=metrics.ter, tokenised=metrics.tokenised)
    comet = None
    if metrics.comet is not None:
        from translator.evaluation.comet import load_comet, require_sources

        require_sources(tasks[0].sources)
        comet = load_comet(metrics.comet)
    found: list[list[System]] = [[] for _ in tasks]
    for contestant in contestants:
        for task, systems in zip(tasks, found, strict=True):
            systems.append(contestant.translate(task))
            if saved is not None and contestant is contestants[0]:
                _save(task, systems[0].hypotheses, saved)
        if isinstance(contestant, Model):
            contestant.forget()
    evaluations = []
    for task, systems in zip(tasks, found, strict=True):
        with progress("Scoring"):
            loaded = metrics.load(task.target, comet, task)
            evaluations.append(evaluate_systems(task, systems, loaded))
        evaluations[-1].warnings += _warnings(task, systems, contestants)
        for warning in evaluations[-1].warnings:
            say(f"warning: {warning}")
    return Report(evaluations=evaluations, metrics=metrics)


def installed(name: str) -> str:
    """Return the version of a package; `unknown` if it is not one that was installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def _save(task: Task, hypotheses: Sequence[str], saved: Output) -> None:
    # a line for each row of the test set, so that the file stands beside it line by line
    lines = dict(zip(task.lines, hypotheses, strict=True))
    saved.write("".join(f"{lines.get(number, '')}\n" for number in range(1, task.total + 1)))


def _refuse_equal_names(contestants: Sequence[Contestant]) -> None:
    names = [Path(one.name).resolve() for one in contestants]
    twice = [one.name for at, one in enumerate(contestants) if names[at] in names[:at]]
    if twice:
        raise ConfigError(
            f"{twice[0]} is named twice", hint="A system cannot be compared with itself."
        )


def _warnings(
    task: Task, systems: Sequence[System], contestants: Sequence[Contestant]
) -> list[str]:
    """Return what makes the scores less than they seem."""
    every_reference = [text for column in task.references for text in column]
    found = []
    for system in systems:
        what = "hypotheses" if len(systems) == 1 else f"hypotheses of {system.name}"
        found += warning_signs(system.hypotheses, what)
        found += case_sign(system.hypotheses, every_reference, what)
        found += equal_sign(system.hypotheses, task.references, what)
        if task.sources is not None:
            found += copy_sign(system.hypotheses, task.sources, what)
    found += warning_signs(every_reference, "references")
    for system, contestant in zip(systems, contestants, strict=True):
        if isinstance(contestant, Model):
            found += _known_before(task, system, contestant)
    return found


def _known_before(task: Task, system: System, model: Model) -> list[str]:
    """Say whether the model has seen the test set, in training or in choosing the best weights."""
    found = []
    manifest = model.run.read_manifest()
    fingerprint = task.details.get("data", {}).get("fingerprint")
    if fingerprint is not None and fingerprint == manifest.get("dev_fingerprint"):
        found.append(
            f"{task.name} is the validation set of {system.name}, by which its best weights were "
            "chosen: scores on it are too high"
        )
    known = TrainedOn.load(model.run.trained_on_file)
    if known is None or task.sources is None:
        return found
    turned = model.direction != model.run.read_directions()[0]
    first = [next(text for text in row if text) for row in zip(*task.references, strict=True)]
    sides = (first, task.sources) if turned else (task.sources, first)
    overlap = known.overlap(*sides)
    system.details["in_training"] = overlap.as_dict(turned=turned)
    text = overlap.text(turned=turned)
    if max(overlap.sources, overlap.targets) > _COMMON * len(task):
        found.append(
            f"{system.name} was trained on {text} of {task.name}: scores on it are too high"
        )
    return found
