"""Dropout whose random numbers are cheap on a CPU."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

_POOL = 2**24
"""Numbers in a pool of masks, at least: a call's mask is a stretch of it that chance picks."""


class Dropout(nn.Module):
    """Set each number to zero with probability `p` in training, and scale the others up.

    torch's own dropout draws one random number per element, which on a CPU takes a quarter of a
    training step. Here a long row of them is drawn once, a byte each (so `p` is rounded to a
    256th), and each call multiplies with the stretch of it that begins at a random place. On a GPU
    torch's fused kernel is used. (arXiv 1207.0580.)
    """

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p
        self.threshold = min(round(p * 256), 255)

    def forward(self, states: Tensor) -> Tensor:
        """Return the states with some of their numbers dropped; unchanged in evaluation."""
        if not self.training or not self.p:
            return states
        if not states.is_cpu:
            return nn.functional.dropout(states, self.p)
        return states * self.mask(states.shape, states.dtype) if self.threshold else states

    def add(self, states: Tensor, update: Tensor) -> Tensor:
        """Return the states plus the update, some of whose numbers are dropped."""
        if self.training and self.threshold and update.is_cpu:
            mask = self.mask(update.shape, update.dtype)
            return torch.addcmul(states, update, mask)  # one pass instead of two
        return states + self(update)

    def scale(self, dtype: torch.dtype) -> float:
        """Return what the numbers in a mask are that are not zero."""
        return float(torch.tensor(256 / (256 - self.threshold), dtype=dtype))

    def mask(self, shape: Sequence[int], dtype: torch.dtype) -> Tensor:
        """Return zeros, and ones scaled up, for a CPU to multiply with."""
        count = math.prod(shape)
        # twice as long as needed, so that there are many places to begin at
        length = max(_POOL, 2 ** (2 * count).bit_length())
        pool = _pool(self.threshold, length, dtype)
        start = int(torch.randint(length - count + 1, ()))
        return pool[start : start + count].view(shape)


@functools.lru_cache(maxsize=4)
def _pool(threshold: int, length: int, dtype: torch.dtype) -> Tensor:
    """Return masks in a row: the same ones in every process, so that a resumed run is exact."""
    chance = torch.Generator().manual_seed(threshold)
    bits = torch.iinfo(torch.int64)  # eight numbers from each draw
    drawn = torch.randint(bits.min, bits.max, (length // 8,), generator=chance)
    return (drawn.view(torch.uint8) >= threshold).to(dtype).mul_(256 / (256 - threshold))
