"""The likeliest continuations of a sentence's hypotheses, found without sorting the vocabulary."""

from __future__ import annotations

import torch
from torch import Tensor

_GROUP = 16
"""Tokens of which only the likeliest is looked at first."""


def best_candidates(step: Tensor, log_probs: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return the likeliest (hypothesis, token) pairs of each sentence.

    Args:
        step: R x V, log probabilities of the next token, R = B x n.
        log_probs: B x n, those of the hypotheses so far.
        count: how many are wanted; there are fewer if n x V is less.

    Returns:
        B x count each, best first: the summed log probability, the row (0..R-1) of the hypothesis,
        and the token. Equal sums are ordered by row, then by token.
    """
    B, n = log_probs.shape
    V = step.shape[1]
    if n == 1 and count == 1:
        # the maximum is the first of equal ones, and the cheapest to find
        best, tokens = step.max(dim=1, keepdim=True)
        return best + log_probs, torch.arange(B, device=step.device)[:, None], tokens
    count = min(count, n * V)
    # a small vocabulary is sorted at once
    found = _by_groups(step, log_probs, count) if count < V // _GROUP else None
    values, places = found if found is not None else _by_sorting(step, log_probs, count)
    first_rows = torch.arange(0, B * n, n, device=step.device)[:, None]
    return values, first_rows + places // V, places % V


def _by_sorting(step: Tensor, log_probs: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Return the best sums and their places in n x V, by sorting all: slow and plain."""
    B, n = log_probs.shape
    sums = (step.view(B, n, -1) + log_probs[:, :, None]).view(B, -1)
    values, places = sums.sort(dim=1, descending=True, stable=True)
    return values[:, :count], places[:, :count]


def _by_groups(step: Tensor, log_probs: Tensor, count: int) -> tuple[Tensor, Tensor] | None:
    """Do the same by the maxima of groups; None if equal sums leave the order open.

    The `count` + 1 best sums lie in the `count` + 1 groups with the best maxima. One more than
    asked for is looked at, to see whether the last place is contested.
    """
    B, n = log_probs.shape
    V = step.shape[1]
    groups = V // _GROUP  # group g holds the tokens g, g + groups, g + 2 groups, …
    grid = step[:, : groups * _GROUP].view(B, n, _GROUP, groups)
    peaks = (grid.amax(dim=2) + log_probs[:, :, None]).view(B, -1)  # B x (n x groups)
    chosen = peaks.topk(count + 1, dim=1, sorted=False).indices  # B x (count + 1)
    members = torch.arange(0, groups * _GROUP, groups, device=step.device)
    places = ((chosen // groups * V + chosen % groups)[:, :, None] + members).view(B, -1)
    if V % _GROUP:
        # the tokens that fill no group
        rest = torch.arange(groups * _GROUP, V, device=step.device)
        rest = (torch.arange(0, n * V, V, device=step.device)[:, None] + rest).view(1, -1)
        places = torch.cat([places, rest.expand(B, -1)], dim=1)
    sums = step.view(B, -1).gather(1, places) + log_probs.gather(1, places // V)
    values, order = sums.topk(count + 1, dim=1)
    if bool((values[:, 1:] == values[:, :-1]).any()):
        return None
    return values[:, :count], places.gather(1, order[:, :count])
