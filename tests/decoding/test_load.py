from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from translator import Translator
from translator.config import Config, DecodingConfig, ModelConfig
from translator.errors import ConfigError, ModelError
from translator.model.transformer import Transformer
from translator.model.weights import load_model, load_weights, save_weights
from translator.run_directory import RunDirectory
from translator.tokenizer import Tokenizer


def test_a_loaded_model_translates_as_the_saved_one(
    run: RunDirectory, new_translator: Callable[..., Translator], texts: list[str]
) -> None:
    translator = Translator.load(run.path, engine="torch")
    assert (translator.source, translator.target) == ("en", "fr")
    assert translator.max_length == 128
    assert translator.decoding == replace(run.read_config().decoding, engine="torch")
    assert not translator.model.training
    expected = new_translator(beam=3).translate(texts)
    assert translator.translate(texts) == expected
    again = Translator.load(str(run.path), engine="torch")
    assert again.translate(texts[:2]) == expected[:2]


def test_the_direction_of_a_model_for_both(run: RunDirectory) -> None:
    with pytest.raises(ModelError, match="translates en -> fr, and --source fr was asked for"):
        Translator.load(run.path, source="fr", target="en")
    assert Translator.load(run.path, source="en", target="fr").target == "fr"
    run.write_manifest({"source": "en", "target": "fr", "bidirectional": True})
    for asked in ({}, {"source": "en"}, {"target": "fr"}, {"source": "en", "target": "FR"}):
        translator = Translator.load(run.path, **asked)
        assert (translator.source, translator.target) == ("en", "fr")
    for asked in ({"source": "fr"}, {"target": "en"}, {"source": "fr", "target": "en"}):
        translator = Translator.load(run.path, **asked)
        assert (translator.source, translator.target) == ("fr", "en")
    with pytest.raises(ModelError, match="translates en <-> fr, and --target de was asked for"):
        Translator.load(run.path, target="de")
    with pytest.raises(ConfigError, match="'frnech' is not a language tag"):
        Translator.load(run.path, source="frnech")


def test_decoding_options_may_be_given(run: RunDirectory) -> None:
    options = DecodingConfig(beam=2)
    assert Translator.load(run.path, decoding=options).decoding is options
    with pytest.raises(ConfigError, match="quantum"):
        Translator.load(run.path, decoding=DecodingConfig(device="quantum"))


def test_an_unknown_engine_is_told(run: RunDirectory) -> None:
    with pytest.raises(ConfigError, match="there is no engine 'quick'") as caught:
        Translator.load(run.path, engine="quick")  # type: ignore[arg-type]
    assert caught.value.hint == "Known: auto, torch, ctranslate2."


def test_loading_leaves_the_random_numbers_alone(run: RunDirectory) -> None:
    before = torch.get_rng_state()
    Translator.load(run.path)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_weights_of_16_bits_are_computed_in_32(
    run: RunDirectory, texts: list[str], dtype: torch.dtype
) -> None:
    state = load_file(run.weights_file)
    save_weights(run.weights_file, {name: tensor.to(dtype) for name, tensor in state.items()})
    translator = Translator.load(run.path)
    for name, tensor in translator.model.state_dict().items():
        assert tensor.dtype == torch.float32
        assert torch.equal(tensor, state[name].to(dtype).float())
    assert len(translator.translate(texts[:3])) == 3


def test_every_weight_survives_and_no_view_is_stored(tmp_path: Path, new_model: Any) -> None:
    model = new_model(20)
    path = tmp_path / "model.safetensors"
    save_weights(path, model.state_dict())
    other = new_model(20, seed=2)
    load_weights(path, other)
    assert all(
        torch.equal(one, two)
        for one, two in zip(model.state_dict().values(), other.state_dict().values(), strict=True)
    )
    assert load_file(path).keys() == model.state_dict().keys()
    assert [file.name for file in tmp_path.iterdir()] == ["model.safetensors"]


def refused(run: RunDirectory, match: str) -> ModelError:
    with pytest.raises(ModelError, match=match) as caught:
        Translator.load(run.path)
    return caught.value


