"""How the facts of a model are told: as text, or as JSON.

The manifest may be anybody's: what is missing there, or of another kind, is left out.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, TypeVar

from translator.export.facts import Facts, describe_model, describe_pairs
from translator.languages import direction_text, language_name
from translator.progress import clock, counted, size

T = TypeVar("T")


def as_json(facts: Facts) -> str:
    """Return one JSON object with all that is known; options and manifest as they are."""
    value = asdict(facts) | {"config": facts.config.to_dict()}
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def as_text(facts: Facts) -> str:
    """Return the facts in lines like those that training begins with."""
    lines = [facts.model + ", the model that comes with translator" * facts.shipped]
    last = ""
    for name, fact in _facts(facts):
        lines.append(f"  {'' if name == last else name:<12}{fact}")
        last = name
    return "".join(f"{_printable(line)}\n" for line in lines)


def _facts(facts: Facts) -> Iterator[tuple[str, str]]:
    config, manifest = facts.config, facts.manifest
    names = map(language_name, facts.directions[0])
    yield "languages", direction_text(*names, both=len(facts.directions) > 1)
    yield "model", describe_model(config.model, facts.parameters)
    yield "vocabulary", f"{facts.vocabulary:,} pieces ({config.tokenizer.algorithm}, joint)"
    yield "search", f"beam {config.decoding.beam}, length penalty {config.decoding.length_penalty}"
    total = sum(file.bytes for file in facts.files.values())
    yield "files", f"{size(total)}, weights in {facts.number_format}"
    for name, file in facts.files.items():
        verified = facts.verified.get(name)
        checked = {True: " verified", False: " (none was noted)", None: ""}[verified]
        yield "files", f"{name:<20}{file.bytes:>12,} bytes  {file.checksum}{checked}"
    yield from _training(facts)
    for score in _dicts(manifest, "scores"):
        yield "scores", _score(score)
    if licence := _get(manifest, "licence", str):
        yield "licence", licence
    for source in _dicts(manifest, "sources"):
        parts = (_get(source, key, str) for key in ("name", "licence", "attribution", "url"))
        yield "sources", "; ".join(part for part in parts if part)


def _training(facts: Facts) -> Iterator[tuple[str, str]]:
    manifest = facts.manifest
    if (pairs := _get(manifest, "pairs", int)) is not None:
        yield "trained on", describe_pairs(pairs, facts.config)
    data = _get(manifest, "data", dict) or {}
    for corpus in _dicts(data, "train"):
        yield "trained on", _corpus(corpus)
    if dev := _get(data, "dev", dict):
        yield "dev", _corpus(dev)
    if start := _get(manifest, "from_run", dict):
        yield "start", f"weights and vocabulary of {start.get('run')}"
    if command := _get(manifest, "command", list):
        yield "command", shlex.join(map(str, command))
    result = _get(manifest, "result", dict) or {}
    steps, seconds = _get(result, "steps", int), _number(result, "seconds")
    if steps is not None:
        took = [counted(steps, "step")]
        if (epochs := _number(result, "epochs")) is not None:
            took.append(f"{epochs:,.1f} epochs")
        if (tokens := _get(result, "tokens", int)) is not None:
            took.append(f"{tokens:,} target tokens")
        if seconds is not None:
            took.append(clock(seconds))
        yield "training", ", ".join(took)
    where = {key: manifest.get(key) for key in ("device", "precision", "seed")}
    if told := [f"{key} {value}" for key, value in where.items() if value is not None]:
        yield "training", ", ".join(told)
    best = {"BLEU": _number(result, "dev_bleu"), "loss": _number(result, "dev_loss")}
    if told := [f"{key} {value}" for key, value in best.items() if value is not None]:
        yield "on dev", f"{', '.join(told)} (greedy, at step {result.get('best_step')})"
    if created := _get(manifest, "created", str):
        versions = _get(manifest, "versions", dict) or {}
        with_ = ", ".join(f"{name} {version}" for name, version in versions.items())
        yield "begun", f"{created}{f' with {with_}' if with_ else ''}"


def _corpus(record: dict[str, Any]) -> str:
    told = [str(record.get("spec"))]
    if (pairs := _get(record, "pairs", int)) is not None:
        told.append(counted(pairs, "pair"))
    if fingerprint := _get(record, "fingerprint", str):
        told.append(f"fingerprint {fingerprint}")
    return ", ".join(told)


def _score(score: dict[str, Any]) -> str:
    told = [str(score.get("test_set"))]
    if score.get("source") and score.get("target"):
        told.append(direction_text(score["source"], score["target"], both=False))
    if (sentences := _get(score, "sentences", int)) is not None:
        told.append(counted(sentences, "sentence"))
    value, half = _number(score, "value"), _number(score, "confidence")
    if value is not None:
        told.append(f"{score.get('name')} {value:.1f}{'' if half is None else f' ± {half:.1f}'}")
    signature = _get(score, "signature", str)
    return ", ".join(told) + (f"  ({signature})" if signature else "")


def _get(values: dict[str, Any], key: str, kind: type[T]) -> T | None:
    value = values.get(key)
    return value if isinstance(value, kind) and not isinstance(value, bool) else None


def _number(values: dict[str, Any], key: str) -> float | None:
    value = _get(values, key, int)
    return _get(values, key, float) if value is None else value


def _dicts(values: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return [one for one in _get(values, key, list) or [] if isinstance(one, dict)]


def _printable(line: str) -> str:
    """Return a line that changes nothing about a terminal but this line."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in line)
