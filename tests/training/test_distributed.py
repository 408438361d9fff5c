"""Training by several processes, started with the README's own command."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from typer.testing import CliRunner

from translator.cli.app import app
from translator.corpora import read_text_lines, store
from translator.errors import ConfigError, DataError
from translator.run_directory import RunDirectory
from translator.tokenizer import Tokenizer
from translator.training import Request
from translator.training import run as training
from translator.training.distributed import ALONE, World
from translator.training.start import options_of
from translator.training.step import Stepper

ROOT = Path(__file__).parents[2]
STEPS = 20
OPTIONS = {
    "training__max_steps": STEPS,
    "training__batch_tokens": 280,  # an odd number of batches an epoch
    "training__precision": "fp32",
    "training__schedule": "inverse_sqrt",  # does not depend on the budget, which tests change
    "training__patience": 0,
    "model__dropout": 0,
}
AssertEqual = Callable[[RunDirectory, RunDirectory], None]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def launcher(python: str) -> list[str]:
    """The README's torchrun, with the options before `train`."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [line] = re.findall(r"^    (torchrun --standalone .* -m translator) train ", text, re.MULTILINE)
    torchrun, *options = shlex.split(line)
    assert torchrun == "torchrun"
    return [python, "-m", "torch.distributed.run", *options]


