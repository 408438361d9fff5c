"""The optimiser: Muon for the matrices inside the layers, AdamW for all else.

A gradient of a matrix points mostly in a few directions. Muon evens them out: it replaces the
momentum M = U S V' by U V', which moves the matrix by the same amount in each direction
(https://kellerjordan.github.io/posts/muon; arXiv 2502.16982). On small corpora a model comes to
the same loss after less than half of the batches that it takes with AdamW alone.

torch.optim.Muon does the same, one matrix at a time and always in bf16, which is very slow on
processors that do not compute in it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

_POLYNOMIALS = (
    (8.0934, -23.6204, 17.4462),
    (3.6366, -2.7219, 0.5365),
    (2.6613, -1.9772, 0.4526),
)
"""Factors of X, X^3 and X^5, one polynomial after the other. Each is the one that comes nearest to
1, at its farthest point, on the interval that the one before it leaves: from 0.01 to 1 at first,
0.73 to 1.27 at last (arXiv 2505.16932). Three learn as much as five with equal factors do."""
_MOMENTUM = 0.95
_ADAM_LIKE = 0.2
"""Root mean square of an update's entries, at a rate of 1; those of AdamW are about as large."""


class Muon(torch.optim.AdamW):
    """AdamW (arXiv 1711.05101), but with orthogonal updates for matrices inside of layers.

    Args:
        model: whose weights are learned. Embeddings, which are rows rather than a map from vectors
            to vectors, and whatever has one dimension are left to AdamW.
        weight_decay: decoupled, on matrices (and embeddings) only.
        dtype: number format of the products that make an update orthogonal.

    Attributes:
        skipped: a boolean of the device, for whether the next step is to change nothing; None: it
            is not. To ask the device and then take no step would be to wait for it.
    """

    skipped: Tensor | None = None

    def __init__(self, model: nn.Module, weight_decay: float, dtype: torch.dtype) -> None:
        _leave_compiler_out()
        self._dtype = dtype
        inner, embeddings, vectors = _kinds(model)
        super().__init__(
            [
                {"params": inner, "weight_decay": weight_decay, "orthogonal": True},
                {"params": embeddings, "weight_decay": weight_decay, "orthogonal": False},
                {"params": vectors, "weight_decay": 0.0, "orthogonal": False},
            ],
            betas=(0.9, 0.98),
            eps=1e-9,
            fused=True,
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        # AdamW's own brings states of old versions of torch up to date, and expects moments in all
        torch.optim.Optimizer.__setstate__(self, state)

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move all weights by their gradients."""
        groups = self.param_groups
        # the name by which torch's own kernel is told
        self.found_inf = None if self.skipped is None else self.skipped.float()
        for group in groups:
            if group["orthogonal"]:
                self._move(group)
        try:
            self.param_groups = [group for group in groups if not group["orthogonal"]]
            # without its wrapper, which loads torch's compiler too
            return inspect.unwrap(torch.optim.AdamW.step)(self, closure)
        finally:
            self.param_groups = groups

    def _move(self, group: dict[str, Any]) -> None:
        """Move the matrices of a group, those of one shape together."""
        matrices = [matrix for matrix in group["params"] if matrix.grad is not None]
        if not matrices:
            return
        gradients = [matrix.grad for matrix in matrices]
        momenta = [self._momentum(matrix) for matrix in matrices]
        kept: float | Tensor = 1 - group["lr"] * group["weight_decay"]
        if self.skipped is not None:
            # a momentum that moves towards itself stays what it is
            pairs = zip(momenta, gradients, strict=True)
            gradients = [torch.where(self.skipped, *pair) for pair in pairs]
            kept = torch.where(self.skipped, 1.0, kept)
        torch._foreach_lerp_(momenta, gradients, 1 - _MOMENTUM)
        # Nesterov's: where the momentum will be after another such gradient
        ahead = torch._foreach_lerp(gradients, momenta, _MOMENTUM)
        torch._foreach_mul_(matrices, kept)
        for alike in _by_shape(ahead):
            updates = orthogonal(torch.stack([ahead[i] for i in alike]), self._dtype)
            if self.skipped is not None:
                updates = updates.masked_fill(self.skipped, 0.0)
            # entries of an orthogonal matrix get smaller with its size
            rate = -group["lr"] * _ADAM_LIKE * max(updates.shape[1:]) ** 0.5
            for i, update in zip(alike, updates, strict=True):
                matrices[i].add_(update, alpha=rate)

    def _momentum(self, matrix: nn.Parameter) -> Tensor:
        state = self.state[matrix]
        if not state:
            state["momentum"] = torch.zeros_like(matrix)
        momentum: Tensor = state["momentum"]
        return momentum


def orthogonal(matrices: Tensor, dtype: torch.dtype) -> Tensor:
    """Return U V' of each matrix U S V', roughly: singular values of 0.73 to 1.27 in place of ones.

    A Newton-Schulz iteration. Singular values below a hundredth of the matrix's norm become smaller
    than that, in proportion.

    Args:
        matrices: N x rows x columns.
        dtype: number format of the products, and of the result.
    """
    tall = matrices.shape[1] > matrices.shape[2]
    X = (matrices.mT if tall else matrices).to(dtype)
    X = X / X.norm(dim=(1, 2), keepdim=True).clamp(min=1e-30)
    for a, b, c in _POLYNOMIALS:
        square = X @ X.mT
        factor = torch.baddbmm(square, square, square, beta=b, alpha=c)
        factor.diagonal(dim1=1, dim2=2).add_(a)
        X = factor @ X
    return X.mT if tall else X


def state_size(model: nn.Module) -> int:
    """Return how many numbers the optimiser keeps: one for a weight of Muon's, two for AdamW's."""
    inner, embeddings, vectors = _kinds(model)
    return sum(p.numel() for p in inner) + 2 * sum(p.numel() for p in embeddings + vectors)


def _leave_compiler_out() -> None:
    """Keep torch from loading its compiler, which takes seconds, just to tell it what to leave be.

    The first call of an optimiser's method loads it and keeps what it gives in an attribute: the
    method itself, if nothing is compiled.
    """
    for method in vars(torch.optim.Optimizer).values():
        wrapped = getattr(method, "__wrapped__", None)
        if wrapped is not None and not hasattr(wrapped, "__dynamo_disable"):
            setattr(wrapped, "__dynamo_disable", wrapped)  # mangled if written plainly


def _kinds(
    model: nn.Module,
) -> tuple[list[nn.Parameter], list[nn.Parameter], list[nn.Parameter]]:
    """Return the matrices inside of layers, the embeddings, and what has one dimension."""
    inner, embeddings, vectors = [], [], []
    for name, parameter in model.named_parameters():
        if parameter.dim() < 2:
            vectors.append(parameter)
        elif "embedding" in name:
            embeddings.append(parameter)
        else:
            inner.append(parameter)
    return inner, embeddings, vectors


def _by_shape(tensors: Iterable[Tensor]) -> Iterator[list[int]]:
    """Return the positions of the tensors of each shape."""
    found: dict[torch.Size, list[int]] = {}
    for i, tensor in enumerate(tensors):
        found.setdefault(tensor.shape, []).append(i)
    return iter(found.values())
