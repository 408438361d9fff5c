"""What incremental decoding remembers. The caller owns it; modules hold no decoding state."""

from __future__ import annotations

import torch
from torch import Tensor

_SPARE = 16
"""Positions that a cache can still take when it has been enlarged."""


class LayerCache:
    """One decoder layer's keys and values: a growing part (self) and a fixed part (memory).

    The growing part has R rows, one per hypothesis; the fixed part has one row per sentence, shared
    by its hypotheses, so R is a multiple of its rows.
    """

    def __init__(self) -> None:
        self.memory: tuple[Tensor, Tensor] | None = None  # each B x H x S x K
        self._keys: Tensor | None = None  # R x H x capacity x K
        self._values: Tensor | None = None
        self.length = 0

    def append(self, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Add new positions (R x H x T x K) and return all so far (R x H x length x K)."""
        end = self.length + keys.shape[2]
        if self._keys is None or self._values is None or end > self._keys.shape[2]:
            # little to spare, because each reordering copies it too
            self._keys = _grown(self._keys, keys, self.length, end + _SPARE)
            self._values = _grown(self._values, values, self.length, end + _SPARE)
        self._keys[:, :, self.length : end] = keys
        self._values[:, :, self.length : end] = values
        self.length = end
        return self._keys[:, :, :end], self._values[:, :, :end]

    def reorder(self, rows: Tensor) -> None:
        """Let row i of the growing part become the old row ``rows[i]``."""
        if self._keys is not None and self._values is not None:
            self._keys = self._keys.index_select(0, rows)
            self._values = self._values.index_select(0, rows)

    def select_memory(self, sentences: Tensor) -> None:
        """Keep only these sentences of the fixed part."""
        if self.memory is not None:
            keys, values = self.memory
            self.memory = keys.index_select(0, sentences), values.index_select(0, sentences)


class DecoderCache:
    """The caches of all decoder layers."""

    def __init__(self, layers: int) -> None:
        self.layers = [LayerCache() for _ in range(layers)]

    @property
    def length(self) -> int:
        """Return the number of target positions seen so far."""
        return self.layers[0].length

    def reorder(self, rows: Tensor) -> None:
        """Follow the search: hypothesis i continues the old hypothesis ``rows[i]``."""
        for layer in self.layers:
            layer.reorder(rows)

    def select_memory(self, sentences: Tensor) -> None:
        """Forget the memory of all but these sentences (indices into the present ones)."""
        for layer in self.layers:
            layer.select_memory(sentences)


def _grown(old: Tensor | None, new: Tensor, length: int, capacity: int) -> Tensor:
    R, H, _, K = new.shape
    buffer = torch.empty(R, H, capacity, K, dtype=new.dtype, device=new.device)
    if old is not None:
        buffer[:, :, :length] = old[:, :, :length]
    return buffer
