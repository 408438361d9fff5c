"""Sampling: translations drawn at random, as likely as the model finds them.

What is drawn for a sentence depends on its own stream of random numbers, one number for each token,
and not on the sentences beside it.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

import torch
from torch import Tensor

from translator.decoding.search.beam import checked_limits
from translator.decoding.search.history import History, Row
from translator.decoding.search.hypothesis import Hypothesis
from translator.decoding.search.rules import Rules
from translator.errors import ModelError
from translator.model.transformer import Transformer
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID

_FREE = Rules()


@torch.no_grad()
def sample(
    model: Transformer,
    source: Tensor,
    *,
    samples: int,
    draws: Sequence[str],
    temperature: float,
    top_k: int = 0,
    top_p: float = 1.0,
    length_penalty: float,
    max_lengths: Sequence[int] | Tensor,
    rules: Rules = _FREE,
    prefixes: Sequence[Sequence[int]] | None = None,
    token_log_probs: bool = False,
) -> list[list[Hypothesis]]:
    """Return translations of each sentence, drawn independently, in the order of drawing.

    The first ones are the same however many there are. Each token is drawn from the model's
    probabilities, sharpened or flattened by the temperature; of these only the `top_k` likeliest
    are left, and of these only the likeliest that hold `top_p` of what is left. Log probabilities
    and scores are those of the model, whatever the temperature.

    Args:
        model: in eval mode.
        source: ids B x S, each row ended by the end of sentence and then padded.
        samples: how many for each sentence.
        draws: for each sentence a text that decides what is drawn for it.
        temperature: above 0; 1 leaves the probabilities as they are.
        top_k: 0 for all tokens.
        top_p: 1 for all tokens.
        length_penalty, max_lengths, rules, prefixes, token_log_probs: as in `beam_search`.

    Raises:
        ModelError: the model computes something that is no number.
    """
    if samples < 1 or temperature <= 0:
        raise ValueError(f"{samples} samples at temperature {temperature}")
    limits = checked_limits(max_lengths, len(source))
    found = [
        _Drawn(draw, samples, limit, prefix, length_penalty)
        for draw, limit, prefix in zip(draws, limits, prefixes or [()] * len(limits), strict=True)
    ]
    if not found:
        return []
    live = found
    memory: Tensor | None
    memory, allowed = model.encode(source)
    cache = model.new_cache()
    device = source.device
    tokens = torch.full((len(live) * samples, 1), BOS_ID, device=device)  # R x 1, the newest ones
    log_probs = torch.zeros(len(tokens), dtype=torch.float64, device=device)  # R
    history = History(len(tokens), device, log_probs=token_log_probs)
    for length in itertools.count(1):
        logits = model.logits(model.decode(tokens, memory, allowed, cache=cache))
        begun = [one.prefix for one in live] if prefixes else None
        step = rules.next_log_probs(logits, history.ids, begun)
        numbers = [stream.random() for one in live for stream in one.streams]
        ids = _drawn(_weights(step, temperature, top_k, top_p), numbers)
        rows = torch.arange(len(ids), device=device)
        log_probs = log_probs + step[rows, ids]
        history = history.extended(rows, ids, step)
        _keep(live, ids, log_probs, history, length)
        stay = [i for i, one in enumerate(live) if None in one.results]
        if not stay:
            break
        if len(stay) < len(live):
            live = [live[i] for i in stay]
            kept = torch.tensor(stay, device=device)
            cache.select_memory(kept)
            allowed = allowed[kept]
            rows = rows.view(-1, samples)[kept].view(-1)
            cache.reorder(rows)
            log_probs, ids, history = log_probs[rows], ids[rows], history.select(rows)
        memory = None  # from here on its projection in the cache is used
        tokens = ids[:, None]
    return [one.hypotheses() for one in found]


class _Drawn:
    """What has been drawn for one sentence."""

    def __init__(
        self, draw: str, samples: int, limit: int, prefix: Sequence[int], length_penalty: float
    ) -> None:
        # a text as seed gives the same numbers in every process, and on every machine
        self.streams = [random.Random(f"{draw} {number}") for number in range(samples)]
        self.results: list[Hypothesis | None] = [None] * samples
        self.limit, self.prefix, self.length_penalty = limit, prefix, length_penalty

    def add(self, number: int, row: Row, log_prob: float) -> None:
        """Keep a sample, given all its tokens."""
        self.results[number] = row.hypothesis(log_prob, self.length_penalty)

    def hypotheses(self) -> list[Hypothesis]:
        """Return all samples."""
        return [one for one in self.results if one is not None]


def _weights(log_probs: Tensor, temperature: float, top_k: int, top_p: float) -> Tensor:
    """Return how likely each token is to be drawn (R x V, not summing to 1)."""
    # rows that have ended go on for a while, and may have nothing left to produce
    peaks = log_probs.amax(dim=1, keepdim=True).clamp(min=-1e30)
    weights = ((log_probs - peaks).double() / temperature).exp()
    if 0 < top_k < weights.shape[1]:
        least = weights.topk(top_k, dim=1).values[:, -1:]
        weights = weights.masked_fill(weights < least, 0)
    if top_p < 1:
        ordered = weights.sort(dim=1, descending=True).values
        before = ordered.cumsum(dim=1) - ordered
        kept = before < top_p * ordered.sum(dim=1, keepdim=True)
        least = ordered.masked_fill(~kept, torch.inf).amin(dim=1, keepdim=True)
        weights = weights.masked_fill(weights < least, 0)
    return weights


def _drawn(weights: Tensor, numbers: list[float]) -> Tensor:
    """Return one token of each row (R), given a number from 0 to 1 for each."""
    if bool(weights.isnan().any()):
        raise ModelError("the model computes values that are not numbers (NaN)")
    # in the order of the ids, which rounding cannot change as it could that of the weights
    sums = weights.cumsum(dim=1)
    places = torch.tensor(numbers, dtype=torch.float64, device=weights.device)[:, None]
    ids = torch.searchsorted(sums, places * sums[:, -1:], right=True)
    return ids[:, 0].clamp(max=weights.shape[1] - 1)


def _keep(
    live: list[_Drawn], ids: Tensor, log_probs: Tensor, history: History, length: int
) -> None:
    """Store the samples that have just ended, or have reached their limit."""
    drawn = ids.tolist()
    done = [
        (one, number, row)
        for i, one in enumerate(live)
        for number, row in enumerate(range(i * len(one.results), (i + 1) * len(one.results)))
        if one.results[number] is None and (drawn[row] == EOS_ID or length >= one.limit)
    ]
    if not done:
        return
    chosen = torch.tensor([row for _, _, row in done], device=ids.device)
    sums = log_probs[chosen].tolist()
    for (one, number, _), row, log_prob in zip(
        done, history.select(chosen).rows(), sums, strict=True
    ):
        one.add(number, row, log_prob)
