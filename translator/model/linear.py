"""Linear layers and normalisation that compute in the number format of their input.

The weights are float32. The format of the vectors that the embedding hands out decides in which
one the whole model computes: the weights follow it layer by layer, and their gradients come back
in float32. (arXiv 1710.03740 calls this mixed precision with master weights.)
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from translator.model import fused


class Linear(nn.Linear):
    """Multiply by the weight and add the bias, in the input's format (… x D_in -> … x D_out)."""

    def forward(self, states: Tensor) -> Tensor:
        """Return the transformed states."""
        return _linear(states, self.weight, self.bias)


def side_by_side(layers: Sequence[Linear], states: Tensor) -> tuple[Tensor, ...]:
    """Apply several layers to the same states (… x D_in -> … x D_out each) in one product.

    One large product is faster than several small ones, and so are its gradients.
    """
    weight = torch.cat([layer.weight for layer in layers])
    bias = torch.cat([layer.bias for layer in layers])
    widths = [layer.out_features for layer in layers]
    return torch.split(_linear(states, weight, bias), widths, dim=-1)


def _linear(states: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    if fused.is_fusible(states):
        return fused.linear(states, weight, bias)
    return functional.linear(states, weight.to(states.dtype), bias.to(states.dtype))


class LayerNorm(nn.LayerNorm):
    """Give each vector mean 0 and deviation 1, then scale and shift (arXiv 1607.06450).

    The arithmetic is float32, whatever the format of the input, which the result has too.
    """

    def forward(self, states: Tensor) -> Tensor:
        """Return the normalised states."""
        if states.is_cuda:  # its kernel wants one format for all arguments
            return super().forward(states.float()).to(states.dtype)
        return super().forward(states)
