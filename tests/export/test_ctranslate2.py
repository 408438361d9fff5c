from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from translator.decoding.translator import Translator
from translator.errors import ConfigError, ModelError
from translator.export import ctranslate2 as module
from translator.model import embedding
from translator.model.stored import expected_shapes, read_arrays
from translator.model.transformer import Transformer
from translator.model.weights import load_model, save_weights
from translator.run_directory import RunDirectory
from translator.tokenizer import Tokenizer

ctranslate2 = pytest.importorskip("ctranslate2", reason="the export needs CTranslate2")

New = Callable[..., RunDirectory]


def change_weights(run: RunDirectory, amount: float = 0.01) -> None:
    state = load_file(run.weights_file)
    state["encoder.layer_norm.bias"] += amount
    save_weights(run.weights_file, state)


def test_the_shapes_are_those_of_the_model(new_run: New) -> None:
    run = new_run()
    config, size = run.read_config(), len(Tokenizer.load(run.tokenizer_file))
    state = Transformer(config.model, size, 1).state_dict()
    expected = {name: list(tensor.shape) for name, tensor in state.items()}
    assert expected_shapes(config.model, size) == expected


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_arrays_are_the_tensors(new_run: New, dtype: torch.dtype) -> None:
    run = new_run()
    state = {name: tensor.to(dtype) for name, tensor in load_file(run.weights_file).items()}
    save_weights(run.weights_file, state)
    config, size = run.read_config(), len(Tokenizer.load(run.tokenizer_file))
    arrays = read_arrays(run.weights_file, config.model, size)
    assert arrays.keys() == state.keys()
    for name, array in arrays.items():
        assert array.dtype == np.float32
        assert np.array_equal(array, state[name].float().numpy())


def test_positions_are_those_of_the_embedding(new_run: New) -> None:
    config = new_run().read_config()
    assert module._POSITION_OFFSET == embedding.POSITION_OFFSET
    expected = embedding.sinusoids(102, config.model.d_model)[embedding.POSITION_OFFSET :]
    assert np.allclose(module._sinusoids(100, config.model), expected.numpy(), atol=1e-5)


def test_log_probabilities_and_attention_are_the_models(new_run: New, texts: list[str]) -> None:
    run = new_run()
    folder = module.converted(run)
    tokenizer = Tokenizer.load(run.tokenizer_file)
    model = load_model(run, run.read_config().model, len(tokenizer), 1)
    source, target = tokenizer.encode(texts[:2])
    theirs = ctranslate2.Translator(str(folder))
    [scored] = theirs.score_batch([tokenizer.pieces(source)], [tokenizer.pieces(target)])
    seen: dict[int, torch.Tensor] = {}
    with torch.no_grad():
        memory, allowed = model.encode(torch.tensor([[*source, 3]]))
        states = model.decode(
            torch.tensor([[2, *target]]), memory, allowed, observe=seen.__setitem__
        )
        log_probs = model.logits(states)[0].log_softmax(-1)
    expected = [float(log_probs[i, token]) for i, token in enumerate([*target, 3])]
    assert scored.log_probs == pytest.approx(expected, abs=1e-4)
    # the mean over the heads of the last layer, for each token of the source
    [found] = theirs.translate_batch(
        [tokenizer.pieces(source)],
        target_prefix=[tokenizer.pieces(target)],
        max_decoding_length=len(target) + 1,
        return_attention=True,
        beam_size=1,
    )
    weights = seen[model.config.decoder_layers - 1][0].mean(dim=0)
    count = min(len(found.attention[0]), len(target))
    assert count > 1
    assert np.allclose(found.attention[0][:count], weights[:count, : len(source)], atol=1e-4)


