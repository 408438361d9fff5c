"""A run -> CTranslate2's format, by its own specification of a Transformer; without torch."""

from __future__ import annotations

import hashlib
import json
import math
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from translator.config import Config, ModelConfig
from translator.errors import ConfigError, ModelError
from translator.export.card import write_card
from translator.model.stored import read_arrays
from translator.run_directory import (
    RunDirectory,
    cache_directory,
    checksum,
    is_shipped,
    remove_directory,
    remove_leftovers,
    replacing,
    write_atomically,
)
from translator.tokenizer.tokenizer import BOS_ID, EOS_ID, UNK_ID, Tokenizer

if TYPE_CHECKING:
    import numpy as np

QUANTIZATIONS = ("float32", "int8", "int8_float32", "float16", "bfloat16")
"""What the weights may be stored as."""

MODEL_FILE, CONFIG_FILE, VOCABULARY_FILE = "model.bin", "config.json", "shared_vocabulary.json"
"""What CTranslate2 looks for in a model's folder."""

_STORED = ("float32", "int8", "int16", "int32", "float16", "bfloat16")
"""Number formats as CTranslate2 counts them."""
_MATRIX = b"decoder/layer_0/ffn/linear_0/weight\0"
"""Name of a matrix that is in each model, and quantized with all others."""

_FORMAT = 1
"""Part of a conversion's name: counted up when a new version of this file converts differently."""
_FOLDER, _NOTE = "ctranslate2", "checksum.json"
_POSITION_OFFSET = 2
"""As in `translator.model.embedding`, which needs torch; a test holds them equal."""
_SETTLED = 2
"""Seconds after which two contents of a file cannot have the same time."""
_ABANDONED = 3600
"""Seconds after which an unfinished conversion is taken for one that was killed."""


def position_count(config: Config) -> int:
    """Return how many positions a converted model has: its longest source and translation."""
    return max(1024, 4 * config.data.max_length)


def export(run: RunDirectory, out: Path, quantization: str = "float32") -> None:
    """Write the run as a model of CTranslate2, with its vocabulary and a card, to a new folder.

    Raises:
        ConfigError: CTranslate2 is not installed.
        ModelError: the run is damaged.
    """
    require_ctranslate2("The export")
    config = run.read_config()
    with replacing(out) as folder:
        folder.mkdir()
        _convert(run, config, folder, quantization)
        shutil.copyfile(run.tokenizer_file, folder / run.tokenizer_file.name)
        write_card(run, folder, _USE, library="ctranslate2")


def stored_format(folder: Path) -> str:
    """Return the number format of an exported model's weights, as its file has them.

    Raises:
        ModelError: it holds no Transformer.
    """
    content = (folder / MODEL_FILE).read_bytes()
    at = content.find(_MATRIX)
    if at < 0:
        raise ModelError("is no Transformer of CTranslate2", where=folder / MODEL_FILE)
    at += len(_MATRIX)
    # behind the name: the number of dimensions, these, and the format
    return _STORED[content[at + 1 + 4 * content[at]]]


def converted(run: RunDirectory) -> Path:
    """Return the folder with the run's float32 conversion, which is made if it is not there.

    It is kept in the run's folder, or, where nothing may be written there, and for the model that
    comes with the package, in the cache; weights of other content have another conversion. Several
    processes may ask at once.

    Raises:
        ModelError: the run is damaged.
        OSError: it can be written to neither place.
    """
    config = run.read_config()
    name = _name(run, config)
    own = run.path / _FOLDER / name
    places = [cache_directory() / _FOLDER / name]
    if not is_shipped(run):
        places.insert(0, own)
    for place in places:
        if (place / CONFIG_FILE).is_file():
            return place
    for number, place in enumerate(places, start=1):
        try:
            with replacing(place, keep=True) as folder:
                folder.mkdir()
                _convert(run, config, folder, "float32")
        except OSError:
            if number == len(places):
                raise
            continue
        if place == own:
            _remove_others(place)
        return place
    raise AssertionError


def require_ctranslate2(what: str) -> None:
    """Raise a `ConfigError` unless CTranslate2 is installed."""
    if not is_installed():
        raise ConfigError(
            f"{what} needs CTranslate2",
            hint="Install it: pip install 'ctranslate2>=4.8', or translator[fast].",
        )


def is_installed() -> bool:
    """Return whether CTranslate2 is there, without loading it."""
    return find_spec("ctranslate2") is not None


def _name(run: RunDirectory, config: Config) -> str:
    """Return a fingerprint of all that a conversion depends on."""
    parts = [
        str(_FORMAT),
        _weights_checksum(run),
        checksum(run.tokenizer_file),
        repr(config.model),
        str(position_count(config)),
    ]
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()


