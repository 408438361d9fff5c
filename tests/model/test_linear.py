from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from translator.model.linear import LayerNorm, Linear, side_by_side


def test_layers_side_by_side_are_the_layers_one_by_one() -> None:
    torch.manual_seed(1)
    layers = [Linear(6, width).double() for width in (6, 4, 8)]
    states = torch.randn(2, 5, 6, dtype=torch.float64, requires_grad=True)
    upstream = [torch.randn(2, 5, width, dtype=torch.float64) for width in (6, 4, 8)]
    inputs = [states, *(p for layer in layers for p in layer.parameters())]
    alone = [layer(states) for layer in layers]
    together = side_by_side(layers, states)
    torch.testing.assert_close(list(together), alone)
    torch.testing.assert_close(
        torch.autograd.grad(together, inputs, upstream),
        torch.autograd.grad(alone, inputs, upstream),
    )


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
def test_layers_compute_in_the_format_of_their_input(dtype: torch.dtype) -> None:
    torch.manual_seed(2)
    states = torch.randn(3, 8)
    linear, norm = Linear(8, 8), LayerNorm(8)
    result = norm(linear(states.to(dtype)))
    assert result.dtype == dtype
    exact = functional.layer_norm(functional.linear(states, linear.weight, linear.bias), (8,))
    torch.testing.assert_close(result.float(), exact, atol=0.06, rtol=0.02)
    result.float().square().sum().backward()
    assert linear.weight.grad is not None
    assert linear.weight.grad.dtype == torch.float32
