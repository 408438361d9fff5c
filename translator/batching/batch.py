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
        real: N places of the real (not padding) tokens in target_out, counted through all rows.
            They are found before the batch goes to a GPU, which would have to be waited for.
        guide: B x T x S, what an alignment head is to look at; None without guided alignment.
    """

    source: Tensor
    target_in: Tensor
    target_out: Tensor
    real: Tensor
    guide: Tensor | None = None

    @property
    def target_tokens(self) -> int:
        """Return the number of real tokens in target_out."""
        return len(self.real)

    @property
    def width(self) -> int:
        """Return the length of the longer side, padding included."""
        return max(self.source.shape[1], self.target_in.shape[1])

    def split(self, rows: int) -> list[Batch]:
        """Return the batch (on the CPU) in parts of at most so many rows, padded as it is."""
        if rows >= len(self.source):
            return [self]
        spans = [slice(start, start + rows) for start in range(0, len(self.source), rows)]
        return [
            Batch(
                self.source[span],
                self.target_in[span],
                self.target_out[span],
                real_places(self.target_out[span]),
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
            torch.cat([self.real, self.real + self.target_out.numel()]),
            None if self.guide is None else self.guide.repeat(2, 1, 1),
        )

    def to(self, device: torch.device) -> Batch:
        """Return the batch on another device.

        What a GPU copies is put where it can read without the CPU, which goes on meanwhile.
        """
        tensors = [self.source, self.target_in, self.target_out, self.real]
        tensors += [] if self.guide is None else [self.guide]
        if device.type == "cuda":
            tensors = [tensor.pin_memory() for tensor in tensors]
        return Batch(*(tensor.to(device, non_blocking=True) for tensor in tensors))


def collate(sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]]) -> Batch:
    """Build a batch from rows of ids without special ids."""
    target_out = pad([[*row, EOS_ID] for row in targets])
    return Batch(
        source=pad([[*row, EOS_ID] for row in sources]),
        target_in=pad([[BOS_ID, *row] for row in targets]),
        target_out=target_out,
        real=real_places(target_out),
    )


def pad(rows: Sequence[Sequence[int]]) -> Tensor:
    """Return the rows as one B x (longest row) tensor of ids, filled up with padding."""
    padded = np.full((len(rows), max(map(len, rows))), PAD_ID, dtype=np.int64)
    for line, row in zip(padded, rows, strict=True):
        line[: len(row)] = row
    return torch.from_numpy(padded)


def real_places(ids: Tensor) -> Tensor:
    """Return where B x T ids on the CPU are no padding, counted through all rows."""
    return torch.from_numpy(np.flatnonzero(ids.numpy() != PAD_ID))
