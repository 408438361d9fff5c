from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from translator.batching import EncodedCorpus
from translator.config import Config, load_config
from translator.model.transformer import Transformer
from translator.run_directory import RunDirectory
from translator.tokenizer import Tokenizer, learn_vocabulary
from translator.tokenizer.tokenizer import PAD_ID
from translator.training.step import Stepper


class RowsInMemory:
    """What a stepper takes from an encoded corpus."""

    tags: tuple[list[int], ...] = ([],)

    def __init__(self, sources: list[list[int]], targets: list[list[int]]) -> None:
        self.sources, self.targets = sources, targets

    def ids(self, rows: Any) -> tuple[list[list[int]], list[list[int]]]:
        return [self.sources[i] for i in rows], [self.targets[i] for i in rows]


@pytest.fixture(scope="session")
def new_config(tiny: Callable[..., list[str]]) -> Callable[..., Config]:
    def build(**changed: object) -> Config:
        settings = tiny(**{"training__max_steps": 100, **changed})[1::2]
        return load_config("", settings)

    return build


@pytest.fixture(scope="session")
def pairs(toy: Callable[..., list[tuple[str, str]]]) -> list[tuple[str, str]]:
    return toy(60)


@pytest.fixture(scope="session")
def tokenizer(pairs: list[tuple[str, str]], new_config: Callable[..., Config]) -> Tokenizer:
    return learn_vocabulary([text for pair in pairs for text in pair], new_config().tokenizer)


@pytest.fixture(scope="session")
def corpus(tokenizer: Tokenizer, pairs: list[tuple[str, str]]) -> EncodedCorpus:
    sides = (tokenizer.encode(list(side)) for side in zip(*pairs, strict=True))
    return RowsInMemory(*sides)  # type: ignore[return-value]


@pytest.fixture
def new_stepper(
    tokenizer: Tokenizer, corpus: EncodedCorpus, new_config: Callable[..., Config]
) -> Callable[..., Stepper]:
    """Build a stepper around a tiny new model; the same one each time."""

    def build(precision: str = "fp32", dtype: torch.dtype | None = None, **options: Any) -> Stepper:
        config = new_config(**options)
        torch.manual_seed(1)
        model = Transformer(config.model, len(tokenizer), PAD_ID)
        if dtype is not None:
            model.to(dtype)
        return Stepper(config, model, corpus, tokenizer, precision)

    return build


@pytest.fixture
def run(tmp_path: Path) -> RunDirectory:
    directory = RunDirectory(tmp_path / "run")
    directory.path.mkdir()
    return directory


@pytest.fixture(scope="session")
def rows() -> Callable[..., Any]:
    return lambda *numbers: np.array(numbers, dtype=np.int64)
