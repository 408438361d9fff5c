"""A linear layer with what follows it in one pass, for bf16 on a CPU.

There the product itself is so fast that each further pass over its result shows: the bias as torch
adds it, ReLU and dropout together take as long as the product. oneDNN, which torch is built with,
does the first two while it writes the result; only the code that torch.compile makes calls it so.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor


def is_fusible(states: Tensor) -> bool:
    """Return whether `linear` can take these states."""
    return states.is_cpu and states.dtype == torch.bfloat16 and _SUPPORTED


def linear(
    states: Tensor,
    weight: Tensor,
    bias: Tensor,
    *,
    relu: bool = False,
    mask: Tensor | None = None,
    scale: float = 1.0,
) -> Tensor:
    """Return the product plus bias, with ReLU and dropout if wanted (… x D_in -> … x D_out).

    Args:
        states: bf16.
        weight: D_out x D_in, in any number format; its gradient has the same.
        bias: D_out, likewise.
        relu: apply ReLU to the result.
        mask: … x D_out, what the result is multiplied with after ReLU; only with `relu`.
        scale: what the numbers in the mask are that are not zero.
    """
    if mask is not None and not relu:
        raise ValueError("the gradient of a mask is made for results of ReLU only")
    return _Linear.apply(states, weight, bias, relu, mask, scale)  # type: ignore[no-untyped-call]


class _Linear(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        states: Tensor,
        weight: Tensor,
        bias: Tensor,
        relu: bool,
        mask: Tensor | None,
        scale: float,
    ) -> Tensor:
        rounded = weight.to(states.dtype)
        after = "relu" if relu else "none"
        rows = padded(states.reshape(-1, states.shape[-1]))
        result = torch.ops.mkldnn._linear_pointwise(
            rows, rounded, bias.to(states.dtype), after, [], ""
        )
        result = result[: states.shape[:-1].numel()].view(*states.shape[:-1], len(weight))
        if mask is not None:
            result *= mask
        ctx.relu, ctx.scale, ctx.shape = relu, scale, states.shape
        ctx.save_for_backward(rows, rounded, *[result] * relu)
        ctx.formats = weight.dtype, bias.dtype
        return result

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        states, weight, *result = ctx.saved_tensors
        weight_format, bias_format = ctx.formats
        gradient = gradients[0].reshape(-1, len(weight))  # N x D_out
        if ctx.relu:
            # a number that was dropped is zero too, and the others' factor waits for the products
            gradient = torch.ops.aten.threshold_backward(gradient, result[0].view_as(gradient), 0)
            weight = weight * ctx.scale
        for_bias = gradient.sum(dim=0).to(bias_format)
        gradient = padded(gradient)
        for_states = (gradient @ weight)[: ctx.shape[:-1].numel()].view(ctx.shape)
        for_weight = (gradient.T @ states).to(weight_format)
        if ctx.relu:
            for_weight, for_bias = for_weight * ctx.scale, for_bias * ctx.scale
        return for_states, for_weight, for_bias, None, None, None


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
