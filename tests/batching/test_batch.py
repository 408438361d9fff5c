from __future__ import annotations

import pytest
import torch

from translator.batching import collate, pad


def test_collate() -> None:
    batch = collate([[10, 11], [12]], [[20], [21, 22, 23]])
    assert batch.source.tolist() == [[10, 11, 3], [12, 3, 1]]
    assert batch.target_in.tolist() == [[2, 20, 1, 1], [2, 21, 22, 23]]
    assert batch.target_out.tolist() == [[20, 3, 1, 1], [21, 22, 23, 3]]
    assert batch.real.tolist() == [0, 1, 4, 5, 6, 7]
    assert batch.target_tokens == int((batch.target_out != 1).sum()) == 6


def test_empty_texts_have_an_end() -> None:
    batch = collate([[]], [[]])
    assert (batch.source.tolist(), batch.target_in.tolist()) == ([[3]], [[2]])
    assert batch.target_out.tolist() == [[3]]
    assert batch.target_tokens == 1


def test_pad() -> None:
    padded = pad([[4, 5, 6], [], [7]])
    assert padded.tolist() == [[4, 5, 6], [1, 1, 1], [7, 1, 1]]
    assert padded.dtype == torch.int64


def test_a_batch_moves_as_a_whole() -> None:
    batch = collate([[4]], [[5]]).to(torch.device("meta"))
    tensors = (batch.source, batch.target_in, batch.target_out, batch.real)
    assert [tensor.device.type for tensor in tensors] == ["meta"] * 4
    assert batch.target_tokens == 2
    assert batch.guide is None


def test_split() -> None:
    batch = collate([[10, 11], [12], [13]], [[20], [21, 22, 23], [24]])
    assert batch.width == 4
    first, second = batch.split(2)
    assert torch.equal(first.source, batch.source[:2])
    assert torch.equal(second.target_in, batch.target_in[2:])
    assert torch.equal(second.target_out, batch.target_out[2:])
    assert (first.target_tokens, second.target_tokens) == (6, 2)
    assert (first.real.tolist(), second.real.tolist()) == ([0, 1, 4, 5, 6, 7], [0, 1])
    assert [len(part.source) for part in batch.split(1)] == [1, 1, 1]
    assert batch.split(3) == [batch]


@pytest.mark.parametrize("rows", [[[4, 5]], [[4], [5, 6]]])
def test_padding_is_the_only_thing_added(rows: list[list[int]]) -> None:
    assert [[id_ for id_ in row if id_ != 1] for row in pad(rows).tolist()] == rows


def test_twice() -> None:
    batch = collate([[10, 11], [12]], [[20], [21, 22, 23]])
    double = batch.twice()
    for name in ("source", "target_in", "target_out"):
        once = getattr(batch, name)
        assert torch.equal(getattr(double, name), torch.cat([once, once]))
    assert double.target_tokens == 2 * batch.target_tokens
    assert torch.equal(
        double.target_out.flatten()[double.real], torch.tensor([20, 3, 21, 22, 23, 3] * 2)
    )
