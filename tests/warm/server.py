"""A Python that has the libraries loaded, for tests that start many processes.

Loading torch and datasets takes five seconds of processor time in each new process: most of what a
command on a few lines takes. This one loads them once, and forks a process for each program that a
client asks for: `-m MODULE`, `-c CODE` or a file, with the client's arguments, environment, folder
and standard streams. It is killed when the client is.

What is said of a process itself (its start, streams, interpreter) is tested with a real one.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import struct
import sys
import threading
import traceback
import types
from pathlib import Path
from typing import Any, NoReturn

LIBRARIES = (
    "ctranslate2.specs",
    "datasets",
    "langcodes",
    "language_data.name_data",
    "language_data.names",
    "numpy.ctypeslib",
    "pydantic.type_adapter",
    "sacrebleu.tokenizers.tokenizer_13a",
    "safetensors.numpy",
    "tomli_w",
    "torch.distributed.elastic.multiprocessing",
    "torch.distributed.launcher.api",
    "translator.cli.app",
    "translator.cli.stream",
    "translator.decoding.engines.with_ctranslate2",
    "translator.decoding.engines.with_torch",
    "translator.training.forecast",
    "typer._adapters",
)


def main() -> None:
    interpreter, listener = sys.argv[1], socket.socket(fileno=int(sys.argv[2]))
    del sys.path[0]  # this folder
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):  # told where it is needed
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # a collection in a child would copy what it shares with this process
    sys.executable = interpreter  # what a child starts is as warm
    ended, end = os.pipe()
    os.set_blocking(end, False)
    signal.set_wakeup_fd(end)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    clients: dict[socket.socket, int] = {}
    while True:
        ready = select.select([0, ended, listener, *clients], [], [])[0]
        if 0 in ready:  # open as long as it is wanted
            return
        if ended in ready:
            os.read(ended, 4096)
            tell_ends(clients)
        for client in [one for one in ready if one in clients]:  # it was killed: it never writes
            os.kill(clients[client], signal.SIGKILL)
            client.close()
            clients[client] = -clients[client]
        clients = {client: process for client, process in clients.items() if process > 0}
        if listener in ready:
            client, _ = listener.accept()
            asked, streams = receive(client)
            process = os.fork()
            if not process:
                be(asked, streams)
            for stream in streams:
                os.close(stream)
            client.sendall(struct.pack("q", process))
            clients[client] = process


def receive(client: socket.socket) -> tuple[dict[str, Any], list[int]]:
    head, streams, _, _ = socket.recv_fds(client, 8, 3)
    [length] = struct.unpack("q", head)
    with client.makefile("rb") as file:
        return json.loads(file.read(length)), list(streams)


def tell_ends(clients: dict[socket.socket, int]) -> None:
    """Tell each client whose process has ended its exit code."""
    while True:
        try:
            process, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not process:
            return
        for client in [one for one, its in clients.items() if its == process]:
            with contextlib.suppress(BrokenPipeError):  # it was killed too
                client.sendall(struct.pack("q", os.waitstatus_to_exitcode(status)))
            del clients[client]
            client.close()


def be(asked: dict[str, Any], streams: list[int]) -> NoReturn:
    """Be the process: begin as an interpreter does, and end so, but without freeing all memory."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    code: object = 0
    try:
        try:
            run(asked)
        except SystemExit as ended:
            code = ended.code
        except BaseException:
            traceback.print_exc()
            code = 1
        if isinstance(code, str):
            print(code, file=sys.stderr)  # noqa: T201
            code = 1
        for thread in threading.enumerate():
            if thread is not threading.main_thread() and not thread.daemon:
                thread.join()
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        traceback.print_exc()
        code = 120
    os._exit(int(code or 0))  # type: ignore[call-overload]


def run(asked: dict[str, Any]) -> None:
    """Run a program as an interpreter does that is started like this."""
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    what, *rest = asked["arguments"]
    if what == "-u":
        sys.stdout.reconfigure(write_through=True)  # type: ignore[union-attr]
        what, *rest = rest
    known = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    sys.path[:] = [*known, *(entry for entry in sys.path if entry not in known)]
    if what == "-m":
        name, *rest = rest
        sys.argv = [name, *rest]
        sys.path.insert(0, asked["folder"])
        runpy.run_module(name, run_name="__main__", alter_sys=True)
    elif what == "-c":
        code, *rest = rest
        sys.argv = ["-c", *rest]
        sys.path.insert(0, "")
        program = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(compile(code, "<string>", "exec"), vars(program))
    else:
        sys.argv = [what, *rest]
        sys.path.insert(0, str(Path(what).absolute().parent))
        runpy.run_path(what, run_name="__main__")


main()
