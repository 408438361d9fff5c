"""Every path inside a run, and how files are written so that a crash leaves the last good state."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from translator.config import Config, config_from_dict, read_toml
from translator.errors import COPY_AGAIN, ConfigError, ModelError

FORMAT_VERSION = 1
SHIPPED = "en-fr"
"""The name of the model that comes with the package."""
_STATE = "step-"
_PARTIAL = ".partial-"
_SIDES = ("source", "target")

_NAMELESS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
"""What the system says when it cannot write: without the name of a file."""


class RunDirectory:
    """The directory of one run: options, tokenizer, weights, record, and state for resuming."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.config_file = self.path / "config.toml"
        self.tokenizer_file = self.path / "tokenizer.model"
        self.weights_file = self.path / "model.safetensors"
        self.manifest_file = self.path / "manifest.json"
        self.metrics_file = self.path / "metrics.jsonl"
        self.trained_on_file = self.path / "trained_on.safetensors"
        self.states_dir = self.path / "training_state"
        self.tensorboard_dir = self.path / "tensorboard"
        self.lock_file = self.path / ".lock"

    def files(self) -> list[Path]:
        """Return the files that make a run, as far as they are there."""
        return [path for path in vars(self).values() if path.is_file()]

    def holds_run(self) -> bool:
        """Return whether a run has been started here."""
        return self.manifest_file.exists()

    def require_free(self) -> None:
        """Raise a `ConfigError` unless a new run can be made here.

        A directory that holds nothing but what a killed start has left is as good as an empty one.
        """
        if self.path.exists() and not self.path.is_dir():
            raise ConfigError(
                "is a file, and --out names a directory",
                where=self.path,
                hint="Choose another --out.",
            )
        if self.holds_run():
            raise ConfigError(
                "already holds a run",
                where=self.path,
                hint="Add --resume to go on with it, or choose another --out.",
            )
        if not self.path.exists():
            return
        left = {self.config_file, self.tokenizer_file, self.trained_on_file, self.lock_file}
        if any(
            path not in left and not path.name.startswith(_PARTIAL) for path in self.path.iterdir()
        ):
            raise ConfigError("is not empty", where=self.path, hint="Choose another --out.")

    def holds_model(self) -> bool:
        """Return whether there is a model to translate with."""
        return self.weights_file.exists() and self.manifest_file.exists()

    def require_model(self) -> None:
        """Raise a `ModelError` that names what is missing, unless this is a complete model."""
        if not self.path.exists():
            raise ModelError("there is no such run directory", where=self.path)
        if not self.path.is_dir():
            raise ModelError(
                "is a file, and a model is a run directory",
                where=self.path,
                hint="Name the directory that translator train has made.",
            )
        needed = [self.config_file, self.tokenizer_file, self.weights_file, self.manifest_file]
        missing = [file.name for file in needed if not file.is_file()]
        if missing:
            raise ModelError(
                f"is not a finished run directory: {', '.join(missing)} missing",
                where=self.path,
                hint="A run has a model after its first validation.",
            )

    def read_config(self) -> Config:
        """Return the options this run was trained with."""
        return config_from_dict(read_toml(self.config_file), where=self.config_file)

    def read_manifest(self) -> dict[str, Any]:
        """Return the run's record: languages, data, versions, metrics.

        Raises:
            ModelError: it is not JSON, or was written by a later format of run directories.
        """
        manifest = read_json(self.manifest_file)
        version = manifest.get("format_version")
        if not isinstance(version, int) or version > FORMAT_VERSION:
            raise ModelError(
                f"has format version {version!r}, and this translator reads up to {FORMAT_VERSION}",
                where=self.manifest_file,
                hint="Upgrade translator to use this model.",
            )
        return manifest

    def read_directions(self) -> list[tuple[str, str]]:
        """Return the directions that this run translates in, the one it was begun with first.

        Raises:
            ModelError: the manifest is damaged, or names no languages.
        """
        manifest = self.read_manifest()
        if not all(isinstance(tag := manifest.get(side), str) and tag for side in _SIDES):
            raise ModelError("does not name source and target language", where=self.manifest_file)
        return directions(manifest)

    def write_config(self, config: Config) -> None:
        """Store the resolved options."""
        import tomli_w

        write_atomically(self.config_file, tomli_w.dumps(config.to_dict()).encode())

    def write_manifest(self, manifest: dict[str, Any]) -> None:
        """Store the run's record."""
        text = json.dumps(
            {"format_version": FORMAT_VERSION, **manifest}, indent=2, ensure_ascii=False
        )
        write_atomically(self.manifest_file, (text + "\n").encode())

    def states(self) -> list[Path]:
        """Return the whole training states, oldest first."""
        if not self.states_dir.is_dir():
            return []
        found = [
            path
            for path in self.states_dir.iterdir()
            if path.name.startswith(_STATE) and path.name[len(_STATE) :].isdigit()
        ]
        return sorted(found, key=lambda path: int(path.name[len(_STATE) :]))

    def snapshots(self) -> list[tuple[int, Path]]:
        """Return the steps whose weights are kept for averaging, with their files."""
        files = self.states_dir.glob(f"average-{_STATE}*.safetensors")
        return [(int(file.stem.rpartition("-")[2]), file) for file in files]

    def snapshot_file(self, step: int) -> Path:
        """Return where the weights of a validation are kept for averaging."""
        return self.states_dir / f"average-{_STATE}{step}.safetensors"

    def best_file(self, checksum: str) -> Path:
        """Return where the copy of the best weights with this checksum is kept."""
        return self.states_dir / f"best-{checksum}.safetensors"

    def best_files(self) -> list[Path]:
        """Return the copies of best weights that training states refer to."""
        return sorted(self.states_dir.glob("best-*.safetensors"))

    def state_dir(self, step: int) -> Path:
        """Return where the training state after `step` steps is kept."""
        return self.states_dir / f"{_STATE}{step}"


