"""Whole runs in this process, with what is rare in a real run brought about."""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from translator.batching import Batch
from translator.config import Config
from translator.corpora import read_text_lines
from translator.corpora.trained_on import TrainedOn
from translator.curves import read_curve
from translator.errors import ConfigError, DataError, Interrupted, ModelError, TrainingError
from translator.run_directory import RunDirectory
from translator.tokenizer import Tokenizer
from translator.training import Request, loop, train
from translator.training import step as module
from translator.training.lock import locked
from translator.training.manifest import peak_memory_before
from translator.training.validate import Validation, Validator

NewRequest = Callable[..., Request]


@pytest.fixture
def request_for(
    tmp_path: Path, toy_files: tuple[Path, Path], tiny: Callable[..., list[str]]
) -> NewRequest:
    """Ask for a tiny run of 20 steps into `run`."""

    def build(*, resume: bool = False, dev: bool = True, **options: object) -> Request:
        settings = tiny(**{"training__max_steps": 20, "training__precision": "fp32", **options})
        return Request(
            train=(str(toy_files[0]),),
            dev=str(toy_files[1]) if dev else None,
            source="en",
            target="fr",
            out=tmp_path / "run",
            settings=tuple(settings[1::2]),
            resume=resume,
        )

    return build


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    return RunDirectory(tmp_path / "run")


def metrics(run: RunDirectory, kind: str) -> list[dict[str, float]]:
    lines = run.metrics_file.read_text(encoding="utf-8").splitlines()
    return [line for line in map(json.loads, lines) if line["type"] == kind]


def scripted(monkeypatch: pytest.MonkeyPatch, results: list[tuple[float, float]]) -> list[Tensor]:
    """Let validations have these (loss, BLEU); return the weights each of them saw."""
    left: Iterator[tuple[float, float]] = iter(results)
    seen = []

    def validate(self: Validator, model: torch.nn.Module) -> Validation:
        loss, bleu = next(left)
        seen.append(model.state_dict()["embedding.weight"].clone())
        return Validation(loss, bleu, ["hypothesis"] * len(self.sources), 1.25)

    monkeypatch.setattr(Validator, "__call__", validate)
    return seen


def not_finite(monkeypatch: pytest.MonkeyPatch, factor: float, steps: set[int]) -> None:
    """Spoil the loss of these steps, counted from 1."""
    take, loss_of, now = module.Stepper.take, module.projected_loss, 0

    def counted(self: module.Stepper, groups: Any, step: int, rate: float) -> module.StepResult:
        nonlocal now
        now = step + 1
        return take(self, groups, step, rate)

    def spoilt(*args: Any) -> tuple[Tensor, Tensor]:
        loss, nll = loss_of(*args)
        return (loss * factor, nll) if now in steps else (loss, nll)

    monkeypatch.setattr(module.Stepper, "take", counted)
    monkeypatch.setattr(module, "projected_loss", spoilt)


