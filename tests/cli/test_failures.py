import errno
import sys

import pytest

from translator.__main__ import main
from translator.cli.failures import reported
from translator.errors import DataError, Interrupted


@pytest.mark.parametrize(
    ("raised", "code", "message"),
    [
        (DataError("odd", where="a:3", hint="Mend it."), 2, "error: a:3: odd\n  Mend it.\n"),
        (Interrupted("stopped", hint="Go on."), 130, "interrupted: stopped\n  Go on.\n"),
        (Interrupted("stopped", signal_number=15), 143, "interrupted: stopped\n"),
        (KeyboardInterrupt(), 130, "interrupted: run the same command again\n"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 141, ""),
        (
            BrokenPipeError(errno.EPIPE, "Broken pipe", "fifo"),
            2,
            "error: fifo: Broken pipe\n",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "out.txt"),
            2,
            "error: out.txt: No space left on device\n"
            "  Free some space, and run the same command again.\n",
        ),
        (
            OSError(errno.EFBIG, "File too large", "out.txt"),
            2,
            "error: out.txt: File too large\n"
            "  Raise the limit on the size of files (ulimit -f), or choose another place.\n",
        ),
        (
            OSError(errno.EROFS, "Read-only file system", "out.txt"),
            2,
            "error: out.txt: Read-only file system\n  Choose a place that can be written to.\n",
        ),
    ],
)
def test_message_and_exit_code(raised, code, message, capsys):
    with pytest.raises(SystemExit) as caught, reported():
        raise raised
    assert caught.value.code == code
    assert capsys.readouterr() == ("", message)


def test_ctrl_c_that_a_library_calls_something_else(capsys):
    with pytest.raises(SystemExit) as caught, reported():
        raise ImportError("initialization failed") from KeyboardInterrupt()
    assert caught.value.code == 130
    assert capsys.readouterr() == ("", "interrupted: run the same command again\n")


def test_ctrl_c_before_all_is_loaded(monkeypatch, capsys):
    class Interrupting:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "translator.cli.app":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "translator.cli.app", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Interrupting(), *sys.meta_path])
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 130
    assert capsys.readouterr() == ("", "")


class OutOfMemoryError(RuntimeError):
    """As torch calls it."""


@pytest.mark.parametrize(
    "raised",
    [
        MemoryError(),
        OutOfMemoryError("CUDA out of memory"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes"),
    ],
)
def test_out_of_memory(raised, capsys):
    with pytest.raises(SystemExit) as caught, reported():
        raise raised
    assert caught.value.code == 2
    assert "batch_tokens" in capsys.readouterr().err


def test_a_mistake_of_the_program_shows_where_it_is(capsys):
    with pytest.raises(SystemExit) as caught, reported():
        raise ZeroDivisionError("by zero")
    assert caught.value.code == 1
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert "ZeroDivisionError: by zero" in told
    assert "please report it" in told
