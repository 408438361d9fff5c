from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from translator import Translator
from translator.errors import ConfigError
from translator.export import huggingface as module
from translator.export.pieces import normalization_map
from translator.export.verify import Reference, Verification, verify_huggingface
from translator.run_directory import RunDirectory
from translator.tokenizer import Tokenizer

transformers = pytest.importorskip("transformers", reason="the export needs transformers")

New = Callable[..., RunDirectory]

ODD = [
    "",
    " ",
    "  two  spaces and\ta tab ",
    "line\nbreak\r\nand\u2028others\x85too",
    "</s> <s> <pad> <unk> <2fr> <0x41> and text",
    "▁ a mark ▁▁ of ▁spaces▁",
    "▁",
    "ﬁne ligatures, ①, \uff46\uff55\uff4c\uff4c width, ½ and ™",
    "e\u0301te\u0301 and été, ñ and n\u0303",
    "zero\u200bwidth \ufeffmarks\u00ad and soft hyphens",
    "nul\x00and\x07bell",
    "😀 family 👨\u200d👩\u200d👧 and flags 🇫🇷",
    "अनुवाद, ترجمة, תרגום, การแปล, 번역, 翻訳",
    "\ue000 private \U0010fffd use, unknown ꙮ",
    "a" * 300,
    "unbreakable\u00a0space and ideographic\u3000space",
]


@pytest.fixture
def exported(tmp_path: Path) -> Callable[..., Path]:
    def build(run: RunDirectory, direction: tuple[str, str] = ("en", "fr")) -> Path:
        out = tmp_path / f"{run.path.name}-{direction[1]}"
        module.export(run, out, direction)
        return out

    return build


def verified(run: RunDirectory, out: Path, texts: list[str], source: str = "en") -> Verification:
    translator = Translator.load(run.path, source=source, engine="torch")
    best = [found[0] for found in translator.search(texts)]
    reference = Reference(
        model=translator.model,
        tokenizer=translator.tokenizer,
        tag=translator.tokenizer.tag(translator.target),
        texts=texts,
        translations=[one.text for one in best],
        complete=[one.complete for one in best],
    )
    return verify_huggingface(out, reference)


@pytest.mark.parametrize("algorithm", ["unigram", "bpe"])
def test_tokens_logits_and_translations_are_the_runs(
    new_run: New, exported: Callable[..., Path], texts: list[str], algorithm: str
) -> None:
    run = new_run(algorithm=algorithm)
    out = exported(run)
    found = verified(run, out, texts)
    assert found.passed, "\n".join(found.lines)
    assert found.lines[0] == "tokens: 0 of 40 differ"
    compared = re.fullmatch(r"translations: 0 of (\d+) differ", found.lines[1])
    assert compared
    assert int(compared[1]) > 20
    assert found.lines[-1].startswith("logits: they differ by ")


@pytest.mark.parametrize("algorithm", ["unigram", "bpe"])
def test_odd_text_has_the_same_tokens(
    new_run: New, exported: Callable[..., Path], algorithm: str
) -> None:
    run = new_run(algorithm=algorithm)
    theirs = transformers.AutoTokenizer.from_pretrained(exported(run))
    ours = Tokenizer.load(run.tokenizer_file)
    for text in ODD:
        [expected] = ours.encode([text])
        ids = theirs(text)["input_ids"]
        assert ids == [*expected, 3], (
            text,
            ours.pieces(expected),
            theirs.convert_ids_to_tokens(ids),
        )
        [decoded] = ours.decode([expected])
        assert theirs.decode(ids, skip_special_tokens=True).strip() == decoded


