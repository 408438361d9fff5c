from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
import torch

# the benchmarks are run from the repository and never installed
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.common import run
from translator.config import Config, DataConfig, ModelConfig, TokenizerConfig
from translator.model.transformer import Transformer
from translator.model.weights import save_weights
from translator.run_directory import RunDirectory
from translator.tokenizer import learn_vocabulary


@pytest.fixture
def tiny() -> list[str]:
    """Options that make training take moments."""
    return [
        "--set=tokenizer.vocab_size=400",
        "--set=model.d_model=16",
        "--set=model.ffn_dim=32",
        "--set=model.attention_heads=2",
        "--set=training.batch_tokens=200",
    ]


def _corpus(folder: Path, count: int) -> str:
    chance = random.Random(1)
    words = ["".join(chance.choices("abdegiklmnorstu", k=chance.randint(2, 6))) for _ in range(300)]
    lines = [" ".join(chance.choices(words, k=chance.randint(2, 8))) for _ in range(count)]
    (folder / "a.en").write_text("".join(f"{line}\n" for line in lines))
    (folder / "a.de").write_text("".join(f"{line[::-1]}\n" for line in lines))
    return f"{folder / 'a.en'},{folder / 'a.de'}"


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Two files of made-up words, as a corpus name."""
    return _corpus(tmp_path_factory.mktemp("corpus"), 400)


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The first pairs of that corpus, for what is translated."""
    return _corpus(tmp_path_factory.mktemp("few"), 20)


@pytest.fixture(scope="session")
def model(corpus: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run directory with random weights."""
    texts = [line for path in corpus.split(",") for line in Path(path).read_text().splitlines()]
    config = Config(
        data=DataConfig(max_length=16),
        tokenizer=TokenizerConfig(vocab_size=400),
        model=ModelConfig(
            d_model=16, ffn_dim=32, attention_heads=2, encoder_layers=2, decoder_layers=1
        ),
    )
    tokenizer = learn_vocabulary(texts, config.tokenizer)
    run_directory = RunDirectory(tmp_path_factory.mktemp("run"))
    run_directory.write_config(config)
    run_directory.write_manifest({"source": "en", "target": "de"})
    run_directory.tokenizer_file.write_bytes(tokenizer.model)
    torch.manual_seed(1)
    save_weights(
        run_directory.weights_file, Transformer(config.model, len(tokenizer), 1).state_dict()
    )
    return run_directory.path


@pytest.fixture
def benchmark(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], warm_python: str
) -> Callable[..., str]:
    """Run a benchmark as from the command line and return what it prints.

    The processes that it starts measure nothing of worth here, and need not load the libraries.
    """
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setattr(sys, "executable", warm_python)

    def call(module: ModuleType, *options: str) -> str:
        monkeypatch.setattr(sys, "argv", [module.__name__, *options])
        run(module.main)
        return capsys.readouterr().out

    return call
