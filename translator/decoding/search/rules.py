"""What may come next, whatever the model thinks of it: the rules that every search keeps.

A rule takes choices away (their log probability becomes -inf) and leaves the others as they are, so
that a score remains what the model gives to the translation.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from translator.tokenizer.tokenizer import BOS_ID, EOS_ID, PAD_ID, UNK_ID

_NEVER_PRODUCED = (UNK_ID, PAD_ID, BOS_ID)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The rules that are the same for all sentences."""

    min_length: int = 0
    """The least number of tokens, end included; a sentence that can only end may end before."""
    no_repeat_ngram: int = 0
    """No sequence of this many tokens comes twice; 0 allows all."""

    def next_log_probs(
        self, logits: Tensor, history: Tensor, prefixes: Sequence[Sequence[int]] | None = None
    ) -> Tensor:
        """Return log probabilities of the next token (R x V), -inf for what may not come.

        Args:
            logits: R x T x V; the last position counts.
            history: the tokens so far, R x length.
            prefixes: what each of the B sentences begins with, R being a multiple of B. It comes
                before the other rules.
        """
        log_probs = logits[:, -1].float().log_softmax(dim=-1)
        forced = _forced(log_probs, prefixes, history.shape[1]) if prefixes else []
        for token in _NEVER_PRODUCED:
            log_probs[:, token] = -torch.inf
        if self.no_repeat_ngram:
            _forbid_repeats(log_probs, history, self.no_repeat_ngram)
        if history.shape[1] + 1 < self.min_length:
            _forbid_end(log_probs)
        for start, end, token, kept in forced:
            log_probs[start:end] = -torch.inf
            log_probs[start:end, token] = kept
        return log_probs


def _forced(
    log_probs: Tensor, prefixes: Sequence[Sequence[int]], position: int
) -> list[tuple[int, int, int, Tensor]]:
    """Return the rows whose next token is given: first row, end, token, its log probabilities."""
    each = len(log_probs) // len(prefixes)
    forced = []
    for i, ids in enumerate(prefixes):
        if position < len(ids):
            start, end, token = i * each, (i + 1) * each, ids[position]
            forced.append((start, end, token, log_probs[start:end, token].clone()))
    return forced


def _forbid_repeats(log_probs: Tensor, history: Tensor, n: int) -> None:
    """Forbid each token that would complete an n-gram of the row's history once more."""
    length = history.shape[1]
    if length < n:
        return
    if n == 1:
        log_probs.scatter_(1, history, -torch.inf)
        return
    windows = history.unfold(1, n - 1, 1)[:, :-1]  # R x (length - n + 1) x (n - 1)
    latest = history[:, None, length - n + 1 :]
    rows, places = (windows == latest).all(dim=2).nonzero(as_tuple=True)
    log_probs[rows, history[rows, places + n - 1]] = -torch.inf


def _forbid_end(log_probs: Tensor) -> None:
    """Forbid the end of the sentence, except where nothing else is left."""
    end = log_probs[:, EOS_ID].clone()
    log_probs[:, EOS_ID] = -torch.inf
    stuck = (log_probs == -torch.inf).all(dim=1)
    log_probs[:, EOS_ID] = end.where(stuck, torch.full_like(end, -torch.inf))
