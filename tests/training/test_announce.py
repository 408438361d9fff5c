from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from translator.training import loop
from translator.training.announce import _VALIDATION, _estimate, too_short_warning
from translator.training.distributed import ALONE
from translator.training.loop import Trainer
from translator.training.schedule import Budget
from translator.training.state import Position

LENGTHS = np.array([4, 10, 6, 20, 8, 12])
PLAN = [np.array(rows) for rows in ([0, 1], [2], [3], [4, 5], [1, 2])]


def new_trainer(monkeypatch: pytest.MonkeyPatch, per_token: float, **options: Any) -> Any:
    """What the estimate needs of a trainer, by a clock that only batches move on."""
    now = 100.0
    rehearsed = []

    def rehearse(rows: Any) -> None:
        nonlocal now
        now += per_token * int(LENGTHS[rows].sum()) + 0.1 * (not rehearsed)
        rehearsed.append(rows.tolist())

    monkeypatch.setattr(loop.time, "monotonic", lambda: now)
    trainer = SimpleNamespace(
        plan=lambda _: PLAN,
        position=Position(**options),
        data=SimpleNamespace(corpus=SimpleNamespace(target_lengths=LENGTHS)),
        stepper=SimpleNamespace(
            rehearse=rehearse, model=SimpleNamespace(device=torch.device("cpu"))
        ),
        batches_per_step=2,
        world=ALONE,
        rehearsed=rehearsed,
    )
    trainer.seconds_per_step = lambda: Trainer.seconds_per_step(trainer)
    return trainer


def test_a_step_takes_what_its_tokens_take(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = new_trainer(monkeypatch, 0.01)
    # 76 tokens in three steps; the first batch, which takes 0.1 s longer, does not count
    assert trainer.seconds_per_step() == pytest.approx(0.01 * 76 / 3)
    assert trainer.rehearsed == [[0, 1], [2], [3], [4, 5]]


def test_a_slow_batch_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = new_trainer(monkeypatch, 1.0)
    assert trainer.seconds_per_step() == pytest.approx(14.1 / 14 * 76 / 3)
    assert trainer.rehearsed == [[0, 1]]


@pytest.mark.parametrize(
    ("budget", "told"),
    [
        (Budget(40, None, None), "about 0:11 to go (0.28 s a step)"),
        (Budget(None, 14, None), "about 0:11 to go (0.28 s a step)"),
        (Budget(4000, None, 75), "about 1:10 to go (0.28 s a step)"),
        (Budget(None, None, None), "about 0.28 s a step"),
    ],
)
def test_the_time_to_the_end(monkeypatch: pytest.MonkeyPatch, budget: Budget, told: str) -> None:
    trainer = new_trainer(monkeypatch, 0.01, step=2, seconds=5.0)
    trainer.budget = budget
    assert _estimate(trainer, trainer.seconds_per_step() * _VALIDATION, 3) == told


def test_a_budget_that_is_too_short_is_told() -> None:
    told = too_short_warning(Budget(None, 5, 300), 10.0, 288)
    assert "ends after 0.10 epochs" in told
    assert "one pass takes about 48:00 here" in told
    assert too_short_warning(Budget(None, 5, 300), 1.0, 288) == ""
    assert too_short_warning(Budget(None, None, None), 10.0, 288) == ""
