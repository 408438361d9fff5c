"""`translator evaluate --save FILE` and `--verify FILE`: a figure, and where it comes from."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from translator.cli.contestants import Contestant, Model
from translator.cli.evaluation import Metrics, Report, versions
from translator.cli.files import open_output, standard_output
from translator.cli.test_sets import corpus_task
from translator.config import DataConfig, DecodingConfig
from translator.errors import DataError, TranslatorError
from translator.evaluation.record import as_record, read_record, stored_systems, stored_task
from translator.evaluation.results import System, Task, evaluate_systems
from translator.evaluation.telling import values
from translator.progress import counted, say
from translator.run_directory import RunDirectory, checksum

_CLOSE = 1e-6
"""Scores that differ less are the same: other machines may round otherwise."""
_SHOWN = 3

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
    record = as_record(
        found.evaluations,
        command=["translator", *sys.argv[1:]],
        versions=found.versions,
        metrics=dataclasses.asdict(found.metrics),
        manifests=manifests,
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
    now, then = versions(), record.get("versions", {})
    for name, told in then.items():
        if told != now.get(name):
            # the scores themselves decide
            yield Check(UNKNOWN, f"{name} was {told}, and is {now.get(name)}")
    asked = record.get("metrics", {})
    metrics = Metrics(ter=bool(asked.get("ter")), tokenised=bool(asked.get("tokenised")))
    if asked.get("comet"):
        yield Check(UNKNOWN, "COMET: evaluate once more to compute it")
    for told in record["test_sets"]:
        task, systems = stored_task(told, path), stored_systems(told, path)
        yield from _scores(told, task, systems, metrics)
        data = _data(told, task)
        yield data
        for system in systems:
            yield from _origin(system, task, again=data.state != DIFFERS)


def _scores(
    told: dict[str, Any], task: Task, systems: list[System], metrics: Metrics
) -> Iterator[Check]:
    """Score the saved translations once more."""
    new = values(evaluate_systems(task, systems, metrics.load(task.target, None, task)))
    for before, after in zip(told["systems"], new["systems"], strict=True):
        fresh = {score["name"]: score for score in after["scores"]}
        for score in before["scores"]:
            if score["name"] not in fresh:
                continue
            value = fresh[score["name"]]["value"]
            text = f"{score['name']} of {before['name']} on {task.name}: {score['value']:.2f}"
            if abs(value - score["value"]) <= _CLOSE:
                yield Check(SAME, text)
            else:
                yield Check(DIFFERS, f"{text} was saved, and it is {value:.2f}")
    for before, after in zip(told.get("comparisons", []), new["comparisons"], strict=True):
        same = before["verdict"] == after["verdict"]
        text = f"verdict: {before['verdict']}"
        yield Check(SAME, text) if same else Check(DIFFERS, f"{text} Now: {after['verdict']}")


def _data(told: dict[str, Any], task: Task) -> Check:
    """Read the test set once more, where it is still there."""
    if "checksums" in task.reading:
        return _files(task)
    spec = told["data"]["spec"]
    try:
        direction = told["source"], told["target"]
        columns = DataConfig(**task.reading["columns"])
        turned = task.reading["turned"]
        fresh = corpus_task(spec, direction, columns, turned=turned)
    except TranslatorError as error:
        return Check(UNKNOWN, f"data {spec}: {error.message}")
    same = fresh.details["data"]["fingerprint"] == told["data"]["fingerprint"]
    if same and fresh.sources == task.sources:
        return Check(SAME, f"data {spec}: {counted(len(task), 'sentence')}")
    return Check(DIFFERS, f"data {spec}: not those that were translated")


def _files(task: Task) -> Check:
    for name, told in task.reading["checksums"].items():
        if not Path(name).is_file():
            return Check(UNKNOWN, f"references {name}: there is no such file")
        if checksum(Path(name)) != told:
            return Check(DIFFERS, f"references {name}: not those that were saved")
    return Check(SAME, f"references {task.name}")


def _origin(system: System, task: Task, *, again: bool) -> Iterator[Check]:
    """Look at the run or the file that the translations come from."""
    details = system.details
    if "model" not in details:
        file = Path(details["hypotheses"])
        if not file.is_file():
            yield Check(UNKNOWN, f"hypotheses {file}: there is no such file")
        else:
            state: Literal["same", "differs"] = (
                "same" if checksum(file) == details["checksum"] else "differs"
            )
            yield Check(state, f"hypotheses {file}")
        return
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
    if "glossary" in details:
        yield Check(UNKNOWN, f"translations of {run.path}: they were made with a glossary")
        return
    decoding = dataclasses.replace(DecodingConfig(**details["decoding"]), engine=details["engine"])
    model = Model(run, (details["source"], details["target"]), decoding)
    fresh = model.translate(task).hypotheses
    other = [task.lines[i] for i, text in enumerate(fresh) if text != system.hypotheses[i]]
    what = f"translations of {run.path}"
    if not other:
        yield Check(SAME, f"{what}: {counted(len(fresh), 'sentence')}")
    else:
        lines = ", ".join(map(str, other[:_SHOWN])) + (", …" if len(other) > _SHOWN else "")
        yield Check(DIFFERS, f"{what}: {len(other):,} of {len(fresh):,} (line {lines})")