def test_a_conversion_is_made_once_for_the_same_weights(
    new_run: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run()
    folder = module.converted(run)
    assert folder.parent == run.path / "ctranslate2"
    with monkeypatch.context() as changed:
        changed.setattr(module, "_convert", None)
        assert module.converted(run) == folder
    change_weights(run)
    other = module.converted(run)
    assert [path.name for path in folder.parent.iterdir()] == [other.name]
    assert other != folder
    run.tokenizer_file.touch()
    assert module.converted(run) == other


def test_the_checksum_of_a_file_left_alone_is_noted(
    new_run: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run()
    monkeypatch.setattr(module, "_SETTLED", -1)
    folder = module.converted(run)
    assert sorted(path.name for path in folder.parent.iterdir()) == sorted(
        [folder.name, "checksum.json"]
    )
    read: list[Path] = []
    real = module.checksum

    def watch(path: Path) -> str:
        read.append(path)
        return real(path)

    monkeypatch.setattr(module, "checksum", watch)
    assert module.converted(run) == folder
    assert run.weights_file not in read
    change_weights(run)
    assert module.converted(run) != folder
    assert run.weights_file in read
    (folder.parent / "checksum.json").write_text("[1, 2")
    read.clear()
    module.converted(run)
    assert run.weights_file in read


def test_where_the_run_cannot_be_written_the_cache_is(new_run: New, own_cache: Path) -> None:
    run = new_run()
    (run.path / "ctranslate2").write_text("in the way")
    folder = module.converted(run)
    assert folder.parent == own_cache / "ctranslate2"
    assert module.converted(run) == folder
    shutil.rmtree(own_cache)
    own_cache.write_text("in the way too")
    with pytest.raises(OSError, match="own_cache"):
        module.converted(run)


def test_into_the_model_of_the_package_nothing_is_written(
    new_run: New, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run()
    monkeypatch.setattr(module, "_SETTLED", -1)
    monkeypatch.setattr("translator.run_directory.shipped_model", lambda: run)
    before = sorted(path.name for path in run.path.iterdir())
    folder = module.converted(RunDirectory(run.path / ".." / run.path.name))
    assert folder.parent == own_cache / "ctranslate2"
    assert module.converted(run) == folder
    assert sorted(path.name for path in run.path.iterdir()) == before
    change_weights(run)
    assert module.converted(run) != folder


def test_two_that_convert_at_once_do_not_disturb_each_other(
    new_run: New, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run()
    real = module._convert

    def slowly(*args: Any) -> None:
        real(*args)
        with monkeypatch.context() as changed:
            changed.setattr(module, "_convert", real)
            first.append(module.converted(run))  # the other one is ready earlier
        inode.append(first[0].stat().st_ino)

    first: list[Path] = []
    inode: list[int] = []
    monkeypatch.setattr(module, "_convert", slowly)
    folder = module.converted(run)
    assert folder == first[0]
    assert folder.stat().st_ino == inode[0]
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_damaged_weights_are_told(new_run: New) -> None:
    run = new_run()
    whole = run.weights_file.read_bytes()
    run.weights_file.write_bytes(whole[:-40])
    with pytest.raises(ModelError, match="is damaged"):
        module.converted(run)
    run.weights_file.write_bytes(whole)
    change_weights(run, float("nan"))
    with pytest.raises(ModelError, match=r"layer_norm\.bias holds values that are not numbers"):
        module.converted(run)
    assert not list((run.path / "ctranslate2").iterdir())


@pytest.mark.parametrize("quantization", module.QUANTIZATIONS)
def test_every_quantization_translates(new_run: New, tmp_path: Path, quantization: str) -> None:
    run = new_run()
    out = tmp_path / "out"
    module.export(run, out, quantization)
    names = {"model.bin", "config.json", "shared_vocabulary.json", "tokenizer.model", "README.md"}
    assert {path.name for path in out.iterdir()} == names
    assert module.stored_format(out) == quantization.removesuffix("_float32")
    tokenizer = Tokenizer.load(out / "tokenizer.model")
    [ids] = tokenizer.encode(["old cat"])
    [result] = ctranslate2.Translator(str(out)).translate_batch([tokenizer.pieces(ids)])
    assert len(result.hypotheses) == 1


def test_the_readme_can_be_followed(
    new_run: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    for both in (False, True):
        run = new_run(both=both, name=f"run-{both}")
        out = tmp_path / f"out-{both}"
        module.export(run, out)
        text = (out / "README.md").read_text(encoding="utf-8")
        assert "# English to French" in text
        assert "library_name: ctranslate2\n" in text
        assert "- training pairs: 300" in text
        assert ("`<2en>` for English" in text) == both
        assert "U+FDD0" in text
        code = text.partition("```python\n")[2].partition("```")[0]
        assert ('["<2fr>"] + tokens' in code) == both
        with monkeypatch.context() as changed:
            changed.chdir(out)
            exec(code.replace("…", "old cat"), {})
        [expected] = Translator.load(run.path, engine="torch").translate(["old cat"])
        assert capsys.readouterr().out == f"{expected}\n"


def test_without_the_library(new_run: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "is_installed", lambda: False)
    with pytest.raises(ConfigError, match="The export needs CTranslate2"):
        module.export(new_run(), tmp_path / "out")
