from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from translator.model.attention import attend, attend_with_weights, fused_attend
from translator.model.cross_attention import CrossAttention

B, T, S, D, H = 2, 3, 5, 8, 2


@pytest.fixture
def layer() -> CrossAttention:
    torch.manual_seed(1)
    layer = CrossAttention(D, H).double()
    for parameter in layer.parameters():  # biases too, which begin at zero elsewhere
        nn.init.normal_(parameter, std=0.5)
    return layer


@pytest.fixture
def states() -> Tensor:
    torch.manual_seed(2)
    return torch.randn(B, T, D, dtype=torch.float64)


@pytest.fixture
def memory() -> Tensor:
    torch.manual_seed(3)
    return torch.randn(B, S, D, dtype=torch.float64)


@pytest.fixture
def allowed() -> Tensor:
    """Padding: the second sentence has three positions."""
    mask = torch.ones(B, 1, 1, S, dtype=torch.bool)
    mask[1, ..., 3:] = False
    return mask


def both_paths(
    layer: CrossAttention, states: Tensor, memory: Tensor, allowed: Tensor | None = None
) -> list[Tensor]:
    return [
        layer(states, memory, allowed),
        layer.forward_with_weights(states, memory, allowed)[0],
    ]


def by_loops(
    layer: CrossAttention, states: Tensor, memory: Tensor, allowed: Tensor
) -> tuple[list[list[list[float]]], list[list[list[list[float]]]]]:
    """The formula, one number at a time: outputs B x T x D and weights B x H x T x S."""

    def linear(name: str, vector: list[float]) -> list[float]:
        projection = getattr(layer, name)
        return [
            sum(w * x for w, x in zip(row, vector, strict=True)) + b
            for row, b in zip(projection.weight.tolist(), projection.bias.tolist(), strict=True)
        ]

    K = D // H
    outputs, weights = [], []
    for b in range(B):
        q = [linear("q_proj", x) for x in states[b].tolist()]
        k = [linear("k_proj", m) for m in memory[b].tolist()]
        v = [linear("v_proj", m) for m in memory[b].tolist()]
        may = allowed[b, 0, 0].tolist()
        contexts = [[0.0] * D for _ in range(T)]
        heads = []
        for h in range(H):
            part = range(h * K, (h + 1) * K)
            rows = []
            for i in range(T):
                powers = [
                    math.exp(sum(q[i][d] * k[j][d] for d in part) / math.sqrt(K)) if may[j] else 0.0
                    for j in range(S)
                ]
                alpha = [power / sum(powers) for power in powers]
                for d in part:
                    contexts[i][d] = sum(alpha[j] * v[j][d] for j in range(S))
                rows.append(alpha)
            heads.append(rows)
        outputs.append([linear("out_proj", context) for context in contexts])
        weights.append(heads)
    return outputs, weights


def test_it_is_the_formula(
    layer: CrossAttention, states: Tensor, memory: Tensor, allowed: Tensor
) -> None:
    outputs, weights = by_loops(layer, states, memory, allowed)
    for result in both_paths(layer, states, memory, allowed):
        torch.testing.assert_close(result, torch.tensor(outputs, dtype=torch.float64))
    got = layer.forward_with_weights(states, memory, allowed)[1]
    torch.testing.assert_close(got, torch.tensor(weights, dtype=torch.float64))


def torch_layer(layer: CrossAttention, memory_dim: int) -> nn.MultiheadAttention:
    other = nn.MultiheadAttention(D, H, kdim=memory_dim, vdim=memory_dim, batch_first=True).double()
    # only with other widths does torch keep three separate matrices
    parts = [layer.q_proj, layer.k_proj, layer.v_proj]
    with torch.no_grad():
        if other.in_proj_weight is None:
            for name, part in zip("qkv", parts, strict=True):
                getattr(other, f"{name}_proj_weight").copy_(part.weight)
        else:
            other.in_proj_weight.copy_(torch.cat([part.weight for part in parts]))
        other.in_proj_bias.copy_(torch.cat([part.bias for part in parts]))
        other.out_proj.load_state_dict(layer.out_proj.state_dict())
    return other


