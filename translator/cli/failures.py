"""However the work ends early: one message on stderr, and an exit code.

2    something the user can mend
130  stopped with Ctrl-C
143  stopped with SIGTERM
141  nobody reads the output any more (`| head`), as for any tool that SIGPIPE ends
1    a mistake in this program: the only case that shows a traceback; without one, a command that
     checks something (export --verify, corpus check) has found what it looks for
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from translator.errors import Interrupted, TranslatorError, is_out_of_memory, was_interrupted
from translator.progress import say

_HINTS = {
    errno.ENOSPC: "Free some space, and run the same command again.",
    errno.EDQUOT: "Free some space, and run the same command again.",
    errno.EFBIG: "Raise the limit on the size of files (ulimit -f), or choose another place.",
    errno.EROFS: "Choose a place that can be written to.",
    errno.EACCES: "Check its permissions, or choose another place.",
    errno.EPERM: "Check its permissions, or choose another place.",
    errno.EMFILE: "Raise the limit of open files (ulimit -n).",
}


@contextmanager
def reported() -> Iterator[None]:
    """Turn an exception of the block, or of the decorated function, into message and exit code."""
    try:
        yield
    except Interrupted as stop:
        _end(stop.exit_code, f"interrupted: {stop}")
    except KeyboardInterrupt:
        _end(130, _INTERRUPTED)
    except TranslatorError as error:
        _end(2, f"error: {error}")
    except OSError as error:
        if isinstance(error, BrokenPipeError) and error.filename is None:
            _end(141, None)
        _end(2, f"error: {_describe(error)}")
    except Exception as error:
        if was_interrupted(error):
            _end(130, _INTERRUPTED)
        if is_out_of_memory(error):
            _end(2, f"error: {_OUT_OF_MEMORY}")
        _report_bug()
        _end(1, None)


_INTERRUPTED = "interrupted: run the same command again"
_OUT_OF_MEMORY = (
    "not enough memory\n"
    "  Ask for smaller batches: --set decoding.batch_tokens=1024, or training.batch_tokens=1024."
)


def _end(code: int, message: str | None) -> None:
    _settle_stdout()
    if message is not None:
        say(message)
    raise SystemExit(code) from None


def _settle_stdout() -> None:
    """Write what stdout still holds; if that fails, keep Python from trying again at exit."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _describe(error: OSError) -> str:
    what = error.strerror or str(error) or type(error).__name__
    text = f"{error.filename}: {what}" if error.filename is not None else what
    hint = _HINTS.get(error.errno or 0)
    return f"{text}\n  {hint}" if hint else text


def _report_bug() -> None:
    import platform
    import traceback
    from importlib.metadata import version

    traceback.print_exc()
    say(
        "This is a mistake in translator, not in what you did: please report it, with the lines "
        f"above (translator {version('translator')}, Python {platform.python_version()})."
    )
