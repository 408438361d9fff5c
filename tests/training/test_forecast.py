from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from translator.config import ModelConfig, TrainingConfig
from translator.model.transformer import Transformer
from translator.run_directory import RunDirectory
from translator.training import Request, prepare, state, train
from translator.training import forecast as module
from translator.training.advice import advise
from translator.training.forecast import (
    Steps,
    Time,
    forecast,
    length_bins,
    outline,
)
from translator.training.rehearsal import Rehearsal

SEEN = Rehearsal(
    threads=2,
    precision="fp32",
    validated=20,
    memory_limit=10**10,
    peak_bytes=10**9,
    measured=True,
    token_bytes=1000.0,
    seconds_per_step=0.5,
    seconds_per_validation=2.0,
)


@pytest.fixture
def request_for(
    tmp_path: Path, toy_files: tuple[Path, Path], tiny: Callable[..., list[str]], own_cache: Path
) -> Callable[..., Request]:
    def build(**options: object) -> Request:
        settings = tiny(**{"training__max_steps": 20, **options})[1::2]
        train, dev = map(str, toy_files)
        return Request((train,), dev, "en", "fr", tmp_path / "run", settings=tuple(settings))

    return build


@pytest.fixture
def rehearsed(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """What was asked to be rehearsed; nothing is."""
    asked: list[Request] = []

    def rehearse(request: Request) -> Rehearsal:
        asked.append(request)
        return SEEN

    monkeypatch.setattr(module, "rehearse", rehearse)
    return asked


def test_a_forecast_is_what_training_then_does(
    request_for: Callable[..., Request],
    rehearsed: list[Request],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request = request_for(training__max_epochs=3, training__max_steps=0, training__ema_decay=0.9)
    known, _ = forecast(request)
    assert rehearsed == [request]
    assert not request.out.exists()

    def again(*_: object) -> None:
        pytest.fail("what the forecast has prepared is prepared once more")

    monkeypatch.setattr(prepare, "learn_vocabulary", again)
    monkeypatch.setattr("translator.batching.encoded._write", again)
    monkeypatch.setattr("translator.corpora.store._store", again)
    train(request)
    run = RunDirectory(request.out)
    manifest = run.read_manifest()
    assert manifest["pairs"] == known.data.pairs == 300
    assert manifest["result"]["steps"] == known.steps.total
    assert manifest["result"]["dev_sentences"] == known.data.validated
    assert known.steps.epochs == 3
    assert known.data.dev_pairs == 30
    # beside the tensors there are names, shapes and the position
    state = sum(file.stat().st_size for file in run.states()[-1].iterdir())
    assert known.disk.state < state < known.disk.state + 40_000
    assert known.disk.weights < run.weights_file.stat().st_size < known.disk.weights + 10_000


def test_the_room_on_the_disk(
    request_for: Callable[..., Request], rehearsed: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    request = request_for(training__max_steps=50, training__average_last=1)
    disk, run = forecast(request)[0].disk, RunDirectory(request.out)
    remove, taken = state.remove_directory, []

    def noted(path: Path) -> None:
        weights = [run.weights_file, *run.best_files(), *run.snapshots()]
        taken.append(len(run.states()) * disk.state + len(weights) * disk.weights)
        remove(path)

    monkeypatch.setattr(state, "remove_directory", noted)
    train(request)
    assert len(taken) == 3  # five states, of which two stay
    # less where several states have the same best weights
    assert disk.run - 3 * disk.weights < max(taken) <= disk.run


def test_lengths_and_padding(
    request_for: Callable[..., Request], rehearsed: list[Request], own_cache: Path
) -> None:
    known, _ = forecast(request_for())
    lengths = known.lengths
    for side in ("source", "target"):
        assert sum(lengths.shares[side]) == pytest.approx(1, abs=0.001)
        assert lengths.mean[side] < lengths.longest[side] <= lengths.bins[-1][1]
        assert 0 <= known.data.padding[side] < 0.5
    means = lengths.mean["source"] + lengths.mean["target"]
    assert known.data.real_tokens == pytest.approx(300 * means, rel=0.01)
    assert known.memory.batch_rows * known.memory.batch_length <= 256
    files = [file for file in own_cache.rglob("*") if file.suffix in (".arrow", ".bin", ".json")]
    assert known.disk.cache == sum(file.stat().st_size for file in files)


def test_weights_that_are_too_many_are_not_rehearsed(
    request_for: Callable[..., Request],
    rehearsed: list[Request],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "memory_limit", lambda: 1000)
    known, config = forecast(request_for(training__device="cpu"))
    assert rehearsed == []
    assert known.memory.bytes == 16 * known.parameters
    assert not known.memory.fits
    assert known.steps.total == 20
    assert known.time == Time(total=None, per_step=None, per_validation=None)
    assert "memory is not enough" in advise(known, config)[0]


def test_bins_end_with_the_longest() -> None:
    assert length_bins(3) == [(1, 4)]
    assert length_bins(16) == [(1, 4), (5, 8), (9, 16)]
    assert length_bins(17)[-1] == (17, 32)


def test_weights_are_counted_without_being_made() -> None:
    shape = ModelConfig(d_model=16, ffn_dim=24, attention_heads=2)
    assert outline(shape, 50).parameter_count() == Transformer(shape, 50, 1).parameter_count()


@pytest.mark.parametrize(
    ("options", "steps", "time"),
    [
        # ten batches, two of them to a step; a step takes 0.5 s, a validation 2 s
        ({"max_steps": 40}, (40, 8.0), 40 * 0.5 + 4 * 2),
        ({"max_steps": 41}, (41, 8.2), 41 * 0.5 + 5 * 2),
        ({"max_epochs": 4}, (20, 4.0), 20 * 0.5 + 2 * 2),
        ({"max_time": "70s"}, (100, 20.0), 70.0),
        ({"max_time": "70s", "max_steps": 40}, (40, 8.0), 28.0),
        ({"max_time": "14s", "max_epochs": 9}, (20, 4.0), 14.0),
        ({"schedule": "inverse_sqrt"}, (None, None), None),
    ],
)
def test_the_end(options: dict[str, Any], steps: tuple[Any, Any], time: float | None) -> None:
    config = TrainingConfig(accumulate=2, validate_every=10, **options)
    total, epochs = steps
    assert module._steps_and_time(config, 10, SEEN) == (
        Steps(per_epoch=5, total=total, epochs=epochs),
        Time(total=time, per_step=0.5, per_validation=2.0),
    )


def test_the_end_where_nothing_was_timed() -> None:
    for options, total in (({"max_steps": 7}, 7), ({"max_steps": 7, "max_time": "1h"}, None)):
        config = TrainingConfig(**options)  # type: ignore[arg-type]
        steps, time = module._steps_and_time(config, 10, Rehearsal())
        assert steps.total == total
        assert time.total is None


def test_torchs_compiler_is_not_loaded(warm_python: str) -> None:
    """It takes longer than all else that a plan loads."""
    code = """
import sys
from translator.config import ModelConfig
from translator.training.forecast import outline
outline(ModelConfig(d_model=16, ffn_dim=16, attention_heads=2), 300)
assert "torch._dynamo" not in sys.modules
"""
    subprocess.run([warm_python, "-c", code], check=True)
