from __future__ import annotations

import pytest
import torch

from translator.decoding.search.candidates import _by_groups, _by_sorting, best_candidates


@pytest.mark.parametrize("V", [160, 331, 1007])
@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("count", [1, 2, 8])
def test_groups_give_what_sorting_gives(V: int, n: int, count: int) -> None:
    torch.manual_seed(V + n + count)
    step = torch.randn(4 * n, V).log_softmax(-1)
    step[:, :3] = -torch.inf
    log_probs = torch.randn(4, n)
    fast = _by_groups(step, log_probs, count)
    assert fast is not None
    for one, other in zip(fast, _by_sorting(step, log_probs, count), strict=True):
        assert torch.equal(one, other)


def test_candidates_far_apart_and_side_by_side_are_found() -> None:
    V = 331
    groups = V // 16
    for best in ([5, 5 + groups, 5 + 2 * groups], [0, 1, 2], [V - 1, V - 2, 7]):
        step = torch.full((2, V), -50.0) - torch.arange(V) / 100
        step[0, best] = torch.tensor([-1.0, -2.0, -3.0])
        step[1, best] = torch.tensor([-1.5, -2.5, -3.5])
        values, rows, tokens = best_candidates(step, torch.zeros(1, 2), 4)
        assert rows.tolist() == [[0, 1, 0, 1]]
        assert tokens.tolist() == [[best[0], best[0], best[1], best[1]]]
        assert values.tolist() == [[-1.0, -1.5, -2.0, -2.5]]


@pytest.mark.parametrize("V", [8, 500])
def test_equal_sums_are_ordered_by_row_then_token(V: int) -> None:
    step = torch.full((4, V), -9.0)
    step[:, [6, 3, 5]] = -1.0
    _, rows, tokens = best_candidates(step, torch.zeros(2, 2), 4)
    assert rows.tolist() == [[0, 0, 0, 1], [2, 2, 2, 3]]
    assert tokens.tolist() == [[3, 5, 6, 3], [3, 5, 6, 3]]


def test_greedy_takes_the_first_of_equal_tokens() -> None:
    step = torch.tensor([[-3.0, -1.0, -1.0], [-1.0, -2.0, -1.0]])
    values, rows, tokens = best_candidates(step, torch.tensor([[-1.0], [-2.0]]), 1)
    assert values.tolist() == [[-2.0], [-3.0]]
    assert rows.tolist() == [[0], [1]]
    assert tokens.tolist() == [[1], [0]]


def test_more_than_there_are_gives_all_there_are() -> None:
    values, _, tokens = best_candidates(torch.tensor([[-1.0, -3.0, -2.0]]), torch.zeros(1, 1), 9)
    assert values.tolist() == [[-1.0, -2.0, -3.0]]
    assert tokens.tolist() == [[0, 2, 1]]
