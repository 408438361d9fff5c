from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, kl_div, linear

from translator.training import loss as module
from translator.training.loss import projected_loss

smoothings = pytest.mark.parametrize("smoothing", [0.0, 0.1, 0.9])


@smoothings
@pytest.mark.parametrize("count", [1, 511, 512, 513, 1300])
def test_values_and_gradients_are_those_of_cross_entropy(
    monkeypatch: pytest.MonkeyPatch, smoothing: float, count: int
) -> None:
    monkeypatch.setitem(module._CHUNK, "cpu", 512 * 50)
    torch.manual_seed(2)
    states = torch.randn(count, 12, requires_grad=True)
    weight = torch.randn(50, 12, requires_grad=True)
    target = torch.randint(50, (count,))
    loss, nll = projected_loss(states, weight, target, smoothing)
    gradients = torch.autograd.grad(loss * 0.25, (states, weight))
    logits = linear(states, weight)
    expected = cross_entropy(logits, target, label_smoothing=smoothing, reduction="sum")
    expected_gradients = torch.autograd.grad(expected * 0.25, (states, weight))
    torch.testing.assert_close(loss, expected)
    torch.testing.assert_close(nll, cross_entropy(logits, target, reduction="sum").detach())
    assert not nll.requires_grad
    for gradient, correct in zip(gradients, expected_gradients, strict=True):
        torch.testing.assert_close(gradient, correct, atol=2e-5, rtol=1e-4)


def test_half_precision_products_stay_near() -> None:
    torch.manual_seed(3)
    states = torch.randn(600, 16, requires_grad=True)
    weight = (torch.randn(80, 16) * 0.25).requires_grad_()
    target = torch.randint(80, (600,))
    exact = projected_loss(states, weight, target, 0.1)[0]
    half = states.detach().bfloat16().requires_grad_()
    rounded = projected_loss(half, weight, target, 0.1)[0]
    assert rounded.dtype == torch.float32
    assert rounded.item() == pytest.approx(exact.item(), rel=5e-3)
    for exactly, nearly in zip(
        torch.autograd.grad(exact, (states, weight)),
        torch.autograd.grad(rounded, (half, weight)),
        strict=True,
    ):
        assert float((exactly - nearly.float()).norm() / exactly.norm()) < 0.02


def test_the_loss_is_a_sum() -> None:
    torch.manual_seed(4)
    states, weight = torch.randn(20, 8), torch.randn(30, 8)
    target = torch.randint(30, (20,))
    parts = [
        projected_loss(states[i : i + 5], weight, target[i : i + 5], 0.1)[0]
        for i in range(0, 20, 5)
    ]
    whole = projected_loss(states, weight, target, 0.1)[0]
    torch.testing.assert_close(torch.stack(parts).sum(), whole)


def r_drop_by_hand(logits: Tensor, target: Tensor, smoothing: float, alpha: float) -> Tensor:
    """The formula, for logits and target whose second half is another prediction of the first."""
    right = cross_entropy(logits, target, label_smoothing=smoothing, reduction="sum")
    p, q = logits.log_softmax(-1).chunk(2)
    apart = kl_div(p, q, reduction="sum", log_target=True)
    apart = apart + kl_div(q, p, reduction="sum", log_target=True)
    return (right + alpha * apart / 2) / 2


@smoothings
@pytest.mark.parametrize("count", [1, 255, 256, 257, 650])
def test_r_drop_is_the_formula(
    monkeypatch: pytest.MonkeyPatch, smoothing: float, count: int
) -> None:
    monkeypatch.setitem(module._CHUNK, "cpu", 512 * 50)
    torch.manual_seed(5)
    states = torch.randn(2 * count, 12, requires_grad=True)
    weight = torch.randn(50, 12, requires_grad=True)
    target = torch.randint(50, (count,)).repeat(2)
    loss, nll = projected_loss(states, weight, target, smoothing, 1.5)
    gradients = torch.autograd.grad(loss * 0.25, (states, weight))
    logits = linear(states, weight)
    expected = r_drop_by_hand(logits, target, smoothing, 1.5)
    expected_gradients = torch.autograd.grad(expected * 0.25, (states, weight))
    torch.testing.assert_close(loss, expected)
    torch.testing.assert_close(nll, cross_entropy(logits, target, reduction="sum").detach() / 2)
    assert not nll.requires_grad
    for gradient, correct in zip(gradients, expected_gradients, strict=True):
        torch.testing.assert_close(gradient, correct, atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_r_drop_in_half_precision_stays_near(dtype: torch.dtype) -> None:
    torch.manual_seed(6)
    once = torch.randn(300, 16)
    states = torch.cat([once, once + 0.3 * torch.randn(300, 16)]).requires_grad_()
    weight = (torch.randn(80, 16) * 0.25).requires_grad_()
    target = torch.randint(80, (300,)).repeat(2)
    exact = projected_loss(states, weight, target, 0.1, 3.0)[0]
    half = states.detach().to(dtype).requires_grad_()
    rounded = projected_loss(half, weight, target, 0.1, 3.0)[0]
    assert rounded.item() == pytest.approx(exact.item(), rel=5e-3)
    for exactly, nearly in zip(
        torch.autograd.grad(exact, (states, weight)),
        torch.autograd.grad(rounded, (half, weight)),
        strict=True,
    ):
        assert float((exactly - nearly.float()).norm() / exactly.norm()) < 0.02


def test_two_equal_predictions_have_the_loss_of_one() -> None:
    torch.manual_seed(7)
    states = torch.randn(20, 8, requires_grad=True)
    weight = torch.randn(30, 8, requires_grad=True)
    target = torch.randint(30, (20,))
    one = projected_loss(states, weight, target, 0.1)
    two = projected_loss(states.repeat(2, 1), weight, target.repeat(2), 0.1, 3.0)
    torch.testing.assert_close(two, one)
    for gradient, correct in zip(
        torch.autograd.grad(two[0], (states, weight)),
        torch.autograd.grad(one[0], (states, weight)),
        strict=True,
    ):
        torch.testing.assert_close(gradient, correct, atol=2e-5, rtol=1e-4)
