from __future__ import annotations

import copy
import subprocess
import sys
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from translator.training import muon
from translator.training.muon import Muon, orthogonal
from translator.training.step import Stepper


class Small(nn.Module):
    """A module with each kind of parameter; two matrices share a shape."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(11, 6)
        self.first, self.second = nn.Linear(6, 8), nn.Linear(6, 8)
        self.back = nn.Linear(8, 6)

    def forward(self, ids: Tensor) -> Tensor:
        states = self.embedding(ids)
        states = self.back((self.first(states) * self.second(states)).relu())
        return states @ self.embedding.weight.T


@pytest.fixture
def model() -> Small:
    torch.manual_seed(3)
    return Small()


def make_gradients(model: nn.Module, seed: int) -> None:
    torch.manual_seed(seed)
    ids = torch.randint(11, (20,))
    loss = nn.functional.cross_entropy(model(ids), ids.roll(1))
    for parameter, gradient in zip(
        model.parameters(), torch.autograd.grad(loss, list(model.parameters())), strict=True
    ):
        parameter.grad = gradient


@pytest.mark.parametrize("shape", [(5, 16, 16), (3, 64, 16), (1, 16, 64), (2, 1, 7)])
@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e6])
def test_singular_values_become_about_one(shape: tuple[int, ...], scale: float) -> None:
    torch.manual_seed(1)
    matrices = scale * torch.randn(shape)
    made = orthogonal(matrices, torch.float32)
    left, values, right = torch.linalg.svd(matrices, full_matrices=False)
    assert made.shape == matrices.shape
    large = values > 0.01 * matrices.norm(dim=(1, 2))[:, None]
    values = (left.mT @ made @ right.mT).diagonal(dim1=1, dim2=2)
    assert 0.72 < values[large].min() <= values.max() < 1.28
    # the directions are those of the matrix: nothing is left beside the diagonal
    torch.testing.assert_close(left @ values.diag_embed() @ right, made, atol=1e-3, rtol=0)


def test_nothing_comes_of_nothing() -> None:
    assert not orthogonal(torch.zeros(2, 4, 8), torch.float32).any()


def test_each_matrix_is_treated_by_itself() -> None:
    matrices = torch.randn(3, 8, 12) * torch.tensor([1e-3, 1, 1e3])[:, None, None]
    together = orthogonal(matrices, torch.float32)
    for matrix, made in zip(matrices, together, strict=True):
        torch.testing.assert_close(orthogonal(matrix[None], torch.float32)[0], made)


def test_matrices_move_as_with_the_optimiser_of_torch(
    model: Small, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(muon, "_POLYNOMIALS", [(3.4445, -4.7750, 2.0315)] * 5)  # as torch has it
    theirs = pytest.importorskip("torch.optim._muon", reason="torch before 2.9").Muon
    other = copy.deepcopy(model)
    ours = Muon(model, weight_decay=0.1, dtype=torch.float32)
    matrices = [layer.weight for layer in (other.first, other.second, other.back)]
    correct = theirs(matrices, lr=0.02, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    for group in ours.param_groups:
        group["lr"] = 0.02
    for step in range(3):
        make_gradients(model, step)
        for parameter, copied in zip(model.parameters(), other.parameters(), strict=True):
            assert parameter.grad is not None
            copied.grad = parameter.grad.clone()
        ours.step()
        correct.step()
        moved = (model.first.weight, model.second.weight, model.back.weight)
        for one, expected in zip(moved, matrices, strict=True):
            torch.testing.assert_close(one, expected, atol=4e-4, rtol=0)


def test_all_else_moves_as_with_adamw(model: Small) -> None:
    other = copy.deepcopy(model)
    ours = Muon(model, weight_decay=0.1, dtype=torch.float32)
    settings = {"lr": 1e-3, "betas": (0.9, 0.98), "eps": 1e-9, "fused": True}
    correct = torch.optim.AdamW([other.embedding.weight], weight_decay=0.1, **settings)
    biases = [parameter for parameter in other.parameters() if parameter.dim() == 1]
    correct.add_param_group({"params": biases, "weight_decay": 0.0})
    for step in range(3):
        make_gradients(model, step)
        for parameter, copied in zip(model.parameters(), other.parameters(), strict=True):
            assert parameter.grad is not None
            copied.grad = parameter.grad.clone()
        ours.step()
        correct.step()
    assert torch.equal(model.embedding.weight, other.embedding.weight)
    assert torch.equal(model.first.bias, other.first.bias)
    assert torch.equal(model.back.bias, other.back.bias)


def test_an_update_is_about_as_large_as_one_of_adamw() -> None:
    model = nn.Linear(256, 1024, bias=False)
    before = model.weight.detach().clone()
    optimizer = Muon(model, weight_decay=0.0, dtype=torch.float32)
    for group in optimizer.param_groups:
        group["lr"] = 0.01
    model.weight.grad = torch.randn_like(model.weight)
    optimizer.step()
    size = (model.weight - before).square().mean().sqrt()
    assert 0.1 * 0.01 < size < 0.3 * 0.01


def test_a_matrix_without_a_gradient_stays(model: Small) -> None:
    optimizer = Muon(model, weight_decay=0.1, dtype=torch.float32)
    make_gradients(model, 1)
    for layer in (model.first, model.second, model.back):
        layer.weight.grad = None
    before = model.first.weight.detach().clone()
    optimizer.step()
    assert torch.equal(model.first.weight, before)


def test_the_layers_of_the_model_are_moved_by_muon(new_stepper: Callable[..., Stepper]) -> None:
    stepper = new_stepper()
    orthogonal_ones, embeddings, vectors = stepper.optimizer.param_groups
    names = {id(parameter): name for name, parameter in stepper.model.named_parameters()}
    assert [names[id(p)] for p in embeddings["params"]] == ["embedding.weight"]
    assert {names[id(p)].rpartition(".")[2] for p in orthogonal_ones["params"]} == {"weight"}
    assert all(p.dim() == 1 for p in vectors["params"])
    groups = orthogonal_ones, embeddings, vectors
    assert sum(len(group["params"]) for group in groups) == len(names)
    assert [group["weight_decay"] for group in groups] == [
        stepper.options.weight_decay,
        stepper.options.weight_decay,
        0.0,
    ]


def test_torchs_compiler_is_not_loaded() -> None:
    """It takes longer than all else that a training loads."""
    code = """
import sys
import torch
from translator.training.muon import Muon
layer = torch.nn.Linear(2, 2)
optimizer = Muon(layer, 0.0, torch.float32)
layer(torch.ones(1, 2)).sum().backward()
optimizer.step()
optimizer.zero_grad()
optimizer.load_state_dict(optimizer.state_dict())
assert "torch._dynamo" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
