"""What each running hypothesis consists of so far."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from translator.decoding.search.hypothesis import Hypothesis
from translator.tokenizer.tokenizer import EOS_ID


class Row(NamedTuple):
    """One hypothesis."""

    ids: list[int]
    log_probs: list[float] | None

    def hypothesis(self, log_prob: float, length_penalty: float) -> Hypothesis:
        """Return it as found; it is complete if its last token is the end."""
        complete = self.ids[-1] == EOS_ID
        ids = self.ids[:-1] if complete else self.ids
        score = log_prob / len(self.ids) ** length_penalty
        return Hypothesis(ids, log_prob, score, complete, self.log_probs)


class History:
    """The tokens of R hypotheses of equal length, and their log probabilities where wanted.

    Attributes:
        ids: R x length.
    """

    def __init__(self, rows: int, device: torch.device, *, log_probs: bool) -> None:
        self.ids = torch.empty(rows, 0, dtype=torch.long, device=device)
        self._log_probs = torch.empty(rows, 0, device=device) if log_probs else None

    @property
    def length(self) -> int:
        """Return the number of tokens of each."""
        return self.ids.shape[1]

    def extended(self, rows: Tensor, tokens: Tensor, step: Tensor) -> History:
        """Return hypotheses that continue these ones.

        Args:
            rows: which ones, N.
            tokens: the new token of each, N.
            step: log probabilities of the next token, R x V.
        """
        new = History.__new__(History)
        new.ids = torch.cat([self.ids[rows], tokens[:, None]], dim=1)
        new._log_probs = None
        if self._log_probs is not None:
            chosen = step[rows, tokens].to(self._log_probs.dtype)
            new._log_probs = torch.cat([self._log_probs[rows], chosen[:, None]], dim=1)
        return new

    def select(self, rows: Tensor) -> History:
        """Return some of the hypotheses as they are."""
        new = History.__new__(History)
        new.ids = self.ids[rows]
        new._log_probs = None if self._log_probs is None else self._log_probs[rows]
        return new

    def rows(self) -> Iterator[Row]:
        """Yield the hypotheses one by one."""
        ids = self.ids.tolist()
        if self._log_probs is None:
            yield from (Row(row, None) for row in ids)
        else:
            yield from map(Row, ids, self._log_probs.tolist())
