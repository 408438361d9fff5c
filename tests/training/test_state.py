from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from translator.config import TrainingConfig
from translator.errors import ModelError
from translator.run_directory import RunDirectory
from translator.training.state import Position, load_state, save_state
from translator.training.step import Stepper

NewStepper = Callable[..., Stepper]
KEEP_TWO = TrainingConfig(max_steps=1, keep_states=2)


@pytest.fixture
def trained(new_stepper: NewStepper, rows: Callable[..., Any]) -> Callable[..., Stepper]:
    def build(precision: str = "fp32", **options: Any) -> Stepper:
        stepper = new_stepper(precision, **options)
        for step in range(5):
            stepper.take([rows(step, step + 1)], step, 1e-2)
        return stepper

    return build


def position(step: int = 5) -> Position:
    return Position(
        step=step,
        epoch=1,
        batch=3,
        seconds=1 / 3,
        tokens=100,
        best_bleu=12.3456789,
        snapshots=[2, 4],
        unlogged_nll=0.1 + 0.2,
        unlogged_tokens=7,
    )


@pytest.mark.parametrize("precision", ["fp32", "fp16"])
@pytest.mark.parametrize("decay", [0, 0.99])
def test_a_saved_state_goes_on_exactly(
    run: RunDirectory,
    trained: NewStepper,
    new_stepper: NewStepper,
    rows: Callable[..., Any],
    precision: str,
    decay: float,
) -> None:
    before = trained(precision, training__ema_decay=decay)
    save_state(run, position(), before, 123, KEEP_TWO)
    after = new_stepper(precision, training__ema_decay=decay)
    found = load_state(run.states()[-1], after)
    expected = position()
    expected.metrics_bytes = 123
    expected.loss_scale = before.scaler.state_dict()
    assert found == expected
    for step in range(5, 9):
        results = [stepper.take([rows(step)], step, 1e-2) for stepper in (before, after)]
        assert results[0].nll == results[1].nll
    for name, tensor in before.model.state_dict().items():
        assert torch.equal(tensor, after.model.state_dict()[name])
    for name, tensor in before.best_weights.state_dict().items():
        assert torch.equal(tensor, after.best_weights.state_dict()[name])


def test_equal_states_are_equal_files(
    tmp_path: Path, trained: NewStepper, new_stepper: NewStepper
) -> None:
    first, second = RunDirectory(tmp_path / "a"), RunDirectory(tmp_path / "b")
    save_state(first, position(), trained(), 0, KEEP_TWO)
    stepper = new_stepper()
    save_state(second, load_state(first.states()[0], stepper), stepper, 0, KEEP_TWO)
    names = sorted(path.name for path in first.states()[0].iterdir())
    assert names == [
        "average.safetensors",
        "optimizer.safetensors",
        "position.json",
        "weights.safetensors",
    ]
    for name in names:
        assert (first.states()[0] / name).read_bytes() == (second.states()[0] / name).read_bytes()


def test_the_oldest_states_are_removed(run: RunDirectory, trained: NewStepper) -> None:
    stepper = trained()
    for step in (8, 9, 10, 11):
        save_state(run, position(step), stepper, 0, KEEP_TWO)
    assert [path.name for path in run.states()] == ["step-10", "step-11"]
    assert sorted(path.name for path in run.states_dir.iterdir()) == ["step-10", "step-11"]


def test_a_state_saved_again_has_the_newer_position(
    run: RunDirectory, trained: NewStepper, new_stepper: NewStepper
) -> None:
    stepper = trained()
    save_state(run, position(), stepper, 1, KEEP_TWO)
    save_state(run, position(), stepper, 2, KEEP_TWO)
    assert load_state(run.states()[-1], new_stepper()).metrics_bytes == 2
    assert len(list(run.states_dir.iterdir())) == 1


@pytest.mark.parametrize(
    "name",
    ["weights.safetensors", "optimizer.safetensors", "average.safetensors", "position.json"],
)
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "garbage"])
def test_a_damaged_state_is_named(
    run: RunDirectory, trained: NewStepper, new_stepper: NewStepper, name: str, damage: str
) -> None:
    save_state(run, position(), trained(), 0, KEEP_TWO)
    path = run.states()[0] / name
    whole = path.read_bytes()
    path.unlink()
    if damage != "missing":
        broken = {"empty": b"", "truncated": whole[: len(whole) // 2], "garbage": b"\xff" * 99}
        path.write_bytes(broken[damage])
    with pytest.raises(ModelError) as caught:
        load_state(run.states()[0], new_stepper())
    assert str(run.states()[0]) in str(caught.value)
    assert "--resume then goes on from the state before it" in str(caught.value)


def test_a_state_of_another_model_is_refused(
    run: RunDirectory, trained: NewStepper, new_stepper: NewStepper
) -> None:
    save_state(run, position(), trained(), 0, KEEP_TWO)
    with pytest.raises(ModelError):
        load_state(run.states()[0], new_stepper(model__d_model=32))


def test_a_position_of_an_unknown_kind_is_refused(
    run: RunDirectory, trained: NewStepper, new_stepper: NewStepper
) -> None:
    save_state(run, position(), trained(), 0, KEEP_TWO)
    path = run.states()[0] / "position.json"
    path.write_text(json.dumps({"steps": 3}), encoding="utf-8")
    with pytest.raises(ModelError, match="is damaged"):
        load_state(run.states()[0], new_stepper())


def test_a_full_disk_leaves_the_last_state(
    run: RunDirectory, trained: NewStepper, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safetensors import SafetensorError

    stepper = trained()
    save_state(run, position(5), stepper, 0, KEEP_TWO)

    def full(*_: object) -> None:
        raise SafetensorError("I/O error: No space left on device")

    monkeypatch.setattr("translator.training.state.save_file", full)
    with pytest.raises(OSError, match=r"step-6: cannot be written: .*No space left"):
        save_state(run, position(6), stepper, 0, KEEP_TWO)
    assert [path.name for path in run.states_dir.iterdir()] == ["step-5"]
