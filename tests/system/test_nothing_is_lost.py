"""Whatever happens to a run, going on with it ends in the bytes of a run that nothing befell."""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from translator.run_directory import RunDirectory
from translator.training.lock import locked

pytestmark = pytest.mark.slow

STEPS, EVERY = 33, 5
OPTIONS = {
    "training__max_steps": STEPS,
    "training__validate_every": EVERY,
    "training__accumulate": 2,
    "training__average_last": 3,
    "training__log_every": 2,
    "training__learning_rate": 5e-4,  # BLEU shall rise, and the best weights be others each time
    "tokenizer__sampling": 0.1,
}
KILLS = 20

AssertEqual = Callable[[RunDirectory, RunDirectory], None]
Sit = Callable[..., int]


@pytest.fixture(scope="module")
def folder(
    tmp_path_factory: pytest.TempPathFactory, toy: Callable[..., list[tuple[str, str]]]
) -> Path:
    path = tmp_path_factory.mktemp("nothing_is_lost")
    pairs = toy(330)
    for name, part in (("train.tsv", pairs[:300]), ("dev.tsv", pairs[300:])):
        text = "".join(f"{a}\t{b}\n" for a, b in part)
        (path / name).write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def sit(folder: Path, tiny: Callable[..., list[str]], come_to_harm: Callable[..., int]) -> Sit:
    """Let a process begin a run, or go on with it, and come to harm; return its exit code.

    What it said is in `told.txt` of the folder.
    """
    data = ["--train", str(folder / "train.tsv"), "--dev", str(folder / "dev.tsv")]
    new = ["train", *data, "--source", "en", "--target", "fr", *tiny(**OPTIONS)]

    def sit(run: RunDirectory, cache: Path = folder / "cache", **harm: Any) -> int:
        arguments = ["train", "--resume"] if run.holds_run() else new
        request = {"arguments": [*arguments, "--out", str(run.path)], **harm}
        return come_to_harm(folder / "told.txt", request, TRANSLATOR_CACHE=str(cache))

    return sit


@pytest.fixture(scope="module")
def straight(folder: Path, sit: Sit) -> RunDirectory:
    """The run that nothing befell; how many functions it called is in `count.txt`."""
    run = RunDirectory(folder / "straight")
    assert sit(run, count=str(folder / "count.txt")) == 0, told(folder)
    assert run.states()[-1] == run.state_dir(STEPS)
    return run


def told(folder: Path) -> str:
    return (folder / "told.txt").read_text(encoding="utf-8")


def newest(run: RunDirectory) -> int:
    return int(run.states()[-1].name.removeprefix("step-")) if run.states() else 0


@pytest.mark.thorough
def test_killed_at_random_moments(
    straight: RunDirectory, sit: Sit, folder: Path, assert_equal_runs: AssertEqual
) -> None:
    """A moment is a function call, of torch, Python or C; one in two reaches the next state."""
    between = int((folder / "count.txt").read_text()) * EVERY // STEPS
    chance = random.Random(20)
    moments = [chance.randrange(1, 2 * between) for _ in range(KILLS)]
    number = 0
    while moments:
        run = RunDirectory(folder / f"random-{number}")
        while sit(run, event=moments[-1] if moments else None) == -signal.SIGKILL:
            moments.pop()
        # this one came to its end
        assert "Finished after" in told(folder), told(folder)
        assert_equal_runs(run, straight)
        number += 1


MOMENTS = [
    # place, which call, what is done, newest state afterwards
    ("translator.training.run:RunDirectory.write_manifest", 1, "kill", 0),
    ("translator.training.loop:Trainer.train", 1, "kill", 0),
    ("translator.training.step:Stepper.take", 8, "kill", 5),
    ("translator.training.step:Stepper.backward", 6, "kill", 5),  # one of two batches
    ("translator.training.validate:forced_scores", 1, "kill", 5),
    ("translator.model.weights:save_file", 1, "kill half way", 5),
    ("translator.training.state:save_file", 2, "kill half way", 5),
    ("translator.training.state:save_file", 3, "kill after", 5),
    ("translator.training.best:_copy", 1, "kill", 5),  # the newer model.safetensors is put back
    ("translator.training.best:_copy", 2, "kill", 5),
    ("translator.training.loop:save_state", 1, "kill", 5),
    ("translator.training.loop:save_state", 1, "kill after", 10),
    ("translator.training.state:remove_directory", 1, "kill", 15),  # between rename and clean-up
    ("translator.run_directory:Path.rename", 1, "kill after", 20),  # in the middle of clean-up
    ("translator.training.loop:BestWeights.forget_all_but", 1, "kill", 25),
    ("translator.training.record:Record.write", 3, "kill half way", 25),
    ("translator.training.run:remove_leftovers", 2, "kill", 25),
    ("translator.training.loop:Trainer._finish", 1, "kill", 30),
    ("translator.training.loop:Snapshots.mean", 1, "kill", STEPS),
    ("translator.training.validate:forced_scores", 1, "kill", STEPS),  # of the mean
    ("translator.training.run:RunDirectory.write_manifest", 1, "kill", STEPS),  # all but done
]


def test_killed_at_chosen_moments(
    straight: RunDirectory, sit: Sit, folder: Path, assert_equal_runs: AssertEqual
) -> None:
    run = RunDirectory(folder / "chosen")
    for place, call, do, state in MOMENTS:
        code = sit(run, place=place, call=call, do=do)
        assert code == -signal.SIGKILL, f"{place}: {told(folder)}"
        assert newest(run) == state, place
    assert sit(run) == 0, told(folder)
    assert_equal_runs(run, straight)


