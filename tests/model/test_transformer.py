from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from translator.config import ModelConfig
from translator.model.embedding import POSITION_OFFSET, Embedding, sinusoids
from translator.model.masks import causal_mask, padding_mask
from translator.model.transformer import Transformer

V = 23
SHAPE = ModelConfig(
    d_model=16, ffn_dim=24, attention_heads=4, encoder_layers=2, decoder_layers=2, dropout=0.3
)


@pytest.fixture
def model() -> Transformer:
    torch.manual_seed(1)
    return Transformer(SHAPE, V, 1).double().eval()


@pytest.fixture
def source() -> Tensor:
    return torch.tensor([[5, 6, 7, 8, 9, 3], [10, 11, 3, 1, 1, 1], [12, 13, 14, 15, 3, 1]])


@pytest.fixture
def target() -> Tensor:
    return torch.tensor([[2, 4, 5, 6, 7], [2, 8, 9, 10, 11], [2, 12, 13, 14, 15]])


def test_shapes_and_number_of_weights(model: Transformer, source: Tensor, target: Tensor) -> None:
    assert model(source, target).shape == (3, 5, V)
    attention, feed_forward, norm = 4 * (16 * 16 + 16), 2 * 16 * 24 + 24 + 16, 2 * 16
    encoder = 2 * (attention + feed_forward + 2 * norm) + norm
    decoder = 2 * (2 * attention + feed_forward + 3 * norm) + norm
    assert model.parameter_count() == V * 16 + encoder + decoder


def test_no_position_sees_a_later_one(model: Transformer, source: Tensor, target: Tensor) -> None:
    whole = model(source, target)
    for i in range(1, target.shape[1]):
        changed = target.clone()
        changed[:, i:] = (changed[:, i:] + 7) % 19 + 4
        result = model(source, changed)
        assert torch.equal(result[:, :i], whole[:, :i])
        assert not torch.allclose(result[:, i:], whole[:, i:])


def test_later_positions_get_no_gradient(
    model: Transformer, source: Tensor, target: Tensor
) -> None:
    memory, allowed = model.encode(source)
    vectors = model.embedding(target).detach().requires_grad_()
    causal = causal_mask(5, target.device)
    states = model.decoder(vectors, memory, causal=causal, memory_allowed=allowed)
    states[:, 2, 0].sum().backward()  # a sum over all of a normalised vector is constant
    assert vectors.grad is not None
    assert vectors.grad[:, 3:].eq(0).all()
    assert vectors.grad[:, :3].ne(0).any(dim=-1).all()


def test_one_step_at_a_time_with_a_cache_is_the_whole_at_once(
    model: Transformer, source: Tensor, target: Tensor
) -> None:
    memory, allowed = model.encode(source)
    whole = model.decode(target, memory, allowed)
    cache = model.new_cache()
    for i in range(target.shape[1]):
        given = memory if i == 0 else None  # later steps find it in the cache
        step = model.decode(target[:, i : i + 1], given, allowed, cache=cache)
        torch.testing.assert_close(step, whole[:, i : i + 1])
        assert cache.length == i + 1


def test_a_cache_may_begin_with_a_prefix(
    model: Transformer, source: Tensor, target: Tensor
) -> None:
    memory, allowed = model.encode(source)
    whole = model.decode(target, memory, allowed)
    cache = model.new_cache()
    first = model.decode(target[:, :3], memory, allowed, cache=cache)
    last = model.decode(target[:, 3:4], None, allowed, cache=cache)
    torch.testing.assert_close(torch.cat([first, last], dim=1), whole[:, :4])
    with pytest.raises(ValueError, match="one new position"):
        model.decode(target[:, 3:], None, allowed, cache=cache)


def test_a_cache_follows_the_search(model: Transformer, source: Tensor, target: Tensor) -> None:
    memory, allowed = model.encode(source)
    cache = model.new_cache()
    model.decode(target[:, :1], memory, allowed, cache=cache)
    model.decode(target[:, 1:2], None, allowed, cache=cache)
    # the first sentence leaves, the others change places, and one of them splits in two
    kept = torch.tensor([2, 1])
    cache.select_memory(kept)
    cache.reorder(torch.tensor([2, 2, 1, 1]))
    new = torch.tensor([[5], [6], [7], [8]])
    step = model.decode(new, None, allowed[kept], cache=cache)
    for row, (sentence, token) in enumerate([(2, 5), (2, 6), (1, 7), (1, 8)]):
        prefix = torch.tensor([[*target[sentence, :2].tolist(), token]])
        one = slice(sentence, sentence + 1)
        alone = model.decode(prefix, memory[one], allowed[one])
        torch.testing.assert_close(step[row], alone[0, -1:])


def test_padding_changes_no_value(model: Transformer, source: Tensor, target: Tensor) -> None:
    together = model(source, target)
    for row, ids in enumerate(source):
        real = ids[ids != 1][None]
        alone = model(real, target[row : row + 1])
        torch.testing.assert_close(alone[0], together[row])
        wider = torch.cat([real, torch.ones(1, 9, dtype=torch.long)], dim=1)
        torch.testing.assert_close(model(wider, target[row : row + 1]), alone)
    # what follows a target's end is padding, too
    longer = torch.cat([target, torch.ones(3, 2, dtype=torch.long)], dim=1)
    torch.testing.assert_close(model(source, longer)[:, :5], together)


