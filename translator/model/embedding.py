"""Token embeddings plus sinusoidal positions."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from translator.model.dropout import Dropout

# Positions are counted from pad id + 1, as in M2M100 and CTranslate2, so exports need no new table.
POSITION_OFFSET = 2


class Embedding(nn.Module):
    """Ids -> vectors: scaled token embedding plus position, then dropout.

    The weight (V x D) is the only one of the model's vocabulary: source, target and output
    projection share it (arXiv 1608.05859).
    """

    positions: Tensor

    def __init__(self, vocab_size: int, d_model: int, dropout: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(vocab_size, d_model))
        self.scale = math.sqrt(d_model)
        self.dropout = Dropout(dropout)
        # derived from the shape alone, so it is no part of the stored weights
        self.register_buffer("positions", sinusoids(256, d_model), persistent=False)

    def forward(self, ids: Tensor, start: int = 0, dtype: torch.dtype | None = None) -> Tensor:
        """Return B x T x D for ids B x T whose first position is `start`, of `dtype` if given."""
        first = start + POSITION_OFFSET
        last = first + ids.shape[1]
        if last > len(self.positions):
            longer = sinusoids(2 * last, self.weight.shape[1])
            self.positions = longer.to(self.positions)
        vectors = nn.functional.embedding(ids, self.weight) * self.scale
        return self.dropout((vectors + self.positions[first:last]).to(dtype or vectors.dtype))


def sinusoids(length: int, d_model: int) -> Tensor:
    """Return position vectors, length x D: sines in the first half, cosines in the second.

    Frequencies fall geometrically from 1 to 1/10000 (arXiv 1706.03762, section 3.5, in the layout
    of tensor2tensor).
    """
    half = d_model // 2
    # on the CPU even where a model is outlined on "meta": torch loads its compiler to count there
    steps = torch.arange(half, device="cpu")
    frequencies = torch.exp(steps * -(math.log(10000.0) / max(half - 1, 1)))
    angles = torch.arange(length, device="cpu")[:, None] * frequencies  # length x D/2
    return torch.cat([angles.sin(), angles.cos()], dim=1)
