"""What can go wrong by the user's hand, and how it is told.

Every message says what was wrong, where, and what to do about it. The command line prints it
without a traceback and exits with 2.
"""

from __future__ import annotations

import difflib
import signal
from collections.abc import Iterable


class TranslatorError(Exception):
    """A mistake the user can mend: `message` (what), `where` (file:line), `hint` (what to do)."""

    def __init__(self, message: str, *, where: object = None, hint: str | None = None) -> None:
        self.message = message
        self.where = None if where is None else str(where)
        self.hint = hint
        super().__init__(self.__str__())

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text}\n  {self.hint}" if self.hint else text


class ConfigError(TranslatorError):
    """An option that does not exist, or a value it cannot take."""


class DataError(TranslatorError):
    """A corpus that cannot be read as what it was said to be."""


class ModelError(TranslatorError):
    """A run directory that is missing, damaged, or made for something else."""


class TrainingError(TranslatorError):
    """Training cannot go on: it diverged, or its state cannot be kept."""


class Interrupted(TranslatorError):
    """The work was stopped from outside; the hint says how to go on.

    Attributes:
        exit_code: 130 after Ctrl-C, 143 after SIGTERM: 128 and the signal, as shells tell it.
    """

    def __init__(
        self,
        message: str,
        *,
        where: object = None,
        hint: str | None = None,
        signal_number: int = signal.SIGINT,
    ) -> None:
        super().__init__(message, where=where, hint=hint)
        self.exit_code = 128 + signal_number


COPY_AGAIN = "Copy the run directory again from where it is whole, or train it again."
"""The hint for a damaged file of a run, which nothing else in the run can replace."""


_NO_MEMORY = ("can't allocate memory", "CUBLAS_STATUS_ALLOC_FAILED")
"""How the messages of torch's plain RuntimeErrors tell it."""


def is_out_of_memory(error: BaseException) -> bool:
    """Recognise every way in which memory runs out, without importing torch."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return True
    return isinstance(error, RuntimeError) and any(text in str(error) for text in _NO_MEMORY)


def was_interrupted(error: BaseException) -> bool:
    """Return whether Ctrl-C has caused an error: libraries of C++ that were loading raise another.

    They call it an ImportError, ``raise ImportError(…) from KeyboardInterrupt()``.
    """
    return isinstance(error.__cause__, KeyboardInterrupt)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``Did you mean …?`` for the known words closest to `word`, or the whole list."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, n=3, cutoff=0.6)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return f"Known: {', '.join(names)}."
