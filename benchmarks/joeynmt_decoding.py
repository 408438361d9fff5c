"""JoeyNMT's own translate command as a contender in decoding, with the very same weights.

It is told to search as we do as far as it can: its length penalty has another formula, it decodes
each position anew in every step, and its batches are taken in the order of the file.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.common import BenchmarkError, in_own_process
from benchmarks.joeynmt import data_section, model_section, run_joeynmt, write_tokenizer

if TYPE_CHECKING:
    import torch

TIME_LINE = re.compile(r"Generation took ([\d.]+)\[sec\]")
_POSITIONS = 5000
"""Rows of its tables of positions."""
_LAYER_PARTS = {
    "encoder": {
        "self_attn_layer_norm": "layer_norm",
        "self_attn": "src_src_att",
    },
    "decoder": {
        "self_attn_layer_norm": "x_layer_norm",
        "self_attn": "trg_trg_att",
        "encoder_attn_layer_norm": "dec_layer_norm",
        "encoder_attn": "src_trg_att",
    },
}
_PARTS = {
    "q_proj": "q_layer",
    "k_proj": "k_layer",
    "v_proj": "v_layer",
    "out_proj": "output_layer",
    "final_layer_norm": "feed_forward.layer_norm",
    "fc1": "pwff_layer.0",
    "fc2": "pwff_layer.3",
}


def joeynmt_decoding(
    python: str, model: str, texts: list[str], beam: int, batch_tokens: int
) -> dict[str, Any]:
    """Translate with JoeyNMT; the time is what it reports itself, without loading.

    Raises:
        BenchmarkError: it cannot be run.
    """
    from translator.run_directory import RunDirectory
    from translator.tokenizer.tokenizer import Tokenizer

    with TemporaryDirectory(prefix="joeynmt-") as name:
        place = Path(name)
        # what this process holds itself would count as JoeyNMT's peak memory
        in_own_process(write_model, model=model, folder=name, beam=beam, batch_tokens=batch_tokens)
        (place / "texts").write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        output, peak = run_joeynmt(python, place, "translate", given=place / "texts")
        log = (place / "model" / "translate.log").read_text(encoding="utf-8")
    seconds = TIME_LINE.findall(log)
    translations = output.splitlines()[-len(texts) :]
    if len(seconds) != 1 or len(translations) != len(texts):
        raise BenchmarkError("JoeyNMT logged no time, or did not translate all lines")
    tokenizer = Tokenizer.load(RunDirectory(model).tokenizer_file)
    return {
        "seconds": float(seconds[0]),
        "sentences": len(texts),
        "tokens": sum(len(ids) + 1 for ids in tokenizer.encode(translations)),
        "translations": translations,
        "scores": [None] * len(texts),
        "peak_bytes": peak,
    }


def write_model(model: str, folder: str, beam: int, batch_tokens: int) -> None:
    """Write the run as JoeyNMT's configuration, vocabulary and checkpoint; in its own process."""
    import torch

    from translator.model.stored import read_arrays
    from translator.run_directory import RunDirectory
    from translator.tokenizer.tokenizer import Tokenizer

    run, place = RunDirectory(model), Path(folder)
    config, tokenizer = run.read_config(), Tokenizer.load(run.tokenizer_file)
    source, target = run.read_directions()[0]
    write_tokenizer(tokenizer, place)
    settings = {
        "name": "benchmark",
        "joeynmt_version": "2.3.0",
        "model_dir": str(place / "model"),
        "use_cuda": False,
        "data": {"test": "none"} | data_section(config, source, target, place),
        "testing": {
            "beam_size": beam,
            "beam_alpha": config.decoding.length_penalty,
            "batch_size": batch_tokens // beam,
            "batch_type": "token",
            "generate_unk": False,
        },
        # it asks for both of these, and uses neither of them here
        "training": {"batch_size": 1},
        "model": model_section(config),
    }
    (place / "config.yaml").write_text(json.dumps(settings))  # which is YAML too
    (place / "model").mkdir()
    arrays = read_arrays(run.weights_file, config.model, len(tokenizer))
    state = joeynmt_state({name: torch.from_numpy(array) for name, array in arrays.items()})
    torch.save({"model_state": state}, place / "model" / "best.ckpt")


def joeynmt_state(ours: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return our weights by JoeyNMT's names, with our table of positions instead of its own."""
    from translator.model.embedding import POSITION_OFFSET, sinusoids

    shared = ours["embedding.weight"]
    table = sinusoids(_POSITIONS + POSITION_OFFSET, shared.shape[1])[None, POSITION_OFFSET:]
    state = {"encoder.pe.pe": table, "decoder.pe.pe": table}
    for name in ("src_embed.lut", "trg_embed.lut", "decoder.output_layer"):
        state[f"{name}.weight"] = shared
    for name, tensor in ours.items():
        if name != "embedding.weight":
            side, *parts = name.split(".")
            known = _PARTS | _LAYER_PARTS[side]
            state[".".join([side, *(known.get(part, part) for part in parts)])] = tensor
    return state
