"""Linear layers with what follows them in one pass, for bf16 on a CPU.

There the product itself is so fast that each further pass over its result shows: the bias as torch
adds it, ReLU and dropout together take as long as the product. oneDNN, which torch is built with,
does the first two while it writes the result; only the code that torch.compile makes calls it so.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def is_fusible(states: Tensor) -> bool:
    """Return whether the functions here can take these states."""
    return states.is_cpu and states.dtype == torch.bfloat16 and _SUPPORTED


def linear(states: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Return the product plus bias (… x D_in -> … x D_out).

    Args:
        states: bf16.
        weight: D_out x D_in, in any number format; its gradient has the same.
        bias: D_out, likewise.
    """
    return _Linear.apply(states, weight, bias)  # type: ignore[no-untyped-call]


def feed_forward(
    states: Tensor,
    first: tuple[Tensor, Tensor],
    second: tuple[Tensor, Tensor],
    mask: Tensor | None,
    scale: float,
) -> Tensor:
    """Return two linear layers with ReLU and dropout between them (… x D -> … x D).

    Args:
        states: bf16.
        first, second: weight and bias of each, in any number format; their gradients have the same.
        mask: … x F, what stands between the layers is multiplied with; None: with nothing.
        scale: what the numbers in the mask are that are not zero; 1 without a mask.
    """
    return _FeedForward.apply(states, *first, *second, mask, scale)  # type: ignore[no-untyped-call]


class _Linear(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, states: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
        rows, rounded = padded(states.reshape(-1, states.shape[-1])), weight.to(states.dtype)
        ctx.save_for_backward(rows, rounded)
        ctx.shape, ctx.formats = states.shape, (weight.dtype, bias.dtype)
        result = _product(rows, rounded, bias, "none")
        return result[: states.shape[:-1].numel()].view(*states.shape[:-1], len(weight))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, ...]:
        rows, weight = ctx.saved_tensors
        gradient = gradients[0].reshape(-1, len(weight))  # N x D_out
        for_bias = gradient.sum(dim=0)
        gradient = padded(gradient)
        for_states = (gradient @ weight)[: ctx.shape[:-1].numel()].view(ctx.shape)
        for_weight = gradient.T @ rows
        return for_states, for_weight.to(ctx.formats[0]), for_bias.to(ctx.formats[1])


class _FeedForward(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        states: Tensor,
        weight: Tensor,
        bias: Tensor,
        weight_2: Tensor,
        bias_2: Tensor,
        mask: Tensor | None,
        scale: float,
    ) -> Tensor:
        N = states.shape[:-1].numel()
        rows = padded(states.reshape(-1, states.shape[-1]))
        rounded, rounded_2 = weight.to(states.dtype), weight_2.to(states.dtype)
        hidden = _product(rows, rounded, bias, "relu")
        if mask is not None:
            hidden[:N] *= mask.view(N, -1)
        ctx.save_for_backward(rows, rounded, hidden, rounded_2)
        ctx.shape, ctx.scale = states.shape, scale
        ctx.formats = [tensor.dtype for tensor in (weight, bias, weight_2, bias_2)]
        return _product(hidden, rounded_2, bias_2, "none")[:N].view(states.shape)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        rows, weight, hidden, weight_2 = ctx.saved_tensors
        gradient = padded(gradients[0].reshape(-1, len(weight_2)))  # zero where rows were added
        second = gradient.T @ hidden, gradient.sum(dim=0)
        # a number that was dropped is zero too, and the others' factor waits for the products
        gradient = torch.ops.aten.threshold_backward(gradient @ weight_2, hidden, 0)
        for_states = (gradient @ (weight * ctx.scale))[: ctx.shape[:-1].numel()].view(ctx.shape)
        first = gradient.T @ rows, gradient.sum(dim=0)
        for_weights = [
            one.to(dtype) for one, dtype in zip(first + second, ctx.formats, strict=True)
        ]
        for one in for_weights[:2]:
            one *= ctx.scale
        return for_states, *for_weights, None, None


def _product(rows: Tensor, weight: Tensor, bias: Tensor, after: str) -> Tensor:
    return torch.ops.mkldnn._linear_pointwise(rows, weight, bias.to(rows.dtype), after, [], "")


def padded(rows: Tensor) -> Tensor:
    """Return the rows (N x D) and up to a 16th of zeros below, for few different numbers of rows.

    oneDNN makes machine code for each shape of a product, which takes milliseconds and up to a
    megabyte, and keeps that of a thousand shapes: batches of all lengths have many more.
    """
    N = len(rows)
    step = max(2 ** N.bit_length() // 32, 1)  # a 16th of the power of two below N
    extra = -N % step
    if not extra:
        return rows
    result = rows.new_empty(N + extra, rows.shape[1])
    result[:N], result[N:] = rows, 0
    return result


def _is_supported() -> bool:
    operators = torch.ops.mkldnn
    return hasattr(operators, "_linear_pointwise") and bool(operators._is_mkldnn_bf16_supported())


_SUPPORTED = _is_supported()
