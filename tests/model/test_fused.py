from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from translator.config import ModelConfig
from translator.model import fused
from translator.model.layers import FeedForward
from translator.model.linear import Linear

needs_fused = pytest.mark.skipif(
    not fused.is_fusible(torch.zeros(1, dtype=torch.bfloat16)),
    reason="this processor, or this build of torch, has no bf16 products of oneDNN",
)


def _trained(module: nn.Module, states: Tensor, upstream: Tensor) -> list[Tensor]:
    """Return result and gradients, all in float32; chance begins anew."""
    torch.manual_seed(3)
    states = states.clone().requires_grad_()
    result = module(states)
    gradients = torch.autograd.grad(result, [states, *module.parameters()], upstream)
    return [tensor.detach().float() for tensor in (result, *gradients)]


@needs_fused
@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("mode", ["training", "evaluation"])
@pytest.mark.parametrize("kind", ["linear", "feed-forward"])
def test_in_one_pass_it_is_what_it_is_step_by_step(
    kind: str, mode: str, dropout: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch.manual_seed(1)
    module: nn.Module = Linear(32, 48)
    if kind == "feed-forward":
        module = FeedForward(ModelConfig(d_model=32, ffn_dim=96, dropout=dropout))
    module.train(mode == "training")
    for parameter in module.parameters():
        nn.init.normal_(parameter, std=0.3)
    states = torch.randn(5, 7, 32).bfloat16()
    upstream = torch.randn_like(module(states))
    at_once = _trained(module, states, upstream)
    monkeypatch.setattr(fused, "_SUPPORTED", False)
    apart = _trained(module, states, upstream)
    assert len(at_once) == len(apart)
    for one, other in zip(at_once, apart, strict=True):
        # bf16 has 8 bits, and both paths round at other places
        assert float((one - other).norm()) < 0.01 * float(other.norm())
        assert float(other.norm()) > 0


@needs_fused
def test_it_is_used_where_it_is_fast() -> None:
    """A linear layer over bf16 states is one node of the graph: no bias added, no cast, apart."""
    states = torch.randn(4, 3, 8).bfloat16()
    assert "_Linear" in str(Linear(8, 8)(states).grad_fn)
    assert "_Linear" not in str(Linear(8, 8)(states.float()).grad_fn)


def test_other_formats_and_processors_are_left_to_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not fused.is_fusible(torch.zeros(1))
    assert not fused.is_fusible(torch.zeros(1, dtype=torch.float16))
    assert not fused.is_fusible(torch.zeros(1, dtype=torch.bfloat16, device="meta"))
    monkeypatch.setattr(fused, "_SUPPORTED", False)
    assert not fused.is_fusible(torch.zeros(1, dtype=torch.bfloat16))
    assert Linear(4, 4)(torch.zeros(2, 4, dtype=torch.bfloat16)).dtype == torch.bfloat16


def test_few_numbers_of_rows_and_little_more_of_them() -> None:
    """Each new shape costs oneDNN milliseconds."""
    numbers = range(1, 4097)
    padded = [fused.padded(torch.ones(number, 1)) for number in numbers]
    assert all(len(rows) <= number * 17 / 16 for number, rows in zip(numbers, padded, strict=True))
    assert len({len(rows) for rows in padded if len(rows) > 1024}) == 2 * 16
    assert all(int(rows.sum()) == number for number, rows in zip(numbers, padded, strict=True))
