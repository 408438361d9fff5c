from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from translator.cli.app import app
from translator.config import Config, DecodingConfig, ModelConfig, TokenizerConfig
from translator.run_directory import RunDirectory, write_atomically

SENTENCES = [
    "The cat sat on the mat.",
    "Le chat s'est assis sur le tapis.",
    "A bird sings in the garden.",
    "Un oiseau chante dans le jardin.",
    "We eat bread in the morning.",
    "Nous mangeons du pain le matin.",
    "The small house is green.",
    "La petite maison est verte.",
    "Where does the river go?",
    "Où va la rivière ?",
    "She reads an old book.",
    "Elle lit un vieux livre.",
]


def make_model(path: Path, source: str = "en", target: str = "fr", both: bool = False) -> Path:
    """Write a run directory with random weights: fast, deterministic, and quite wrong."""
    import torch

    from translator.model.transformer import Transformer
    from translator.model.weights import save_weights
    from translator.tokenizer import learn_vocabulary

    config = Config(
        tokenizer=TokenizerConfig(vocab_size=330),
        model=ModelConfig(
            d_model=16, ffn_dim=16, attention_heads=2, encoder_layers=1, decoder_layers=1
        ),
        decoding=DecodingConfig(
            beam=2, max_length_ratio=0.1, batch_tokens=65536, device="cpu", retry=False
        ),
    )
    tokenizer = learn_vocabulary(SENTENCES, config.tokenizer, [source, target] if both else [])
    torch.manual_seed(3)
    model = Transformer(config.model, len(tokenizer), 1)
    run = RunDirectory(path)
    run.path.mkdir(parents=True)
    run.write_config(config)
    write_atomically(run.tokenizer_file, tokenizer.model)
    save_weights(run.weights_file, model.state_dict())
    run.write_manifest({"source": source, "target": target, "bidirectional": both})
    return path


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("models") / "en-fr")


@pytest.fixture(scope="session")
def model_for_both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model for both directions."""
    return make_model(tmp_path_factory.mktemp("models") / "two-ways", both=True)


@pytest.fixture(autouse=True)
def _in_an_empty_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRANSLATOR_MODEL", raising=False)


@pytest.fixture(autouse=True)
def _without_a_shipped_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether this checkout has one is nothing that other tests should depend on."""
    monkeypatch.setattr("translator.cli.common.shipped_model", lambda: None)


@pytest.fixture
def cli() -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """Run the real command line in a process of its own."""

    def run(
        *args: object, stdin: bytes = b"", **options: object
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "translator", *map(str, args)],
            **({"input": stdin, "capture_output": True, "timeout": 120} | options),
        )

    return run


@pytest.fixture
def start() -> Callable[..., subprocess.Popen[bytes]]:
    """Start the real command line and leave it running."""
    started = []

    def run(
        *args: object, program: Sequence[str] = ("-m", "translator")
    ) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, *program, *map(str, args)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,  # a line read here is not kept from communicate()
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def fast() -> Callable[..., object]:
    """Run the command line in this process, which saves loading the libraries each time."""

    def run(*args: object, stdin: bytes = b"") -> object:
        return CliRunner().invoke(app, list(map(str, args)), input=stdin)

    return run
