"""Label-smoothed cross-entropy (arXiv 1512.00567, section 7), readable and in little memory.

The target distribution gives 1 - smoothing to the right token and spreads the rest evenly over the
whole vocabulary, as ``torch.nn.functional.cross_entropy`` does.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

_CHUNK = 512
"""Tokens whose logits exist at a time: 512 x 8,000 numbers stay within a CPU's cache."""


def label_smoothed_loss(logits: Tensor, target: Tensor, smoothing: float) -> tuple[Tensor, Tensor]:
    """Return the smoothed loss and the plain negative log-likelihood, both summed over tokens.

    Args:
        logits: N x V, any floating type; computed in float32.
        target: N ids.
        smoothing: share of the probability that is spread.
    """
    logits = logits.float()
    log_normalizer = logits.logsumexp(dim=-1)  # N x V -> N
    nll = log_normalizer - logits.gather(-1, target[:, None]).squeeze(-1)
    uniform = log_normalizer - logits.mean(dim=-1)
    return ((1 - smoothing) * nll + smoothing * uniform).sum(), nll.detach().sum()


def projected_loss(
    states: Tensor, weight: Tensor, target: Tensor, smoothing: float, dtype: torch.dtype
) -> tuple[Tensor, Tensor]:
    """Return ``label_smoothed_loss(states @ weight.T, …)`` without ever holding all logits.

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
        states_gradient = torch.empty_like(states)
        weight_gradient = torch.zeros_like(weight)
        loss = states.new_zeros((), dtype=torch.float32)
        nll_sum = torch.zeros_like(loss)
        for start in range(0, len(states), _CHUNK):
            some = states[start : start + _CHUNK].to(dtype)
            right = target[start : start + _CHUNK, None]
            logits = (some @ projection.T).float()  # n x V
            log_normalizer = logits.logsumexp(dim=-1, keepdim=True)
            nll = (log_normalizer - logits.gather(-1, right)).sum()
            uniform = (log_normalizer - logits.mean(dim=-1, keepdim=True)).sum()
            loss += (1 - smoothing) * nll + smoothing * uniform
            nll_sum += nll
            # softmax minus the target distribution, in the place of the logits
            gradient = logits.sub_(log_normalizer).exp_().sub_(smoothing / V)
            gradient.scatter_add_(
                -1, right, torch.full_like(right, smoothing - 1, dtype=torch.float32)
            )
            gradient = gradient.to(dtype)
            states_gradient[start : start + _CHUNK] = gradient @ projection
            weight_gradient += gradient.T @ some
        ctx.save_for_backward(states_gradient, weight_gradient)
        ctx.mark_non_differentiable(nll_sum)
        return loss, nll_sum

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        states_gradient, weight_gradient = ctx.saved_tensors
        return states_gradient * gradients[0], weight_gradient * gradients[0], None, None, None