@pytest.mark.parametrize("memory_dim", [D, 6])
def test_it_is_torch_multihead_attention(states: Tensor, allowed: Tensor, memory_dim: int) -> None:
    torch.manual_seed(4)
    layer = CrossAttention(D, H, memory_dim).double()
    other = torch_layer(layer, memory_dim)
    memory = torch.randn(B, S, memory_dim, dtype=torch.float64)
    inputs = [(states.clone().requires_grad_(), memory.clone().requires_grad_()) for _ in range(3)]
    context, weights = other(
        inputs[0][0],
        inputs[0][1],
        inputs[0][1],
        key_padding_mask=~allowed[:, 0, 0],
        average_attn_weights=False,
    )
    upstream = torch.randn_like(context)
    context.backward(upstream)
    expected = [x.grad for x in inputs[0]]
    out_grad = other.out_proj.weight.grad
    for path, (x, m) in zip(("fast", "readable"), inputs[1:], strict=True):
        layer.zero_grad()
        if path == "fast":
            result = layer(x, m, allowed)
        else:
            result, alpha = layer.forward_with_weights(x, m, allowed)
            torch.testing.assert_close(alpha, weights)
        torch.testing.assert_close(result, context)
        result.backward(upstream)
        torch.testing.assert_close([x.grad, m.grad], expected)
        torch.testing.assert_close(layer.out_proj.weight.grad, out_grad)


@pytest.mark.parametrize("path", [0, 1])
def test_gradients_by_finite_differences(
    layer: CrossAttention, states: Tensor, memory: Tensor, allowed: Tensor, path: int
) -> None:
    blocked = allowed.expand(B, 1, T, S).clone()
    blocked[0, 0, 1] = False  # a row that may attend to nothing is differentiable too
    names = [name for name, _ in layer.named_parameters()]

    def run(x: Tensor, m: Tensor, *parameters: Tensor) -> Tensor:
        given = dict(zip(names, parameters, strict=True))

        class Both(nn.Module):
            def __init__(self) -> None:
                super().__init__()
                self.layer = layer

            def forward(self, x: Tensor, m: Tensor) -> Tensor:
                return both_paths(self.layer, x, m, blocked)[path]

        prefixed = {f"layer.{name}": value for name, value in given.items()}
        return torch.func.functional_call(Both(), prefixed, (x, m))

    inputs = [states, memory, *layer.parameters()]
    assert torch.autograd.gradcheck(
        run, [x.detach().requires_grad_() for x in inputs], fast_mode=True
    )