def test_a_run_leaves_a_model_and_its_record(request_for: NewRequest, run: RunDirectory) -> None:
    train(request_for())
    assert sorted(path.name for path in run.path.iterdir()) == [
        ".lock",
        "config.toml",
        "manifest.json",
        "metrics.jsonl",
        "model.safetensors",
        "tokenizer.model",
        "trained_on.safetensors",
        "training_state",
    ]
    assert [path.name for path in run.states()] == ["step-10", "step-20"]
    assert [line["step"] for line in metrics(run, "train")] == [4, 8, 12, 16, 20]
    assert [line["step"] for line in metrics(run, "validation")] == [10, 20]
    known = TrainedOn.load(run.trained_on_file)
    assert known is not None
    pairs = [line.split("\t") for line in Path(request_for().train[0]).read_text().splitlines()]
    overlap = known.overlap([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    assert (overlap.sources, overlap.targets) == (300, 300)
    manifest = run.read_manifest()
    assert (manifest["source"], manifest["target"]) == ("en", "fr")
    assert manifest["pairs"] == 300
    assert manifest["result"]["finished"] is True
    assert manifest["result"]["steps"] == 20
    assert manifest["result"]["dev_sentences"] == 20
    assert run.read_config().training.max_steps == 20


def test_all_files_have_the_mode_of_new_ones(request_for: NewRequest, run: RunDirectory) -> None:
    mask = os.umask(0o027)
    try:
        train(request_for())
    finally:
        os.umask(mask)
    modes = {path.stat().st_mode & 0o777 for path in run.path.rglob("*") if path.is_file()}
    assert modes == {0o640}


def test_the_plan_is_told_before_training(
    request_for: NewRequest, run: RunDirectory, capfd: pytest.CaptureFixture[str]
) -> None:
    train(request_for())
    out, err = capfd.readouterr()
    assert out == ""
    lines = err.splitlines()
    start = lines.index(f"Training English -> French in {run.path}")
    plan = dict(line.split(None, 1) for line in lines[start + 1 : start + 8])
    assert plan["data"] == "300 pairs; dropped: none"
    assert plan["dev"] == "30 pairs (20 of them translated)"
    assert plan["vocabulary"] == "310 pieces (unigram, joint)"
    assert "parameters: 1+1 layers, width 16, feed-forward 32, 2 heads" in plan["model"]
    assert plan["device"] == "cpu, 1 thread, fp32"
    assert plan["budget"].startswith("20 steps; an epoch is ")
    assert re.fullmatch(r"about [\d:]+ to go \([\d.]+ s a step\)", plan["time"])
    first = next(i for i, line in enumerate(lines) if line.startswith("Step 10: dev loss"))
    assert first > start + 7
    samples = lines[first + 1 : first + 7]
    assert [line.startswith("      -> ") for line in samples] == [False, True] * 3
    assert any(line.startswith("Finished after 20 steps") for line in lines)
    assert lines[-1] == f'Try: translator translate --model {run.path} "…"'


def test_the_record_counts_what_was_trained_on(request_for: NewRequest, run: RunDirectory) -> None:
    train(
        request_for(training__log_every=1, training__warmup_steps=4, training__learning_rate=2e-3)
    )
    lines = metrics(run, "train")
    rates = [2e-3 * min(1, (step + 1) / 4) * (1 - step / 20) for step in range(20)]
    assert [line["learning_rate"] for line in lines] == pytest.approx(rates)
    assert all(a["tokens"] < b["tokens"] for a, b in itertools.pairwise(lines))
    assert all(a["seconds"] <= b["seconds"] for a, b in itertools.pairwise(lines))
    assert run.read_manifest()["result"]["tokens"] == lines[-1]["tokens"]
    assert lines[-1]["loss"] < lines[0]["loss"]


def test_early_stopping(
    request_for: NewRequest, run: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, [(5, 1), (4, 7), (3, 6), (3, 7), (5, 7), (5, 6.9), (9, 0)])
    train(request_for(training__max_steps=1000, training__patience=3, model__dropout=0.2))
    # the fourth is better by its loss, and three without improvement follow
    assert [line["step"] for line in metrics(run, "validation")] == [10, 20, 30, 40, 50, 60, 70]
    result = run.read_manifest()["result"]
    assert (result["finished"], result["steps"]) == (True, 70)
    assert (result["best_step"], result["dev_bleu"], result["dev_loss"]) == (40, 7, 3)


def test_the_best_weights_are_kept(
    request_for: NewRequest, run: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = scripted(monkeypatch, [(5, 1), (4, 7), (3, 6)])
    train(request_for(training__max_steps=30))
    assert torch.equal(load_file(run.weights_file)["embedding.weight"], seen[1])


@pytest.mark.parametrize(("mean_bleu", "kept"), [(8.0, "mean"), (6.9, "best")])
def test_the_mean_of_the_last_is_kept_if_it_is_better(
    request_for: NewRequest,
    run: RunDirectory,
    monkeypatch: pytest.MonkeyPatch,
    mean_bleu: float,
    kept: str,
) -> None:
    seen = scripted(monkeypatch, [(5, 1), (4, 7), (3, 6), (3, 5), (3, mean_bleu)])
    train(request_for(training__max_steps=35, training__average_last=3))
    weights = load_file(run.weights_file)["embedding.weight"]
    mean = torch.stack(seen[1:4]).mean(dim=0)
    assert torch.equal(seen[4], mean)
    assert torch.equal(weights, mean if kept == "mean" else seen[1])
    assert [line["step"] for line in metrics(run, "validation")] == [10, 20, 30, 35, 35]


def test_the_record_tells_how_long_a_validation_took(
    request_for: NewRequest, run: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, [(5, 1), (4, 7), (3, 8)])
    train(request_for(training__average_last=2))
    assert [line["validation_seconds"] for line in metrics(run, "validation")] == [1.25] * 3


def test_the_most_memory_of_all_sittings_is_told(
    request_for: NewRequest,
    run: RunDirectory,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def sitting(taken: int | None, steps: int, *, resume: bool = True) -> tuple[object, str]:
        monkeypatch.setattr("translator.training.run.most_memory_taken", lambda device: taken)
        train(request_for(resume=resume, training__max_steps=steps))
        told = re.findall(r"Peak memory .*\.", capfd.readouterr().err)
        return run.read_manifest()["result"]["peak_memory_bytes"], " ".join(told)

    # a system that does not tell
    assert sitting(None, 10, resume=False) == (None, "")
    assert sitting(1_940_000_000, 14) == (1_940_000_000, "Peak memory 1.9 GB.")
    assert sitting(600_000_000, 18) == (1_940_000_000, "Peak memory 1.9 GB.")
    assert sitting(2_500_000_000, 22) == (2_500_000_000, "Peak memory 2.5 GB.")
    before = run.manifest_file.read_bytes()
    # it has finished: nothing is trained
    assert sitting(9_000_000_000, 22) == (2_500_000_000, "")
    assert run.manifest_file.read_bytes() == before


@pytest.mark.parametrize("result", [None, 3, {}, {"peak_memory_bytes": "much"}])
def test_a_manifest_that_tells_of_no_memory(result: object) -> None:
    assert peak_memory_before({"result": result}) == 0


def test_epochs_are_counted_exactly(
    request_for: NewRequest, run: RunDirectory, toy_files: tuple[Path, Path]
) -> None:
    train(request_for(training__max_steps=0, training__max_epochs=2, training__accumulate=2))
    result = run.read_manifest()["result"]
    assert result["epochs"] == 2
    tokens = result["tokens"]
    # each target token twice, and the end of each sentence
    tokenizer = Tokenizer.load(run.tokenizer_file)
    targets = [line.split("\t")[1] for line in read_text_lines(toy_files[0])]
    assert tokens == 2 * sum(len(row) + 1 for row in tokenizer.encode(targets))


def test_steps_without_finite_gradients_are_counted(
    request_for: NewRequest,
    run: RunDirectory,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    not_finite(monkeypatch, float("nan"), {5, 6, 12})
    train(request_for())
    told = [line for line in capfd.readouterr().err.splitlines() if "skipped" in line]
    assert told == [
        f"Step {step} skipped: loss or gradients are not finite." for step in (5, 6, 12)
    ]
    assert [line["skipped"] for line in metrics(run, "train")] == [0, 2, 3, 3, 3]
    assert run.read_manifest()["result"]["skipped_steps"] == 3
    assert all(torch.isfinite(tensor).all() for tensor in load_file(run.weights_file).values())


def test_training_that_diverges_ends(
    request_for: NewRequest, run: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    not_finite(monkeypatch, float("inf"), set(range(15, 100)))
    with pytest.raises(TrainingError, match="20 of 34 steps, and nearly all of") as caught:
        train(request_for(training__max_steps=100, training__validate_every=11))
    assert "training.learning_rate" in (caught.value.hint or "")
    assert run.read_manifest()["result"]["steps"] == 34
    assert run.read_manifest()["result"]["finished"] is False
    assert run.holds_model()


def test_training_that_skips_every_second_step_ends(
    request_for: NewRequest, run: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    not_finite(monkeypatch, float("nan"), set(range(2, 100, 2)))
    with pytest.raises(TrainingError, match="23 of 46 steps"):
        train(request_for(training__max_steps=100, training__validate_every=50))


@pytest.fixture
def runs_ahead(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Let steps run ahead, as on a GPU; return the steps after which results were waited for."""
    begin, read = module.Stepper.__init__, loop.Trainer._read
    waits: list[int] = []

    def ahead(self: module.Stepper, *arguments: Any) -> None:
        begin(self, *arguments)
        self.runs_ahead = True

    def noted(self: loop.Trainer, results: list[module.StepResult]) -> None:
        waits.extend([self.position.step] if results else [])
        read(self, results)

    monkeypatch.setattr(module.Stepper, "__init__", ahead)
    monkeypatch.setattr(loop.Trainer, "_read", noted)
    return waits


def without_times(run: RunDirectory) -> list[dict[str, float]]:
    lines = [line for kind in ("train", "validation") for line in metrics(run, kind)]
    timed = {"seconds", "tokens_per_second", "validation_seconds"}
    return [{name: line[name] for name in line if name not in timed} for line in lines]


def test_a_run_that_runs_ahead_is_the_same(
    request_for: NewRequest,
    tmp_path: Path,
    run: RunDirectory,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    """Results are read for a log line or a validation only; skipped steps are told then."""
    not_finite(monkeypatch, float("nan"), {3, 6, 17})
    options = {"training__validate_every": 7, "training__log_every": 4, "training__ema_decay": 0}
    asked = request_for(**options)
    straight = RunDirectory(tmp_path / "straight")
    train(dataclasses.replace(asked, out=straight.path))
    told = [line for line in capfd.readouterr().err.splitlines() if "skipped" in line]
    waits = request.getfixturevalue("runs_ahead")
    train(asked)
    assert waits == [4, 7, 8, 12, 14, 16, 20]
    assert [line for line in capfd.readouterr().err.splitlines() if "skipped" in line] == told
    assert without_times(run) == without_times(straight)
    assert run.weights_file.read_bytes() == straight.weights_file.read_bytes()


def test_a_run_that_runs_ahead_goes_on_exactly(
    request_for: NewRequest,
    tmp_path: Path,
    run: RunDirectory,
    monkeypatch: pytest.MonkeyPatch,
    runs_ahead: list[int],
) -> None:
    not_finite(monkeypatch, float("nan"), {12})
    asked = request_for(training__log_every=4, model__dropout=0.1, tokenizer__sampling=0.1)
    straight = RunDirectory(tmp_path / "straight")
    train(dataclasses.replace(asked, out=straight.path))
    take = module.Stepper.take

    def stopped(self: module.Stepper, groups: Any, step: int, rate: float) -> module.StepResult:
        if step == 13:
            signal.raise_signal(signal.SIGTERM)
        return take(self, groups, step, rate)

    with monkeypatch.context() as patched:
        patched.setattr(module.Stepper, "take", stopped)
        with pytest.raises(Interrupted):
            train(asked)
    assert runs_ahead[-2:] == [12, 14]  # what is saved is what all steps before have seen
    train(dataclasses.replace(asked, resume=True))
    assert without_times(run) == without_times(straight)
    for name in ("weights", "optimizer", "average"):
        file = f"{name}.safetensors"
        states = [one.state_dir(20) / file for one in (run, straight)]
        assert states[0].read_bytes() == states[1].read_bytes()


def test_ctrl_c_at_once_says_how_to_go_on(
    request_for: NewRequest, run: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        for _ in range(2):  # a second one does not wait for the step
            signal.raise_signal(signal.SIGINT)
        raise AssertionError("not reached")

    with monkeypatch.context() as patched:
        patched.setattr(module.Stepper, "take", interrupted)
        with pytest.raises(Interrupted) as caught:
            train(request_for())
    assert caught.value.hint == "Nothing is saved yet: the same command with --resume begins anew."
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    train(request_for(resume=True))
    assert run.read_manifest()["result"]["steps"] == 20


def test_what_a_state_knows_comes_back_with_it(
    request_for: NewRequest, run: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The best weights too, when other ones took their place after it."""
    seen = scripted(monkeypatch, [(5, 6), (4, 7)])
    train(request_for(training__average_last=1))
    assert torch.equal(load_file(run.weights_file)["embedding.weight"], seen[1])
    (run.state_dir(20) / "optimizer.safetensors").unlink()
    # on this way the first validation stays the best one
    scripted(monkeypatch, [(5, 1), (5, 2)])
    train(request_for(resume=True, training__average_last=1, training__max_steps=30))
    assert torch.equal(load_file(run.weights_file)["embedding.weight"], seen[0])
    result = run.read_manifest()["result"]
    assert (result["best_step"], result["dev_bleu"], result["steps"]) == (10, 6, 30)
    assert [line["bleu"] for line in metrics(run, "validation")] == [6, 1, 2]
    assert len(run.best_files()) == 1


def test_a_step_that_lacks_memory_is_exact_after_a_restart(
    request_for: NewRequest,
    run: RunDirectory,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    backward, take = module.Stepper.backward, module.Stepper.take

    def limited(self: module.Stepper, batch: Batch, tokens: float, last: bool) -> Tensor:
        if len(batch.source) * batch.width > 128:
            raise MemoryError
        return backward(self, batch, tokens, last)

    def stopped(self: module.Stepper, groups: Any, step: int, rate: float) -> module.StepResult:
        if step == 13:
            signal.raise_signal(signal.SIGTERM)
        return take(self, groups, step, rate)

    monkeypatch.setattr(module.Stepper, "backward", limited)
    train(dataclasses.replace(request_for(), out=tmp_path / "straight"))
    assert capfd.readouterr().err.count("out of memory") == 1
    with monkeypatch.context() as patched:
        patched.setattr(module.Stepper, "take", stopped)
        with pytest.raises(Interrupted) as caught:
            train(request_for())
    assert caught.value.exit_code == 143
    assert capfd.readouterr().err.count("out of memory") == 1
    train(request_for(resume=True))
    assert "out of memory" not in capfd.readouterr().err
    other = RunDirectory(tmp_path / "straight")
    assert run.weights_file.read_bytes() == other.weights_file.read_bytes()
    for name in ("weights", "optimizer", "average"):
        file = f"step-20/{name}.safetensors"
        assert (run.states_dir / file).read_bytes() == (other.states_dir / file).read_bytes()


def test_the_rate_of_a_step_is_what_is_left_before_it(
    request_for: NewRequest, run: RunDirectory
) -> None:
    train(
        request_for(
            training__max_steps=0,
            training__max_epochs=1,
            training__log_every=1,
            training__warmup_steps=1,
            training__learning_rate=2e-3,
        )
    )
    rates = [line["learning_rate"] for line in metrics(run, "train")]
    n = len(rates)
    assert rates == pytest.approx([2e-3 * (1 - step / n) for step in range(n)])


def test_a_log_line_of_skipped_steps_has_no_loss(
    request_for: NewRequest,
    run: RunDirectory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    not_finite(monkeypatch, float("nan"), {1, 2, 3, 4, 5, 6})
    train(request_for())
    losses = [line["loss"] for line in metrics(run, "train")]
    assert [loss is None for loss in losses] == [True, False, False, False, False]


def test_a_dev_loss_without_a_value_is_null(
    request_for: NewRequest, run: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripted(monkeypatch, [(float("nan"), 1), (float("inf"), 2)])
    train(request_for())
    assert [line["loss"] for line in metrics(run, "validation")] == [None, None]
    files = [run.manifest_file, run.metrics_file, *(s / "position.json" for s in run.states())]
    for file in files:
        assert not {"NaN", "Infinity"} & set(re.findall(r"\w+", file.read_text(encoding="utf-8")))
    assert run.read_manifest()["result"]["dev_loss"] is None
    assert run.read_manifest()["result"]["dev_bleu"] == 2


@pytest.mark.parametrize("resume", [False, True])
def test_another_process_in_the_run_directory(
    request_for: NewRequest, run: RunDirectory, resume: bool
) -> None:
    if resume:
        train(request_for())
    more = request_for(resume=resume, training__max_steps=24)
    with locked(run), pytest.raises(ModelError) as caught:
        train(more)
    assert str(caught.value).startswith(f"{run.path}: is in use by another process")
    assert run.holds_run() is resume
    train(more)
    assert run.read_manifest()["result"]["steps"] == 24


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"WORLD_SIZE": "2", "RANK": "0"}, "LOCAL_RANK, MASTER_ADDR, MASTER_PORT missing"),
        ({"WORLD_SIZE": "two"}, "WORLD_SIZE='two' is not a number"),
    ],
)
def test_an_environment_that_does_not_say_how_to_join_is_refused(
    request_for: NewRequest,
    run: RunDirectory,
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    told: str,
) -> None:
    for name in ("RANK", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=told):
        train(request_for())
    assert not run.path.exists()


def test_a_foreign_manifest_is_not_complete(request_for: NewRequest, run: RunDirectory) -> None:
    run.write_config(Config())
    run.write_manifest({"source": "en", "target": "fr", "train": 3})
    with pytest.raises(ModelError) as caught:
        train(request_for(resume=True))
    assert caught.value.where == str(run.manifest_file)
    assert caught.value.message == (
        "is not complete: train, training_fingerprint, dev_fingerprint, created, command missing"
    )


def test_the_vocabulary_is_kept_and_told_alike(
    request_for: NewRequest,
    run: RunDirectory,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TRANSLATOR_CACHE", str(tmp_path / "cache"))
    told = []
    for out, size in (("a", 9000), ("b", 9000), ("c", 310)):
        request = request_for(training__max_steps=1, tokenizer__vocab_size=size)
        train(dataclasses.replace(request, out=tmp_path / out))
        lines = capfd.readouterr().err.splitlines()
        told.append([line for line in lines if "allow a vocabulary" in line])
    assert len(told[0]) == 1
    assert told[1] == told[0]
    assert told[2] == []
    assert len(list((tmp_path / "cache").glob("vocabulary-*.model"))) == 2
    monkeypatch.setattr("translator.training.prepare.version", lambda _: "another")
    train(dataclasses.replace(request, out=tmp_path / "d"))
    assert len(list((tmp_path / "cache").glob("vocabulary-*.model"))) == 3


def test_tensorboard_is_written(request_for: NewRequest, run: RunDirectory) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    train(request_for(training__tensorboard=True))
    events = accumulator.EventAccumulator(str(run.tensorboard_dir)).Reload()
    recorded: dict[str, list[tuple[int, float]]] = {}
    for kind in ("train", "validation"):
        for line in metrics(run, kind):
            for name in line.keys() - {"type", "step"}:
                # events hold single precision
                value = float(np.float32(line[name]))
                recorded.setdefault(f"{kind}/{name}", []).append((int(line["step"]), value))
    assert {"train/loss", "train/learning_rate", "validation/bleu"} <= recorded.keys()
    assert [step for step, _ in recorded["train/loss"]] == [4, 8, 12, 16, 20]
    assert recorded == {
        tag: [(event.step, event.value) for event in events.Scalars(tag)]
        for tag in events.Tags()["scalars"]
    }


def test_the_record_is_read_as_a_learning_curve(
    request_for: NewRequest, run: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    not_finite(monkeypatch, float("nan"), {1, 2, 3, 4})
    train(request_for(training__average_last=2))
    curve = read_curve(run, "tiny")
    for points, kind in ((curve.log, "train"), (curve.validations, "validation")):
        lines = metrics(run, kind)
        assert [point.step for point in points] == [line["step"] for line in lines]
        for point, line in zip(points, lines, strict=True):
            assert dataclasses.asdict(point).items() <= line.items()
    assert curve.log[0].loss is None
    assert curve.log[-1].skipped == 4
    assert [one.step for one in curve.validations] == [10, 20, 20]
    result = run.read_manifest()["result"]
    assert curve.best_bleu is not None
    assert (curve.steps, curve.best_bleu.step) == (result["steps"], result["best_step"])
    assert round(curve.best_bleu.bleu, 2) == result["dev_bleu"]


def test_tensorboard_that_is_missing_is_told_before_all_else(
    request_for: NewRequest, run: RunDirectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(ConfigError, match="TensorBoard, which is not installed"):
        train(request_for(training__tensorboard=True))
    assert not run.path.exists()


def test_a_corpus_of_hardly_any_weight(
    request_for: NewRequest, run: RunDirectory, toy_files: tuple[Path, Path]
) -> None:
    request = dataclasses.replace(request_for(), train=(f"{toy_files[0]}@0.0001",))
    train(request)
    assert run.read_manifest()["result"]["epochs"] == 20


def test_fp16_runs_on_a_cpu(request_for: NewRequest, run: RunDirectory) -> None:
    train(request_for(training__precision="fp16"))
    result = run.read_manifest()["result"]
    assert result["steps"] == 20
    assert result["skipped_steps"] < 10
    assert run.read_manifest()["precision"] == "fp16"


def test_all_pairs_dropped(request_for: NewRequest, run: RunDirectory, tmp_path: Path) -> None:
    long = tmp_path / "long.tsv"
    long.write_text(f"{'a b ' * 500}\t{'c d ' * 500}\n\tblank\n", encoding="utf-8")
    with pytest.raises(DataError, match="no pairs are left to train on") as caught:
        train(dataclasses.replace(request_for(), train=(str(long),)))
    assert caught.value.hint == "Dropped: 1 source blank, 1 longer than 128 tokens."
    assert not run.path.exists()
