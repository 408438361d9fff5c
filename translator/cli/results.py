"""Where translations go, with their line numbers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from translator.cli.files import Output


class Results(Protocol):
    """What takes the translations of a file, piece by piece and in order."""

    name: str
    followed: bool
    """Whether somebody may read them while the work goes on."""

    @property
    def done(self) -> int:
        """Return for how many lines of the input there are results."""

    def keep(self, text: str, report: str, done: int, alignments: str = "") -> None:
        """Write what belongs to the lines up to the line `done`."""

    def reported(self) -> Iterable[dict[str, Any]]:
        """Return the entries of the report that were there before."""

    def what_is_left(self) -> str:
        """Say what an interrupted user has, and how to go on."""


class DirectResults:
    """Results that are written to an open place at once."""

    def __init__(
        self, output: Output, report: Output | None = None, alignments: Output | None = None
    ) -> None:
        self.name, self.followed = output.name, output.is_stdout
        self._output, self._report, self._alignments = output, report, alignments
        self.done = 0

    def keep(self, text: str, report: str, done: int, alignments: str = "") -> None:
        """Write what belongs to the lines up to the line `done`."""
        self._output.write(text)
        for place, added in ((self._report, report), (self._alignments, alignments)):
            if place is not None:
                place.write(added)
        self.done = done

    def reported(self) -> Iterable[dict[str, Any]]:
        """Return nothing: there was no work before."""
        return ()

    def what_is_left(self) -> str:
        """Say what an interrupted user has, and how to go on."""
        if self._output.is_stdout:
            return (
                f"They are printed. To go on: tail -n +{self.done + 1} INPUT | "
                "translator translate …"
            )
        return f"{self.name} is as it was before: it is written when all lines are translated."
