"""What is known of a model: by its files, which are checked, and by its manifest.

Training writes the manifest. Who gives a model away may add three entries to it, for readers:

    licence   of the weights, in words
    sources   what the training text was taken from: objects with name, licence, attribution, url
    scores    how good it is: objects with test_set, source, target, sentences, references, and a
              metric's name, value, confidence and signature
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

from translator.config import Config, ModelConfig
from translator.model.stored import check_stored, expected_shapes, number_format, stored_checksum
from translator.progress import counted
from translator.run_directory import RunDirectory, checksum, is_shipped
from translator.tokenizer.tokenizer import Tokenizer


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that a model is made of."""

    bytes: int
    checksum: str
    """128 bits of BLAKE2b, hexadecimal."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a model."""

    model: str
    """The run directory."""
    shipped: bool
    """Whether it came with the package."""
    directions: list[tuple[str, str]]
    config: Config
    parameters: int
    vocabulary: int
    """Pieces."""
    number_format: str
    """Of the weights as they are stored."""
    verified: dict[str, bool]
    """By file: whether its content was compared with a checksum that was noted when it was written.
    One that differs is no fact, but an error."""
    files: dict[str, File]
    manifest: dict[str, Any]


def model_facts(run: RunDirectory) -> Facts:
    """Read a model, and compare its weights and its vocabulary with their checksums.

    Raises:
        ModelError: something is missing or damaged.
    """
    run.require_model()
    config, manifest = run.read_config(), run.read_manifest()
    directions = run.read_directions()
    fingerprint = manifest.get("tokenizer_fingerprint")
    tokenizer = Tokenizer.load(run.tokenizer_file, fingerprint)
    shapes = expected_shapes(config.model, len(tokenizer))
    check_stored(run.weights_file, shapes)
    content = stored_checksum(run.weights_file)
    made_of = (run.config_file, run.tokenizer_file, run.weights_file, run.manifest_file)
    return Facts(
        model=str(run.path),
        shipped=is_shipped(run),
        directions=directions,
        config=config,
        parameters=sum(map(prod, shapes.values())),
        vocabulary=len(tokenizer),
        number_format=number_format(run.weights_file),
        verified={
            run.weights_file.name: content is not None,
            run.tokenizer_file.name: fingerprint is not None,
        },
        files={
            path.name: File(bytes=path.stat().st_size, checksum=checksum(path)) for path in made_of
        },
        manifest=manifest,
    )


def describe_model(model: ModelConfig, parameters: int) -> str:
    """Return size and shape of a model."""
    return (
        f"{parameters:,} parameters: "
        f"{model.encoder_layers}+{model.decoder_layers} layers, width {model.d_model}, "
        f"feed-forward {model.ffn_dim}, {model.attention_heads} heads"
    )


def describe_pairs(pairs: int, config: Config) -> str:
    """Return the number of pairs, and how they are used."""
    return f"{counted(pairs, 'pair')}{', both ways round' * config.data.bidirectional}"
