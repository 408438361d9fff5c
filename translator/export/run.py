"""A run -> a run without what only training needs, to be given away; without torch."""

from __future__ import annotations

import shutil
from pathlib import Path

from translator.errors import ModelError
from translator.export.card import write_card
from translator.model.stored import CONTENT, content_checksum, read_arrays
from translator.run_directory import RunDirectory, replacing, share
from translator.tokenizer.tokenizer import Tokenizer

QUANTIZATIONS = ("float32", "float16")
"""What the weights may be stored as; both engines compute in float32 all the same."""


def export(run: RunDirectory, out: Path, quantization: str = "float32") -> None:
    """Write options, vocabulary, weights and manifest of the run, with a card, to a new folder.

    What it was trained on, how training went, and the state for resuming are left behind.

    Raises:
        ModelError: the run is damaged, or a weight is too large for the number format.
    """
    import numpy as np
    from safetensors.numpy import save_file

    config = run.read_config()
    tokenizer = Tokenizer.load(run.tokenizer_file)
    arrays = read_arrays(run.weights_file, config.model, len(tokenizer))
    with np.errstate(over="ignore"):  # told below
        arrays = {name: array.astype(quantization) for name, array in arrays.items()}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise ModelError(
                f"{name} holds values that are too large for {quantization}",
                where=run.weights_file,
                hint="Leave out --quantization.",
            )
    header = {CONTENT: content_checksum((name, array.data) for name, array in arrays.items())}
    with replacing(out) as folder:
        folder.mkdir()
        copy = RunDirectory(folder)
        for ours, theirs in (
            (run.config_file, copy.config_file),
            (run.tokenizer_file, copy.tokenizer_file),
            (run.manifest_file, copy.manifest_file),
        ):
            shutil.copyfile(ours, theirs)
        save_file(arrays, copy.weights_file, header)
        share(copy.weights_file)
        write_card(run, folder, _use(run), library="translator")


def _use(run: RunDirectory) -> str:
    commands = (
        f'translator translate --model . --source {source} "{{example}}"\n'
        for source, _ in run.read_directions()
    )
    return f"```sh\n{''.join(commands)}```\n"