def directions(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the directions that a manifest names, the one its run was begun with first."""
    source, target = (str(manifest[side]) for side in _SIDES)
    both = manifest.get("bidirectional") is True
    return [(source, target), (target, source)][: 1 + both]


def shipped_model() -> RunDirectory | None:
    """Return the model that comes with the package; None where it came without one.

    A built package has it inside (see setup.py), a checkout where its runs are too.
    """
    package = Path(__file__).parent
    for folder in (package / "shipped", package.parent / "checkpoints"):
        run = RunDirectory(folder / SHIPPED)
        if run.holds_model():
            return run
    return None


def is_shipped(run: RunDirectory) -> bool:
    """Return whether this is the model that comes with the package, into which nothing is written.

    What is written beside a package's files stays when it is uninstalled.
    """
    shipped = shipped_model()
    return shipped is not None and run.path.resolve() == shipped.path.resolve()


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        ModelError: the file is missing, unreadable or not a JSON object.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise ModelError("is damaged: not JSON", where=path, hint=COPY_AGAIN) from None
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror}", where=path) from None
    if not isinstance(value, dict):
        raise ModelError("is damaged: not a JSON object", where=path, hint=COPY_AGAIN)
    return value


def checksum(path: Path) -> str:
    """Return a fingerprint of a file's content (128 bits of BLAKE2b, hexadecimal)."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that at any moment either the old or the new content is there, whole."""
    with replacing(path) as temporary:
        temporary.write_bytes(content)


@contextmanager
def replacing(path: Path, *, keep: bool = False) -> Iterator[Path]:
    """Give a temporary path beside `path`; flush it and rename it when the block ends well.

    Works for a file, and for a directory that the block creates. A directory already at `path` is
    moved aside first, so for it there is a moment in which neither is there.

    Args:
        path: what is to appear.
        keep: a directory that another process has put there meanwhile is as good, and stays.

    Raises:
        OSError: as the block does; where the disk is full, with `path` for the name it lacks.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    holder = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=path.parent))
    temporary = holder / path.name
    try:
        yield temporary
        for file in [temporary, *temporary.rglob("*")]:
            flush(file)
        if temporary.is_dir() and path.is_dir() and not keep:
            # renaming onto a directory that is not empty fails: move the old one aside first
            path.rename(holder / "replaced")
        try:
            temporary.replace(path)
        except OSError:
            if not (keep and path.is_dir()):
                raise
        flush(path.parent)
    except OSError as error:
        if error.filename is None and error.errno in _NAMELESS:
            error.filename = str(path)
        raise
    finally:
        shutil.rmtree(holder, ignore_errors=True)


def share(path: Path) -> None:
    """Give a file of safetensors, which only its owner can read, the mode of any other new file."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)


def remove_directory(path: Path) -> None:
    """Remove a directory so that at any moment it is there whole, or not at all."""
    holder = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=path.parent))
    path.rename(holder / path.name)
    shutil.rmtree(holder)


def remove_leftovers(directory: Path, older_than: float = 0) -> None:
    """Remove what a killed process left of `replacing` in `directory`.

    Args:
        directory: where to look.
        older_than: seconds for which nothing was written; more than zero where other processes
            may be at work.
    """
    for path in directory.glob(f"{_PARTIAL}*"):
        try:
            age = time.time() - max(p.stat().st_mtime for p in [path, *path.rglob("*")])
        except OSError:
            continue  # it has just been renamed: somebody is at work
        if age >= older_than:
            shutil.rmtree(path, ignore_errors=True)


def flush(path: Path) -> None:
    """Let the system write a file, or the names in a directory, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def cache_directory() -> Path:
    """Return where prepared corpora are kept: TRANSLATOR_CACHE, or the user's cache folder."""
    named = os.environ.get("TRANSLATOR_CACHE")
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "translator"
