from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch

from translator.batching import Batch
from translator.config import ModelConfig, load_config
from translator.run_directory import RunDirectory
from translator.training import Request, rehearsal
from translator.training.distributed import ALONE
from translator.training.loop import Trainer
from translator.training.rehearsal import Rehearsal, largest_batch, measure, rehearse
from translator.training.run import set_up

LIMIT = 10**15


@pytest.fixture
def request_(
    tmp_path: Path, toy_files: tuple[Path, Path], tiny: Callable[..., list[str]]
) -> Request:
    settings = tiny(training__max_steps=20, training__accumulate=2)[1::2]
    train, dev = map(str, toy_files)
    return Request((train,), dev, "en", "fr", tmp_path / "run", settings=tuple(settings))


@pytest.fixture
def trainer(request_: Request, tmp_path: Path) -> Trainer:
    config = load_config("small", request_.settings)
    return set_up(RunDirectory(tmp_path / "none"), request_, config, ALONE)[0]


@pytest.fixture
def taken(trainer: Trainer, monkeypatch: pytest.MonkeyPatch) -> list[list[int]]:
    """The sizes of the batches of each step; memory is 1,000 bytes and 10 for each row of it."""
    sizes: list[list[int]] = []
    take = trainer.stepper.take

    def counted(groups: Any, step: int, rate: float) -> Any:
        sizes.append([len(rows) for rows in groups])
        return take(groups, step, rate)

    monkeypatch.setattr(trainer.stepper, "take", counted)
    monkeypatch.setattr(rehearsal, "memory_limit", lambda: LIMIT)
    monkeypatch.setattr(rehearsal, "resident_memory", lambda: 500 + 5 * sizes[-1][0])
    monkeypatch.setattr(rehearsal, "most_memory_taken", lambda device: 0)
    return sizes


def together(facts: Iterator[dict[str, Any]]) -> dict[str, Any]:
    known: dict[str, Any] = {}
    for some in facts:
        known |= some
    return known


def test_the_largest_batch_is_the_one_of_most_work() -> None:
    corpus: Any = SimpleNamespace(
        source_lengths=np.array([4, 4, 4, 4, 30, 31, 8, 8]),
        target_lengths=np.array([4, 4, 4, 4, 2, 2, 8, 7]),
    )
    plan = [np.array(rows) for rows in ([0, 1, 2, 3], [4, 5], [7, 6])]
    # in few layers the decoder, in many the encoder decides
    shallow = ModelConfig(encoder_layers=1, decoder_layers=50)
    assert largest_batch(plan, corpus, shallow).tolist() in ([0, 1, 2, 3], [6, 7], [7, 6])
    assert largest_batch(plan, corpus, ModelConfig()).tolist() == [5, 4]


def test_what_is_rehearsed(trainer: Trainer, taken: list[list[int]]) -> None:
    before = {name: x.clone() for name, x in trainer.stepper.model.state_dict().items()}
    known = together(measure(trainer, trainer.config.model))
    whole = largest_batch(trainer.plan(0), trainer.data.corpus, trainer.config.model)
    rows, width = (
        len(whole),
        int(
            max(
                trainer.data.corpus.source_lengths[whole[0]],
                trainer.data.corpus.target_lengths[whole[0]],
            )
        ),
    )
    # two batches to a step: their gradients are added up
    assert taken[:3] == [[1, 1], [rows // 4] * 2, [rows, rows]]
    assert all(len(step) == 1 for step in taken[3:])
    # training keeps as much freed memory as it needs, at most
    assert known["peak_bytes"] == 1000 + 10 * rows
    assert known["token_bytes"] == pytest.approx(10 / width)
    assert known["measured"] is True
    assert known["validated"] == 20
    assert known["seconds_per_step"] > 0
    assert known["seconds_per_validation"] > 0
    assert Rehearsal(**known).out_of_memory is False
    for name, tensor in trainer.stepper.model.state_dict().items():
        assert torch.equal(tensor, before[name])


def test_what_cannot_fit_is_not_tried(
    trainer: Trainer, taken: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = largest_batch(trainer.plan(0), trainer.data.corpus, trainer.config.model)
    monkeypatch.setattr(rehearsal, "memory_limit", lambda: 1000 + 10 * len(whole) - 1)
    known = together(measure(trainer, trainer.config.model))
    assert len(taken) == 2
    assert known["peak_bytes"] == 1000 + 10 * len(whole)
    assert "measured" not in known
    assert "seconds_per_step" not in known


def test_a_batch_that_is_too_large_is_not_split(
    trainer: Trainer, taken: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As training would do: but the plan is to tell that memory is not enough."""
    whole = largest_batch(trainer.plan(0), trainer.data.corpus, trainer.config.model)
    backward = trainer.stepper.backward

    def limited(batch: Batch, tokens: float, last: bool) -> torch.Tensor:
        if len(batch.source) == len(whole):
            raise torch.OutOfMemoryError
        return backward(batch, tokens, last)

    monkeypatch.setattr(trainer.stepper, "backward", limited)
    facts = measure(trainer, trainer.config.model)
    assert next(facts)["memory_limit"] == LIMIT
    assert next(facts)["peak_bytes"] == 1000 + 10 * len(whole)  # reckoned from smaller ones
    with pytest.raises(torch.OutOfMemoryError):
        next(facts)


def test_a_process_that_the_system_kills(
    request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = '{"threads": 2, "peak_bytes": 5}\n{"peak_bytes": 7}\n'
    killed = subprocess.CompletedProcess([], -9, said, "")
    monkeypatch.setattr(rehearsal.subprocess, "run", lambda *_, **__: killed)
    assert rehearse(request_) == Rehearsal(threads=2, peak_bytes=7, out_of_memory=True)


def test_a_process_that_fails_is_a_mistake_of_ours(
    request_: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = subprocess.CompletedProcess([], 1, "", "Traceback: it broke")
    monkeypatch.setattr(rehearsal.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(RuntimeError, match="exit code 1\nTraceback: it broke"):
        rehearse(request_)


def test_too_little_memory_is_told_by_the_process_itself(
    request_: Request,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def facts(request: Request) -> Iterator[dict[str, Any]]:
        assert request == request_
        yield {"threads": 3}
        raise torch.OutOfMemoryError

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
        """Be the process, here."""
        import io
        import sys

        monkeypatch.setattr(sys, "stdin", io.StringIO(options["input"]))
        stdout = sys.stdout
        rehearsal.main()
        sys.stdout = stdout
        return subprocess.CompletedProcess(command, 0, capsys.readouterr().out, "")

    monkeypatch.setattr(rehearsal, "_facts", facts)
    monkeypatch.setattr(rehearsal, "_be_the_first_to_end", lambda: None)
    monkeypatch.setattr(rehearsal.subprocess, "run", run)
    assert rehearse(request_) == Rehearsal(threads=3, out_of_memory=True)