def _weights_checksum(run: RunDirectory) -> str:
    """Return the fingerprint of the weights; of a file that has not been touched, a noted one.

    To read a large file takes longer than all else that a short translation needs.
    """
    note = run.path / _FOLDER / _NOTE
    state = run.weights_file.stat()
    # the time of change cannot be set, and a copy is another file
    mark = [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
        if known["file"] == mark:
            return str(known["checksum"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # none, or a damaged one
    found = checksum(run.weights_file)
    # a file that is being written has a fingerprint of the moment
    settled = time.time() - max(state.st_mtime, state.st_ctime) > _SETTLED
    if settled and not is_shipped(run):
        with suppress(OSError):
            write_atomically(note, json.dumps({"file": mark, "checksum": found}).encode())
    return found


def _remove_others(place: Path) -> None:
    """Remove the conversions of weights that the run had before."""
    remove_leftovers(place.parent, older_than=_ABANDONED)
    for other in place.parent.iterdir():
        if other != place and other.is_dir() and not other.name.startswith("."):
            remove_directory(other)


def _convert(run: RunDirectory, config: Config, folder: Path, quantization: str) -> None:
    tokenizer = Tokenizer.load(run.tokenizer_file)
    arrays = read_arrays(run.weights_file, config.model, len(tokenizer))
    pieces = tokenizer.pieces(range(len(tokenizer)))
    # only numbers of this format are made by torch
    with _specs(hide_torch="bfloat16" not in quantization) as specs:
        spec = specs.TransformerSpec.from_config(
            (config.model.encoder_layers, config.model.decoder_layers),
            config.model.attention_heads,
            pre_norm=True,
            # the weights that `return_attention` gives are the mean over the last layer's heads
            alignment_layer=-1,
            alignment_heads=config.model.attention_heads,
        )
        _fill(spec, arrays, config)
        spec.register_source_vocabulary(pieces)
        spec.register_target_vocabulary(pieces)
        spec.config.unk_token, spec.config.bos_token, spec.config.eos_token = (
            pieces[id_] for id_ in (UNK_ID, BOS_ID, EOS_ID)
        )
        spec.config.decoder_start_token = pieces[BOS_ID]
        spec.config.add_source_eos = True
        spec.config.layer_norm_epsilon = 1e-5
        spec.validate()
        spec.optimize(quantization=quantization)
        spec.save(str(folder))


def _fill(spec: Any, arrays: dict[str, np.ndarray], config: Config) -> None:
    """Give the specification its arrays: the rename table."""
    positions = _sinusoids(position_count(config), config.model)
    embedding = arrays["embedding.weight"]
    for side, embedded in (
        (spec.encoder, spec.encoder.embeddings[0]),
        (spec.decoder, spec.decoder.embeddings),
    ):
        embedded.weight = embedding
        side.scale_embeddings = True
        side.position_encodings.encodings = positions
    spec.decoder.projection.weight = embedding
    for name, side in (("encoder", spec.encoder), ("decoder", spec.decoder)):
        _norm(side.layer_norm, arrays, f"{name}.layer_norm")
        for number, layer in enumerate(side.layer):
            ours = f"{name}.layers.{number}"
            _norm(layer.self_attention.layer_norm, arrays, f"{ours}.self_attn_layer_norm")
            _linear(layer.self_attention.linear[0], arrays, f"{ours}.self_attn", "qkv")
            _linear(layer.self_attention.linear[1], arrays, f"{ours}.self_attn.out_proj")
            if name == "decoder":
                _norm(layer.attention.layer_norm, arrays, f"{ours}.encoder_attn_layer_norm")
                _linear(layer.attention.linear[0], arrays, f"{ours}.encoder_attn", "q")
                _linear(layer.attention.linear[1], arrays, f"{ours}.encoder_attn", "kv")
                _linear(layer.attention.linear[2], arrays, f"{ours}.encoder_attn.out_proj")
            _norm(layer.ffn.layer_norm, arrays, f"{ours}.final_layer_norm")
            _linear(layer.ffn.linear_0, arrays, f"{ours}.feed_forward.fc1")
            _linear(layer.ffn.linear_1, arrays, f"{ours}.feed_forward.fc2")


def _norm(spec: Any, arrays: dict[str, np.ndarray], name: str) -> None:
    spec.gamma, spec.beta = arrays[f"{name}.weight"], arrays[f"{name}.bias"]


def _linear(spec: Any, arrays: dict[str, np.ndarray], name: str, projections: str = "") -> None:
    """Set one product, or several projections of an attention layer that are made in one."""
    import numpy as np

    names = [f"{name}.{letter}_proj" for letter in projections] or [name]
    spec.weight = np.concatenate([arrays[f"{one}.weight"] for one in names])
    spec.bias = np.concatenate([arrays[f"{one}.bias"] for one in names])


def _sinusoids(length: int, config: ModelConfig) -> np.ndarray:
    """Return the position vectors that `Embedding` adds, from its first position on."""
    import numpy as np

    half = config.d_model // 2
    step = np.float32(-(math.log(10000.0) / max(half - 1, 1)))
    frequencies = np.exp(np.arange(half, dtype=np.float32) * step)
    places = np.arange(_POSITION_OFFSET, _POSITION_OFFSET + length, dtype=np.float32)
    angles = places[:, None] * frequencies
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


@contextmanager
def _specs(*, hide_torch: bool) -> Iterator[ModuleType]:
    """Give CTranslate2's specifications, which take torch into memory wherever it is installed.

    That takes seconds and hundreds of megabytes, for tensors that are not used here. So, unless
    torch is loaded already, it is hidden from them, and they are forgotten afterwards.
    """
    hide_torch = hide_torch and "torch" not in sys.modules and not _loaded_specs()
    if hide_torch:
        sys.modules["torch"] = None  # type: ignore[assignment] # to import it raises ImportError
    try:
        import ctranslate2.specs

        yield ctranslate2.specs
    finally:
        if hide_torch:
            del sys.modules["torch"]
            for name in _loaded_specs():
                del sys.modules[name]
            vars(sys.modules["ctranslate2"]).pop("specs", None)


def _loaded_specs() -> list[str]:
    return [name for name in sys.modules if name.startswith("ctranslate2.specs")]


_USE = """\
```python
import ctranslate2
import sentencepiece

vocabulary = sentencepiece.SentencePieceProcessor(model_file="tokenizer.model")
translator = ctranslate2.Translator(".")
tokens = vocabulary.encode("{example}", out_type=str)
[result] = translator.translate_batch([{tag}tokens], beam_size={beam})
print(vocabulary.decode(result.hypotheses[0]))
```
"""
