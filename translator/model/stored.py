"""The weights file as it lies on the disk: what must be in it, and its numbers without torch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError, deserialize, safe_open

from translator.config import ModelConfig
from translator.errors import COPY_AGAIN, ModelError

if TYPE_CHECKING:
    import numpy as np

_FLOATS = {"F32": "float32", "BF16": "bfloat16", "F16": "float16"}
CONTENT = "content"
"""The entry of a file's header with the `content_checksum` of its tensors."""
_SHOWN = 3
"""Differences that a message lists; a wrong size shows in nearly every tensor."""


def expected_shapes(config: ModelConfig, vocab_size: int) -> dict[str, list[int]]:
    """Return the name and shape of each tensor of a `Transformer`, which need not exist for it."""
    D, inner = config.d_model, config.ffn_dim

    def linear(name: str, width_out: int, width_in: int) -> dict[str, list[int]]:
        return {f"{name}.weight": [width_out, width_in], f"{name}.bias": [width_out]}

    def norm(name: str) -> dict[str, list[int]]:
        return {f"{name}.weight": [D], f"{name}.bias": [D]}

    shapes = {"embedding.weight": [vocab_size, D]}
    for side, layers, attentions in (
        ("encoder", config.encoder_layers, ("self_attn",)),
        ("decoder", config.decoder_layers, ("self_attn", "encoder_attn")),
    ):
        for layer in (f"{side}.layers.{number}" for number in range(layers)):
            for attention in attentions:
                shapes |= norm(f"{layer}.{attention}_layer_norm")
                for part in ("q_proj", "k_proj", "v_proj", "out_proj"):
                    shapes |= linear(f"{layer}.{attention}.{part}", D, D)
            shapes |= norm(f"{layer}.final_layer_norm")
            shapes |= linear(f"{layer}.feed_forward.fc1", inner, D)
            shapes |= linear(f"{layer}.feed_forward.fc2", D, inner)
        shapes |= norm(f"{side}.layer_norm")
    return shapes


def content_checksum(tensors: Iterable[tuple[str, Any]]) -> str:
    """Return a fingerprint of tensors, each a name and its bytes (128 bits of BLAKE2b)."""
    found = hashlib.blake2b(digest_size=16)
    for name, content in sorted(tensors, key=lambda tensor: tensor[0]):
        found.update(f"{name} ".encode())
        found.update(content)
    return found.hexdigest()


def check_content(
    path: Path, header: Mapping[str, str] | None, tensors: Iterable[tuple[str, Any]]
) -> None:
    """Compare the tensors of a file with what its header says was written, if it does.

    Raises:
        ModelError: a byte has changed.
    """
    expected = (header or {}).get(CONTENT)
    if expected is not None and expected != content_checksum(tensors):
        raise ModelError("is damaged: it is not what was written", where=path, hint=COPY_AGAIN)


def stored_checksum(path: Path) -> str | None:
    """Return the `content_checksum` of a file's tensors if its header has it, which is checked.

    Raises:
        ModelError: the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="np") as file:
            header = file.metadata() or {}
        tensors = deserialize(path.read_bytes())  # type: ignore[no-untyped-call]
    except (SafetensorError, OSError) as error:
        raise unreadable(path, error) from None
    check_content(path, header, ((name, tensor["data"]) for name, tensor in tensors))
    return header.get(CONTENT)


def number_format(path: Path) -> str:
    """Return the number format of a file's weights, by its header: ``float32``, or another.

    Raises:
        ModelError: the file is missing or damaged.
    """
    try:
        with safe_open(path, framework="np") as file:
            types = {file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError) as error:
        raise unreadable(path, error) from None
    return " and ".join(sorted(_FLOATS.get(type_, type_) for type_ in types))


def check_stored(path: Path, expected: Mapping[str, list[int]]) -> None:
    """Compare the file's header with the names and shapes of tensors; none is read.

    Raises:
        ModelError: the file is missing or damaged, or holds other tensors.
    """
    try:
        with safe_open(path, framework="np") as file:
            views = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118
            stored = {name: list(view.get_shape()) for name, view in views.items()}
            types = {view.get_dtype() for view in views.values()}
    except (SafetensorError, OSError) as error:
        raise unreadable(path, error) from None
    if not types <= _FLOATS.keys():
        raise ModelError(
            f"holds numbers of type {', '.join(sorted(types - _FLOATS.keys()))}; "
            f"weights are {', '.join(_FLOATS.values())}",
            where=path,
        )
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


def read_arrays(path: Path, config: ModelConfig, vocab_size: int) -> dict[str, np.ndarray]:
    """Return the weights as float32 arrays.

    Raises:
        ModelError: the file is missing or damaged, does not fit the options and vocabulary, or
            holds something that is no number.
    """
    import numpy as np

    check_stored(path, expected_shapes(config, vocab_size))
    try:
        with safe_open(path, framework="np") as file:
            header = file.metadata()
        tensors = deserialize(path.read_bytes())  # type: ignore[no-untyped-call]
        check_content(path, header, ((name, tensor["data"]) for name, tensor in tensors))
    except (SafetensorError, OSError) as error:
        raise unreadable(path, error) from None
    arrays = {}
    for name, tensor in tensors:
        if tensor["dtype"] == "BF16":  # the upper half of a float32
            bits = np.frombuffer(tensor["data"], dtype="<u2").astype("<u4") << 16
            numbers = bits.view("<f4")
        else:
            stored = {"F32": "<f4", "F16": "<f2"}[tensor["dtype"]]
            numbers = np.frombuffer(tensor["data"], dtype=stored).astype("<f4")
        if not np.isfinite(numbers).all():
            raise ModelError(f"{name} holds values that are not numbers (NaN)", where=path)
        arrays[name] = numbers.reshape(tensor["shape"])
    return arrays


def unreadable(path: Path, error: Exception) -> ModelError:
    """Return what is to be raised for a weights file that could not be read."""
    if isinstance(error, OSError):
        return ModelError(f"cannot be read: {error.strerror or error}", where=path)
    return ModelError("is damaged: not a whole safetensors file", where=path, hint=COPY_AGAIN)
