from __future__ import annotations

import pytest
import torch

from translator.model import dropout as module
from translator.model.dropout import Dropout


@pytest.mark.parametrize("p", [0.1, 0.15, 0.5, 0.9])
def test_share_and_scale(p: float) -> None:
    torch.manual_seed(1)
    rounded = round(p * 256) / 256
    dropped = Dropout(p)(torch.ones(400_000))
    # five standard deviations
    tolerance = 5 * (p * (1 - p) / 400_000) ** 0.5
    assert float((dropped == 0).float().mean()) == pytest.approx(rounded, abs=tolerance)
    kept = dropped[dropped != 0]
    assert kept.unique().tolist() == pytest.approx([1 / (1 - rounded)])
    assert float(dropped.mean()) == pytest.approx(1, abs=tolerance / (1 - p))


def test_each_place_is_dropped_equally_often() -> None:
    torch.manual_seed(2)
    dropout = Dropout(0.25)
    zeros = sum((dropout(torch.ones(3, 11)) == 0).float() for _ in range(4000)) / 4000
    assert float((zeros - 0.25).abs().max()) < 0.035


def test_neighbours_are_independent() -> None:
    torch.manual_seed(3)
    zeros = (Dropout(0.5)(torch.ones(100_000, 8)) == 0).float()
    correlation = torch.corrcoef(zeros.T) - torch.eye(8)
    assert float(correlation.abs().max()) < 0.02


@pytest.mark.parametrize("p", [0.0, 0.001, 0.5])
def test_evaluation_changes_nothing(p: float) -> None:
    states = torch.randn(5, 7)
    dropout = Dropout(p).eval()
    assert dropout(states) is states


@pytest.mark.parametrize("p", [0.0, 0.001])
def test_less_than_a_512th_is_nothing(p: float) -> None:
    states = torch.randn(5, 7)
    assert Dropout(p)(states) is states


def test_the_seed_decides() -> None:
    dropout, states = Dropout(0.3), torch.randn(6, 9, 5)

    def drawn(seed: int) -> torch.Tensor:
        torch.manual_seed(seed)
        return dropout(states)

    assert torch.equal(drawn(1), drawn(1))
    assert not torch.equal(drawn(1), drawn(2))


def test_the_gradient_is_the_same_mask() -> None:
    states = torch.randn(64, 3, requires_grad=True)
    dropped = Dropout(0.5)(states)
    dropped.sum().backward()
    assert states.grad is not None
    assert torch.equal(states.grad, torch.where(dropped == 0, 0.0, 2.0))


@pytest.mark.parametrize("p", [0.0, 0.3])
def test_an_update_is_dropped_before_it_is_added(p: float) -> None:
    dropout, states, update = Dropout(p), torch.randn(40, 9), torch.randn(40, 9)
    torch.manual_seed(5)
    expected = states + dropout(update)
    torch.manual_seed(5)
    torch.testing.assert_close(dropout.add(states, update), expected)
    assert torch.equal(dropout.eval().add(states, update), states + update)


def test_calls_do_not_share_a_mask() -> None:
    torch.manual_seed(6)
    dropout = Dropout(0.5)
    first, second = ((dropout(torch.ones(100_000)) == 0).float() for _ in range(2))
    correlation = torch.corrcoef(torch.stack([first, second]))[0, 1]
    assert abs(float(correlation)) < 0.02


def test_more_numbers_than_the_pool_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_POOL", 2**10)
    torch.manual_seed(7)
    zeros = (Dropout(0.25)(torch.ones(3000, 24)) == 0).float()
    assert float(zeros.mean()) == pytest.approx(0.25, abs=0.02)
    assert len({tuple(row) for row in zeros[:64].tolist()}) > 60  # no short pattern repeated


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float64])
def test_the_number_format_stays(dtype: torch.dtype) -> None:
    dropped = Dropout(0.5)(torch.ones(1000, dtype=dtype))
    assert dropped.dtype == dtype
    assert sorted(dropped.unique().tolist()) == [0.0, 2.0]


def test_any_shape() -> None:
    for shape in ((0,), (1,), (7,), (3, 1, 5), (2, 0, 4)):
        assert Dropout(0.5)(torch.ones(shape)).shape == shape
