"""Beam search for translations that hold given phrases (glossary terms).

Lexically constrained decoding with dynamic beam allocation (arXiv 1804.06609): hypotheses compete
only with those that have come as far with the phrases, so that neither the cautious nor the hasty
crowd the others out. Beside the likeliest tokens, those that begin or continue a missing phrase are
tried at every step.

A phrase that the model would never write is unlikely anywhere, and the end of the sentence is often
the cheapest place for it. So hypotheses also compete by where their phrases stand: a phrase belongs
where the decoder's cross-attention is on the words that it translates, and nothing else does.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from translator.decoding.search.beam import checked_limits
from translator.decoding.search.candidates import best_candidates
from translator.decoding.search.history import History
from translator.decoding.search.hypothesis import Hypothesis
from translator.decoding.search.phrases import Near, State, Tracker
from translator.decoding.search.rules import Rules
from translator.errors import ModelError
from translator.model.transformer import Transformer
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID

_FREE = Rules()
_SPARE = 4
"""Hypotheses beyond the beam, for greedy search and for small beams."""
_WIDEST = 40
"""Hypotheses at most, however many tokens are required."""
_GUIDANCE = 2.0
"""How much the place of a phrase counts: what attention it gets there, to this power."""
_REPLACEMENT = 1.0
"""What a token costs that takes the attention of a phrase's words, and is not the phrase."""
_LEAST = 1e-3
"""Attention is taken for at least this much."""


def width(beam: int, tracker: Tracker) -> int:
    """Return how many hypotheses run for a sentence: enough for each stage of its phrases."""
    return max(beam, min(beam + _SPARE + tracker.total, _WIDEST))


