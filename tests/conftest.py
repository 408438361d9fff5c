"""What all tests share: caches of their own, the real command line, and a made-up language pair."""

from __future__ import annotations

import functools
import gc
import json
import os
import random
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer.testing

if TYPE_CHECKING:
    from translator.run_directory import RunDirectory

# Set here, before any library that reads these variables is imported: no test may leave anything
# in the caches of the person who runs it.
_DIRECTORY = Path(tempfile.mkdtemp(prefix="translator-tests-"))
for _name in ("TRANSLATOR_CACHE", "XDG_CACHE_HOME", "HF_HOME", "MPLCONFIGDIR"):
    os.environ[_name] = str(_DIRECTORY / _name.lower())
os.environ["HF_HUB_OFFLINE"] = "1"
# models this small only get slower with more threads
os.environ["OMP_NUM_THREADS"] = "1"
os.environ.pop("TRANSLATOR_MODEL", None)
# a shell that starts the tests in the background has Ctrl-C ignored, by them and what they start
signal.signal(signal.SIGINT, signal.default_int_handler)


# to build the commands takes longer than most of what they are asked for here
typer.testing._get_command = functools.cache(typer.testing._get_command)


def pytest_collection_finish() -> None:
    """Let no collection of garbage look at the libraries' objects again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    shutil.rmtree(_DIRECTORY, ignore_errors=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the files with the longest tests go first: one at the end leaves the other cores idle."""
    long: dict[Path, int] = {}
    for item in items:
        slow = item.get_closest_marker("slow") is not None
        long[item.path] = long.get(item.path, 0) + slow
    items.sort(key=lambda item: -long[item.path])


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of prepared corpora for this test alone."""
    path = tmp_path / "own_cache"
    monkeypatch.setenv("TRANSLATOR_CACHE", str(path))
    return path


@pytest.fixture(scope="session")
def warm_python() -> Iterator[str]:
    """An interpreter whose processes start with the libraries loaded; see warm/server.py."""
    warm = Path(__file__).with_name("warm")
    address, program = _DIRECTORY / "warm.socket", _DIRECTORY / "python"
    words = [sys.executable, "-S", "-E", str(warm / "client.py"), str(address)]
    program.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        listener.listen()
        server = subprocess.Popen(
            [sys.executable, str(warm / "server.py"), str(program), str(listener.fileno())],
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
        )
    yield str(program)
    server.communicate(timeout=60)


@pytest.fixture(scope="session")
def come_to_harm(warm_python: str) -> Callable[..., int]:
    """Run the command line in a process that comes to harm, as system/faulty.py says.

    Its exit code (-9: killed) is returned, and what it tells is written to a file.
    """
    program = Path(__file__).with_name("system") / "faulty.py"

    def run(told: Path, request: dict[str, object], **environment: str) -> int:
        with told.open("wb") as file:
            return subprocess.run(
                [warm_python, program, json.dumps(request)],
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=file,
                check=False,
            ).returncode

    return run


@pytest.fixture
def start_translator() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the real command line in a process that does not outlive the test."""
    started = []

    def start(*args: object, **options: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "translator", *map(str, args)],
            **(
                {
                    "stdin": subprocess.DEVNULL,
                    "stdout": subprocess.PIPE,
                    "stderr": subprocess.PIPE,
                    "encoding": "utf-8",
                }
                | options
            ),
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def run_translator(warm_python: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line in a process of its own, which has the libraries loaded, to its end."""

    def run(*args: object, **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [warm_python, "-m", "translator", *map(str, args)],
            **(
                {
                    "stdin": subprocess.DEVNULL,
                    "capture_output": True,
                    "encoding": "utf-8",
                    "timeout": 300,
                }
                | options
            ),
        )

    return run


_AS_OWNER = """
import ctypes, os
if os.geteuid() == 0:  # without its capabilities, root may do what the owner of a file may
    none = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert ctypes.CDLL(None).capset(*none) == 0
from translator.cli.app import main
main()
"""


@pytest.fixture
def run_as_owner(warm_python: str) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line in a process to which permissions apply, also where root runs tests."""

    def run(*args: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [warm_python, "-c", _AS_OWNER, *map(str, args)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )

    return run


SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprst" for vowel in "aiou"]


def toy_pairs(count: int, *, longest: int = 6, seed: int = 1) -> list[tuple[str, str]]:
    """Return distinct sentence pairs of a made-up language pair.

    Each of twenty words has one translation, and the translations stand in reversed order.
    """
    words = [SYLLABLES[i] + SYLLABLES[-1 - i] for i in range(20)]
    others = ["e".join(SYLLABLES[20 + i]) + "x" for i in range(20)]
    translation = dict(zip(words, others, strict=True))
    chance = random.Random(seed)
    found: dict[str, str] = {}
    while len(found) < count:
        sentence = chance.choices(words, k=chance.randint(2, longest))
        found[" ".join(sentence)] = " ".join(translation[word] for word in reversed(sentence))
    return list(found.items())


@pytest.fixture(scope="session")
def toy() -> Callable[..., list[tuple[str, str]]]:
    """See `toy_pairs`."""
    return toy_pairs


def write_tsv(path: Path, pairs: list[tuple[str, str]]) -> Path:
    path.write_text("".join(f"{a}\t{b}\n" for a, b in pairs), encoding="utf-8")
    return path


@pytest.fixture
def toy_files(tmp_path: Path) -> tuple[Path, Path]:
    """300 training pairs and 30 validation pairs of the made-up languages."""
    pairs = toy_pairs(330)
    return (
        write_tsv(tmp_path / "train.tsv", pairs[:300]),
        write_tsv(tmp_path / "dev.tsv", pairs[300:]),
    )


TINY = {
    "model.d_model": 16,
    "model.ffn_dim": 32,
    "model.attention_heads": 2,
    "model.encoder_layers": 1,
    "model.decoder_layers": 1,
    "tokenizer.vocab_size": 310,
    "training.batch_tokens": 256,
    "training.warmup_steps": 5,
    "training.validate_every": 10,
    "training.log_every": 4,
    # small products take longer in bf16; what auto chooses, and that it is exact, has its own tests
    "training.precision": "fp32",
}


@pytest.fixture(scope="session")
def tiny() -> Callable[..., list[str]]:
    """Options of a model that takes milliseconds a step, as arguments; `__` stands for a dot."""

    def settings(**changed: object) -> list[str]:
        options = TINY | {name.replace("__", "."): value for name, value in changed.items()}
        return [text for name, value in options.items() for text in ("--set", f"{name}={value}")]

    return settings


_TIMING = {"seconds", "tokens_per_second", "validation_seconds"}


def metrics_of(run: RunDirectory) -> list[dict[str, object]]:
    """Return the lines of metrics.jsonl, without what the clock says."""
    lines = run.metrics_file.read_text(encoding="utf-8").splitlines()
    return [
        {name: value for name, value in json.loads(line).items() if name not in _TIMING}
        for line in lines
    ]


def _position(state: Path) -> dict[str, object]:
    values = json.loads((state / "position.json").read_bytes())
    # the length of metrics.jsonl depends on how the times in it are written
    depends = {"seconds", "metrics_bytes", "checksums"}
    return {name: value for name, value in values.items() if name not in depends}


def _assert_equal_runs(run: RunDirectory, other: RunDirectory) -> None:
    assert run.weights_file.read_bytes() == other.weights_file.read_bytes()
    state, expected = run.states()[-1], other.states()[-1]
    assert state.name == expected.name
    names = {path.name for path in expected.iterdir()}
    assert {path.name for path in state.iterdir()} == names
    for name in names - {"position.json"}:
        assert (state / name).read_bytes() == (expected / name).read_bytes()
    assert _position(state) == _position(expected)
    assert metrics_of(run) == metrics_of(other)
    assert run.config_file.read_bytes() == other.config_file.read_bytes()
    results = [one.read_manifest()["result"] for one in (run, other)]
    for result in results:
        del result["seconds"], result["peak_memory_bytes"]
    assert results[0] == results[1]
    kept = [{path.name for path in one.states_dir.iterdir()} for one in (run, other)]
    assert kept[0] == kept[1]
    assert not list(run.path.rglob(".partial-*"))


@pytest.fixture(scope="session")
def assert_equal_runs() -> Callable[[RunDirectory, RunDirectory], None]:
    """Check that two finished runs are the same byte for byte, but for time and memory taken."""
    return _assert_equal_runs


@pytest.fixture(scope="session")
def metrics() -> Callable[[RunDirectory], list[dict[str, object]]]:
    """See `metrics_of`."""
    return metrics_of


@pytest.fixture
def known() -> object:
    """A forecast in which everything fits."""
    from translator.training import forecast

    return forecast.Forecast(
        source="en",
        target="fr",
        preset="tiny",
        data=forecast.Data(
            pairs=40_000,
            dropped={"source blank": 3, "longer than 128 tokens": 12},
            dev_pairs=1000,
            validated=700,
            real_tokens=900_000,
            target_tokens=500_000,
            padding={"source": 0.105, "target": 0.02},
        ),
        lengths=forecast.Lengths(
            mean={"source": 10.0, "target": 12.5},
            longest={"source": 15, "target": 16},
            bins=[(1, 4), (5, 8), (9, 16)],
            shares={"source": [0.1, 0.3, 0.6], "target": [0.0, 0.25, 0.75]},
        ),
        vocabulary=6000,
        parameters=6_800_000,
        device="cpu",
        threads=2,
        precision="bf16",
        memory=forecast.Memory(
            bytes=1_500_000_000,
            limit=8_000_000_000,
            measured=True,
            token_bytes=250_000.0,
            fits=True,
            batch_rows=100,
            batch_length=30,
        ),
        steps=forecast.Steps(per_epoch=200, total=4000, epochs=20.0),
        time=forecast.Time(total=3700.0, per_step=0.9, per_validation=5.0),
        disk=forecast.Disk(
            run=380_000_000,
            states=2,
            state=108_800_000,
            weights=27_200_000,
            cache=9_400_000,
            free=50_000_000_000,
            place="checkpoints",
        ),
    )
