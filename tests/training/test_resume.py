"""A run that is stopped and goes on ends with the same bytes as one that was not."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from translator.cli.app import app
from translator.run_directory import RunDirectory

STEPS = 43
OPTIONS = {
    "training__max_steps": STEPS,
    "training__r_drop": 1,
    "training__accumulate": 2,
    "training__average_last": 3,
    "training__log_every": 4,
    "tokenizer__sampling": 0.1,
    "training__word_dropout": 0.1,
}
Metrics = Callable[[RunDirectory], list[dict[str, object]]]


@pytest.fixture(scope="module")
def data(
    tmp_path_factory: pytest.TempPathFactory, toy: Callable[..., list[tuple[str, str]]]
) -> list[str]:
    directory = tmp_path_factory.mktemp("resume")
    pairs = toy(330)
    for name, part in (("train.tsv", pairs[:300]), ("dev.tsv", pairs[300:])):
        text = "".join(f"{a}\t{b}\n" for a, b in part)
        (directory / name).write_text(text, encoding="utf-8")
    return ["--train", f"{directory}/train.tsv", "--dev", f"{directory}/dev.tsv"]


@pytest.fixture(scope="module")
def arguments(data: list[str], tiny: Callable[..., list[str]]) -> list[str]:
    return ["train", *data, "--source", "en", "--target", "fr", *tiny(**OPTIONS)]


@pytest.fixture(scope="module")
def straight(
    tmp_path_factory: pytest.TempPathFactory, arguments: list[str], warm_python: str
) -> RunDirectory:
    """The run that nothing stopped."""
    path = tmp_path_factory.mktemp("straight") / "run"
    command = [warm_python, "-m", "translator", *arguments, "--out", str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return RunDirectory(path)


def invoke(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.slow
def test_killed_and_stopped_from_outside(
    straight: RunDirectory,
    arguments: list[str],
    warm_python: str,
    tmp_path: Path,
    assert_equal_runs: Callable[[RunDirectory, RunDirectory], None],
) -> None:
    run = RunDirectory(tmp_path / "run")
    command = ["-m", "translator", *arguments, "--out", str(run.path)]

    def lines() -> int:
        return run.metrics_file.read_bytes().count(b"\n") if run.metrics_file.exists() else 0

    def stop(number: int, after: int, *more: str, python: str = warm_python) -> tuple[int, str]:
        """Send a signal when the record has grown to `after` lines, and a little later."""
        process = subprocess.Popen(
            [python, *command, *more],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        try:
            deadline = time.monotonic() + 200
            while lines() < after and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.001)
            time.sleep(random.random() / 30)
            process.send_signal(number)
            out, err = process.communicate(timeout=100)
        finally:
            process.kill()
        assert out == ""
        return process.returncode, err

    # what is killed is a process that nothing stands before
    code, _ = stop(signal.SIGKILL, 5, python=sys.executable)
    assert code == -signal.SIGKILL
    code, err = stop(signal.SIGINT, 8, "--resume")
    assert code == 130, err
    assert re.search("Stopping (after this step|in this validation), to save the state.", err)
    assert "everything is saved" in err.splitlines()[-2]
    assert err.splitlines()[-1] == "  The same command with --resume goes on from here."
    stopped = run.states()[-1]
    assert f"stopped after step {int(stopped.name.removeprefix('step-')):,};" in err
    assert run.read_manifest()["result"]["finished"] is False
    code, err = stop(signal.SIGTERM, 11, "--resume")
    assert code == 143, err
    assert "everything is saved" in err.splitlines()[-2]
    # nothing but the directory has to be named
    result = invoke("train", "--out", run.path, "--resume")
    assert result.exit_code == 0, result.stderr
    assert_equal_runs(run, straight)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, arguments: list[str]) -> RunDirectory:
    path = tmp_path_factory.mktemp("finished") / "run"
    result = invoke(*arguments, "--out", path, "--max-steps", 20)
    assert result.exit_code == 0, result.stderr
    return RunDirectory(path)


@pytest.fixture
def unchanged(finished: RunDirectory) -> Callable[[], bool]:
    def contents() -> dict[str, tuple[int, bytes]]:
        return {
            str(path.relative_to(finished.path)): (path.stat().st_mtime_ns, path.read_bytes())
            for path in finished.path.rglob("*")
            if path.is_file()
        }

    before = contents()
    return lambda: contents() == before


def test_it_says_that_it_has_finished(
    finished: RunDirectory, unchanged: Callable[[], bool]
) -> None:
    result = invoke("train", "--out", finished.path, "--resume")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.splitlines()[-1] == (
        f"{finished.path} has finished: the budget is used up. "
        "A larger --max-steps or --max-time goes on."
    )
    assert unchanged()


def test_without_resume_it_is_left_alone(
    finished: RunDirectory, arguments: list[str], unchanged: Callable[[], bool]
) -> None:
    result = invoke(*arguments, "--out", finished.path)
    assert result.exit_code == 2
    assert result.stderr == (
        f"error: {finished.path}: already holds a run\n"
        "  Add --resume to go on with it, or choose another --out.\n"
    )
    assert unchanged()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--set", "model.d_model=32"], "this run has model.d_model=16, not 32"),
        (["--set", "training.seed=2"], "this run has training.seed=1, not 2"),
        (["--preset", "tiny"], "this run has "),
        (["--source", "de"], "this run was started with --source en, not --source de"),
        (["--train", "other.tsv"], "this run was started with --train "),
        (["--dev", "other.tsv"], "this run was started with --dev "),
        (["--set", "model.d_modle=32"], "there is no option model.d_modle"),
    ],
)
def test_what_would_make_it_another_run_is_refused(
    finished: RunDirectory,
    unchanged: Callable[[], bool],
    more: list[str],
    told: str,
) -> None:
    result = invoke("train", "--out", finished.path, "--resume", *more)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert unchanged()


@pytest.mark.parametrize(
    ("closed", "told"),
    [
        (".", ": is read-only\n  Choose an --out that can be written to.\n"),
        (".lock", "/.lock: Permission denied\n  Check its permissions, or choose another place.\n"),
    ],
)
def test_a_run_that_cannot_be_written_is_left_alone(
    finished: RunDirectory,
    unchanged: Callable[[], bool],
    run_as_owner: Callable[..., subprocess.CompletedProcess[str]],
    closed: str,
    told: str,
) -> None:
    place = finished.path / closed
    mode = place.stat().st_mode
    place.chmod(mode & ~0o222)
    result = run_as_owner("train", "--out", finished.path, "--resume", "--max-steps", 30)
    place.chmod(mode)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == f"error: {finished.path}{told}"
    assert unchanged()


@pytest.mark.parametrize("which", [1, 3])
def test_changed_data_are_refused(
    finished: RunDirectory, data: list[str], unchanged: Callable[[], bool], which: int
) -> None:
    path = Path(data[which])
    before = path.read_bytes()
    path.write_bytes(before.replace(b"o", b"u", 1))
    try:
        result = invoke("train", "--out", finished.path, "--resume", "--max-steps", 40)
    finally:
        path.write_bytes(before)
    assert result.exit_code == 2
    assert "the data have changed since this run was started" in result.stderr
    assert unchanged()


def test_a_larger_limit_goes_on(
    finished: RunDirectory, tmp_path: Path, arguments: list[str], metrics: Metrics
) -> None:
    copy = RunDirectory(tmp_path / "copy")
    shutil.copytree(finished.path, copy.path)
    result = invoke(*arguments, "--out", copy.path, "--resume", "--max-steps", 33)
    assert result.exit_code == 0, result.stderr
    assert "Going on after step 20." in result.stderr
    assert copy.states()[-1].name == "step-33"
    assert copy.read_config().training.max_steps == 33
    assert [m["step"] for m in metrics(copy) if m["type"] == "train"] == [*range(4, 34, 4)]


def test_a_limit_of_another_kind_takes_the_place_of_the_old_one(
    finished: RunDirectory, tmp_path: Path
) -> None:
    copy = RunDirectory(tmp_path / "copy")
    shutil.copytree(finished.path, copy.path)
    result = invoke("train", "--out", copy.path, "--resume", "--max-epochs", 5)
    assert result.exit_code == 0, result.stderr
    options = copy.read_config().training
    assert (options.max_steps, options.max_epochs) == (0, 5)
    assert copy.read_manifest()["result"]["epochs"] == 5


@pytest.mark.parametrize("harm", ["cut", "flip", "remove"])
@pytest.mark.parametrize(
    "name",
    ["weights.safetensors", "optimizer.safetensors", "average.safetensors", "position.json"],
)
def test_a_damaged_state_is_noticed_and_made_again(
    finished: RunDirectory,
    tmp_path: Path,
    name: str,
    harm: str,
    assert_equal_runs: Callable[[RunDirectory, RunDirectory], None],
) -> None:
    copy = RunDirectory(tmp_path / "copy")
    shutil.copytree(finished.path, copy.path)
    file = copy.states()[-1] / name
    whole = file.read_bytes()
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    file.unlink()
    if harm != "remove":
        file.write_bytes(whole[:middle] if harm == "cut" else flipped)
    result = invoke("train", "--out", copy.path, "--resume")
    assert result.exit_code == 0, result.stderr
    told = f"{copy.state_dir(20)} is damaged: "
    [line] = [line for line in result.stderr.splitlines() if line.startswith(told)]
    assert name in line
    assert line.endswith("Going back to step-10, after which it is made again.")
    assert "Going on after step 10." in result.stderr
    assert_equal_runs(copy, finished)


def test_when_all_states_are_damaged_nothing_is_touched(
    finished: RunDirectory, tmp_path: Path
) -> None:
    copy = RunDirectory(tmp_path / "copy")
    shutil.copytree(finished.path, copy.path)
    for state in copy.states():
        os.truncate(state / "weights.safetensors", 100)
    before = sorted(copy.path.rglob("*"))
    result = invoke("train", "--out", copy.path, "--resume")
    assert result.exit_code == 2
    assert result.stderr.startswith(
        f"error: {copy.states_dir}: holds no whole training state: step-20 is damaged: "
        "weights.safetensors is not what was written; step-10 is damaged: "
    )
    assert sorted(copy.path.rglob("*")) == before
    assert invoke("translate", "--model", copy.path, "fura kanu").exit_code == 0


@pytest.mark.parametrize("both", [False, True])
def test_best_weights_that_are_damaged(
    finished: RunDirectory, tmp_path: Path, both: bool, metrics: Metrics
) -> None:
    copy = RunDirectory(tmp_path / "copy")
    shutil.copytree(finished.path, copy.path)
    whole = copy.weights_file.read_bytes()
    position = json.loads((copy.states()[-1] / "position.json").read_bytes())
    for file in [copy.weights_file, *copy.best_files() * both]:
        file.write_bytes(file.read_bytes()[:-4] + b"flip")
    result = invoke("train", "--out", copy.path, "--resume")
    assert result.exit_code == 0, result.stderr
    assert ("are lost" in result.stderr) is both
    if not both:
        assert copy.weights_file.read_bytes() == whole
        return
    assert f"the best weights, of step {position['best_step']}, are lost" in result.stderr
    result = invoke("train", "--out", copy.path, "--resume", "--max-steps", 30)
    assert result.exit_code == 0, result.stderr
    assert copy.read_manifest()["result"]["best_step"] == 30
    assert invoke("translate", "--model", copy.path, "fura kanu").exit_code == 0
    assert metrics(copy)[: len(metrics(finished))] == metrics(finished)


def test_the_same_command_keeps_the_limits(
    tmp_path: Path, data: list[str], tiny: Callable[..., list[str]]
) -> None:
    """A preset's own limits, which the user's took the place of, do not come back."""
    arguments = ["train", *data, "-s", "en", "-t", "fr", "--preset", "sample", *tiny()]
    arguments += ["--max-steps", "12", "--out", str(tmp_path / "run")]
    run = RunDirectory(tmp_path / "run")
    assert invoke(*arguments).exit_code == 0
    before = run.read_config().training
    assert (before.max_steps, before.max_epochs, before.max_time) == (12, 0, "")
    result = invoke(*arguments, "--resume")
    assert result.exit_code == 0
    assert "has finished" in result.stderr
    result = invoke(*arguments, "--resume", "--max-steps", "14")
    assert result.exit_code == 0, result.stderr
    after = run.read_config().training
    assert (after.max_steps, after.max_epochs, after.max_time) == (14, 0, "")


def test_nothing_to_resume(tmp_path: Path, arguments: list[str]) -> None:
    for path in (tmp_path / "absent", tmp_path):
        result = invoke(*arguments, "--out", path, "--resume")
        assert result.exit_code == 2
        assert result.stderr == f"error: {path}: holds no run to resume\n  Leave --resume out.\n"
    assert list(tmp_path.iterdir()) == []
