"""What `export --verify` compares: a model with its copy, and nothing that is around the model."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from translator.cli.verification import verified
from translator.errors import DataError
from translator.export import ctranslate2, huggingface
from translator.export import run as own
from translator.model.weights import save_weights
from translator.run_directory import RunDirectory

New = Callable[..., RunDirectory]
Verify = Callable[..., tuple[bool, str]]


@pytest.fixture
def verify(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Verify:
    """Export a run if that was not done yet, and compare: whether it passes, what is printed."""

    def compared(
        run: RunDirectory, to: str, lines: list[str], quantization: str | None = None
    ) -> tuple[bool, str]:
        out, named = tmp_path / to, tmp_path / "lines.en"
        named.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        if not out.exists() and to == "huggingface":
            pytest.importorskip("transformers", reason="the export needs transformers")
            huggingface.export(run, out, ("en", "fr"))
        elif not out.exists() and to == "translator":
            own.export(run, out, quantization or "float32")
        elif not out.exists():
            pytest.importorskip("ctranslate2", reason="the export needs CTranslate2")
            ctranslate2.export(run, out, quantization or "float32")
        passed = verified(run, ("en", "fr"), to, out, named, None)
        return passed, capsys.readouterr().out

    return compared


@pytest.mark.parametrize("to", ["huggingface", "ctranslate2", "translator"])
def test_a_whole_line_is_compared(new_run: New, texts: list[str], verify: Verify, to: str) -> None:
    """The run would translate it by sentences, and put out what is copied."""
    pairs = zip(texts[:20], texts[20:], strict=True)
    lines = [f"{one.capitalize()}. {two.capitalize()}." for one, two in pairs]
    long = " ".join(texts)
    passed, told = verify(new_run(), to, [*lines, "cat %s dog", "cat 5 km", long])
    assert passed, told
    compared = re.search(r"^translations: 0 of (\d+) differ$", told, re.MULTILINE)
    assert compared
    assert int(compared[1]) > 5, told
    assert "because they hold something that is copied and kept from the model: 2\n" in told
    assert "because the model reads only a part of them at once: 1\n" in told


def test_there_must_be_something_to_compare(new_run: New, verify: Verify) -> None:
    with pytest.raises(DataError, match="no sentence can be compared"):
        verify(new_run(), "ctranslate2", ["see https://a.example", "cat " * 200])


@pytest.mark.parametrize("quantization", ["int8", "bfloat16"])
def test_rounded_weights_may_differ_a_little(
    new_run: New, texts: list[str], verify: Verify, quantization: str
) -> None:
    run = new_run()
    passed, told = verify(run, "ctranslate2", texts, quantization)
    assert passed, told
    # the format is that of the folder, whatever is asked for
    assert told.startswith(f"weights: {quantization}\nlog probabilities of tokens: they differ by ")
    state = load_file(run.weights_file)
    torch.manual_seed(1)
    state["decoder.layer_norm.weight"] += torch.randn(16)
    save_weights(run.weights_file, state)
    passed, told = verify(run, "ctranslate2", texts)
    assert not passed
    assert "DIFFERENT log probabilities of tokens: " in told
    assert "DIFFERENT translations: " in told
