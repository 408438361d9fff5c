"""What `translator translate` does: choose how the text is read, where it goes, and who translates."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

from translator.cli.files import STANDARD, count_lines, open_output
from translator.cli.partial import PartialOutput
from translator.cli.results import DirectResults, Results
from translator.config import Config, DecodingConfig
from translator.errors import ConfigError
from translator.progress import say
from translator.run_directory import RunDirectory, checksum

if TYPE_CHECKING:
    from translator.decoding.blocks import Block

_NO_MATTER = {"batch_tokens", "device"}
"""Options of decoding that change how fast it is, and not what comes out."""


class Places(NamedTuple):
    """Where text comes from and goes to, as it was asked for."""

    input: Path | None
    output: Path | None
    report: Path | None

    @property
    def resumable(self) -> bool:
        """Return whether work that was stopped can go on: from a file, to a file."""
        source, target = self.input, self.output
        if source is None or not source.is_file() or target is None or target == STANDARD:
            return False
        return target.is_file() or not target.exists()

    def check(self) -> None:
        """Raise a ConfigError where two results would go to one place."""
        if self.report is None:
            return
        for option, path in (("--output", self.output), ("--input", self.input)):
            if path is not None and path.resolve() == self.report.resolve():
                raise ConfigError(
                    f"{option} and --report name the same file: {path}",
                    hint="Choose another file for the report.",
                )


@contextmanager
def open_results(
    places: Places, run: RunDirectory, decoding: DecodingConfig, **options: Any
) -> Iterator[Results | None]:
    """Open what takes the results; it is written whole at the end of the block.

    Args:
        places: where from and where to.
        run: the model.
        decoding: how it searches.
        options: what else the results depend on.

    Yields:
        None if an earlier command had done all the work, and lacked only its last step.
    """
    if not places.resumable:
        with ExitStack() as stack:
            output = stack.enter_context(open_output(places.output))
            report = None
            if places.report is not None:
                report = stack.enter_context(open_output(places.report, "--report"))
            yield DirectResults(output, report)
        return
    assert places.input is not None
    assert places.output is not None
    job = {
        "format": 1,
        "input": checksum(places.input),
        "model": [checksum(run.weights_file), checksum(run.tokenizer_file)],
        "options": {
            name: value
            for name, value in (dataclasses.asdict(decoding) | options).items()
            if name not in _NO_MATTER
        },
    }
    in_place = places.output.exists() and places.output.samefile(places.input)
    partial = PartialOutput(places.output, job, report=places.report, in_place=in_place)
    with partial.opened():
        yield None if partial.ended else partial
        partial.finish()
