from __future__ import annotations

import math
from typing import Any

import pytest
import torch

from translator.decoding.search import scoring
from translator.decoding.search.batches import batches_by_length
from translator.decoding.search.scoring import forced_scores


def test_a_forced_score_is_the_sum_of_log_probabilities(new_model: Any) -> None:
    model = new_model(30)
    source, target = [5, 9, 17], [8, 8, 21, 6]
    with torch.no_grad():
        logits = model(torch.tensor([[*source, 3]]), torch.tensor([[2, *target]]))[0]
    steps = logits.log_softmax(-1)
    expected = sum(float(steps[i, token]) for i, token in enumerate([*target, 3]))
    assert forced_scores(model, [source], [target]) == pytest.approx([expected], abs=1e-5)


def test_a_forced_score_is_not_divided_by_the_length(new_model: Any) -> None:
    # equal tokens of equal probability: the scores grow with the number of tokens, end included
    model = new_model(30)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    scores = forced_scores(model, [[5], [5], [5]], [[], [8], [8, 8, 8]])
    assert scores == pytest.approx([-n * math.log(30) for n in (1, 2, 4)], abs=1e-5)


def test_scores_do_not_depend_on_batches(new_model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    model = new_model(30)
    sources = [[4 + (i * j) % 26 for j in range(1, 2 + i % 7)] for i in range(20)]
    targets = [[4 + (i + j) % 26 for j in range(i % 5)] for i in range(20)]
    together = forced_scores(model, sources, targets)
    monkeypatch.setattr(scoring, "_BATCH_TOKENS", 1)
    assert forced_scores(model, sources, targets) == pytest.approx(together, abs=1e-4)
    assert forced_scores(model, [], []) == []


def test_unequal_numbers_are_refused(new_model: Any) -> None:
    with pytest.raises(ValueError, match="2 sources and 1 targets"):
        forced_scores(new_model(30), [[4], [5]], [[4]])


def test_batches_keep_to_the_budget_and_hold_every_row_once() -> None:
    lengths = [3, 50, 7, 7, 1, 12, 30, 2, 2]
    batches = list(batches_by_length(lengths, 24))
    assert sorted(i for batch in batches for i in batch) == list(range(9))
    assert batches[:2] == [[1], [6]]
    for batch in batches:
        assert len(batch) == 1 or len(batch) * max(lengths[i] for i in batch) <= 24