@pytest.mark.parametrize("masked", ["nothing", "padding", "each row", "a whole row"])
def test_the_fast_path_equals_the_readable_one(
    layer: CrossAttention, states: Tensor, memory: Tensor, allowed: Tensor, masked: str
) -> None:
    torch.manual_seed(5)
    mask: Tensor | None = None
    if masked == "padding":
        mask = allowed
    elif masked != "nothing":
        mask = torch.rand(B, H, T, S) < 0.6
        mask[..., 0] = True
        if masked == "a whole row":
            mask[1, :, 2] = False
    upstream = torch.randn(B, T, D, dtype=torch.float64)
    results = []
    for path in (0, 1):
        x, m = states.clone().requires_grad_(), memory.clone().requires_grad_()
        layer.zero_grad()
        result = both_paths(layer, x, m, mask)[path]
        result.backward(upstream)
        results.append([result, x.grad, m.grad, *(p.grad.clone() for p in layer.parameters())])  # type: ignore[union-attr]
    torch.testing.assert_close(results[0], results[1], rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("length", [1, 2, 15, 16, 17, 40])
@pytest.mark.parametrize("masked", [False, True])
def test_the_paths_are_equal_at_all_lengths(length: int, masked: bool) -> None:
    torch.manual_seed(6)
    q, k, v = (torch.randn(2, 3, n, 4, dtype=torch.float64) for n in (5, length, length))
    mask = torch.rand(2, 1, 5, length) < 0.7 if masked else None
    torch.testing.assert_close(attend(q, k, v, mask), attend_with_weights(q, k, v, mask)[0])


NO_GPU = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")


@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=[pytest.mark.gpu, NO_GPU])])
@pytest.mark.parametrize("masked", ["nothing", "some", "a whole row"])
def test_the_fused_kernel_is_equal_in_values_and_gradients(device: str, masked: str) -> None:
    torch.manual_seed(8)
    mask = None if masked == "nothing" else (torch.rand(2, 1, 5, 9) < 0.7).to(device)
    if mask is not None:
        mask[..., 0] = True
        mask[1, :, 2] = masked == "some"
    inputs = [torch.randn(2, 3, n, 16, device=device) for n in (5, 9, 9)]
    upstream = torch.randn(2, 3, 5, 16, device=device)
    results = []
    for path in (fused_attend, lambda *given: attend_with_weights(*given)[0]):
        given = [tensor.clone().requires_grad_() for tensor in inputs]
        context = path(*given, mask)
        context.backward(upstream)
        results.append([context, *(tensor.grad for tensor in given)])
    torch.testing.assert_close(results[0], results[1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("length", [7, 30])
def test_the_fast_path_in_half_precision_stays_near(length: int) -> None:
    torch.manual_seed(7)
    q, k, v = (torch.randn(2, 4, n, 8) for n in (6, length, length))
    exact = attend(q, k, v)
    near = attend(q.bfloat16(), k.bfloat16(), v.bfloat16())
    assert near.dtype == torch.bfloat16
    assert float((near.float() - exact).norm() / exact.norm()) < 0.01


def test_the_order_of_the_memory_does_not_matter(
    layer: CrossAttention, states: Tensor, memory: Tensor, allowed: Tensor
) -> None:
    order = torch.tensor([3, 0, 4, 2, 1])
    result, weights = layer.forward_with_weights(states, memory, allowed)
    moved, moved_weights = layer.forward_with_weights(states, memory[:, order], allowed[..., order])
    torch.testing.assert_close(moved_weights, weights[..., order])
    torch.testing.assert_close(moved, result)
    torch.testing.assert_close(layer(states, memory[:, order], allowed[..., order]), result)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_masked_memory_has_no_influence_at_all(
    layer: CrossAttention, states: Tensor, memory: Tensor, allowed: Tensor, dtype: torch.dtype
) -> None:
    layer, states, memory = layer.to(dtype), states.to(dtype), memory.to(dtype)
    changed = memory.clone()
    changed[1, 3:] = torch.randn(2, D).to(dtype) * 1000
    for one, other in zip(
        both_paths(layer, states, memory, allowed),
        both_paths(layer, states, changed, allowed),
        strict=True,
    ):
        assert torch.equal(one, other)
    assert not torch.equal(layer(states, memory), layer(states, changed))


def test_weights_sum_to_one_over_what_is_allowed(
    layer: CrossAttention, states: Tensor, memory: Tensor, allowed: Tensor
) -> None:
    weights = layer.forward_with_weights(states, memory, allowed)[1]
    assert weights.shape == (B, H, T, S)
    torch.testing.assert_close(weights.sum(-1), torch.ones(B, H, T, dtype=torch.float64))
    assert weights[1, ..., 3:].eq(0).all()
    assert weights[0].gt(0).all()


@pytest.mark.parametrize("rows", ["one", "all"])
def test_a_row_that_may_attend_to_nothing_gets_no_context(
    layer: CrossAttention, states: Tensor, memory: Tensor, rows: str
) -> None:
    allowed = torch.ones(B, 1, T, S, dtype=torch.bool)
    allowed[1, 0, 2 if rows == "one" else slice(None)] = False
    for path in (0, 1):
        x, m = states.clone().requires_grad_(), memory.clone().requires_grad_()
        layer.zero_grad()
        result = both_paths(layer, x, m, allowed)[path]
        assert torch.equal(result[1, 2], layer.out_proj.bias)
        result.square().sum().backward()
        for grad in (x.grad, m.grad, *(p.grad for p in layer.parameters())):
            assert grad is not None
            assert grad.isfinite().all()
        assert x.grad is not None
        assert x.grad[1, 2].eq(0).all()
    weights = layer.forward_with_weights(states, memory, allowed)[1]
    assert weights[1, :, 2].eq(0).all()


@pytest.mark.parametrize("length", [1, 2, 11])
def test_the_memory_may_have_another_width_and_length(states: Tensor, length: int) -> None:
    layer = CrossAttention(D, H, memory_dim=14).double()
    memory = torch.randn(B, length, 14, dtype=torch.float64)
    result, weights = layer.forward_with_weights(states, memory)
    assert result.shape == (B, T, D)
    assert weights.shape == (B, H, T, length)
    torch.testing.assert_close(layer(states, memory), result)
    if length == 1:  # there is no choice
        assert weights.eq(1).all()


def test_a_projected_memory_can_be_asked_again(
    layer: CrossAttention, states: Tensor, memory: Tensor, allowed: Tensor
) -> None:
    keys, values = layer.project_memory(memory)
    whole = layer(states, memory, allowed)
    for i in range(T):
        one = layer.look_up(states[:, i : i + 1], keys, values, allowed)
        torch.testing.assert_close(one, whole[:, i : i + 1])


def test_scores_of_any_size_stay_finite() -> None:
    queries = torch.full((1, 1, 1, 4), 1e4)
    keys = torch.stack([torch.full((4,), 1e4), torch.full((4,), -1e4)])[None, None]
    values = torch.tensor([[1.0] * 4, [2.0] * 4])[None, None]
    for allowed in (None, torch.tensor([[[[True, False]]]])):
        assert attend(queries, keys, values, allowed).eq(1).all()
        assert attend_with_weights(queries, keys, values, allowed)[0].eq(1).all()


def test_heads_must_divide_the_width() -> None:
    with pytest.raises(ValueError, match="not a multiple"):
        CrossAttention(10, 4)
