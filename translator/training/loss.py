"""Label-smoothed cross-entropy (arXiv 1512.00567, section 7), in little memory.

The target distribution q gives 1 - smoothing to the right token and spreads the rest evenly over
the whole vocabulary, as ``torch.nn.functional.cross_entropy`` does. With p the softmax of the
logits, the loss of a token is - sum over v of q_v log p_v, and its gradient is p - q.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

_CHUNK = 2**24
"""Logits that exist at a time: 64 MB of float32, whatever the vocabulary."""


def projected_loss(
    states: Tensor, weight: Tensor, target: Tensor, smoothing: float, dtype: torch.dtype
) -> tuple[Tensor, Tensor]:
    """Return the smoothed loss and the plain negative log-likelihood, both summed over tokens.

    The logits of a batch are the largest tensor of a training step, many times larger than all
    else. Here they are made in chunks, and each chunk's gradient is taken at once.

    Args:
        states: N x D.
        weight: V x D, the output projection.
        target: N ids.
        smoothing: share of the probability that is spread.
        dtype: of the matrix products; the softmax is computed in float32.
    """
    loss, nll = _ProjectedLoss.apply(states, weight, target, smoothing, dtype)  # type: ignore[no-untyped-call]
    return loss, nll


class _ProjectedLoss(torch.autograd.Function):
    """The gradient of a sum of losses needs nothing from outside, so it is made on the way."""

    @staticmethod
    def forward(
        ctx: Any,
        states: Tensor,
        weight: Tensor,
        target: Tensor,
        smoothing: float,
        dtype: torch.dtype,
    ) -> tuple[Tensor, Tensor]:
        V = weight.shape[0]
        projection = weight.to(dtype)  # V x D
        # gradients are not scaled up yet, and float16 cannot hold numbers this small
        back = torch.float32 if dtype == torch.float16 else dtype
        states_gradient = torch.empty_like(states)
        weight_gradient = torch.zeros_like(weight)
        loss = states.new_zeros((), dtype=torch.float32)
        nll_sum = torch.zeros_like(loss)
        rows = max(1, _CHUNK // V)
        for start in range(0, len(states), rows):
            some = states[start : start + rows].to(dtype)
            right = target[start : start + rows, None]
            log_probs = torch.log_softmax((some @ projection.T).float(), dim=-1)  # n x V
            nll = -log_probs.gather(-1, right).sum()
            loss += (1 - smoothing) * nll - smoothing * log_probs.mean(dim=-1).sum()
            nll_sum += nll
            # softmax minus the target distribution; the even part of that is seen to below
            gradient = log_probs.exp_()
            gradient.scatter_add_(-1, right, gradient.new_full(right.shape, smoothing - 1))
            gradient = gradient.to(back)
            states_gradient[start : start + rows] = gradient @ projection.to(back)
            weight_gradient += gradient.T @ some.to(back)
        # smoothing / V less for each of N x V numbers, after the products instead of before
        states_gradient -= weight.sum(dim=0) * (smoothing / V)
        weight_gradient -= states.sum(dim=0, dtype=weight.dtype) * (smoothing / V)
        ctx.save_for_backward(states_gradient, weight_gradient)
        ctx.mark_non_differentiable(nll_sum)
        return loss, nll_sum

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        states_gradient, weight_gradient = ctx.saved_tensors
        return states_gradient * gradients[0], weight_gradient * gradients[0], None, None, None
