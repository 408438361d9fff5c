from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from translator.errors import ConfigError
from translator.run_directory import RunDirectory
from translator.training.record import Record


def read(run: RunDirectory) -> list[dict[str, object]]:
    return [json.loads(line) for line in run.metrics_file.read_text("utf-8").splitlines()]


def test_one_object_per_line(run: RunDirectory) -> None:
    record = Record(run, 0, 0, tensorboard=False)
    record.write("train", 4, {"loss": 1.5, "note": "über"})
    record.write("validation", 5, {"bleu": 12.0})
    record.close()
    assert read(run) == [
        {"type": "train", "step": 4, "loss": 1.5, "note": "über"},
        {"type": "validation", "step": 5, "bleu": 12.0},
    ]
    assert record.length == run.metrics_file.stat().st_size


def test_what_was_written_after_the_state_is_cut_off(run: RunDirectory) -> None:
    record = Record(run, 0, 0, tensorboard=False)
    record.write("train", 4, {"loss": 1.5})
    length = record.length
    record.write("train", 8, {"loss": 1.25})
    with run.metrics_file.open("ab") as file:
        file.write(b'{"type": "tra')  # as of a process that was killed
    record = Record(run, length, 0, tensorboard=False)
    assert record.length == length
    record.write("train", 8, {"loss": 1.0})
    assert [line["loss"] for line in read(run)] == [1.5, 1.0]


def test_a_file_that_somebody_removed_is_begun_anew(run: RunDirectory) -> None:
    record = Record(run, 500, 0, tensorboard=False)
    record.write("train", 8, {"loss": 1.0})
    assert read(run) == [{"type": "train", "step": 8, "loss": 1.0}]
    assert record.length == run.metrics_file.stat().st_size


def test_of_a_file_that_is_too_short_whole_lines_are_kept(run: RunDirectory) -> None:
    record = Record(run, 0, 0, tensorboard=False)
    for step in (4, 8):
        record.write("train", step, {"loss": 1.5})
    with run.metrics_file.open("r+b") as file:
        file.truncate(record.length - 5)  # as after a loss of power
    record = Record(run, record.length, 0, tensorboard=False)
    record.write("train", 12, {"loss": 1.0})
    record.flush()
    assert [line["step"] for line in read(run)] == [4, 12]
    assert record.length == run.metrics_file.stat().st_size


def test_tensorboard(run: RunDirectory) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    record = Record(run, 0, 0, tensorboard=True)
    for step in (4, 8):
        record.write("train", step, {"loss": step / 4, "note": "text is left out"})
    record.write("validation", 8, {"bleu": 30})
    record.close()
    events = accumulator.EventAccumulator(str(run.tensorboard_dir)).Reload()
    assert sorted(events.Tags()["scalars"]) == ["train/loss", "validation/bleu"]
    assert [(e.step, e.value) for e in events.Scalars("train/loss")] == [(4, 1.0), (8, 2.0)]
    assert [(e.step, e.value) for e in events.Scalars("validation/bleu")] == [(8, 30.0)]


def test_tensorboard_forgets_what_came_after_the_state(run: RunDirectory) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    record = Record(run, 0, 0, tensorboard=True)
    for step in (4, 8):
        record.write("train", step, {"loss": float(step)})
    record.close()
    record = Record(run, 0, 4, tensorboard=True)
    record.write("train", 8, {"loss": 9.0})
    record.close()
    events = accumulator.EventAccumulator(str(run.tensorboard_dir)).Reload()
    assert [(e.step, e.value) for e in events.Scalars("train/loss")] == [(4, 4.0), (8, 9.0)]


def test_what_is_no_finite_number_is_null(run: RunDirectory) -> None:
    record = Record(run, 0, 0, tensorboard=False)
    record.write("train", 4, {"loss": float("nan"), "norm": float("inf"), "tokens": 3})
    assert read(run) == [{"type": "train", "step": 4, "loss": None, "norm": None, "tokens": 3}]


def test_no_tensorboard_unless_asked_for(run: RunDirectory) -> None:
    Record(run, 0, 0, tensorboard=False).close()
    assert [path.name for path in run.path.iterdir()] == ["metrics.jsonl"]


def test_tensorboard_that_is_not_installed(
    run: RunDirectory, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(ConfigError, match="not installed") as caught:
        Record(run, 0, 0, tensorboard=True)
    assert caught.value.hint == "pip install tensorboard"
    assert list(run.path.iterdir()) == []
