"""Label-smoothed cross-entropy (arXiv 1512.00567, section 7), in little memory.

The target distribution q gives 1 - smoothing to the right token and spreads the rest evenly over
the whole vocabulary, as ``torch.nn.functional.cross_entropy`` does. With p the softmax of the
logits, the loss of a token is - sum over v of q_v log p_v, and its gradient is p - q.

R-Drop (arXiv 2106.14448) adds how far two predictions p and p' of a token, made with different
dropout, are from each other: (KL(p, p') + KL(p', p)) / 2. What turns logits into log-probabilities
is a constant for each of the two, and p and p' have the same sum. So, with d the first logits minus
the second ones, KL(p, p') + KL(p', p) = sum over v of (p_v - p'_v) d_v, and the gradient of that
for the first logits is

    p_v (d_v - sum over u of p_u d_u) + p_v - p'_v
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

_CHUNK = {"cpu": 2**22, "cuda": 2**26}
"""Logits that exist at a time, whatever the vocabulary: 8 MB in bf16, which CPU caches hold."""


def projected_loss(
    states: Tensor, weight: Tensor, target: Tensor, smoothing: float, r_drop: float = 0.0
) -> tuple[Tensor, Tensor]:
    """Return the smoothed loss and the plain negative log-likelihood, both summed over tokens.

    The logits of a batch are the largest tensor of a training step, many times larger than all
    else. Here they are made in chunks, and each chunk's gradient is taken at once.

    Args:
        states: N x D; matrix products are made in its number format.
        weight: V x D, the output projection, float32.
        target: N ids.
        smoothing: share of the probability that is spread.
        r_drop: weight of R-Drop. With it, the second half of states and target is the first half
            once more, with different dropout, and both results are the mean of the halves.
    """
    if r_drop:
        # both predictions of a token side by side, so that no chunk parts them
        states, target = (torch.stack(x.chunk(2), dim=1).flatten(0, 1) for x in (states, target))
    loss, nll = _ProjectedLoss.apply(states, weight, target, smoothing, r_drop)  # type: ignore[no-untyped-call]
    return (loss / 2, nll / 2) if r_drop else (loss, nll)


def guided_loss(weights: Tensor, guide: Tensor) -> Tensor:
    """Return how far a head is from looking where it should, summed over positions.

    That is the cross-entropy - sum over j of g_j log alpha_j (arXiv 1909.02074, section 4.2).

    Args:
        weights: B x T x S, what the head looks at.
        guide: B x T x S, what it is to look at; rows sum to 1, or to 0 where nothing is asked.
    """
    # float16 and bfloat16 round weights that are nearly 1; and none may be 0
    return -(guide * weights.float().clamp_min(1e-6).log()).sum()


class _ProjectedLoss(torch.autograd.Function):
    """The gradient of a sum of losses needs nothing from outside, so it is made on the way."""

    @staticmethod
    def forward(
        ctx: Any, states: Tensor, weight: Tensor, target: Tensor, smoothing: float, r_drop: float
    ) -> tuple[Tensor, Tensor]:
        N, V = len(states), len(weight)
        # gradients are not scaled up yet, and float16 cannot hold numbers this small
        back = torch.float32 if states.dtype == torch.float16 else states.dtype
        rounded = weight.to(states.dtype)
        projection = rounded.T.contiguous()  # D x V, which is read faster
        states_gradient = torch.empty_like(states)
        weight_gradient = torch.zeros_like(weight)
        nll = torch.zeros((), device=states.device)
        right_logits, apart = torch.zeros_like(nll), torch.zeros_like(nll)
        # a power of two: CPU kernels take up to three times as long for another number of rows
        rows = 2 ** min(_CHUNK[states.device.type] // V, N).bit_length() // 2 or 1
        spare = functional.pad(states, (0, 0, 0, -N % rows))
        for start in range(0, N, rows):
            some, real = spare[start : start + rows], min(rows, N - start)
            logits = some @ projection  # rows x V
            # the right tokens' places, counted through all logits: gather and scatter are slow here
            right = target[start : start + real] + V * torch.arange(real, device=target.device)
            right_logits += logits.view(-1)[right].sum(dtype=torch.float32)
            # softmax minus the target distribution; the even part of that is seen to below
            gradient = torch.softmax(logits, dim=-1, dtype=back)
            likelihood = gradient.view(-1)[right].float()
            nll -= likelihood.clamp_min(torch.finfo(torch.float32).tiny).log().sum()
            if r_drop:
                distance, pull = _apart(logits, gradient)
                apart += distance
                gradient.add_(pull, alpha=r_drop / 2)
            gradient.view(-1).index_add_(0, right, gradient.new_full((real,), smoothing - 1))
            states_gradient[start : start + real] = (gradient @ rounded.to(back))[:real]
            weight_gradient += gradient.T @ some.to(back)  # the padding's states are zero
        # smoothing / V less for each of N x V numbers, after the products instead of before
        columns, total = weight.sum(dim=0), states.sum(dim=0, dtype=torch.float32)  # both D
        states_gradient -= (columns * (smoothing / V)).to(states.dtype)
        weight_gradient -= total * (smoothing / V)
        # log p_v = logit_v - logit_right + log p_right, so its mean needs the mean logit only
        loss = nll + smoothing * (right_logits - total @ columns / V)
        if r_drop:
            loss += r_drop / 2 * apart
        ctx.save_for_backward(states_gradient, weight_gradient)
        ctx.mark_non_differentiable(nll)
        return loss, nll

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        states_gradient, weight_gradient = ctx.saved_tensors
        scale = gradients[0]
        for_states = (states_gradient * scale).to(states_gradient.dtype)
        return for_states, weight_gradient * scale, None, None, None


def _apart(logits: Tensor, likelihoods: Tensor) -> tuple[Tensor, Tensor]:
    """Return KL(p, p') + KL(p', p), summed over pairs of neighbouring rows, and its gradient.

    Args:
        logits: R x V.
        likelihoods: their softmax; the gradient is of its number format.
    """
    both = logits.to(likelihoods.dtype).view(-1, 2, logits.shape[1])  # R/2 x 2 x V
    p = likelihoods.view_as(both)
    d = both - both.flip(1)  # seen from either side
    mean = (p * d).sum(dim=-1, keepdim=True, dtype=torch.float32)  # R/2 x 2 x 1
    pull = torch.addcmul(p - p.flip(1), p, d - mean.to(d.dtype))
    return mean.sum(), pull.view_as(logits)
