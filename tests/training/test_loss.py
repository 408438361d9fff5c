from __future__ import annotations

import pytest
import torch
from torch.nn.functional import cross_entropy, linear

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
