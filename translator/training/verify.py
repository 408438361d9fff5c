"""Is a run that was killed the same as one that was not? Tried out on the user's own set-up."""

from __future__ import annotations

import dataclasses
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import torch
from safetensors.torch import load_file

from translator.config import Config
from translator.errors import Interrupted, TrainingError
from translator.progress import Bar, progress, say
from translator.run_directory import RunDirectory, write_atomically
from translator.training.run import Request
from translator.training.start import options_of

STEPS = 12
_EVERY = 4
_KILLED = 6
"""Steps of each run, between its training states, and after which one run is killed."""
_LOOK = 0.002
"""Seconds between two looks at how far a run has come."""

_COMPARED = {
    "weights": "training_state/step-{step}/weights.safetensors",
    "optimiser": "training_state/step-{step}/optimizer.safetensors",
    "moving average": "training_state/step-{step}/average.safetensors",
    "best weights": "model.safetensors",
}


def verify_resume(request: Request) -> None:
    """Train a few steps twice, once with a kill in between, and compare the results bit for bit.

    Both runs are made by the real command line, in processes of their own and in a temporary
    directory, with the data and options of the request; its `out` is not looked at. Only the limit
    and the number of steps between validations are others.

    Raises:
        TrainingError: the results differ, or one of the runs failed.
        ConfigError: as for `train`.
        Interrupted: somebody stopped it.
    """
    config = _short(options_of(request))
    with tempfile.TemporaryDirectory(prefix="translator-verify-") as name, _ended_by_sigterm():
        folder = Path(name)
        straight, broken = RunDirectory(folder / "straight"), RunDirectory(folder / "broken")
        say(
            f"Training {STEPS} steps in {folder}, twice: once straight through, and once killed "
            f"after {_KILLED} steps and resumed."
        )
        command = _command(request, config, folder)
        work = 2 * STEPS + _KILLED - _EVERY
        with progress("Checking", total=work, unit="steps") as bar:
            _sitting(command, straight, bar)
            _sitting(command, broken, bar, killed_after=_KILLED)
            went_on = _newest_step(broken)
            _sitting([*command, "--resume"], broken, bar)
        say(f"The second run was killed, and went on from its state of step {went_on}.")
        _compare(straight, broken)


def differences(one: Path, other: Path) -> list[str]:
    """Return what differs between two safetensors files: names of tensors, and by how much."""
    a, b = load_file(one), load_file(other)
    found = [f"{name}: only in one of them" for name in sorted(a.keys() ^ b.keys())]
    for name in sorted(a.keys() & b.keys()):
        if a[name].shape != b[name].shape or a[name].dtype != b[name].dtype:
            found.append(f"{name}: of another shape or type")
        elif not torch.equal(_bits(a[name]), _bits(b[name])):
            largest = float((a[name].double() - b[name].double()).abs().max())
            found.append(f"{name}: by up to {largest:.3g}")
    return found


def _bits(tensor: torch.Tensor) -> torch.Tensor:
    """Return the bytes of a tensor: they are equal where numbers are, and also where NaNs are."""
    return tensor.contiguous().flatten().view(torch.uint8)


def _compare(straight: RunDirectory, broken: RunDirectory) -> None:
    different = []
    for what, place in _COMPARED.items():
        one, other = (run.path / place.format(step=STEPS) for run in (straight, broken))
        if not one.exists() and not other.exists():
            say(f"  {what:<15} none with these options")
            continue
        found = differences(one, other)
        tensors = len(load_file(one))
        told = f"different in {len(found)}, such as {found[0]}" if found else "equal, bit for bit"
        say(f"  {what:<15} {tensors:,} tensors: {told}")
        if found:
            different.append(what)
    if different:
        raise TrainingError(
            f"the run that was killed ended otherwise: {', '.join(different)}",
            hint="Some kernels of a GPU add numbers up in an order that changes from run to run; "
            "--set training.device=cpu tells whether that is the cause. Without a GPU this is a "
            "mistake in translator: please report it.",
        )
    say("Equal: with these data and options, on this machine, --resume is exact.")


def _short(config: Config) -> Config:
    training = dataclasses.replace(
        config.training,
        max_steps=STEPS,
        max_epochs=0,
        max_time="",
        patience=0,
        validate_every=_EVERY,
        log_every=1,
        keep_states=1,
        tensorboard=False,
    )
    return dataclasses.replace(config, training=training)


def _command(request: Request, config: Config, folder: Path) -> list[str]:
    """Return the command line of both runs, but for --out."""
    import tomli_w

    options = folder / "options.toml"
    write_atomically(options, tomli_w.dumps(config.to_dict()).encode())
    command = [sys.executable, "-c", "from translator.cli.app import main; main()", "train"]
    command += [text for spec in request.train for text in ("--train", spec)]
    command += ["--dev", request.dev] if request.dev is not None else []
    command += ["--from-run", str(request.from_run)] if request.from_run is not None else []
    command += ["--source", request.source, "--target", request.target]
    return [*command, "--preset", str(options)]


def _sitting(command: list[str], run: RunDirectory, bar: Bar, killed_after: int = 0) -> None:
    """Let a process train in `run`, and kill it after so many steps (0: to the end).

    Raises:
        TrainingError: it failed, or ended before it could be killed.
    """
    done, before = bar.done, _newest_step(run)
    told, killed = run.path.with_suffix(".log"), False
    with told.open("wb") as log:
        process = subprocess.Popen(
            [*command, "--out", str(run.path)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        try:
            while process.poll() is None:
                steps = _steps(run)
                if killed_after and steps >= killed_after:
                    killed = True
                    break
                if done + steps - before > bar.done:
                    bar.move_to(done + steps - before)
                time.sleep(_LOOK)
        finally:
            process.kill()
            code = process.wait()
    if code and not killed:
        text = told.read_text(encoding="utf-8", errors="replace")
        error = text.partition("error: ")[2] or text
        raise TrainingError(error.strip() or f"a run ended with code {code}")
    if killed_after and not (killed and code):
        raise TrainingError("the run ended before it could be killed; try again")


def _steps(run: RunDirectory) -> int:
    """Return how many steps the record tells of."""
    try:
        return run.metrics_file.read_bytes().count(b'{"type": "train"')
    except FileNotFoundError:
        return 0


def _newest_step(run: RunDirectory) -> int:
    states = run.states()
    return int(states[-1].name.rpartition("-")[2]) if states else 0


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Turn SIGTERM into an exception, so that no process and no file is left behind."""

    def end(number: int, frame: FrameType | None) -> None:
        raise Interrupted("the check was stopped; nothing is left of it", signal_number=number)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
