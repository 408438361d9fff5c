from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from translator.curves import Curve, Logged, Validated, read_curve, run_names
from translator.errors import ModelError
from translator.run_directory import RunDirectory

LOGGED = {
    "type": "train",
    "step": 20,
    "epoch": 0.25,
    "loss": 6.5,
    "gradient_norm": 1.25,
    "learning_rate": 0.0005,
    "tokens": 40_000,
    "skipped": 1,
    "seconds": 30.5,
    "tokens_per_second": 1500.5,
}
VALIDATED = {"type": "validation", "step": 20, "loss": 5.5, "bleu": 3.25}


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., RunDirectory]:
    """Write the lines (objects, or bytes as they are) as the record of a run."""

    def write(*lines: dict[str, object] | bytes) -> RunDirectory:
        run = RunDirectory(tmp_path / "run")
        run.path.mkdir(exist_ok=True)
        run.metrics_file.write_bytes(
            b"".join(
                line if isinstance(line, bytes) else json.dumps(line).encode() + b"\n"
                for line in lines
            )
        )
        return run

    return write


def test_the_lines_become_points(record: Callable[..., RunDirectory]) -> None:
    later = {**LOGGED, "step": 40, "loss": None, "tokens_per_second": 1000}
    curve = read_curve(record(LOGGED, VALIDATED, {**VALIDATED, "loss": None}, later), "ours")
    first = Logged(
        step=20,
        epoch=0.25,
        loss=6.5,
        learning_rate=0.0005,
        skipped=1,
        seconds=30.5,
        tokens_per_second=1500.5,
    )
    assert curve.name == "ours"
    assert curve.log[0] == first
    assert (curve.log[1].step, curve.log[1].loss) == (40, None)
    assert curve.validations == [
        Validated(step=20, loss=5.5, bleu=3.25),
        Validated(step=20, loss=None, bleu=3.25),
    ]
    assert curve.steps == 40
    assert curve.tokens_per_second == 1250.25
    assert curve.logged_by(39) == curve.logged_by(20) == first
    assert curve.logged_by(19) is None


def test_the_best_are_those_that_training_keeps() -> None:
    values = [(5.0, 1.0), (None, 7.0), (4.0, 7.0), (3.0, 7.0), (3.0, 7.0), (2.5, 6.0)]
    validations = [
        Validated(step=10 * i, loss=loss, bleu=bleu) for i, (loss, bleu) in enumerate(values)
    ]
    curve = Curve(name="", log=[], validations=validations)
    assert curve.best_bleu == validations[3]
    assert curve.best_loss == validations[5]
    nothing = Curve(name="", log=[], validations=validations[1:2])
    assert nothing.best_loss is None
    assert nothing.tokens_per_second is None
    assert Curve(name="", log=[], validations=[]).best_bleu is None


def test_a_half_written_last_line_is_ignored(record: Callable[..., RunDirectory]) -> None:
    whole = json.dumps({**VALIDATED, "step": 40}).encode()
    for length in range(len(whole)):
        assert read_curve(record(LOGGED, whole[:length]), "").steps == 20
    # all but the end of the line
    assert read_curve(record(LOGGED, whole), "").steps == 40


def test_lines_of_another_kind_and_blank_ones_are_left_out(
    record: Callable[..., RunDirectory],
) -> None:
    other = {"type": "test", "step": 99, "bleu": 1}
    assert read_curve(record(LOGGED, other, b"\r\n \n", VALIDATED), "").steps == 20


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"{\n", "not JSON"),
        (b"\0\0\0\0\n", "not JSON"),
        (b'{"type": "caf\xe9"}\n', "not JSON"),
        (b"[" * 100_000 + b"\n", "not JSON"),
        (b"[]\n", "not an object with a type"),
        (b"{}\n", "not an object with a type"),
        ({**LOGGED, "type": ["train"]}, "not an object with a type"),
        ({**VALIDATED, "bleu": None}, "no number for bleu"),
        ({**VALIDATED, "bleu": True}, "no number for bleu"),
        ({**VALIDATED, "bleu": float("nan")}, "no number for bleu"),
        ({**VALIDATED, "loss": "5.5"}, "no number for loss"),
        (b'{"type": "validation", "step": 30, "bleu": 1}\n', "no number for loss"),
        ({**VALIDATED, "loss": 10**400}, "no number for loss"),
        ({**LOGGED, "epoch": -(10**400)}, "no number for epoch"),
        ({**LOGGED, "step": 20.5}, "no whole number for step"),
        ({**LOGGED, "step": -1}, "no whole number for step"),
        ({**LOGGED, "step": 10}, "step 10 comes after step 20"),
    ],
)
def test_a_damaged_line_is_named(
    record: Callable[..., RunDirectory], line: dict[str, object] | bytes, message: str
) -> None:
    run = record(LOGGED, VALIDATED, line, VALIDATED)
    with pytest.raises(ModelError) as caught:
        read_curve(run, "")
    assert caught.value.message == f"is damaged: {message}"
    assert caught.value.where == f"{run.metrics_file}:3"
    assert "take the line out" in (caught.value.hint or "")


PARTS = [b'{"type": "train", "step": 1}', b'{"type": "validation", "step": 1, "loss": 1', b"\n"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=20) | st.sampled_from(PARTS), max_size=5))
def test_whatever_is_in_the_file_no_other_error_is_raised(parts: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = RunDirectory(folder)
        run.metrics_file.write_bytes(b"".join(parts))
        with pytest.raises(ModelError):
            read_curve(run, "")


def test_runs_without_a_record(record: Callable[..., RunDirectory], tmp_path: Path) -> None:
    for lines in ([], [b'{"type": "tra']):
        with pytest.raises(ModelError, match=r"metrics.jsonl: holds nothing yet\n  The first line"):
            read_curve(record(*lines), "")
    run = record()
    run.metrics_file.unlink()
    with pytest.raises(ModelError, match=r"run: is not a run directory: there is no metrics.jsonl"):
        read_curve(run, "")
    run.write_manifest({})
    with pytest.raises(ModelError, match=r"metrics.jsonl: is missing\n  Training writes it"):
        read_curve(run, "")
    run.metrics_file.mkdir()
    with pytest.raises(ModelError, match=r"metrics.jsonl: cannot be read: "):
        read_curve(run, "")
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match=r"file: is a file, and a run is a directory"):
        read_curve(RunDirectory(tmp_path / "file"), "")


def test_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_names([Path("a/x"), Path("b/y"), Path()]) == ["x", "y", tmp_path.name]
    assert run_names([Path("a/x"), Path("b/x/"), Path("c")]) == ["a/x", "b/x", "c"]
    assert run_names([Path("/")]) == ["/"]
    assert run_names([Path("a\nb\x1b[1m"), Path("caf\udce9")]) == ["a?b?[1m", "caf?"]