def test_a_missing_directory_or_file_is_named(run: RunDirectory, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such run"):
        Translator.load(tmp_path / "nowhere")
    with pytest.raises(ModelError, match="is a file"):
        Translator.load(run.weights_file)
    run.weights_file.unlink()
    refused(run, "model.safetensors missing")


@pytest.mark.parametrize("size", [0, 5, 100, 3000, -1])
def test_truncated_weights_are_damaged(run: RunDirectory, size: int) -> None:
    content = run.weights_file.read_bytes()
    run.weights_file.write_bytes(content[:size])
    error = refused(run, "is damaged")
    assert error.where == str(run.weights_file)


@pytest.mark.parametrize("content", [b"\xff" * 500, b"not a model at all" * 30])
def test_nonsense_for_weights_is_damaged(run: RunDirectory, content: bytes) -> None:
    run.weights_file.write_bytes(content)
    refused(run, "is damaged")


def test_a_pickle_is_never_read(run: RunDirectory) -> None:
    torch.save({"a": torch.ones(3)}, run.weights_file)
    refused(run, "is damaged")


def test_other_shapes_are_told(run: RunDirectory) -> None:
    config = run.read_config()
    run.write_config(Config(model=ModelConfig(**{**vars(config.model), "ffn_dim": 48})))
    error = refused(run, "does not fit")
    assert "fc1.weight is [32, 16], expected [48, 16]" in str(error)
    assert "and 9 more" in str(error)


def test_missing_and_needless_tensors_are_told(run: RunDirectory) -> None:
    state = load_file(run.weights_file)
    moved = state.pop("decoder.layer_norm.bias")
    save_file({**state, "decoder.layer_norm.offset": moved}, run.weights_file)
    error = refused(run, "does not fit")
    assert "decoder.layer_norm.bias is missing, expected [16]" in str(error)
    assert "decoder.layer_norm.offset is [16], expected nothing" in str(error)


def test_whole_numbers_are_no_weights(run: RunDirectory) -> None:
    state = load_file(run.weights_file)
    save_file({name: tensor.to(torch.int8) for name, tensor in state.items()}, run.weights_file)
    refused(run, "I8")


def test_a_huge_config_is_refused_before_memory_is_taken(run: RunDirectory) -> None:
    # a model of these sizes would take hundreds of gigabytes
    run.write_config(
        Config(
            model=ModelConfig(
                d_model=16384,
                ffn_dim=65536,
                attention_heads=2,
                encoder_layers=20,
                decoder_layers=20,
            )
        )
    )
    refused(run, "does not fit")


def test_another_vocabulary_is_refused(
    run: RunDirectory, new_model: Any, tokenizer: Tokenizer
) -> None:
    save_weights(run.weights_file, new_model(len(tokenizer) + 1).state_dict())
    error = refused(run, "does not fit")
    assert f"[{len(tokenizer) + 1}, 16], expected [{len(tokenizer)}, 16]" in str(error)


def test_a_damaged_tokenizer_config_or_manifest_is_told(run: RunDirectory) -> None:
    manifest = run.manifest_file.read_text()
    for text, match in [
        ("{", "not JSON"),
        ("[]", "not a JSON object"),
        ('{"format_version": 99}', "Upgrade"),
        ('{"format_version": 1}', "source and target"),
        ('{"format_version": 1, "source": "en", "target": 5}', "source and target"),
    ]:
        run.manifest_file.write_text(text)
        refused(run, match)
    run.manifest_file.write_text(manifest)
    assert json.loads(manifest)["source"] == "en"
    tokenizer = run.tokenizer_file.read_bytes()
    run.tokenizer_file.write_bytes(tokenizer[: len(tokenizer) // 2])
    refused(run, "is damaged")
    run.tokenizer_file.write_bytes(tokenizer)
    run.config_file.write_text("[model]\nd_modle = 3\n")
    with pytest.raises(ConfigError, match="d_model"):
        Translator.load(run.path)


def test_positions_of_a_loaded_model_are_those_of_a_new_one(
    run: RunDirectory, tokenizer: Tokenizer
) -> None:
    config = run.read_config().model
    loaded = load_model(run, config, len(tokenizer), 1)
    new = Transformer(config, len(tokenizer), 1)
    assert dict(loaded.named_buffers()).keys() == {"embedding.positions"}
    for name, buffer in new.named_buffers():
        assert torch.equal(loaded.get_buffer(name), buffer)
