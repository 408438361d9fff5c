"""Beam search: many hypotheses side by side, the likeliest are kept (greedy search with beam 1).

Shape letters as in `translator.model`, and two more: n is the number of running hypotheses of each
sentence (at most `beam`), R = B x n is the number of rows that the decoder sees.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor

from translator.decoding.search.candidates import best_candidates
from translator.decoding.search.history import History, Row
from translator.decoding.search.hypothesis import Hypothesis
from translator.decoding.search.rules import Rules
from translator.errors import ModelError
from translator.model.transformer import Transformer
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID

_FREE = Rules()


@torch.no_grad()
def beam_search(
    model: Transformer,
    source: Tensor,
    *,
    beam: int,
    length_penalty: float,
    max_lengths: Sequence[int] | Tensor,
    n_best: int = 1,
    rules: Rules = _FREE,
    prefixes: Sequence[Sequence[int]] | None = None,
    token_log_probs: bool = False,
) -> list[list[Hypothesis]]:
    """Return the `n_best` best hypotheses found for each sentence, the best one first.

    At each step the `beam` likeliest continuations go on. One that ends the sentence is finished if
    it is among the `beam` likeliest of all. The search for a sentence is over when

    - `beam` hypotheses are finished (so that beam 1 is greedy search), or
    - no running one can score better than the `n_best` finished ones, whatever follows, or
    - it reaches its length limit: what runs then is cut, and ranks behind everything finished.

    Equal scores rank the shorter first, then the one whose last step was likelier. Equal
    candidates of one step rank by the rank of the hypothesis they continue, then by id. There may
    be fewer hypotheses than `n_best`, where the vocabulary or the limit allow no more.

    Args:
        model: in eval mode.
        source: ids B x S, each row ended by the end of sentence and then padded.
        beam: running hypotheses of each sentence.
        length_penalty: the exponent in `Hypothesis.score`.
        max_lengths: for each sentence the largest number of tokens, end included.
        n_best: at most `beam`.
        rules: what may not be produced.
        prefixes: for each sentence the ids that its translation begins with (none: empty).
        token_log_probs: whether to keep the log probability of each token.

    Raises:
        ModelError: the model computes something that is no number.
    """
    if not 1 <= n_best <= beam:
        raise ValueError(f"n_best {n_best} is not between 1 and beam {beam}")
    limits = checked_limits(max_lengths, len(source))
    if prefixes is not None and len(prefixes) != len(source):
        raise ValueError(f"{len(prefixes)} prefixes for {len(source)} sentences")
    found = [
        _Found(beam, n_best, length_penalty, limit, prefix)
        for limit, prefix in zip(limits, prefixes or [()] * len(limits), strict=True)
    ]
    if not found:
        return []
    live = found  # the sentences still searched for, in the order of the rows
    memory: Tensor | None
    memory, allowed = model.encode(source)
    cache = model.new_cache()
    device = source.device
    tokens = torch.full((len(live), 1), BOS_ID, device=device)  # R x 1, the newest ones
    log_probs = torch.zeros(len(live), 1, device=device)  # B x n; -inf where nothing runs
    history = History(len(tokens), device, log_probs=token_log_probs)
    for length in itertools.count(1):
        logits = model.logits(model.decode(tokens, memory, allowed, cache=cache))
        begun = [one.prefix for one in live] if prefixes else None
        step = rules.next_log_probs(logits, history.ids, begun)
        # ends compete with the rest for the first places, and at most n of 2 n candidates are ends
        # (each hypothesis has but one), so that n others remain; greedy search needs no others
        values, parents, ids = best_candidates(step, log_probs, 2 * beam if beam > 1 else 1)
        if bool(values[:, 0].isnan().any()):
            raise ModelError("the model computes values that are not numbers (NaN)")
        ends = ids == EOS_ID
        _keep_finished(live, values, ends[:, :beam], parents, history, step)
        # the likeliest that go on, in their order
        places = ends.to(torch.uint8).argsort(dim=1, stable=True)[:, :beam]
        log_probs = values.masked_fill(ends, -torch.inf).gather(1, places)
        rows = parents.gather(1, places)
        ids = ids.gather(1, places)
        best = log_probs[:, 0].tolist()
        stay = [i for i, one in enumerate(live) if not one.is_over(best[i], length)]
        _keep_cut(live, log_probs, rows, ids, history, step)
        if not stay:
            break
        if len(stay) < len(live):
            live = [live[i] for i in stay]
            kept = torch.tensor(stay, device=device)
            cache.select_memory(kept)
            allowed, log_probs, rows, ids = (x[kept] for x in (allowed, log_probs, rows, ids))
        memory = None  # from here on its projection in the cache is used
        tokens, rows = ids.reshape(-1, 1), rows.reshape(-1)
        history = history.extended(rows, ids.reshape(-1), step)
        if beam > 1 or len(rows) < len(step):
            cache.reorder(rows)
    return [one.ranked() for one in found]


def checked_limits(max_lengths: Sequence[int] | Tensor, sentences: int) -> list[int]:
    """Return the limits as whole numbers.

    Raises:
        ValueError: their number is not that of the sentences, or one leaves no room for an end.
    """
    limits = [int(limit) for limit in max_lengths]
    if len(limits) != sentences or (limits and min(limits) < 1):
        raise ValueError("max_lengths must hold one number of at least 1 for each sentence")
    return limits


class _Found:
    """What has been found for one sentence, and whether the search may end."""

    def __init__(
        self, beam: int, n_best: int, length_penalty: float, limit: int, prefix: Sequence[int]
    ) -> None:
        self.beam, self.n_best, self.limit, self.prefix = beam, n_best, limit, prefix
        self.length_penalty = length_penalty
        self.finished: list[Hypothesis] = []
        self.cut: list[Hypothesis] = []

    def add(self, row: Row, log_prob: float) -> None:
        """Keep a hypothesis, given all its tokens."""
        found = row.hypothesis(log_prob, self.length_penalty)
        (self.finished if found.complete else self.cut).append(found)

    def is_over(self, best: float, length: int) -> bool:
        """Return whether the search ends; the best running hypothesis has `best` after `length`."""
        if best == -torch.inf or length >= self.limit or len(self.finished) >= self.beam:
            return True
        if len(self.finished) < self.n_best:
            return False
        # The log probability can only fall, so at most it stays. A positive exponent makes long
        # hypotheses look best, up to the limit; a negative one the shortest, which ends right now.
        longest = self.limit if self.length_penalty > 0 else length + 1
        attainable = best / longest**self.length_penalty
        scores = sorted((one.score for one in self.finished), reverse=True)
        return scores[self.n_best - 1] >= attainable

    def ranked(self) -> list[Hypothesis]:
        """Return the best hypotheses; a cut one is never better than a finished one."""
        # sorting is stable, and the lists are in the order of finding
        finished = sorted(self.finished, key=lambda one: -one.score)
        cut = sorted(self.cut, key=lambda one: -one.score)
        return (finished + cut)[: self.n_best]


def _keep_finished(
    live: list[_Found],
    values: Tensor,
    ends: Tensor,
    parents: Tensor,
    history: History,
    step: Tensor,
) -> None:
    """Store the candidates (B x k, the first ones) that end their sentence."""
    sentences, places = ends.nonzero(as_tuple=True)
    if not len(sentences):
        return
    rows = parents[sentences, places]
    whole = history.extended(rows, torch.full_like(rows, EOS_ID), step)
    ended = values[sentences, places].tolist()
    for sentence, log_prob, row in zip(sentences.tolist(), ended, whole.rows(), strict=True):
        if log_prob > -torch.inf and len(live[sentence].finished) < live[sentence].beam:
            live[sentence].add(row, log_prob)


def _keep_cut(
    live: list[_Found], log_probs: Tensor, rows: Tensor, ids: Tensor, history: History, step: Tensor
) -> None:
    """Store what runs (B x n) of the sentences that have reached their limit."""
    for i, one in enumerate(live):
        if history.length + 1 < one.limit or len(one.finished) >= one.n_best:
            continue
        whole = history.extended(rows[i], ids[i], step)
        for log_prob, row in zip(log_probs[i].tolist(), whole.rows(), strict=True):
            if log_prob > -torch.inf:
                one.add(row, log_prob)
