"""Scaled dot-product attention over heads, twice: readable with its weights, and fast without.

Tests hold the two equal in values and gradients. (arXiv 1706.03762, section 3.2.1.)
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

_VECTOR = 16
"""Numbers in a vector register of a CPU: torch's softmax over fewer takes ten times as long."""


def attend_with_weights(
    queries: Tensor, keys: Tensor, values: Tensor, allowed: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """Return the context vectors and the attention weights: the formula, line by line.

    Args:
        queries: B x H x T x K.
        keys, values: B x H x S x K.
        allowed: boolean, broadcastable to B x H x T x S, True = may attend.

    Returns:
        Context B x H x T x K, and weights B x H x T x S that sum to 1 over S; both are zero for a
        query that may attend to nothing.
    """
    scores = queries @ keys.transpose(-2, -1) / math.sqrt(queries.shape[-1])  # B x H x T x S
    if allowed is not None:
        scores = scores.masked_fill(~allowed, -torch.inf)
    weights = scores.softmax(dim=-1)
    if allowed is not None:
        # a row of nothing but -inf is 0/0 above; its defined result is "no context"
        weights = weights.masked_fill(~allowed, 0.0)
    return weights @ values, weights  # B x H x T x S, B x H x S x K -> B x H x T x K


def attend(queries: Tensor, keys: Tensor, values: Tensor, allowed: Tensor | None = None) -> Tensor:
    """Return the context vectors only; shapes as in `attend_with_weights`.

    On a GPU this is torch's fused kernel. On a CPU that kernel is several times slower than the
    matrix products for sentences of ordinary length, so the products are used there.
    """
    if queries.is_cuda:
        return fused_attend(queries, keys, values, allowed)
    weights = _softmax(queries @ keys.transpose(-2, -1), queries.shape[-1] ** -0.5, allowed)
    if allowed is not None and not bool(allowed.any(dim=-1).all()):
        weights = weights.masked_fill(~allowed, 0.0)
    return weights.to(values.dtype) @ values


def fused_attend(
    queries: Tensor, keys: Tensor, values: Tensor, allowed: Tensor | None = None
) -> Tensor:
    """Return what `attend` does, by torch's fused kernel for the device."""
    context = functional.scaled_dot_product_attention(queries, keys, values, attn_mask=allowed)
    if allowed is not None:
        # kernels differ in what they return for a row without any allowed position
        context = context.masked_fill(~allowed.any(dim=-1, keepdim=True), 0.0)
    return context


def _softmax(scores: Tensor, scale: float, allowed: Tensor | None) -> Tensor:
    """Return the softmax over the allowed of the last dimension, in float32 at least.

    Args:
        scores: B x H x T x S.
        scale: what they are multiplied with before.
        allowed: as in `attend`.
    """
    S = scores.shape[-1]
    scores = scores.to(torch.promote_types(scores.dtype, torch.float32))
    # half the lowest number instead of -inf: no NaN to repair, and exp() of it is exactly zero
    nothing = torch.finfo(scores.dtype).min / 2
    if allowed is None:
        scores = scores * scale
    else:
        # one pass for both, three times as fast as masked_fill, which does not use vectors
        forbidden = scores.new_zeros(allowed.shape).masked_fill(~allowed, nothing)
        scores = torch.add(forbidden, scores, alpha=scale)
    if S < _VECTOR:
        return functional.pad(scores, (0, _VECTOR - S), value=nothing).softmax(dim=-1)[..., :S]
    return scores.softmax(dim=-1)


def split_heads(vectors: Tensor, heads: int) -> Tensor:
    """Give each head its part of the vectors: B x T x D -> B x H x T x K."""
    B, T, D = vectors.shape
    return vectors.view(B, T, heads, D // heads).transpose(1, 2)


def merge_heads(vectors: Tensor) -> Tensor:
    """Put the heads' parts side by side again: B x H x T x K -> B x T x D."""
    B, H, T, K = vectors.shape
    return vectors.transpose(1, 2).reshape(B, T, H * K)
