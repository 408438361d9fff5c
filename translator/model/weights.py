"""Weights <-> one safetensors file. Nothing is unpickled, so a file can hold no code."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from translator.config import ModelConfig
from translator.errors import COPY_AGAIN, ModelError
from translator.model.transformer import Transformer
from translator.run_directory import RunDirectory, replacing

_FLOATS = {"F32": "float32", "BF16": "bfloat16", "F16": "float16"}
_SHOWN = 3
"""Differences that a message lists; a wrong size shows in nearly every tensor."""


def save_weights(path: Path, state: Mapping[str, Tensor], **metadata: str) -> None:
    """Write tensors (the keys of ``Transformer.state_dict``) so that no crash leaves half a file.

    Args:
        path: where to.
        state: the tensors.
        metadata: what else the file's header says.

    Raises:
        OSError: the disk is full or read-only.
    """
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in state.items()}
    with replacing(path) as temporary:
        try:
            save_file(tensors, temporary, metadata={"format": "pt", **metadata})
        except SafetensorError as error:
            raise OSError(f"{path}: cannot be written: {error}") from error
        # safetensors makes a file that only its owner can read; a model may be shared
        temporary.chmod(0o666 & ~_umask())


def load_weights(path: Path, model: Transformer) -> None:
    """Copy the file's tensors into the model, in the model's own number format.

    Raises:
        ModelError: the file is missing or damaged, or holds other tensors than the model.
    """
    _check(path, model)
    try:
        with safe_open(path, framework="pt") as file, torch.no_grad():
            for name, parameter in model.state_dict().items():
                parameter.copy_(file.get_tensor(name))
    except (SafetensorError, OSError) as error:
        raise _unreadable(path, error) from None


def load_model(run: RunDirectory, config: ModelConfig, vocab_size: int, pad_id: int) -> Transformer:
    """Return a run's model in float32 on the CPU, in eval mode.

    Raises:
        ModelError: the file is missing or damaged, or does not fit the options and vocabulary.
    """
    # before any memory is taken: a wrong config.toml must not ask for more than the weights need
    stored, _ = _header(run.weights_file)
    _refuse_differences(run.weights_file, stored, _outline(config, vocab_size, stored))
    # the initial weights are overwritten at once: the caller's random numbers stay as they are
    with torch.random.fork_rng(devices=[]):
        model = Transformer(config, vocab_size, pad_id)
    load_weights(run.weights_file, model)
    return model.eval()


def _check(path: Path, model: Transformer) -> None:
    """Compare the file's header with the model's names and shapes; no tensor is read.

    Raises:
        ModelError: the file is missing or damaged, or holds other tensors than the model.
    """
    stored, types = _header(path)
    if not types <= _FLOATS.keys():
        raise ModelError(
            f"holds numbers of type {', '.join(sorted(types - _FLOATS.keys()))}; "
            f"weights are {', '.join(_FLOATS.values())}",
            where=path,
        )
    expected = {name: list(tensor.shape) for name, tensor in model.state_dict().items()}
    _refuse_differences(path, stored, expected)


def _header(path: Path) -> tuple[dict[str, list[int]], set[str]]:
    """Return the stored tensors' shapes by name, and their number formats."""
    try:
        with safe_open(path, framework="pt") as file:
            views = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
            shapes = {name: list(view.get_shape()) for name, view in views.items()}
            return shapes, {view.get_dtype() for view in views.values()}
    except (SafetensorError, OSError) as error:
        raise _unreadable(path, error) from None


def _outline(
    config: ModelConfig, vocab_size: int, stored: dict[str, list[int]]
) -> dict[str, list[int]]:
    """Return the stored shapes with those corrected that tell the model's size."""
    D = config.d_model
    expected = {"embedding.weight": [vocab_size, D]}
    for side, layers in (("encoder", config.encoder_layers), ("decoder", config.decoder_layers)):
        for layer in range(layers):
            expected[f"{side}.layers.{layer}.feed_forward.fc1.weight"] = [config.ffn_dim, D]
    telling = {name: shape for name, shape in stored.items() if "fc1.weight" not in name}
    return telling | expected


def _refuse_differences(
    path: Path, stored: dict[str, list[int]], expected: dict[str, list[int]]
) -> None:
    differences = [
        f"{name} is {stored.get(name, 'missing')}, expected {expected.get(name, 'nothing')}"
        for name in sorted(stored.keys() | expected.keys())
        if stored.get(name) != expected.get(name)
    ]
    if differences:
        more = len(differences) - _SHOWN
        raise ModelError(
            "does not fit the run's config.toml and tokenizer.model: "
            + "; ".join(differences[:_SHOWN])
            + (f"; and {more} more" if more > 0 else ""),
            where=path,
            hint="Was a file of another run copied into this one?",
        )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unreadable(path: Path, error: Exception) -> ModelError:
    if isinstance(error, OSError):
        return ModelError(f"cannot be read: {error.strerror or error}", where=path)
    return ModelError(
        "is damaged: not a whole safetensors file",
        where=path,
        hint=COPY_AGAIN,
    )
