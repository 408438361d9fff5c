from __future__ import annotations

from collections.abc import Callable

import pytest
import torch

from translator.errors import ModelError
from translator.run_directory import RunDirectory
from translator.training.average import MovingAverage, Snapshots, mean_of
from translator.training.step import Stepper


def fill(model: torch.nn.Module, value: float) -> None:
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.fill_(value)


def test_moving_average(new_stepper: Callable[..., Stepper]) -> None:
    model = new_stepper().model
    fill(model, 0.0)
    average = MovingAverage(model, 0.9)
    expected = 0.0
    for step in range(1, 200):
        value = float(step % 7)
        fill(model, value)
        average.update(model, step)
        decay = min(0.9, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * value
        for parameter in average.model.parameters():
            assert parameter.flatten()[0].item() == pytest.approx(expected, abs=1e-5)
    assert min(0.9, 200 / 209) == 0.9  # the limit was reached


def test_the_average_is_a_model_of_its_own(new_stepper: Callable[..., Stepper]) -> None:
    stepper = new_stepper()
    assert stepper.average is not None
    assert stepper.best_weights is stepper.average.model
    assert not stepper.average.model.training
    assert not any(p.requires_grad for p in stepper.average.model.parameters())
    before = [p.clone() for p in stepper.average.model.parameters()]
    fill(stepper.model, 3.0)
    for kept, parameter in zip(before, stepper.average.model.parameters(), strict=True):
        assert torch.equal(kept, parameter)
    assert new_stepper(training__ema_decay=0).average is None


def test_without_an_average_the_model_itself_is_used(new_stepper: Callable[..., Stepper]) -> None:
    stepper = new_stepper(training__ema_decay=0)
    assert stepper.best_weights is stepper.model


def test_mean() -> None:
    states = [{"a": torch.tensor([1.0, 2.0]), "b": torch.tensor(x)} for x in (1.0, 2.0, 6.0)]
    mean = mean_of(states)
    assert mean["a"].tolist() == [1.0, 2.0]
    assert mean["b"].item() == 3.0


def test_snapshots(run: RunDirectory, new_stepper: Callable[..., Stepper]) -> None:
    model = new_stepper().model
    snapshots = Snapshots(run, count=3, spare=2)
    steps: list[int] = []
    for step in range(10, 90, 10):
        fill(model, float(step))
        steps = snapshots.keep(steps, step, model)
    assert steps == [60, 70, 80]
    # two more stay, for going on from an older state
    assert sorted(step for step, _ in run.snapshots()) == [40, 50, 60, 70, 80]
    mean = snapshots.mean(steps)
    assert mean is not None
    assert {value for tensor in mean.values() for value in tensor.unique().tolist()} == {70.0}
    assert mean.keys() == model.state_dict().keys()


@pytest.mark.parametrize(
    ("damage", "told"),
    [(None, "is missing"), (b"\xff" * 99, "is damaged: "), (b"", "is damaged: it is not what")],
)
def test_a_snapshot_that_cannot_be_read_is_named(
    run: RunDirectory, new_stepper: Callable[..., Stepper], damage: bytes | None, told: str
) -> None:
    snapshots = Snapshots(run, count=3, spare=2)
    steps = snapshots.keep([10], 20, new_stepper().model)
    if damage == b"":  # one bit of one number
        snapshots.keep([], 10, new_stepper().model)
        whole = run.snapshot_file(10).read_bytes()
        damage = whole[:-2] + bytes([whole[-2] ^ 4]) + whole[-1:]
    if damage is not None:
        run.snapshot_file(10).write_bytes(damage)
    with pytest.raises(ModelError) as caught:
        snapshots.mean(steps)
    assert str(caught.value).startswith(f"{run.snapshot_file(10)}: {told}")


def test_what_is_newer_than_a_state_is_forgotten(
    run: RunDirectory, new_stepper: Callable[..., Stepper]
) -> None:
    snapshots = Snapshots(run, count=3, spare=2)
    for step in (10, 20, 30):
        snapshots.keep([], step, new_stepper().model)
    snapshots.forget_after(20)
    assert sorted(step for step, _ in run.snapshots()) == [10, 20]


def test_one_snapshot_has_no_mean(run: RunDirectory, new_stepper: Callable[..., Stepper]) -> None:
    snapshots = Snapshots(run, count=3, spare=2)
    assert snapshots.mean(snapshots.keep([], 10, new_stepper().model)) is None


def test_no_snapshots(run: RunDirectory, new_stepper: Callable[..., Stepper]) -> None:
    snapshots = Snapshots(run, count=0, spare=2)
    assert snapshots.keep([], 10, new_stepper().model) == []
    assert run.snapshots() == []
    assert snapshots.mean([]) is None
