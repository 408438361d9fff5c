"""One process at a time in a run directory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from translator.errors import ModelError
from translator.run_directory import RunDirectory

try:
    import fcntl
except ImportError:  # Windows: two processes are left to the user's care
    fcntl = None  # type: ignore[assignment]


@contextmanager
def locked(run: RunDirectory) -> Iterator[None]:
    """Keep other processes out of a run directory, which is made if it is not there.

    The system lifts the lock when the process ends, however it ends; the empty file stays.

    Raises:
        ModelError: another process is in it.
    """
    run.path.mkdir(parents=True, exist_ok=True)
    with run.lock_file.open("ab") as file:
        try:
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ModelError(
                "is in use by another process",
                where=run.path,
                hint="Wait until it ends, or choose another --out.",
            ) from None
        except OSError:
            pass  # a file system without locks
        yield
