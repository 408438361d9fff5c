"""A wheel has the shipped model inside, and translates with it where nothing else is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch

from translator.config import Config, DecodingConfig, ModelConfig, TokenizerConfig
from translator.model.transformer import Transformer
from translator.model.weights import save_weights
from translator.run_directory import RunDirectory
from translator.tokenizer import learn_vocabulary

ROOT = Path(__file__).parents[1]
NEEDED = ["pyproject.toml", "setup.py", "MANIFEST.in", "README.md", "LICENSE"]
SENTENCES = ["The cat sat on the mat.", "Le chat s'est assis sur le tapis."] * 9


def make_model(path: Path) -> None:
    """Write a run directory with random weights, as the model that is to be shipped."""
    config = Config(
        tokenizer=TokenizerConfig(vocab_size=300),
        model=ModelConfig(
            d_model=16, ffn_dim=16, attention_heads=2, encoder_layers=1, decoder_layers=1
        ),
        decoding=DecodingConfig(beam=1, max_length=5, retry=False, device="cpu"),
    )
    tokenizer = learn_vocabulary(SENTENCES, config.tokenizer, ["en", "fr"])
    torch.manual_seed(3)
    run = RunDirectory(path)
    run.path.mkdir(parents=True)
    run.write_config(config)
    run.tokenizer_file.write_bytes(tokenizer.model)
    save_weights(run.weights_file, Transformer(config.model, len(tokenizer), 1).state_dict())
    run.write_manifest({"source": "en", "target": "fr", "bidirectional": True})
    (path / "README.md").write_text("A model.\n", encoding="utf-8")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a clone has that a package is built of."""
    checkout = tmp_path / "clone"
    shutil.copytree(
        ROOT / "translator", checkout / "translator", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in NEEDED:
        shutil.copy(ROOT / name, checkout)
    return checkout


def pip(*command: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", *map(str, command)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr


def built(checkout: Path) -> Path:
    """Build a wheel without network."""
    out = checkout.with_name("dist")
    pip("wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", out, checkout)
    [wheel] = out.iterdir()
    return wheel


def inside(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if name.startswith("translator/shipped/")}


@pytest.fixture(autouse=True)
def _needed() -> None:
    # to import setuptools here would change what others import
    if find_spec("pip") is None or find_spec("setuptools") is None:
        pytest.skip("builds a wheel, which needs pip and setuptools")
    if int(version("setuptools").partition(".")[0]) < 77:
        pytest.skip("builds a wheel, which needs setuptools 77")


@pytest.mark.thorough
def test_a_wheel_translates_with_the_model_inside(checkout: Path, tmp_path: Path) -> None:
    make_model(checkout / "checkpoints" / "en-fr")
    (checkout / "checkpoints" / "en-fr" / "ctranslate2").mkdir()  # of an earlier translator
    wheel = built(checkout)
    names = ["README.md", "config.toml", "manifest.json", "model.safetensors", "tokenizer.model"]
    assert inside(wheel) == {f"translator/shipped/en-fr/{name}" for name in names}
    site, cache = tmp_path / "site", tmp_path / "cache"
    pip("install", "--no-index", "--no-deps", "--no-compile", "--target", site, wheel)
    shutil.rmtree(checkout)
    before = sorted(site.rglob("*"))

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-B", "-m", "translator", *command],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(site), "TRANSLATOR_CACHE": str(cache)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    done = run("info")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"{site / 'translator' / 'shipped' / 'en-fr'}, the model that ")
    for direction in ([], ["--source", "fr"]):
        done = run("translate", *direction, "The cat sat on the mat.")
        assert done.returncode == 0, done.stderr
        assert done.stdout.count("\n") == 1
        assert done.stderr.startswith("using en-fr, the model that comes with translator")
    assert sorted(site.rglob("*")) == before


@pytest.mark.thorough
def test_a_wheel_without_a_model_can_be_built(checkout: Path) -> None:
    assert inside(built(checkout)) == set()