@torch.no_grad()
def constrained_search(
    model: Transformer,
    source: Tensor,
    *,
    trackers: Sequence[Tracker],
    beam: int,
    length_penalty: float,
    max_lengths: Sequence[int] | Tensor,
    n_best: int = 1,
    enough: Sequence[int] | None = None,
    rules: Rules = _FREE,
    prefixes: Sequence[Sequence[int]] | None = None,
    token_log_probs: bool = False,
) -> list[list[Hypothesis]]:
    """Return the `n_best` best translations that hold all phrases; none where none was found.

    They rank by their score, but for the places of the phrases where a tracker knows what they
    translate. What is cut at the limit ranks behind everything finished. Scores are the model's.

    Args:
        model: in eval mode.
        source: ids B x S, each row ended by the end of sentence and then padded.
        trackers: for each sentence one that knows its phrases.
        beam: a search ends when so many likely translations hold all phrases; more hypotheses run.
        enough: for each sentence the number of tokens after which it ends if there are `n_best`.
        length_penalty, max_lengths, n_best, rules, prefixes, token_log_probs: as in `beam_search`.

    Raises:
        ModelError: the model computes something that is no number.
    """
    limits = checked_limits(max_lengths, len(source))
    sentences = [
        _Sentence(tracker, beam, n_best, length_penalty, limit, soft, prefix)
        for tracker, limit, soft, prefix in zip(
            trackers, limits, enough or limits, prefixes or [()] * len(limits), strict=True
        )
    ]
    live = sentences
    if not live:
        return []
    memory: Tensor | None
    memory, allowed = model.encode(source)
    cache = model.new_cache()
    device = source.device
    tokens = torch.full((len(live), 1), BOS_ID, device=device)  # R x 1, the newest ones
    log_probs = torch.zeros(len(live), 1, device=device)  # B x n; -inf where nothing runs
    history = History(len(tokens), device, log_probs=token_log_probs)
    for length in itertools.count(1):
        watch = _Watch(live)
        states = model.decode(tokens, memory, allowed, cache=cache, **watch.options)
        begun = [one.prefix for one in live] if prefixes else None
        step = rules.next_log_probs(model.logits(states), history.ids, begun)
        if bool(step.amax(dim=1).isnan().any()):
            raise ModelError("the model computes values that are not numbers (NaN)")
        step[_unmet(live, len(tokens) // len(live), device), EOS_ID] = -torch.inf
        near = watch.near()
        pools = _pools(live, step, log_probs)
        chosen = [one.allocate(pool, near) for one, pool in zip(live, pools, strict=True)]
        _keep(live, chosen, history, step, length)
        going = [[one for one in row if one.token != EOS_ID] for row in chosen]
        stay = [
            i
            for i, (one, row) in enumerate(zip(live, going, strict=True))
            if not one.is_over(row, length)
        ]
        if not stay:
            break
        if len(stay) < len(live):
            kept = torch.tensor(stay, device=device)
            cache.select_memory(kept)
            allowed = allowed[kept]
        memory = None  # from here on its projection in the cache is used
        live, going = [live[i] for i in stay], [going[i] for i in stay]
        rows, ids, log_probs = _next(live, going, device)
        history = history.extended(rows, ids, step)
        cache.reorder(rows)
        tokens = ids[:, None]
    return [one.ranked() for one in sentences]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A hypothesis and a token that may follow it."""

    log_prob: float
    row: int
    token: int
    state: State
    rank: float
    """What it competes by: the log probability, less what its phrases lose by their places."""
    likely: bool
    """Whether it is among the best, however far it has come with the phrases."""


@dataclass
class _Sentence:
    """One sentence that is searched for."""

    tracker: Tracker
    beam: int
    n_best: int
    length_penalty: float
    limit: int
    enough: int
    prefix: Sequence[int]
    endings: int = 0
    """Translations that hold all phrases, and were among the best when they ended."""
    finished: list[tuple[float, Hypothesis]] = field(default_factory=list)
    """Translations and what they rank by."""
    cut: list[tuple[float, Hypothesis]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.width = width(self.beam, self.tracker)
        self.states: list[State | None] = [self.tracker.start()]
        """Of each running hypothesis; None where nothing runs."""

    def allocate(
        self, pool: Sequence[tuple[float, int, int]], near: Sequence[Near | None]
    ) -> list[_Candidate]:
        """Choose what goes on, and what has ended: in turns from each stage, the best."""
        stages: dict[int, list[_Candidate]] = {}
        for number, candidate in enumerate(self._ranked(pool, near)):
            stage, one = candidate
            likely = number < self.beam
            stages.setdefault(stage, []).append(_Candidate(*one, likely))
        queues = [iter(stages[stage]) for stage in sorted(stages, reverse=True)]
        chosen: list[_Candidate] = []
        going = 0
        while queues and going < self.width:
            for queue in list(queues):
                best = next(queue, None)
                if best is None:
                    queues.remove(queue)
                    continue
                chosen.append(best)
                going += best.token != EOS_ID
                if going == self.width:
                    break
        return sorted(chosen, key=lambda one: (-one.rank, one.row, one.token))

    def _ranked(
        self, pool: Sequence[tuple[float, int, int]], near: Sequence[Near | None]
    ) -> list[tuple[int, tuple[float, int, int, State, float]]]:
        """Return the candidates, each with its stage, the best first."""
        ranked = []
        n = len(self.states)
        for log_prob, row, token in pool:
            before = self.states[row % n]
            if before is None:
                continue
            state = before
            if token != EOS_ID:
                state = self.tracker.advance(before, token, near[row])
            stage, stands = self.tracker.progress(state)
            ranked.append((stage, (log_prob, row, token, state, log_prob + stands)))
        return sorted(ranked, key=lambda one: (-one[1][4], one[1][1], one[1][2]))

    def is_over(self, going: Sequence[_Candidate], length: int) -> bool:
        """Return whether the search ends; `going` is what runs after `length` tokens."""
        if not going or length >= self.limit or self.endings >= self.beam:
            return True
        if len(self.finished) < self.n_best:
            return False
        if length >= self.enough:
            return True
        # as in beam search: what can still be reached at best
        longest = self.limit if self.length_penalty > 0 else length + 1
        attainable = max(one.rank for one in going) / longest**self.length_penalty
        return (
            sorted((rank for rank, _ in self.finished), reverse=True)[self.n_best - 1] >= attainable
        )

    def add(self, candidate: _Candidate, found: Hypothesis, length: int) -> None:
        """Keep a translation of `length` tokens that holds all phrases."""
        rank = candidate.rank / length**self.length_penalty
        (self.finished if found.complete else self.cut).append((rank, found))
        self.endings += candidate.likely and found.complete

    def ranked(self) -> list[Hypothesis]:
        """Return the best translations."""
        finished = sorted(self.finished, key=lambda one: -one[0])
        cut = sorted(self.cut, key=lambda one: -one[0])
        return [found for _, found in finished + cut][: self.n_best]


class _Watch:
    """Sees in one step what the decoder attends to."""

    def __init__(self, live: Sequence[_Sentence]) -> None:
        self._live = live
        self._weights: Tensor | None = None
        guided = any(any(one.tracker.places) for one in live)
        self.options: dict[str, Any] = {"observe": self._see} if guided else {}

    def _see(self, layer: int, weights: Tensor) -> None:
        # the last layer's remain, whose attention is on what the next token translates
        self._weights = weights

    def near(self) -> list[Near | None]:
        """Return for each row how well each of its sentence's phrases would stand now."""
        if self._weights is None:
            return [None] * sum(len(one.states) for one in self._live)
        # B x H x n x S: heads together see better than one
        return [
            [_standing(row, places) for places in one.tracker.places]
            for one, rows in zip(self._live, self._weights.mean(dim=1).tolist(), strict=True)
            for row in rows
        ]


def _standing(weights: Sequence[float], places: Sequence[int]) -> tuple[float, float]:
    """Return how well a phrase for these places would stand, and how well something else would."""
    if not places:
        return 0.0, 0.0
    attention = min(1.0, max(sum(weights[at] for at in places), _LEAST))
    return _GUIDANCE * math.log(attention), -_REPLACEMENT * attention


def _unmet(live: list[_Sentence], n: int, device: torch.device) -> Tensor:
    """Return the rows that may not end yet."""
    rows = [
        i * n + number
        for i, one in enumerate(live)
        for number, state in enumerate(one.states)
        if state is not None and not state.met
    ]
    return torch.tensor(rows, dtype=torch.long, device=device)


def _pools(
    live: list[_Sentence], step: Tensor, log_probs: Tensor
) -> list[list[tuple[float, int, int]]]:
    """Return what may follow in each sentence: summed log probability, row and token.

    These are the likeliest continuations of all, the likeliest one of each hypothesis, those that
    begin or continue a missing phrase, and the end where nothing is missing.
    """
    n = log_probs.shape[1]
    widest = max(one.width for one in live)
    values, parents, ids = best_candidates(step, log_probs, 2 * widest)
    rows, tokens = list(range(len(step))), step.argmax(dim=1).tolist()
    for i, one in enumerate(live):
        for number, state in enumerate(one.states):
            if state is not None:
                wanted = [EOS_ID] if state.met else sorted(one.tracker.wanted(state))
                rows += [i * n + number] * len(wanted)
                tokens += wanted
    at = torch.tensor([rows, tokens], device=step.device)
    further = (step[at[0], at[1]] + log_probs.view(-1)[at[0]]).tolist()
    pools: list[dict[tuple[int, int], float]] = [{} for _ in live]
    columns = zip(values.tolist(), parents.tolist(), ids.tolist(), strict=True)
    for pool, one, best in zip(pools, live, columns, strict=True):
        # as many as if the sentence were alone
        for log_prob, row, token in itertools.islice(zip(*best, strict=True), 2 * one.width):
            pool[row, token] = log_prob
    for log_prob, row, token in zip(further, rows, tokens, strict=True):
        pools[row // n][row, token] = log_prob
    return [
        [(value, row, token) for (row, token), value in pool.items() if value > -torch.inf]
        for pool in pools
    ]


def _keep(
    live: list[_Sentence],
    chosen: list[list[_Candidate]],
    history: History,
    step: Tensor,
    length: int,
) -> None:
    """Store the translations that have ended, or that hold all phrases and are cut."""
    flat = [
        (one, candidate)
        for one, row in zip(live, chosen, strict=True)
        for candidate in row
        if candidate.token == EOS_ID or (candidate.state.met and length >= one.limit)
    ]
    if not flat:
        return
    rows, tokens = torch.tensor(
        [(candidate.row, candidate.token) for _, candidate in flat], device=step.device
    ).T
    whole = history.extended(rows, tokens, step).rows()
    for (one, candidate), row in zip(flat, whole, strict=True):
        found = row.hypothesis(candidate.log_prob, one.length_penalty)
        one.add(candidate, found, length)


def _next(
    live: list[_Sentence], going: list[list[_Candidate]], device: torch.device
) -> tuple[Tensor, Tensor, Tensor]:
    """Return rows (R), tokens (R) and log probabilities (B x n) of what goes on."""
    n = max(map(len, going))
    rows, ids, log_probs = [], [], []
    for one, row in zip(live, going, strict=True):
        spare = n - len(row)
        one.states = [*(candidate.state for candidate in row), *([None] * spare)]
        rows += [candidate.row for candidate in row] + [row[0].row] * spare
        ids += [candidate.token for candidate in row] + [EOS_ID] * spare
        log_probs.append([candidate.log_prob for candidate in row] + [-torch.inf] * spare)
    return (
        torch.tensor(rows, device=device),
        torch.tensor(ids, device=device),
        torch.tensor(log_probs, device=device),
    )
