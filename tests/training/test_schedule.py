from __future__ import annotations

import pytest

from translator.config import TrainingConfig
from translator.errors import ConfigError
from translator.training.schedule import Budget, learning_rate


def config(**options: object) -> TrainingConfig:
    defaults: dict[str, object] = {"learning_rate": 0.01, "warmup_steps": 10, "max_steps": 100}
    return TrainingConfig(**(defaults | options))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("step", "rate"),
    [(0, 0.001), (4, 0.005 * 0.96), (9, 0.01 * 0.91), (50, 0.005), (99, 0.0001), (100, 0.0)],
)
def test_linear(step: int, rate: float) -> None:
    options = config()
    used = Budget.from_config(options).used(step, 0, 0)
    assert learning_rate(options, step, used) == pytest.approx(rate, abs=1e-15)


def test_linear_never_falls_below_zero() -> None:
    assert learning_rate(config(), 500, 5.0) == 0.0


@pytest.mark.parametrize(
    ("step", "rate"),
    [(0, 0.001), (4, 0.005), (9, 0.01), (39, 0.005), (89, 0.01 / 3), (999, 0.001)],
)
def test_inverse_square_root(step: int, rate: float) -> None:
    options = config(schedule="inverse_sqrt")
    # what is left of the budget does not matter
    for used in (0.0, 0.5, 1.0):
        assert learning_rate(options, step, used) == pytest.approx(rate)


@pytest.mark.parametrize("schedule", ["linear", "inverse_sqrt"])
def test_without_warm_up_the_first_step_has_the_peak_rate(schedule: str) -> None:
    assert learning_rate(config(schedule=schedule, warmup_steps=0), 0, 0.0) == 0.01


def test_the_budget_is_what_is_used_up_first() -> None:
    budget = Budget.from_config(config(max_steps=100, max_epochs=4, max_time="50s"))
    assert budget == Budget(100, 4, 50.0)
    assert budget.used(0, 0, 0) == 0
    assert budget.used(10, 0.2, 2.5) == 0.1
    assert budget.used(10, 2, 5) == 0.5
    assert budget.used(10, 1, 45) == 0.9
    assert budget.used(100, 1, 1) == 1
    assert budget.used(1, 4, 1) == 1


def test_limits_of_zero_are_none() -> None:
    assert Budget.from_config(config(max_steps=7)) == Budget(7, None, None)


@pytest.mark.parametrize("options", [{}, {"schedule": "inverse_sqrt", "patience": 0}])
def test_training_without_an_end_is_refused(options: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match="training has no end") as caught:
        Budget.from_config(config(max_steps=0, **options))
    assert caught.value.hint == "Give --max-time, --max-steps or --max-epochs."


def test_early_stopping_alone_can_end_training() -> None:
    budget = Budget.from_config(config(max_steps=0, schedule="inverse_sqrt", patience=3))
    assert budget == Budget(None, None, None)
    assert budget.used(10**9, 1e9, 1e9) == 0
