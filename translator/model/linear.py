"""Linear layers and normalisation that compute in the number format of their input.

The weights are float32. The format of the vectors that the embedding hands out decides in which
one the whole model computes: the weights follow it layer by layer, and their gradients come back
in float32. (arXiv 1710.03740 calls this mixed precision with master weights.)
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional


class Linear(nn.Linear):
    """Multiply by the weight and add the bias, in the input's format (… x D_in -> … x D_out)."""

    def forward(self, states: Tensor) -> Tensor:
        """Return the transformed states."""
        dtype = states.dtype
        return functional.linear(states, self.weight.to(dtype), self.bias.to(dtype))


class LayerNorm(nn.LayerNorm):
    """Give each vector mean 0 and deviation 1, then scale and shift (arXiv 1607.06450).

    The arithmetic is float32, whatever the format of the input, which the result has too.
    """

    def forward(self, states: Tensor) -> Tensor:
        """Return the normalised states."""
        if states.is_cuda:  # its kernel wants one format for all arguments
            return super().forward(states.float()).to(states.dtype)
        return super().forward(states)
