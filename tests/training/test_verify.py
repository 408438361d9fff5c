from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from translator.config import load_config
from translator.errors import TrainingError
from translator.progress import Bar
from translator.run_directory import RunDirectory
from translator.training import Request, verify
from translator.training.verify import STEPS, differences, verify_resume


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary directories are made."""
    path = tmp_path / "temporary"
    path.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(path))
    return path


@pytest.fixture
def request_for(
    toy_files: tuple[Path, Path],
    tmp_path: Path,
    tiny: Callable[..., list[str]],
    warm_python: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Request:
    monkeypatch.setattr(sys, "executable", warm_python)
    return Request(
        train=(str(toy_files[0]),),
        dev=str(toy_files[1]),
        source="en",
        target="fr",
        out=tmp_path / "run",
        settings=tuple(tiny(training__max_time="1h", training__precision="auto")[1::2]),
    )


@pytest.mark.slow
def test_a_run_that_is_killed_and_resumed_is_equal(
    request_for: Request, temporary: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(tmp_path.rglob("*"))
    verify_resume(request_for)
    out, err = capsys.readouterr()
    assert out == ""
    lines = [line for line in err.splitlines() if not line.startswith("Checking: ")]
    assert f"Training {STEPS} steps in {temporary}/" in lines[0]
    assert lines[0].endswith("once straight through, and once killed after 6 steps and resumed.")
    assert lines[1].startswith("The second run was killed, and went on from its state of step ")
    assert [line.split("  ")[1] for line in lines[2:6]] == [
        "weights",
        "optimiser",
        "moving average",
        "best weights",
    ]
    assert all(line.endswith(" tensors: equal, bit for bit") for line in lines[2:6])
    assert lines[6:] == ["Equal: with these data and options, on this machine, --resume is exact."]
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.slow
def test_a_run_that_fails_is_told(
    request_for: Request, temporary: Path, toy_files: tuple[Path, Path]
) -> None:
    toy_files[0].write_text("only one column\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"train\.tsv:1: has 1 column") as caught:
        verify_resume(request_for)
    assert "Traceback" not in str(caught.value)
    assert list(temporary.iterdir()) == []


def written(run: RunDirectory, value: float) -> None:
    """Write what a run of so many steps leaves, with this number as its only weight."""
    state = run.state_dir(STEPS)
    state.mkdir(parents=True)
    for file in (run.weights_file, state / "weights.safetensors", state / "optimizer.safetensors"):
        save_file({"one": torch.tensor([1.0]), "other": torch.tensor([0.5, value])}, file)


@pytest.mark.parametrize("values", [(1.0, 1.0), (1.0, 1.5)])
def test_a_difference_is_told(
    request_for: Request,
    temporary: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    values: tuple[float, float],
) -> None:
    left = list(values)

    def sitting(command: list[str], run: RunDirectory, bar: Bar, killed_after: int = 0) -> None:
        options = load_config(command[-1] if command[-1].endswith(".toml") else command[-2])
        assert options.training.max_steps == STEPS
        assert (options.training.max_time, options.training.batch_tokens) == ("", 256)
        if not killed_after:
            written(run, left.pop(0))

    monkeypatch.setattr(verify, "_sitting", sitting)
    if values[0] == values[1]:
        verify_resume(request_for)
        assert "moving average  none with these options" in capsys.readouterr().err
        return
    with pytest.raises(TrainingError) as caught:
        verify_resume(request_for)
    assert caught.value.message == (
        "the run that was killed ended otherwise: weights, optimiser, best weights"
    )
    assert "weights         2 tensors: different in 1, such as other: by up to 0.5" in (
        capsys.readouterr().err
    )
    assert list(temporary.iterdir()) == []


def test_differences(tmp_path: Path) -> None:
    one = {"a": torch.tensor([1.0, float("nan")]), "b": torch.zeros(2), "c": torch.zeros(1)}
    other = {"a": torch.tensor([1.0, float("nan")]), "b": torch.zeros(3), "d": torch.zeros(1)}
    files = tmp_path / "one", tmp_path / "other"
    for file, tensors in zip(files, (one, other), strict=True):
        save_file(tensors, file)
    assert differences(files[0], files[0]) == []
    assert differences(*files) == [
        "c: only in one of them",
        "d: only in one of them",
        "b: of another shape or type",
    ]
