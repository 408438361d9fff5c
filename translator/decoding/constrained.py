"""Beam search for translations that hold given phrases (glossary terms).

Lexically constrained decoding with dynamic beam allocation (arXiv 1804.06609): hypotheses compete
only with those that have come as far with the phrases, so that neither the cautious nor the hasty
crowd the others out. Beside the likeliest tokens, those that begin or continue a missing phrase are
tried at every step; where a phrase stands is what the model finds likeliest.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from translator.decoding.candidates import best_candidates
from translator.decoding.history import History
from translator.decoding.hypothesis import Hypothesis
from translator.decoding.phrases import State, Tracker
from translator.decoding.rules import Rules
from translator.decoding.search import Found, checked_limits
from translator.errors import ModelError
from translator.model.transformer import Transformer
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID

_FREE = Rules()
_SPARE = 4
"""Hypotheses beyond the beam, for greedy search and for small beams."""
_ANY_NUMBER = 1 << 30
_WIDEST = 40
"""Hypotheses at most, however many tokens are required."""


def width(beam: int, tracker: Tracker) -> int:
    """Return how many hypotheses run for a sentence: enough for each stage of its phrases."""
    return max(beam, min(beam + _SPARE + tracker.total, _WIDEST))


@dataclass
class _Sentence:
    """One sentence that is searched for."""

    tracker: Tracker
    found: Found
    width: int
    beam: int
    endings: int = 0
    """Translations that hold all phrases, and were among the likeliest when they ended."""
    states: list[State | None] = field(default_factory=list)
    """Of each running hypothesis; None where nothing runs."""

    def is_over(self, going: Sequence[_Candidate], length: int) -> bool:
        """Return whether the search ends; `going` is what runs after `length` tokens."""
        if not going or self.endings >= self.beam:
            return True
        return self.found.is_over(max(one.log_prob for one in going), length)


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
    rules: Rules = _FREE,
    prefixes: Sequence[Sequence[int]] | None = None,
    token_log_probs: bool = False,
) -> list[list[Hypothesis]]:
    """Return the `n_best` best translations that hold all phrases; none where none was found.

    What is cut at the limit ranks behind everything finished.

    Args:
        model: in eval mode.
        source: ids B x S, each row ended by the end of sentence and then padded.
        trackers: for each sentence one that knows its phrases.
        beam: a search ends when so many translations hold all phrases; more hypotheses run.
        length_penalty, max_lengths, n_best, rules, prefixes, token_log_probs: as in `beam_search`.

    Raises:
        ModelError: the model computes something that is no number.
    """
    limits = checked_limits(max_lengths, len(source))
    sentences = [
        _Sentence(
            tracker,
            Found(_ANY_NUMBER, n_best, length_penalty, limit, prefix),
            width(beam, tracker),
            beam,
        )
        for tracker, limit, prefix in zip(
            trackers, limits, prefixes or [()] * len(limits), strict=True
        )
    ]
    live = sentences
    if not live:
        return []
    for one in live:
        one.states = [one.tracker.start()]
    memory: Tensor | None
    memory, allowed = model.encode(source)
    cache = model.new_cache()
    device = source.device
    tokens = torch.full((len(live), 1), BOS_ID, device=device)  # R x 1, the newest ones
    log_probs = torch.zeros(len(live), 1, device=device)  # B x n; -inf where nothing runs
    history = History(len(tokens), device, log_probs=token_log_probs)
    for length in itertools.count(1):
        logits = model.logits(model.decode(tokens, memory, allowed, cache=cache))
        begun = [one.found.prefix for one in live] if prefixes else None
        step = rules.next_log_probs(logits, history.ids, begun)
        if bool(step.amax(dim=1).isnan().any()):
            raise ModelError("the model computes values that are not numbers (NaN)")
        n = len(tokens) // len(live)
        step[_unmet(live, n, device), EOS_ID] = -torch.inf
        chosen = [
            _allocate(one, pool)
            for one, pool in zip(live, _pools(live, step, log_probs), strict=True)
        ]
        ended = [[one for one in row if one.token == EOS_ID] for row in chosen]
        _keep(live, ended, history, step)
        going = [[one for one in row if one.token != EOS_ID] for row in chosen]
        cut = [
            [other for other in row if other.state.met and length >= one.found.limit]
            for one, row in zip(live, going, strict=True)
        ]
        _keep(live, cut, history, step)
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
    return [one.found.ranked() for one in sentences]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A hypothesis and a token that may follow it."""

    log_prob: float
    row: int
    token: int
    state: State
    likely: bool
    """Whether it is among the likeliest, wherever it has come with the phrases."""


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

    These are the likeliest continuations of all, the likeliest one of each hypothesis, and those
    that begin or continue a missing phrase.
    """
    n = log_probs.shape[1]
    widest = max(one.width for one in live)
    values, parents, ids = best_candidates(step, log_probs, 2 * widest)
    rows, tokens = torch.arange(len(step)).tolist(), step.argmax(dim=1).tolist()
    for i, one in enumerate(live):
        for number, state in enumerate(one.states):
            if state is not None and not state.met:
                wanted = sorted(one.tracker.wanted(state))
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
        sorted(
            ((value, row, token) for (row, token), value in pool.items() if value > -torch.inf),
            key=lambda one: (-one[0], one[1], one[2]),
        )
        for pool in pools
    ]


def _allocate(sentence: _Sentence, pool: list[tuple[float, int, int]]) -> list[_Candidate]:
    """Choose what goes on, and what has ended: in turns from each stage of progress, the best."""
    banks: dict[int, list[_Candidate]] = {}
    n = len(sentence.states)
    for rank, (log_prob, row, token) in enumerate(pool):
        before = sentence.states[row % n]
        if before is None:
            continue
        state = before if token == EOS_ID else sentence.tracker.advance(before, token)
        candidate = _Candidate(log_prob, row, token, state, rank < sentence.width)
        banks.setdefault(sentence.tracker.progress(state), []).append(candidate)
    queues = [iter(banks[progress]) for progress in sorted(banks, reverse=True)]
    chosen: list[_Candidate] = []
    going = 0
    while queues and going < sentence.width:
        for queue in list(queues):
            best = next(queue, None)
            if best is None:
                queues.remove(queue)
                continue
            chosen.append(best)
            going += best.token != EOS_ID
            if going == sentence.width:
                break
    return sorted(chosen, key=lambda one: (-one.log_prob, one.row, one.token))


def _keep(
    live: list[_Sentence], ended: list[list[_Candidate]], history: History, step: Tensor
) -> None:
    """Store the translations that have ended, or are cut."""
    flat = [(one, candidate) for one, row in zip(live, ended, strict=True) for candidate in row]
    if not flat:
        return
    rows = torch.tensor([candidate.row for _, candidate in flat], device=step.device)
    tokens = torch.tensor([candidate.token for _, candidate in flat], device=step.device)
    whole = history.extended(rows, tokens, step).rows()
    for (one, candidate), row in zip(flat, whole, strict=True):
        one.found.add(row.ids, candidate.log_prob, row.log_probs)
        one.endings += candidate.likely and candidate.token == EOS_ID


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
