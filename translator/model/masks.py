"""Boolean attention masks, True = may attend."""

from __future__ import annotations

import torch
from torch import Tensor


def padding_mask(ids: Tensor, pad_id: int) -> Tensor:
    """Let everybody attend to the real tokens only (B x S -> B x 1 x 1 x S)."""
    return (ids != pad_id)[:, None, None, :]


def causal_mask(length: int, device: torch.device) -> Tensor:
    """Let each target position attend to itself and the earlier ones (T x T)."""
    return torch.ones(length, length, dtype=torch.bool, device=device).tril()