def launcher_on_each_of_two(python: str, port: int) -> list[str]:
    """The same for two machines, here with a process each: both of them are this one."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [options] = re.findall(r"`(--nnodes 2 [^`]*) FIRST_MACHINE:29400`", text)
    command = launcher(python)
    command[command.index("--nproc-per-node") + 1] = "1"
    at = command.index("--standalone")
    return [*command[:at], *options.split(), f"localhost:{port}", *command[at + 1 :]]


Torchrun = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def torchrun(warm_python: str) -> Torchrun:
    """Run several processes, which have the libraries loaded, to their end."""

    def run(*arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*launcher(warm_python), *map(str, arguments)],
            env=ENVIRONMENT,
            capture_output=True,
            encoding="utf-8",
            timeout=400,
            check=False,
        )

    return run


@pytest.fixture
def start(warm_python: str) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start several processes that do not outlive the test."""
    started = []

    def call(
        *arguments: object, program: list[str] | None = None, python: str = warm_python
    ) -> subprocess.Popen[str]:
        command = launcher(python)
        command = command if program is None else [*command[:-2], *program]
        process = subprocess.Popen(
            [*command, *map(str, arguments)],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        started.append(process)
        return process

    yield call
    for process in started:
        if process.poll() is None:
            process.terminate()  # it ends those that it started
            process.communicate(timeout=60)


def invoke(*arguments: object) -> Any:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.stderr
    return result


@pytest.fixture(scope="module")
def arguments(
    tmp_path_factory: pytest.TempPathFactory,
    toy: Callable[..., list[tuple[str, str]]],
    tiny: Callable[..., list[str]],
) -> list[str]:
    directory = tmp_path_factory.mktemp("data")
    pairs = toy(330)
    for name, part in (("train.tsv", pairs[:300]), ("dev.tsv", pairs[300:])):
        text = "".join(f"{a}\t{b}\n" for a, b in part)
        (directory / name).write_text(text, encoding="utf-8")
    data = ["--train", f"{directory}/train.tsv", "--dev", f"{directory}/dev.tsv"]
    return ["train", *data, "--source", "en", "--target", "fr", *tiny(**OPTIONS)]


@pytest.fixture(scope="module")
def together(
    tmp_path_factory: pytest.TempPathFactory, arguments: list[str], torchrun: Torchrun
) -> tuple[Any, Any]:
    """A run of two processes, and what they printed."""
    path = tmp_path_factory.mktemp("together") / "run"
    done = torchrun(*arguments, "--out", path)
    assert done.returncode == 0, done.stderr
    return RunDirectory(path), done


def one_process(path: Path, arguments: list[str], *more: object) -> RunDirectory:
    """A run of one process that takes the same batches a step as two."""
    invoke(*arguments, "--set", "training.accumulate=2", "--out", path, *more)
    return RunDirectory(path)


def lines(run: RunDirectory, kind: str) -> list[dict[str, Any]]:
    text = run.metrics_file.read_text(encoding="utf-8") if run.metrics_file.exists() else ""
    return [line for line in map(json.loads, text.splitlines()) if line["type"] == kind]


def position(run: RunDirectory) -> dict[str, Any]:
    return dict(json.loads((run.states()[-1] / "position.json").read_bytes()))


def assert_equal_states(run: RunDirectory, other: RunDirectory) -> None:
    state, expected = run.states()[-1], other.states()[-1]
    assert state.name == expected.name
    for name in ("weights", "average", "optimizer"):
        tensors = load_file(state / f"{name}.safetensors")
        correct = load_file(expected / f"{name}.safetensors")
        assert tensors.keys() == correct.keys()
        for key, tensor in tensors.items():
            torch.testing.assert_close(tensor, correct[key], atol=1e-6, rtol=0)
    for name in ("step", "epoch", "batch", "tokens", "skipped"):
        assert position(run)[name] == position(other)[name]


def wait_for(process: subprocess.Popen[str], moment: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 400  # for one that hangs; other work may slow it
    while not moment():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.02)


def wait_for_lines(process: subprocess.Popen[str], run: RunDirectory, count: int) -> None:
    wait_for(process, lambda: len(lines(run, "train")) >= count)


@pytest.mark.slow
def test_two_processes_take_the_steps_of_one_with_twice_the_batches(
    together: tuple[Any, Any],
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take, sizes = Stepper.take, []

    def noted(self: Stepper, groups: list[Any], step: int, rate: float) -> Any:
        sizes.append(len(groups))
        return take(self, groups, step, rate)

    monkeypatch.setattr(Stepper, "take", noted)
    alone = one_process(tmp_path / "run", arguments)
    run, _ = together
    assert_equal_states(run, alone)
    assert len(sizes) == STEPS
    assert set(sizes) == {1, 2}  # at the end of an epoch, one process had no batch
    for line, expected in zip(lines(run, "train"), lines(alone, "train"), strict=True):
        for name in ("step", "tokens", "epoch", "learning_rate"):
            assert line[name] == expected[name]
        for name in ("loss", "gradient_norm"):
            assert line[name] == pytest.approx(expected[name], rel=1e-5)
    bleu = [[line["bleu"] for line in lines(one, "validation")] for one in (run, alone)]
    assert bleu[0] == pytest.approx(bleu[1], abs=1e-3)


@pytest.mark.slow
def test_only_the_first_process_writes_and_speaks(together: tuple[Any, Any]) -> None:
    run, done = together
    assert sorted(path.name for path in run.path.iterdir()) == [
        ".lock",
        "config.toml",
        "manifest.json",
        "metrics.jsonl",
        "model.safetensors",
        "tokenizer.model",
        "trained_on.safetensors",
        "training_state",
    ]
    assert [line["step"] for line in lines(run, "train")] == [4, 8, 12, 16, 20]
    assert [line["step"] for line in lines(run, "validation")] == [10, 20]
    assert done.stdout == ""
    for text in ("Training English -> French", "Step 10: dev loss", "Finished after 20 steps"):
        assert done.stderr.count(text) == 1
    assert re.search(r"device +cpu, 1 thread, fp32, 2 processes$", done.stderr, re.MULTILINE)
    assert run.read_manifest()["processes"] == 2
    assert run.read_manifest()["result"]["finished"] is True


@pytest.mark.slow
def test_one_process_goes_on_with_what_two_began(
    together: tuple[Any, Any], arguments: list[str], tmp_path: Path
) -> None:
    run = RunDirectory(tmp_path / "run")
    shutil.copytree(together[0].path, run.path)
    epochs = position(run)["epoch"] + 2
    invoke("train", "--out", run.path, "--resume", "--max-epochs", epochs)
    result = run.read_manifest()["result"]
    assert result["epochs"] == epochs
    # each pair once an epoch, whoever has trained on it
    tokenizer = Tokenizer.load(run.tokenizer_file)
    targets = [line.split("\t")[1] for line in read_text_lines(Path(arguments[2]))]
    assert result["tokens"] == epochs * sum(len(row) + 1 for row in tokenizer.encode(targets))
    assert run.read_manifest()["processes"] == 1


@pytest.mark.slow
def test_two_processes_go_on_with_what_one_began_until_ctrl_c(
    start: Callable[..., subprocess.Popen[str]], arguments: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "run"
    invoke(*arguments, "--out", path, "--max-steps", 10)
    run = RunDirectory(path)
    process = start("train", "--out", path, "--resume", "--max-steps", 1_000_000)
    wait_for_lines(process, run, 5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert out == ""
    assert process.returncode != 0
    assert err.count("Going on after step 10.") == 1
    stopped = int(run.states()[-1].name.removeprefix("step-"))
    assert stopped >= 20
    assert err.count(f"stopped after step {stopped:,}; everything is saved") == 1
    assert "mistake in translator" not in err
    before = position(run)
    invoke("train", "--out", path, "--resume", "--max-steps", stopped + 1)
    assert position(run)["tokens"] > before["tokens"]


def rank_of(process: Path) -> str:
    environment = (process / "environ").read_bytes().split(b"\0")
    return next((v.decode()[5:] for v in environment if v.startswith(b"RANK=")), "")


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes in /proc")
def test_a_killed_process_ends_all_and_resume_goes_on(
    start: Callable[..., subprocess.Popen[str]],
    torchrun: Torchrun,
    arguments: list[str],
    tmp_path: Path,
) -> None:
    run = RunDirectory(tmp_path / "run")
    # the one to kill is found among the launcher's own processes
    limit = ["--max-steps", 1_000_000]
    process = start(*arguments, "--out", run.path, *limit, python=sys.executable)
    wait_for_lines(process, run, 6)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    [second] = [child for child in children if rank_of(Path(f"/proc/{child}")) == "1"]
    os.kill(int(second), signal.SIGKILL)
    out, err = process.communicate(timeout=200)  # a group that waits for it waits 30 minutes
    assert process.returncode != 0
    assert out == ""
    told = "error: another process of this training has ended, or does not answer\n  Run the same"
    assert err.count(told) == 1
    assert "mistake in translator" not in err
    end = int(run.states()[-1].name.removeprefix("step-")) + 5
    done = torchrun("train", "--out", run.path, "--resume", "--max-steps", end)
    assert done.returncode == 0, done.stderr
    # nothing was lost, and nothing was done twice
    assert_equal_states(run, one_process(tmp_path / "alone", arguments, "--max-steps", end))


@pytest.mark.slow
def test_all_go_back_to_the_state_before_a_damaged_one(
    together: tuple[Any, Any],
    torchrun: Torchrun,
    tmp_path: Path,
    assert_equal_runs: AssertEqual,
) -> None:
    run = RunDirectory(tmp_path / "run")
    shutil.copytree(together[0].path, run.path)
    os.truncate(run.states()[-1] / "optimizer.safetensors", 100)
    done = torchrun("train", "--out", run.path, "--resume")
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Going back to step-10, after which it is made again.") == 1
    assert done.stderr.count("Going on after step 10.") == 1
    assert_equal_runs(run, together[0])


SLOW = """
import time
from pathlib import Path
from translator.cli.app import main
from translator.training.validate import Validator

def validate(self, model):
    Path(__file__).with_suffix(".begun").touch()
    time.sleep(600)

Validator.__call__ = validate
main()
"""


@pytest.mark.slow
def test_a_validation_is_broken_off_in_all_processes(
    together: tuple[Any, Any],
    start: Callable[..., subprocess.Popen[str]],
    torchrun: Torchrun,
    arguments: list[str],
    tmp_path: Path,
    assert_equal_runs: AssertEqual,
) -> None:
    run, script = RunDirectory(tmp_path / "run"), tmp_path / "slow.py"
    script.write_text(SLOW)
    process = start(*arguments, "--out", run.path, program=[str(script)])
    wait_for(process, script.with_suffix(".begun").exists)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=200)
    assert err.count("Stopping in this validation, to save the state.") == 1
    assert err.count("stopped after step 10; everything is saved") == 1
    assert [state.name for state in run.states()] == ["step-10"]
    assert lines(run, "validation") == []
    done = torchrun("train", "--out", run.path, "--resume")
    assert done.returncode == 0, done.stderr
    assert_equal_runs(run, together[0])


@pytest.mark.thorough
def test_two_machines_with_caches_of_their_own(
    together: tuple[Any, Any],
    warm_python: str,
    arguments: list[str],
    tmp_path: Path,
    assert_equal_runs: AssertEqual,
) -> None:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    path = tmp_path / "run"
    started = [
        subprocess.Popen(
            [*launcher_on_each_of_two(warm_python, port), *arguments, "--out", str(path)],
            env={**ENVIRONMENT, "TRANSLATOR_CACHE": str(tmp_path / f"cache-{number}")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        for number in range(2)
    ]
    try:
        told = [process.communicate(timeout=400)[1] for process in started]
    finally:
        for process in started:
            process.terminate()
    assert [process.returncode for process in started] == [0, 0], told
    assert "".join(told).count("Finished after 20 steps") == 1
    for number in range(2):
        assert list((tmp_path / f"cache-{number}").glob("ids-*.arrow"))
    assert_equal_runs(RunDirectory(path), together[0])


@pytest.mark.slow
def test_a_mistake_is_told_once(torchrun: Torchrun, arguments: list[str], tmp_path: Path) -> None:
    wrong = ["absent.tsv" if text.endswith("train.tsv") else text for text in arguments]
    done = torchrun(*wrong, "--out", tmp_path / "run")
    assert done.returncode != 0
    assert done.stderr.count("error: absent.tsv") == 1
    assert "another process of this training" not in done.stderr
    assert "mistake in translator" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_alone_there_is_nobody_to_talk_to() -> None:
    assert ALONE.total(3, 0.25) == (3, 0.25)
    assert ALONE.lead(lambda: "result") == "result"
    assert ALONE.device(torch.device("cuda", 1)) == torch.device("cuda", 1)
    ALONE.wait()


@pytest.mark.parametrize(
    ("wanted", "told"),
    [("cuda", "and this machine has 2"), ("cuda:1", "and training.device=cuda:1 is only one")],
)
def test_a_gpu_for_each_process(monkeypatch: pytest.MonkeyPatch, wanted: str, told: str) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    chosen = []
    monkeypatch.setattr(torch.cuda, "set_device", chosen.append)
    assert World(3, 4, 1).device(torch.device("cuda")) == torch.device("cuda", 1)
    assert chosen == [torch.device("cuda", 1)]
    assert World(3, 4, 2).device(torch.device("cpu")) == torch.device("cpu")
    with pytest.raises(ConfigError, match=f"each of the 4 processes needs a GPU .* {told}"):
        World(3, 4, 2).device(torch.device(wanted))


def test_each_process_has_masks_of_its_own(
    new_stepper: Callable[..., Stepper], rows: Callable[..., Any]
) -> None:
    def after(rank: int, dropout: float) -> torch.Tensor:
        stepper = new_stepper(model__dropout=dropout)
        stepper.world = World(rank)  # takes the batches from its own on
        result = stepper.take([rows(0, 1, 2)] * (rank + 1), 5, 1e-2)
        assert result.tokens == stepper._batch(rows(0, 1, 2), 5).target_tokens
        return stepper.model.embedding.weight.detach()

    assert torch.equal(after(1, 0.0), after(0, 0.0))
    assert torch.equal(after(1, 0.3), after(1, 0.3))
    assert not torch.equal(after(1, 0.3), after(0, 0.3))
    assert not torch.equal(after(1, 0.3), after(2, 0.3))


@pytest.mark.parametrize("rank", [0, 1, 2])
def test_each_process_reads_its_share_alone(
    new_stepper: Callable[..., Stepper],
    rows: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
    rank: int,
) -> None:
    stepper = new_stepper()
    stepper.world = World(rank, 3)
    monkeypatch.setattr(stepper.world, "total", lambda *numbers: numbers)
    monkeypatch.setattr(stepper.world, "added_up", lambda number: number)
    read, ids = [], stepper.corpus.ids

    def noted(wanted: Any) -> Any:
        read.append(wanted.tolist())
        return ids(wanted)

    monkeypatch.setattr(stepper.corpus, "ids", noted)
    groups = [[0, 1], [2], [3, 4], [5], [6, 7], [8], [9]]
    stepper.take([rows(*group) for group in groups], 5, 1e-2)
    assert read == groups[rank::3]


def test_a_process_without_a_batch_adds_nothing(
    new_stepper: Callable[..., Stepper], rows: Callable[..., Any]
) -> None:
    stepper = new_stepper()
    stepper.world = World(1)
    result = stepper.take([rows(0, 1, 2)], 5, 1e-2)
    assert (result.tokens, result.nll, result.gradient_norm) == (0, 0.0, 0.0)
    assert result.finite


class Second(World):
    """Another process than the first, which is given what that one has found."""

    def __init__(self, *found: Any) -> None:
        super().__init__(1, 2, 1)
        self._found = list(found)

    def lead(self, work: Callable[[], Any]) -> Any:
        return self._found.pop(0)

    def wait(self) -> None:
        pass


@pytest.fixture
def asked(
    toy_files: tuple[Path, Path], tmp_path: Path, tiny: Callable[..., list[str]], own_cache: Path
) -> Request:
    train, dev = map(str, toy_files)
    settings = tuple(tiny(training__max_steps=4)[1::2])
    return Request((train,), dev, "en", "fr", tmp_path / "run", settings=settings)


def test_the_training_files_are_read_by_the_first_process_alone(
    asked: Request, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, config = RunDirectory(asked.out), options_of(asked)
    first = training._prepare(run, asked, config, ALONE)
    [record] = first.records["train"]
    checksum, read = store._checksum, []

    def noted(path: Path, count: Callable[[int], None]) -> str:
        read.append(str(path))
        return checksum(path, count)

    monkeypatch.setattr(store, "_checksum", noted)
    found = first.tokenizer.model, [record["fingerprint"]]
    second = training._prepare(run, asked, config, Second(found))
    assert read == [asked.dev]  # which is small
    assert second.fingerprint == first.fingerprint
    assert second.corpus.ids(np.arange(300)) == first.corpus.ids(np.arange(300))
    assert second.tokenizer.model == first.tokenizer.model


def test_other_files_on_another_machine_are_refused(asked: Request) -> None:
    config = options_of(asked)
    first = training._prepare(RunDirectory(asked.out), asked, config, ALONE)
    found = first.tokenizer.model, ["0" * 32]
    manifest = {"training_fingerprint": "of other files"}
    with pytest.raises(DataError, match="are not those of the first one"):
        training.set_up(RunDirectory(asked.out), asked, config, Second("fp32", found, manifest))
