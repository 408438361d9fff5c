"""Batches that the torch engine searches for side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from translator import Translator
from translator.config import DecodingConfig
from translator.decoding.engines.with_torch import TorchEngine
from translator.decoding.search.batches import batches_by_length, even_budget
from translator.errors import ModelError
from translator.run_directory import RunDirectory


@pytest.fixture(autouse=True)
def threads() -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield 2
    torch.set_num_threads(before)


def load(run: RunDirectory, workers: int, **options: Any) -> Translator:
    decoding = DecodingConfig(
        engine="torch",
        device="cpu",
        workers=workers,
        max_length_ratio=0.5,
        **{"beam": 3, **options},
    )
    return Translator.load(run.path, decoding=decoding)


@pytest.mark.parametrize("options", [{}, {"batch_tokens": 120}, {"temperature": 0.9, "seed": 5}])
def test_they_find_what_one_after_the_other_does(
    run: RunDirectory, texts: list[str], threads: int, options: dict[str, Any]
) -> None:
    alone = load(run, 1, **options).search(texts)
    beside = load(run, 3, **options).search(texts)
    for [one], [other] in zip(alone, beside, strict=True):
        assert other.text == one.text
        assert other.score == pytest.approx(one.score, abs=1e-5)
    assert torch.get_num_threads() == threads


def test_a_mistake_in_one_ends_all(run: RunDirectory, texts: list[str], threads: int) -> None:
    translator = load(run, 2)
    with torch.no_grad():
        translator.model.embedding.weight.fill_(torch.nan)
    with pytest.raises(ModelError, match="NaN"):
        translator.search(texts)
    assert torch.get_num_threads() == threads


def test_without_a_number_there_is_one_for_each_thread(run: RunDirectory, threads: int) -> None:
    engine = load(run, 0).engine
    assert isinstance(engine, TorchEngine)
    assert engine._workers == threads
    torch.set_num_threads(64)
    assert TorchEngine(engine.model)._workers == 4


@pytest.mark.parametrize(("tokens", "budget", "workers"), [(1000, 300, 2), (10, 300, 3), (0, 5, 2)])
def test_each_worker_gets_as_much(tokens: int, budget: int, workers: int) -> None:
    even = even_budget(tokens, budget, workers)
    assert 1 <= even <= budget
    batches = list(batches_by_length([1] * tokens, even))
    assert len(batches) % workers == 0
    assert max(map(len, batches), default=0) - min(map(len, batches), default=0) <= workers
