"""Which part of a model's cross-attention tells who translates whom; kept in the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from translator.config import ModelConfig
from translator.decoding.translator import Translator
from translator.errors import COPY_AGAIN, ModelError
from translator.run_directory import RunDirectory

ENTRY = "alignment"
"""What the manifest calls it."""

Row = Literal["input", "output"]
_DEEP = 5
"""Decoder layers from which on a middle one is taken."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What is read of the cross-attention, and how links are made of it.

    Attributes:
        layer: of the decoder, from 0 on.
        heads: of this layer, from 0 on; their mean is taken.
        row: where a token is looked for: at the position where it is the decoder's input, or one
            earlier, where it is predicted. In a middle layer of a deep decoder the first is better
            (arXiv 2004.14837), in the last layer the second.
        threshold: what a word looks at with at least this weight (see `links.balanced`) is linked
            to it.
        floor: a word that looks at nothing with as much as `threshold` is linked to what it looks
            at most, if that has at least this weight.
    """

    layer: int
    heads: tuple[int, ...]
    row: Row = "output"
    threshold: float = 0.4
    floor: float = 0.0


def default_choice(config: ModelConfig) -> Choice:
    """Return what mostly is good: all heads of the last layer, where a token is predicted.

    That holds for decoders of few layers, as all presets have them (`benchmarks/alignment.py`). In
    a deep one, the middle layers look at the word that was read last (arXiv 2004.14837).
    """
    heads, layers = tuple(range(config.attention_heads)), config.decoder_layers
    if layers < _DEEP:
        return Choice(layer=layers - 1, heads=heads)
    return Choice(layer=layers // 2 - 1, heads=heads, row="input")


def choice_of(translator: Translator) -> Choice:
    """Return what the manifest of the model says for its direction, else `default_choice`.

    Raises:
        ModelError: what it says cannot be.
    """
    config = translator.model.config
    run = translator.run
    entry = None if run is None else stored_entry(run, translator.source, translator.target)
    if run is None or entry is None:
        return default_choice(config)
    try:
        choice = Choice(
            layer=int(entry["layer"]),
            heads=tuple(map(int, entry["heads"])),
            row="output" if entry["row"] == "output" else "input",
            threshold=float(entry["threshold"]),
            floor=float(entry["floor"]),
        )
    except (LookupError, TypeError, ValueError):
        choice = None
    if (
        choice is None
        or not choice.heads
        or not 0 <= choice.layer < config.decoder_layers
        or not all(0 <= head < config.attention_heads for head in choice.heads)
    ):
        raise ModelError(
            f"names no layer and heads of this model under {ENTRY!r}",
            where=run.manifest_file,
            hint=f"Run translator align --tune again, or: {COPY_AGAIN}",
        )
    return choice


def stored_entry(run: RunDirectory, source: str, target: str) -> dict[str, Any] | None:
    """Return what the manifest says of a direction; None if nothing."""
    entries = run.read_manifest().get(ENTRY)
    entry = entries.get(_name(source, target)) if isinstance(entries, dict) else None
    return entry if isinstance(entry, dict) else None


def store(
    run: RunDirectory, source: str, target: str, choice: Choice, measured: Mapping[str, object]
) -> None:
    """Write the choice for a direction into the manifest of a run; see `note`."""
    manifest = run.read_manifest()
    note(manifest, source, target, choice, measured)
    run.write_manifest(manifest)


def note(
    manifest: dict[str, Any],
    source: str,
    target: str,
    choice: Choice,
    measured: Mapping[str, object],
    *,
    anew: bool = True,
) -> None:
    """Put the choice for a direction into a manifest.

    Args:
        manifest: is changed.
        source, target: language tags.
        choice: what was chosen.
        measured: what it was measured by, and what came out.
        anew: whether to replace what is there.
    """
    entries = manifest.get(ENTRY)
    known = entries if isinstance(entries, dict) else {}
    name = _name(source, target)
    if anew or name not in known:
        entry = {**asdict(choice), "heads": list(choice.heads), "measured": dict(measured)}
        manifest[ENTRY] = {**known, name: entry}


def _name(source: str, target: str) -> str:
    return f"{source}-{target}"