def test_hypotheses_share_the_memory_of_their_sentence(model: Transformer, source: Tensor) -> None:
    torch.manual_seed(8)
    hypotheses = torch.randint(4, V, (9, 4))  # three for each sentence, side by side
    memory, allowed = model.encode(source)
    shared = model.decode(hypotheses, memory, allowed)
    repeated = model.decode(
        hypotheses, memory.repeat_interleave(3, 0), allowed.repeat_interleave(3, 0)
    )
    torch.testing.assert_close(shared, repeated)


def test_a_decoder_without_memory_says_so(model: Transformer, target: Tensor) -> None:
    with pytest.raises(ValueError, match="needs a memory"):
        model.decode(target, None, None)


def test_an_observer_sees_each_layers_weights_and_changes_nothing(
    model: Transformer, source: Tensor, target: Tensor
) -> None:
    memory, allowed = model.encode(source)
    seen: dict[int, Tensor] = {}
    states = model.decode(target, memory, allowed, observe=seen.__setitem__)
    torch.testing.assert_close(states, model.decode(target, memory, allowed))
    assert sorted(seen) == [0, 1]
    for weights in seen.values():
        assert weights.shape == (3, 4, 5, 6)
        torch.testing.assert_close(weights.sum(-1), torch.ones(3, 4, 5, dtype=torch.float64))
        assert weights.masked_select((source == 1)[:, None, None, :]).eq(0).all()


def test_masked_memory_content_leaves_the_logits_bit_equal(
    model: Transformer, source: Tensor, target: Tensor
) -> None:
    memory, allowed = model.encode(source)
    changed = torch.where(allowed[:, 0, 0, :, None], memory, torch.full_like(memory, 77.0))
    assert not torch.equal(memory, changed)
    assert torch.equal(
        model.decode(target, memory, allowed), model.decode(target, changed, allowed)
    )


def test_sinusoids_have_their_exact_values() -> None:
    table = sinusoids(50, 8)
    for position in (0, 1, 7, 49):
        for i in range(4):
            angle = position / 10000 ** (i / 3)
            assert table[position, i] == pytest.approx(math.sin(angle), abs=1e-5)
            assert table[position, 4 + i] == pytest.approx(math.cos(angle), abs=1e-5)
    # the narrowest one has a single frequency
    assert sinusoids(3, 2)[2].tolist() == pytest.approx([math.sin(2), math.cos(2)])


def test_positions_are_counted_from_the_padding_id_on() -> None:
    embedding = Embedding(V, 8, dropout=0.0)
    torch.nn.init.zeros_(embedding.weight)
    ids = torch.zeros(1, 5, dtype=torch.long)
    table = sinusoids(600, 8)
    assert POSITION_OFFSET == 2
    assert torch.equal(embedding(ids)[0], table[2:7])
    assert torch.equal(embedding(ids, start=3)[0], table[5:10])
    # the table grows where a sentence is longer, and says the same
    assert torch.equal(embedding(ids, start=500)[0], table[502:507])
    assert "positions" not in embedding.state_dict()


def test_tokens_are_scaled_by_the_root_of_the_width() -> None:
    embedding = Embedding(V, 16, dropout=0.0)
    torch.nn.init.normal_(embedding.weight)
    ids = torch.tensor([[7, 9]])
    expected = embedding.weight[ids] * 4 + sinusoids(4, 16)[2:4]
    torch.testing.assert_close(embedding(ids), expected)


def test_dropout_is_off_in_evaluation_and_on_in_training(
    model: Transformer, source: Tensor, target: Tensor
) -> None:
    assert torch.equal(model(source, target), model(source, target))
    model.train()
    torch.manual_seed(1)
    first = model(source, target)
    assert not torch.allclose(first, model(source, target))
    torch.manual_seed(1)
    assert torch.equal(model(source, target), first)


def test_the_embedding_decides_the_number_format(source: Tensor, target: Tensor) -> None:
    torch.manual_seed(1)
    model = Transformer(SHAPE, V, 1).eval()
    exact = model(source, target)
    memory, allowed = model.encode(source, torch.bfloat16)
    states = model.decode(target, memory, allowed, dtype=torch.bfloat16)
    near = model.logits(states)
    assert memory.dtype == states.dtype == near.dtype == torch.bfloat16
    assert float((near.float() - exact).detach().norm() / exact.detach().norm()) < 0.02
    near.float().square().sum().backward()
    gradients = [parameter.grad for parameter in model.parameters()]
    assert all(g is not None and g.dtype == torch.float32 for g in gradients)
    near_gradient = torch.cat([g.flatten() for g in gradients if g is not None])
    model.zero_grad()
    exact.square().sum().backward()
    gradient = torch.cat([p.grad.flatten() for p in model.parameters() if p.grad is not None])
    assert float((near_gradient - gradient).norm() / gradient.norm()) < 0.05


def test_source_target_and_output_share_one_matrix(model: Transformer) -> None:
    vocabulary_sized = [name for name, p in model.named_parameters() if V in p.shape]
    assert vocabulary_sized == ["embedding.weight"]
    states = torch.randn(2, 16, dtype=torch.float64)
    torch.testing.assert_close(model.logits(states), states @ model.embedding.weight.T)


def test_masks() -> None:
    assert padding_mask(torch.tensor([[5, 3, 1]]), 1).tolist() == [[[[True, True, False]]]]
    assert causal_mask(3, torch.device("cpu")).tolist() == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]
