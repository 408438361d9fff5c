"""Weights <-> one safetensors file. Nothing is unpickled, so a file can hold no code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from translator.config import ModelConfig
from translator.model.stored import (
    CONTENT,
    check_content,
    check_stored,
    content_checksum,
    expected_shapes,
    unreadable,
)
from translator.model.transformer import Transformer
from translator.run_directory import RunDirectory, replacing, share


def save_weights(path: Path, state: Mapping[str, Tensor]) -> None:
    """Write tensors (the keys of ``Transformer.state_dict``) so that no crash leaves half a file.

    The file's header holds their checksum, by which a byte that changes later is noticed.

    Raises:
        OSError: the disk is full or read-only.
    """
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in state.items()}
    # one entry only: of several, safetensors writes now this one first, now that one
    header = {CONTENT: content_checksum(_contents(tensors))}
    with replacing(path) as temporary:
        try:
            save_file(tensors, temporary, metadata=header)
        except SafetensorError as error:
            raise OSError(f"{path}: cannot be written: {error}") from error
        share(temporary)


def load_weights(path: Path, model: Transformer) -> None:
    """Copy the file's tensors into the model, in the model's own number format.

    Raises:
        ModelError: the file is missing or damaged, or holds other tensors than the model.
    """
    check_stored(path, {name: list(x.shape) for name, x in model.state_dict().items()})
    weights = read_weights(path)
    with torch.no_grad():
        for name, parameter in model.state_dict().items():
            parameter.copy_(weights[name])


def read_weights(path: Path) -> dict[str, Tensor]:
    """Return a file's tensors.

    Raises:
        ModelError: the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="pt") as file:
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            header = file.metadata()
    except (SafetensorError, OSError) as error:
        raise unreadable(path, error) from None
    check_content(path, header, _contents(weights))
    return weights


def load_model(run: RunDirectory, config: ModelConfig, vocab_size: int, pad_id: int) -> Transformer:
    """Return a run's model in float32 on the CPU, in eval mode.

    Raises:
        ModelError: the file is missing or damaged, or does not fit the options and vocabulary.
    """
    # before any memory is taken: a wrong config.toml must not ask for more than the weights need
    check_stored(run.weights_file, expected_shapes(config, vocab_size))
    # the initial weights are overwritten at once: the caller's random numbers stay as they are
    with torch.random.fork_rng(devices=[]):
        model = Transformer(config, vocab_size, pad_id)
    load_weights(run.weights_file, model)
    return model.eval()


def _contents(tensors: Mapping[str, Tensor]) -> Iterator[tuple[str, memoryview]]:
    for name, tensor in tensors.items():
        yield name, tensor.contiguous().flatten().view(torch.uint8).numpy().data