def test_terminated(
    straight: RunDirectory, sit: Sit, folder: Path, assert_equal_runs: AssertEqual
) -> None:
    """SIGTERM: the step is ended; a validation is broken off, and made when the run goes on."""
    run = RunDirectory(folder / "terminated")
    translate, long = "translator.training.validate:Translator.translate", "while it takes long"
    moments = [
        (translate, 2, f"terminate {long}", 10, "in this validation"),
        ("translator.training.step:Stepper.take", 3, "terminate", 13, "after this step"),
        (translate, 5, f"terminate {long}", STEPS, "in this validation"),  # of the mean
    ]
    for place, call, do, step, what in moments:
        begun = time.monotonic()
        assert sit(run, place=place, call=call, do=do) == 143, told(folder)
        assert time.monotonic() - begun < 600  # which such a validation would take
        assert newest(run) == step
        lines = told(folder).splitlines()
        assert f"Stopping {what}, to save the state." in lines
        assert lines[-2:] == [
            f"interrupted: {run.path}: stopped after step {step}; everything is saved",
            "  The same command with --resume goes on from here.",
        ]
        assert run.read_manifest()["result"]["finished"] is False
    assert sit(run) == 0, told(folder)
    assert_equal_runs(run, straight)


@pytest.fixture(scope="module")
def stopped(folder: Path, sit: Sit) -> RunDirectory:
    """A run that was terminated after step 25."""
    run = RunDirectory(folder / "stopped")
    place = "translator.training.step:Stepper.take"
    assert sit(run, place=place, call=25, do="terminate") == 143, told(folder)
    return run


@pytest.mark.parametrize("full", ["metrics", "weights", "state"])
def test_a_full_disk_loses_nothing(
    straight: RunDirectory,
    stopped: RunDirectory,
    sit: Sit,
    folder: Path,
    assert_equal_runs: AssertEqual,
    full: str,
) -> None:
    """The disk is full for files of more than some size, which something is the first to meet."""
    run = RunDirectory(folder / f"full-{full}")
    shutil.copytree(stopped.path, run.path)
    sizes = {path.name: path.stat().st_size for path in run.states()[-1].iterdir()}
    weights, optimizer = sizes["weights.safetensors"], sizes["optimizer.safetensors"]
    metrics = run.metrics_file.stat().st_size
    assert run.config_file.stat().st_size < metrics < weights < optimizer
    limit = {
        "metrics": metrics + 10,
        "weights": weights // 2,
        "state": (weights + optimizer) // 2,
    }[full]
    before = [path.name for path in run.states()]
    assert sit(run, limit=limit) == 2, told(folder)
    message = told(folder)
    assert "Traceback" not in message
    last = message[message.index("error: ") :]
    assert str(run.path) in last
    assert "--resume goes on from the last saved state" in last
    assert [path.name for path in run.states()] == before == ["step-20", "step-25"]
    assert not list(run.path.rglob(".partial-*"))
    assert sit(run) == 0, told(folder)
    assert_equal_runs(run, straight)


def test_a_full_disk_before_the_first_step(
    straight: RunDirectory, sit: Sit, folder: Path, assert_equal_runs: AssertEqual
) -> None:
    run = RunDirectory(folder / "full-at-once")
    assert sit(run, limit=straight.tokenizer_file.stat().st_size // 2) == 2
    assert told(folder).endswith(
        f"\nerror: {run.tokenizer_file}: File too large\n"
        "  Raise the limit on the size of files (ulimit -f), or choose another place.\n"
    )
    assert not run.holds_run()
    assert not list(run.path.rglob(".partial-*"))
    assert sit(run) == 0, told(folder)
    assert_equal_runs(run, straight)


@pytest.mark.parametrize("kind", ["text", "vocabulary", "ids"])
def test_a_full_disk_for_the_cache(
    straight: RunDirectory, sit: Sit, folder: Path, tmp_path: Path, kind: str
) -> None:
    cache = tmp_path / "cache"
    shutil.copytree(folder / "cache", cache)
    [missing] = cache.glob(f"{kind}-*")
    files = [missing, *missing.rglob("*")]
    largest = max(file.stat().st_size for file in files if file.is_file())
    shutil.rmtree(missing) if missing.is_dir() else missing.unlink()
    before = sorted(cache.rglob("*"))
    run = RunDirectory(tmp_path / "run")
    assert sit(run, cache, limit=largest // 2) == 2
    message = told(folder)
    assert "Traceback" not in message
    *_, error, hint = message.splitlines()
    # a corpus of text is told of as such
    assert error.startswith(f"error: {cache if kind == 'text' else missing}: ")
    assert "File too large" in error
    assert "room" in hint if kind == "text" else "ulimit -f" in hint
    assert sorted(cache.rglob("*")) == before
    assert not run.path.exists()


def test_old_states_go_when_the_new_one_is_whole(
    straight: RunDirectory, sit: Sit, folder: Path
) -> None:
    run = RunDirectory(folder / "old_states")
    place = "translator.training.state:remove_directory"
    assert sit(run, place=place, call=1, do="kill") == -signal.SIGKILL
    assert [path.name for path in run.states()] == ["step-5", "step-10", "step-15"]
    assert sit(run, place=place, call=2, do="kill") == -signal.SIGKILL
    # keep_states=2; the first call was for step-5, the second would have been for step-10
    assert [path.name for path in run.states()] == ["step-10", "step-15", "step-20"]
    assert [path.name for path in straight.states()] == ["step-30", f"step-{STEPS}"]


def test_a_second_process_is_refused(stopped: RunDirectory, sit: Sit, folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in stopped.path.rglob("*")}
    with locked(stopped):
        assert sit(stopped) == 2
    assert told(folder) == (
        f"error: {stopped.path}: is in use by another process\n"
        "  Wait until it ends, or choose another --out.\n"
    )
    assert {path: path.stat().st_mtime_ns for path in stopped.path.rglob("*")} == before
