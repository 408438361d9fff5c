"""`translator evaluate --save FILE` and `--verify FILE`: a figure, and where it comes from."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from translator.cli.contestants import Contestant, HypothesisFile, Model
from translator.cli.evaluation import Metrics, Report, installed
from translator.cli.files import open_output, standard_output
from translator.cli.test_sets import corpus_task, files_task
from translator.config import DataConfig, DecodingConfig
from translator.errors import ConfigError, DataError, TranslatorError
from translator.evaluation.record import (
    as_record,
    read_record,
    sentence_scores,
    stored_systems,
    stored_task,
)
from translator.evaluation.results import System, Task, evaluate_systems
from translator.evaluation.telling import values
from translator.progress import counted, say
from translator.run_directory import RunDirectory, checksum

_CLOSE = 1e-6
"""Scores that differ less are the same: other machines may round otherwise."""
_ROUNDED = 1.5e-4
"""The same of the scores of sentences, which are saved with four decimals."""
_SHOWN = 3
_DIFFERENCE = {
    "value": "difference",
    "randomisation": "p (randomisation)",
    "bootstrap": "p (bootstrap)",
}
"""What is compared of two systems, as the tables call it."""

SAME: Final = "same"
DIFFERS: Final = "differs"
UNKNOWN: Final = "not checked"


class Check(NamedTuple):
    """One thing that was looked at again."""

    state: Literal["same", "differs", "not checked"]
    text: str


def write_record(found: Report, contestants: Sequence[Contestant], path: Path) -> None:
    """Save all of a report in one file."""
    manifests = {
        one.name: {
            name: value
            for name, value in one.run.read_manifest().items()
            if name not in ("command", "device", "processes")
        }
        for one in contestants
        if isinstance(one, Model)
    }
    glossary = next((one.glossary for one in contestants if isinstance(one, Model)), None)
    record = as_record(
        found.evaluations,
        command=["translator", *sys.argv[1:]],
        versions=found.versions,
        metrics=dataclasses.asdict(found.metrics),
        manifests=manifests,
        glossary=glossary and {one.source: one.target for one in glossary.terms.values()},
    )
    with open_output(path, "--save") as saved:
        saved.write(json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def verified(path: Path) -> bool:
    """Compute again what a file has saved, print what differs, and return whether nothing does.

    Raises:
        DataError: the file is something else.
    """
    record = read_record(path)
    out = standard_output()
    differing = checked = 0
    try:
        for check in _checks(record, path):
            out.write(f"{check.state:<12}{check.text}\n")
            differing += check.state == DIFFERS
            checked += check.state != UNKNOWN
    except (LookupError, TypeError, ValueError, AttributeError):
        # somebody has edited it
        raise DataError("is damaged: not what --save has written", where=path) from None
    say(
        f"{path}: {counted(differing, 'thing')} of {checked} differ"
        if differing
        else f"{path}: all {checked} things that could be checked are the same"
    )
    return not differing


def _checks(record: dict[str, Any], path: Path) -> Iterator[Check]:
    for name, told in record.get("versions", {}).items():
        now = installed(name)
        if told != now:
            # the scores themselves decide
            yield Check(UNKNOWN, f"version of {name}: {told} was saved, and it is {now}")
    asked = record.get("metrics", {})
    metrics = Metrics(ter=bool(asked.get("ter")), tokenised=bool(asked.get("tokenised")))
    for told in record["test_sets"]:
        task, systems = stored_task(told, path), stored_systems(told, path)
        yield from _scores(told, task, systems, metrics)
        first, *others = _data(told, task)
        yield from (first, *others)
        for system in systems:
            if "model" in system.details:
                again = first.state != DIFFERS
                yield from _run(system, task, record.get("glossary"), again=again)
            else:
                yield _hypotheses(system, task)


def _scores(
    told: dict[str, Any], task: Task, systems: list[System], metrics: Metrics
) -> Iterator[Check]:
    """Score the saved translations once more."""
    new = values(evaluate_systems(task, systems, metrics.load(task.target, None, task)))
    yield from _figures(told, new, f"on {task.name}")
    parts = {part["label"]: part for part in new.get("parts", [])}
    found = [
        check
        for part in told.get("parts", [])
        for check in _figures(part, parts[part["label"]], f"on {task.name} ({part['label']})")
    ]
    yield from (check for check in found if check.state != SAME)
    if found and all(check.state != DIFFERS for check in found):
        yield Check(SAME, f"scores of the parts of {task.name}: {', '.join(parts)}")
    for before, system in zip(told["systems"], systems, strict=True):
        yield _sentences(before["sentence_scores"], system, task)


def _figures(before: dict[str, Any], after: dict[str, Any], where: str) -> Iterator[Check]:
    """Compare what was saved of a test set, or of a part of it, with what was computed now."""
    if before["sentences"] != after["sentences"]:
        text = f"sentences {where}: {before['sentences']} were saved"
        yield Check(DIFFERS, f"{text}, and there are {after['sentences']}")
    fresh = {
        system["name"]: {score["name"]: score for score in system["scores"]}
        for system in after["systems"]
    }
    for system in before["systems"]:
        for score in system["scores"]:
            again = fresh[system["name"]].get(score["name"])
            yield _score(score, again, f"of {system['name']} {where}")
    for saved, now in zip(before["comparisons"], after["comparisons"], strict=True):
        yield from _comparison(saved, now, where)


def _score(saved: dict[str, Any], now: dict[str, Any] | None, what: str) -> Check:
    text = f"{saved['name']} {what}: {saved['value']:.2f}"
    if now is None:
        return Check(UNKNOWN, f"{text}; evaluate once more to compute it")
    if not _close(saved["value"], now["value"]):
        return Check(DIFFERS, f"{text} was saved, and it is {now['value']:.2f}")
    if not all(_close(saved[name], now[name]) for name in ("confidence", "mean")):
        return Check(DIFFERS, f"{text}, but its interval is another one")
    return Check(SAME, text)


def _comparison(saved: dict[str, Any], now: dict[str, Any], where: str) -> Iterator[Check]:
    fresh = {one["metric"]: one for one in now["differences"]}
    known = [one for one in saved["differences"] if one["metric"] in fresh]
    for one in known:
        for name, title in _DIFFERENCE.items():
            value = fresh[one["metric"]][name]
            if not _close(one[name], value):
                text = f"{title} of {one['metric']} against {now['other']} {where}"
                yield Check(DIFFERS, f"{text}: {one[name]} was saved, and it is {value}")
    text = f"verdict {where}: {saved['verdict']}"
    if saved["verdict"] == now["verdict"]:
        yield Check(SAME, text)
    elif len(known) < len(saved["differences"]):
        yield Check(UNKNOWN, f"{text} Without the metrics that are not computed: {now['verdict']}")
    else:
        yield Check(DIFFERS, f"{text} Now: {now['verdict']}")


def _close(saved: float | None, now: float | None, within: float = _CLOSE) -> bool:
    if saved is None or now is None:
        return saved is now
    return abs(saved - now) <= within


def _sentences(saved: dict[str, list[float]], system: System, task: Task) -> Check:
    """Compare the scores of single sentences, in the metrics that are computed."""
    other = set()
    for name, scores in sentence_scores(system).items():
        rows = zip(task.lines, saved[name], scores, strict=True)
        other |= {line for line, before, now in rows if not _close(before, now, _ROUNDED)}
    return _lines(f"sentence scores of {system.name} on {task.name}", sorted(other), task)


def _lines(what: str, other: Sequence[int], task: Task) -> Check:
    """Say of something that each sentence has on how many lines it differs."""
    if not other:
        return Check(SAME, f"{what}: {counted(len(task), 'sentence')}")
    lines = ", ".join(map(str, other[:_SHOWN])) + (", …" if len(other) > _SHOWN else "")
    return Check(DIFFERS, f"{what}: {len(other):,} of {len(task):,} (line {lines})")


def _compared(what: str, now: Iterable[object], saved: Iterable[object], task: Task) -> Check:
    rows = zip(task.lines, now, saved, strict=True)
    return _lines(what, [line for line, one, other in rows if one != other], task)


def _data(told: dict[str, Any], task: Task) -> Iterator[Check]:
    """Read the test set once more, where it is still there."""
    if "checksums" in task.reading:
        yield from _files(told, task)
        return
    spec = told["data"]["spec"]
    try:
        fresh = corpus_task(
            spec,
            (told["source"], told["target"]),
            DataConfig(**task.reading["columns"]),
            turned=task.reading["turned"],
            subset=task.reading.get("subset"),
        )
    except TranslatorError as error:
        yield Check(UNKNOWN, f"data {spec}: {error.message}")
        return
    same = fresh.details["data"]["fingerprint"] == told["data"]["fingerprint"]
    if not same or fresh.sources != task.sources or not _same_rows(fresh, task):
        yield Check(DIFFERS, f"data {spec}: not those that were translated")
        return
    yield Check(SAME, f"data {spec}: {counted(len(task), 'sentence')}")
    yield from _answers(f"references of {task.name}", fresh, task)


def _files(told: dict[str, Any], task: Task) -> Iterator[Check]:
    what = f"references {task.name}"
    for name in told["references"]:
        if not Path(name).is_file():
            yield Check(UNKNOWN, f"references {name}: there is no such file")
            return
        if checksum(Path(name)) != task.reading["checksums"][name]:
            yield Check(DIFFERS, f"references {name}: not those that were saved")
            return
    subset = task.reading.get("subset")
    if subset is not None and not Path(subset).is_file():
        subset = None
    paths = [Path(name) for name in told["references"]]
    try:
        fresh = files_task(paths, task.total, paths[0], target=task.target, subset=subset)
    except DataError as error:
        yield Check(DIFFERS, f"{what}: {error.where}: {error.message}")
        return
    if _same_rows(fresh, task):
        yield from _answers(what, fresh, task)
    else:
        yield Check(DIFFERS, f"{what}: not those that were saved")


def _same_rows(fresh: Task, task: Task) -> bool:
    return fresh.lines == task.lines and fresh.total == task.total


def _answers(what: str, fresh: Task, task: Task) -> Iterator[Check]:
    """Compare the saved references and labels with those that are there."""
    now, saved = (zip(*one.references, strict=True) for one in (fresh, task))
    yield _compared(what, now, saved, task)
    if task.labels is not None:
        parts = f"parts of {task.name}"
        if fresh.labels is None:
            yield Check(UNKNOWN, f"{parts}: their labels are not there")
        else:
            yield _compared(parts, fresh.labels, task.labels, task)


def _hypotheses(system: System, task: Task) -> Check:
    """Compare saved translations with the file that they come from."""
    file = HypothesisFile(Path(system.details["hypotheses"]))
    what = f"hypotheses {file.path}"
    if not file.path.is_file():
        return Check(UNKNOWN, f"{what}: there is no such file")
    if checksum(file.path) != system.details["checksum"]:
        return Check(DIFFERS, f"{what}: not those that were scored")
    try:
        fresh = file.translate(task)
    except DataError as error:
        return Check(DIFFERS, f"{what}: {error.message}")
    return _compared(what, fresh.hypotheses, system.hypotheses, task)


def _run(
    system: System, task: Task, terms: dict[str, str] | None, *, again: bool
) -> Iterator[Check]:
    """Look at the run that has translated, and let it translate once more."""
    details = system.details
    run = RunDirectory(details["model"])
    if not run.holds_model():
        yield Check(UNKNOWN, f"weights of {run.path}: there is no such run here")
        return
    for name, file in (("weights", run.weights_file), ("vocabulary", run.tokenizer_file)):
        if checksum(file) != details[name]:
            yield Check(DIFFERS, f"{name} of {run.path}: not those that translated")
            return
    yield Check(SAME, f"weights and vocabulary of {run.path}")
    if not again:
        return
    what = f"translations of {run.path}"
    glossary = None
    if "glossary" in details:
        if terms is None:
            yield Check(UNKNOWN, f"{what}: the terms of their glossary were not saved")
            return
        from translator.decoding.glossary import Glossary

        glossary = Glossary(terms)
    decoding = DecodingConfig(**details["decoding"])
    if details["engine"] == "torch":
        # with CTranslate2, auto still needs torch for what the other one cannot do
        decoding = dataclasses.replace(decoding, engine="torch")
    model = Model(run, (details["source"], details["target"]), decoding, glossary)
    try:
        fresh = model.translate(task)
    except ConfigError as error:
        yield Check(UNKNOWN, f"{what}: {error.message}")
        return
    yield _compared(what, fresh.hypotheses, system.hypotheses, task)
    if glossary is not None:
        same = fresh.details["glossary"] == details["glossary"]
        yield Check(SAME if same else DIFFERS, f"terms of the glossary in the {what}")
