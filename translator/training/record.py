"""metrics.jsonl and, if asked for, TensorBoard."""

from __future__ import annotations

import json
import math
import os
from typing import Any

from translator.errors import ConfigError
from translator.run_directory import RunDirectory


class Record:
    """Appends one JSON object per line; `length` is where the file ends now.

    Args:
        run: where it goes.
        length: bytes of an earlier sitting's file to keep; the rest is cut off.
        step: the step that this length belongs to; TensorBoard forgets what came after it.
        tensorboard: also write TensorBoard event files.

    Raises:
        ConfigError: TensorBoard was asked for and is not installed.
    """

    def __init__(self, run: RunDirectory, length: int, step: int, tensorboard: bool) -> None:
        self._writer = None
        if tensorboard:
            after = step + 1 if step else None
            self._writer = summary_writer()(str(run.tensorboard_dir), purge_step=after)
        self._path = run.metrics_file
        self._path.touch()
        with self._path.open("r+b") as file:
            # of a file that is shorter than it was, whole lines are kept
            kept = file.read(length)
            self.length = kept.rfind(b"\n") + 1 if len(kept) < length else length
            file.truncate(self.length)

    def write(self, kind: str, step: int, values: dict[str, Any]) -> None:
        """Add a line (null for what is no finite number); numbers also go to TensorBoard."""
        values = {
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in values.items()
        }
        line = json.dumps({"type": kind, "step": step, **values}, ensure_ascii=False) + "\n"
        with self._path.open("ab") as file:
            file.write(line.encode())
        self.length += len(line.encode())
        if self._writer is not None:
            for name, value in values.items():
                if isinstance(value, int | float):
                    self._writer.add_scalar(f"{kind}/{name}", value, step)

    def flush(self) -> None:
        """Have on the disk what is written, before a training state counts on it."""
        with self._path.open("ab") as file:
            os.fsync(file.fileno())

    def close(self) -> None:
        """Flush what is buffered."""
        if self._writer is not None:
            self._writer.close()


class NoRecord(Record):
    """What a process writes that is not the first one: nothing."""

    def __init__(self) -> None:
        self._writer, self.length = None, 0

    def write(self, kind: str, step: int, values: dict[str, Any]) -> None:
        """Leave it to the first process."""


def summary_writer() -> Any:
    """Return TensorBoard's class of this name.

    Raises:
        ConfigError: it is not installed.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError:
        raise ConfigError(
            "training.tensorboard=true needs TensorBoard, which is not installed",
            hint="pip install tensorboard",
        ) from None
    return SummaryWriter
