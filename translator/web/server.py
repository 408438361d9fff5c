"""The server: address, signals, and a protocol that does not wait for ever.

SIGTERM and Ctrl-C end it when what is in work is answered (a second one at once); SIGHUP reads the
models again while the old ones go on.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from translator.config import WebConfig
from translator.errors import ConfigError, TranslatorError
from translator.progress import say
from translator.web.metrics import Metrics
from translator.web.models import Models

_HEAD_BYTES = 16_384
"""Longest head of a request."""
_IDLE = 5
"""Seconds after which a connection is closed that waits for no answer."""
_KEPT_WAITING = 256
"""Connections that the system keeps until they are accepted."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens.

    Args:
        host: name or address.
        port: 0 for any that is free.

    Raises:
        ConfigError: this cannot be listened at.
    """
    try:
        kind, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError):
        raise ConfigError(
            f"--host {host!r} is no address of this machine",
            hint="127.0.0.1 is for this machine only, 0.0.0.0 for all that can reach it.",
        ) from None
    listener = socket.socket(kind, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(_KEPT_WAITING)
    except OSError as error:
        listener.close()
        hints = {
            errno.EADDRINUSE: "Another program listens there: choose another --port.",
            errno.EACCES: "Ports below 1024 are for the system: choose another --port.",
            errno.EADDRNOTAVAIL: "Choose an address of this machine for --host.",
        }
        raise ConfigError(
            f"cannot listen at {host}, port {port}: {error.strerror}",
            hint=hints.get(error.errno or 0),
        ) from None
    return listener


def serve(
    app: Any,
    listener: socket.socket,
    options: WebConfig,
    models: Models,
    figures: Metrics,
    on_ready: Callable[[], None],
) -> None:
    """Serve until a signal comes, and then to the end of what is in work."""
    # its own lines would go to standard output
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    config = uvicorn.Config(
        app,
        http=_patient_for(options.header_timeout),
        loop="asyncio",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        limit_concurrency=options.max_connections,
        timeout_keep_alive=_IDLE,
        # an answer may take so long; one second more, so that whoever waits is told
        timeout_graceful_shutdown=int(options.timeout) + 1,
        h11_max_incomplete_event_size=_HEAD_BYTES,
    )
    server = _Server(config, models, figures, on_ready)
    asyncio.run(server.serve(sockets=[listener]))


class _Server(uvicorn.Server):
    """Ends quietly after a signal, and reads the models again after SIGHUP."""

    def __init__(
        self,
        config: uvicorn.Config,
        models: Models,
        figures: Metrics,
        on_ready: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._models, self._figures, self._on_ready = models, figures, on_ready
        self._reading = threading.Lock()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take the signals for the time of serving; uvicorn would raise them once more after it."""
        handlers: dict[int, Any] = {
            signal.SIGINT: self._end,
            signal.SIGTERM: self._end,
        }
        if hasattr(signal, "SIGHUP"):  # not on Windows
            handlers[signal.SIGHUP] = self._reload
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _end(self, number: int, frame: object) -> None:
        if self.should_exit:
            self.force_exit = True
            return
        self.should_exit = True
        say("ending: what is in work is finished first (once more ends at once)")

    def _reload(self, number: int, frame: object) -> None:
        threading.Thread(target=self._read_models, daemon=True).start()

    def _read_models(self) -> None:
        with self._reading:
            say("reading the models again")
            try:
                self._models.reload()
            except TranslatorError as error:
                self._figures.reloads.labels("failed").inc()
                say(f"error: {error}\n  The models that were there before go on.")
            except Exception as error:
                self._figures.reloads.labels("failed").inc()
                say(f"error: {type(error).__name__}: {error}\n  The models go on as before.")
            else:
                self._figures.reloads.labels("done").inc()
                say("the models have been read again")


def _patient_for(seconds: float) -> type[H11Protocol]:
    """Return a protocol whose clients have so long to send the head of a request.

    uvicorn itself waits for ever, so that a few clients which send a byte now and then would take
    all connections (slow loris).
    """

    class Patient(H11Protocol):
        _timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._watch()

        def connection_lost(self, exc: Exception | None) -> None:
            self._stop()
            super().connection_lost(exc)

        def _watch(self) -> None:
            """Start the clock when a request is waited for, and stop it when its head is in."""
            if self.cycle is not None and not self.cycle.response_complete:
                self._stop()
            elif self._timer is None:
                self._timer = self.loop.call_later(seconds, self._give_up)

        def _stop(self) -> None:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

        def _give_up(self) -> None:
            self._timer = None
            if not self.transport.is_closing():
                self.transport.close()

    return Patient
