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
from translator.training.state import (
    Position,
    best_weights_needed,
    load_newest_state,
    load_state,
    save_state,
)
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
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "garbage", "flipped"])
def test_a_damaged_state_is_named(
    run: RunDirectory, trained: NewStepper, new_stepper: NewStepper, name: str, damage: str
) -> None:
    save_state(run, position(), trained(), 0, KEEP_TWO)
    path = run.states()[0] / name
    whole = path.read_bytes()
    path.unlink()
    if damage != "missing":
        last = bytes([whole[-3] ^ 1])  # in a number of a tensor
        broken = {
            "empty": b"",
            "truncated": whole[: len(whole) // 2],
            "garbage": b"\xff" * 99,
            "flipped": whole[:-3] + last + whole[-2:],
        }
        path.write_bytes(broken[damage])
    with pytest.raises(ModelError) as caught:
        load_state(run.states()[0], new_stepper())
    assert str(caught.value).startswith(f"{run.states()[0]}: is damaged: {name}")


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


def test_every_number_of_a_position_is_guarded(
    run: RunDirectory, trained: NewStepper, new_stepper: NewStepper
) -> None:
    save_state(run, position(), trained(), 0, KEEP_TWO)
    path = run.states()[0] / "position.json"
    whole = path.read_text(encoding="utf-8")
    for line in whole.splitlines():
        digits = [i for i, char in enumerate(line) if char.isdigit()]
        if digits:
            place = whole.index(line) + digits[0]
            other = str((int(whole[place]) + 1) % 10)
            path.write_text(whole[:place] + other + whole[place + 1 :], encoding="utf-8")
            with pytest.raises(ModelError, match=r"position\.json is not what was written"):
                load_state(run.states()[0], new_stepper())


def test_a_state_from_before_there_were_checksums(
    run: RunDirectory, trained: NewStepper, new_stepper: NewStepper
) -> None:
    save_state(run, position(), trained(), 0, KEEP_TWO)
    path = run.states()[0] / "position.json"
    values = json.loads(path.read_bytes())
    for name in ("checksums", "validated", "finished", "best_weights", "part_limit"):
        del values[name]
    path.write_text(json.dumps(values), encoding="utf-8")
    found = load_state(run.states()[0], new_stepper())
    assert (found.step, found.validated, found.finished) == (5, 5, True)


def test_the_newest_whole_state_is_taken(
    run: RunDirectory,
    trained: NewStepper,
    new_stepper: NewStepper,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert load_newest_state(run, new_stepper()) == Position()
    options = TrainingConfig(max_steps=1, keep_states=4)
    for step in (5, 6, 7, 8):
        save_state(run, position(step), trained(), 0, options)
    assert load_newest_state(run, new_stepper()).step == 8
    assert capsys.readouterr().err == ""
    (run.state_dir(8) / "weights.safetensors").unlink()
    (run.state_dir(7) / "position.json").write_bytes(b"{}")
    assert load_newest_state(run, new_stepper()).step == 6
    assert capsys.readouterr().err == (
        f"{run.state_dir(8)} is damaged: weights.safetensors: No such file or directory. "
        "Going back to step-6, after which it is made again.\n"
        f"{run.state_dir(7)} is damaged: position.json is not what was written. "
        "Going back to step-6, after which it is made again.\n"
    )
    assert [path.name for path in run.states_dir.iterdir()] in (
        ["step-5", "step-6"],
        ["step-6", "step-5"],
    )


def test_without_a_whole_state_nothing_is_removed(
    run: RunDirectory, trained: NewStepper, new_stepper: NewStepper
) -> None:
    for step in (5, 6):
        save_state(run, position(step), trained(), 0, KEEP_TWO)
        (run.state_dir(step) / "optimizer.safetensors").write_bytes(b"")
    with pytest.raises(ModelError) as caught:
        load_newest_state(run, new_stepper())
    assert caught.value.message == (
        "holds no whole training state: "
        "step-6 is damaged: optimizer.safetensors is not what was written; "
        "step-5 is damaged: optimizer.safetensors is not what was written"
    )
    assert [path.name for path in run.states()] == ["step-5", "step-6"]


def test_a_state_that_cannot_be_loaded_for_want_of_memory_is_not_damaged(
    run: RunDirectory,
    trained: NewStepper,
    new_stepper: NewStepper,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for step in (5, 6):
        save_state(run, position(step), trained(), 0, KEEP_TWO)

    def no_memory(path: Path) -> None:
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory")

    monkeypatch.setattr("translator.training.state.load_file", no_memory)
    with pytest.raises(RuntimeError, match="can't allocate memory"):
        load_newest_state(run, new_stepper())
    assert [path.name for path in run.states()] == ["step-5", "step-6"]


def test_which_best_weights_the_kept_states_need(run: RunDirectory, trained: NewStepper) -> None:
    stepper = trained()
    for step, best in ((5, "a"), (6, "a"), (7, "b"), (8, "c")):
        here = position(step)
        here.best_weights = best
        save_state(run, here, stepper, 0, KEEP_TWO)
    assert best_weights_needed(run) == {"b", "c"}
    (run.state_dir(7) / "position.json").unlink()  # nothing goes back to this one
    assert best_weights_needed(run) == {"c"}
