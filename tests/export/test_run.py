"""A run that is given away: the same translations, in fewer bytes, and nothing of its training."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from translator.decoding.translator import Translator
from translator.errors import ModelError
from translator.export.run import export
from translator.model.stored import number_format
from translator.model.weights import read_weights, save_weights
from translator.run_directory import RunDirectory

New = Callable[..., RunDirectory]


def exported(run: RunDirectory, quantization: str = "float32") -> RunDirectory:
    out = run.path.with_name(f"{run.path.name}-{quantization}")
    export(run, out, quantization)
    return RunDirectory(out)


def test_what_only_training_needs_is_left_behind(new_run: New) -> None:
    run = new_run(both=True)
    run.state_dir(5).mkdir(parents=True)
    for file in (run.metrics_file, run.trained_on_file, run.lock_file):
        file.touch()
    copy = exported(run)
    names = {"config.toml", "tokenizer.model", "model.safetensors", "manifest.json", "README.md"}
    assert {path.name for path in copy.path.iterdir()} == names
    assert copy.read_manifest() == run.read_manifest()
    assert copy.read_config() == run.read_config()
    text = (copy.path / "README.md").read_text(encoding="utf-8")
    assert "# English to French and French to English" in text
    assert "translate --model . --source fr" in text
    assert "<2fr>" not in text  # translator puts it there by itself


def test_float32_weights_are_the_same_bytes(new_run: New) -> None:
    run = new_run()
    copy = exported(run)
    assert number_format(copy.weights_file) == "float32"
    ours, theirs = load_file(run.weights_file), load_file(copy.weights_file)
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_float16_weights_are_rounded_and_half_as_large(new_run: New) -> None:
    run = new_run()
    copy = exported(run, "float16")
    assert number_format(copy.weights_file) == "float16"
    ours, theirs = read_weights(run.weights_file), read_weights(copy.weights_file)
    assert all(torch.equal(ours[name].half(), theirs[name]) for name in ours)
    assert copy.weights_file.stat().st_size < 0.6 * run.weights_file.stat().st_size


def test_both_engines_translate_with_float16_weights(new_run: New, texts: list[str]) -> None:
    pytest.importorskip("ctranslate2", reason="one of the engines")
    copy = exported(new_run(), "float16")
    with_torch, fast = (
        Translator.load(copy.path, engine=engine)  # type: ignore[arg-type]
        for engine in ("torch", "ctranslate2")
    )
    assert {parameter.dtype for parameter in with_torch.model.parameters()} == {torch.float32}
    assert with_torch.translate(texts) == fast.translate(texts)


@pytest.mark.parametrize("quantization", ["float32", "float16"])
def test_a_changed_byte_is_noticed(new_run: New, quantization: str) -> None:
    copy = exported(new_run(), quantization)
    content = bytearray(copy.weights_file.read_bytes())
    content[-7] ^= 1
    copy.weights_file.write_bytes(content)
    with pytest.raises(ModelError, match="it is not what was written"):
        read_weights(copy.weights_file)


def test_weights_that_are_too_large_are_told(new_run: New, tmp_path: Path) -> None:
    run = new_run()
    state = load_file(run.weights_file)
    state["encoder.layer_norm.bias"] += 7e4
    save_weights(run.weights_file, state)
    with pytest.raises(ModelError, match=r"encoder\.layer_norm\.bias holds .* for float16"):
        export(run, tmp_path / "out", "float16")
    assert not (tmp_path / "out").exists()
    export(run, tmp_path / "out")
