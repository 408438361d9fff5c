"""Rows of ids -> one padded batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from translator.tokenizer.tokenizer import BOS_ID, EOS_ID, PAD_ID


@dataclass(frozen=True)
class Batch:
    """Sentence pairs as the model takes them.

    Attributes:
        source: B x S ids, each row ending in eos, then padding.
        target_in: B x T ids, each row beginning with bos.
        target_out: B x T ids, the same rows moved one to the left: what is to be predicted.
        target_tokens: number of real (not padding) tokens in target_out.
        guide: B x T x S, what an alignment head is to look at; None without guided alignment.
    """

    source: Tensor
    target_in: Tensor
    target_out: Tensor
    target_tokens: int
    guide: Tensor | None = None

    @property
    def width(self) -> int:
        """Return the length of the longer side, padding included."""
        return max(self.source.shape[1], self.target_in.shape[1])

    def split(self, rows: int) -> list[Batch]:
        """Return the batch in parts of at most so many rows, padded as it is."""
        if rows >= len(self.source):
            return [self]
        spans = [slice(start, start + rows) for start in range(0, len(self.source), rows)]
        return [
            Batch(
                self.source[span],
                self.target_in[span],
                self.target_out[span],
                int((self.target_out[span] != PAD_ID).sum()),
                None if self.guide is None else self.guide[span],
            )
            for span in spans
        ]

    def twice(self) -> Batch:
        """Return the batch with all its rows once more below them."""
        return Batch(
            self.source.repeat(2, 1),
            self.target_in.repeat(2, 1),
            self.target_out.repeat(2, 1),
            2 * self.target_tokens,
            None if self.guide is None else self.guide.repeat(2, 1, 1),
        )

    def to(self, device: torch.device) -> Batch:
        """Return the batch on another device."""
        return Batch(
            self.source.to(device, non_blocking=True),
            self.target_in.to(device, non_blocking=True),
            self.target_out.to(device, non_blocking=True),
            self.target_tokens,
            None if self.guide is None else self.guide.to(device, non_blocking=True),
        )


def collate(sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]]) -> Batch:
    """Build a batch from rows of ids without special ids."""
    return Batch(
        source=pad([[*row, EOS_ID] for row in sources]),
        target_in=pad([[BOS_ID, *row] for row in targets]),
        target_out=pad([[*row, EOS_ID] for row in targets]),
        target_tokens=sum(len(row) + 1 for row in targets),
    )


def pad(rows: Sequence[Sequence[int]]) -> Tensor:
    """Return the rows as one B x (longest row) tensor of ids, filled up with padding."""
    padded = np.full((len(rows), max(map(len, rows))), PAD_ID, dtype=np.int64)
    for line, row in zip(padded, rows, strict=True):
        line[: len(row)] = row
    return torch.from_numpy(padded)