def test_each_direction_has_its_tag(
    new_run: New, exported: Callable[..., Path], texts: list[str]
) -> None:
    run = new_run(both=True)
    tokenizer = Tokenizer.load(run.tokenizer_file)
    for direction in (("en", "fr"), ("fr", "en")):
        out = exported(run, direction)
        ids = transformers.AutoTokenizer.from_pretrained(out)("old cat")["input_ids"]
        assert ids[:1] == tokenizer.tag(direction[1])
        found = verified(run, out, texts[:8], source=direction[0])
        assert found.passed, "\n".join(found.lines)
        readme = (out / "README.md").read_text(encoding="utf-8")
        names = {"en": "English", "fr": "French"}
        assert f"# {names[direction[0]]} to {names[direction[1]]}\n" in readme


def test_what_differs_is_found(
    new_run: New, exported: Callable[..., Path], texts: list[str]
) -> None:
    run = new_run()
    out = exported(run)
    weights = out / "model.safetensors"
    state = load_file(weights)
    torch.manual_seed(1)
    state["model.decoder.layer_norm.weight"] += torch.randn(16)
    save_file(state, weights, {"format": "pt"})
    found = verified(run, out, texts)
    assert not found.passed
    assert found.lines[0] == "tokens: 0 of 40 differ"
    assert found.lines[1].startswith("DIFFERENT translations: ")
    assert found.lines[2].startswith("  ")
    assert found.lines[-1].startswith("DIFFERENT logits: they differ by ")


def test_what_is_written(new_run: New, exported: Callable[..., Path]) -> None:
    out = exported(new_run())
    names = {"config.json", "generation_config.json", "model.safetensors", "README.md"}
    assert {path.name for path in out.iterdir()} == {
        *names,
        "tokenizer.json",
        "tokenizer_config.json",
    }
    settings = json.loads((out / "generation_config.json").read_text())
    assert (settings["num_beams"], settings["early_stopping"]) == (3, True)
    stored = load_file(out / "model.safetensors")
    assert "model.shared.weight" in stored
    assert "lm_head.weight" not in stored


ALONE = """
import socket, sys

def refuse(*_):
    raise AssertionError("the network is not asked")

sys.modules["translator"] = None
socket.socket.connect = socket.getaddrinfo = refuse
"""


def test_the_readme_can_be_followed_without_this_program_and_without_network(
    new_run: New, exported: Callable[..., Path], texts: list[str]
) -> None:
    run = new_run()
    out = exported(run)
    readme = (out / "README.md").read_text(encoding="utf-8")
    assert "library_name: transformers\n" in readme
    code = readme.partition("```python\n")[2].partition("```")[0]
    found = Translator.load(run.path, engine="torch").search(texts)
    text, [expected] = next(pair for pair in zip(texts, found, strict=True) if pair[1][0].complete)
    done = subprocess.run(
        [sys.executable, "-c", ALONE + code.replace("…", text)],
        cwd=out,
        # offline is not to be asked for
        env={name: value for name, value in os.environ.items() if name != "HF_HUB_OFFLINE"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    [translation] = ast.literal_eval(done.stdout)
    assert translation.strip() == expected.text


def test_without_the_library(new_run: New, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(ConfigError, match="The export needs tokenizers"):
        module.export(new_run(), tmp_path / "out", ("en", "fr"))


def test_the_map_of_characters_is_found(new_run: New) -> None:
    model = new_run().tokenizer_file.read_bytes()
    assert len(normalization_map(model)) > 100_000
    assert normalization_map(b"") == b""


def test_names_are_those_of_m2m100(new_run: New) -> None:
    from translator.model.stored import expected_shapes

    config = new_run().read_config()
    model = transformers.M2M100ForConditionalGeneration(
        transformers.M2M100Config(**module.model_config(config, 50))
    )
    theirs: dict[str, Any] = {name: list(x.shape) for name, x in model.state_dict().items()}
    for name, shape in expected_shapes(config.model, 50).items():
        assert theirs.pop(module.renamed(name)) == shape
    assert {name.rpartition(".")[0] for name in theirs} == {
        "model.encoder.embed_tokens",
        "model.decoder.embed_tokens",
        "lm_head",
    }
