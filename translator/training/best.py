"""The best weights of a run, also for a training state that is gone back to."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from torch import Tensor

from translator.model.weights import save_weights
from translator.run_directory import RunDirectory, checksum, replacing


class BestWeights:
    """model.safetensors, with a copy of it beside the training states that it belongs to.

    It is newer than the newest state if the process was killed between the two, or if that state
    turned out to be damaged. So a state keeps the checksum of the weights that were the best when
    it was written, and the copies are named after theirs.
    """

    def __init__(self, run: RunDirectory) -> None:
        self.run = run

    def keep(self, weights: Mapping[str, Tensor]) -> str:
        """Write the weights and a copy of them; return their checksum.

        Raises:
            OSError: the disk is full or read-only.
        """
        save_weights(self.run.weights_file, weights)
        found = checksum(self.run.weights_file)
        _copy(self.run.weights_file, self.run.best_file(found))
        return found

    def restore(self, wanted: str) -> bool:
        """Make model.safetensors what it was when it had this checksum.

        Returns:
            False if those weights are lost: missing or damaged, and their copy too.
        """
        if _holds(self.run.weights_file, wanted):
            return True
        copy = self.run.best_file(wanted)
        if not _holds(copy, wanted):
            return False
        _copy(copy, self.run.weights_file)
        return True

    def forget_all_but(self, needed: Collection[str]) -> None:
        """Remove the copies with other checksums."""
        for file in set(self.run.best_files()) - {self.run.best_file(one) for one in needed}:
            file.unlink()


def _copy(source: Path, copy: Path) -> None:
    with replacing(copy) as temporary:
        shutil.copyfile(source, temporary)


def _holds(file: Path, wanted: str) -> bool:
    try:
        return checksum(file) == wanted
    except OSError:
        return False
