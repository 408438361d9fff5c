"""Who may ask for what, how much, and for how long; and what an error tells.

Everything that comes in passes here before the application sees it. A body is read whole, within
its limits of size and time, before any work begins. Whoever goes away meanwhile has the work
cancelled. Answers get the headers that keep a browser from doing more than the page needs.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
import traceback
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from translator.config import WebConfig
from translator.progress import say
from translator.web.metrics import Metrics

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

OPEN = {"/", "/docs", "/openapi.json", "/health", "/languages", "/frontend/settings"}
"""What needs no key: it costs next to nothing, and the page needs it to ask for the key."""
OPEN_FOLDER = "/page/"

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
"""Of every answer."""

INTERNAL = "internal error: the server's log tells more"
"""All that a client is told of a mistake of ours."""

_LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}
_CLIENTS = 10_000
"""Clients whose rate is remembered; who has not asked for longest is forgotten first."""
_BURST = 10.0
"""Seconds' worth of requests that a client may make at once."""


class Refusal(Exception):
    """A request that is not answered as it was meant.

    Args:
        status: of HTTP.
        text: what the client is told.
        reason: what it is counted as.
        wait: seconds after which to try again.
    """

    def __init__(self, status: int, text: str, reason: str, wait: int | None = None) -> None:
        super().__init__(text)
        self.status, self.text, self.reason, self.wait = status, text, reason, wait


class _Gone(Exception):
    """The client has closed the connection."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """Who may connect and ask.

    Attributes:
        keys: who has one of these may ask; if there are none, everybody may.
        exposed: others than this machine can connect.
        hosts: names by which the server may be called; empty: any. Without this check, a page from
            anywhere could speak to a server on its reader's machine by a name of its own that leads
            there.
    """

    keys: frozenset[str] = frozenset()
    exposed: bool = False
    hosts: frozenset[str] = frozenset(_LOOPBACK_NAMES)


def key_digest(key: str) -> bytes:
    """Return what stands for a key in memory."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()


class Rates:
    """How often each client has asked: a bucket that fills with time, and each request empties."""

    def __init__(self, per_minute: int) -> None:
        self._per_second = per_minute / 60
        self._most = max(1.0, self._per_second * _BURST)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str, now: float) -> float:
        """Count a request; return 0 if it is within the rate, else the seconds until one is."""
        if not self._per_second:
            return 0.0
        left, before = self._left.pop(client, (self._most, now))
        left = min(self._most, left + (now - before) * self._per_second)
        allowed = left >= 1
        self._left[client] = (left - allowed, now)
        while len(self._left) > _CLIENTS:
            self._left.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._per_second


class Guard:
    """The application within its limits; itself an ASGI application."""

    def __init__(
        self, app: ASGIApp, options: WebConfig, access: Access, metrics: Metrics, paths: set[str]
    ) -> None:
        self._app, self._options, self._access, self._metrics = app, options, access, metrics
        self._paths = paths
        self._digests = {key_digest(key) for key in access.keys}
        self._rates = Rates(options.rate if access.exposed else 0)
        self.in_work = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; see the module."""
        if scope["type"] != "http":
            # the start and the end of the server; there are no web sockets
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        start = time.monotonic()
        answer = _Answer(send, plain_cache=scope["path"].startswith(OPEN_FOLDER))
        try:
            await self._answer(scope, receive, answer)
        except _Gone:
            answer.status = 499
        except Refusal as refusal:
            self._metrics.refused.labels(refusal.reason).inc()
            await answer.error(refusal.status, refusal.text, refusal.wait)
        except Exception:
            # nothing of this is for the client
            say(f"error in {scope['method']} {self._label(scope)}\n{traceback.format_exc()}")
            await answer.error(500, INTERNAL)
        finally:
            label = self._label(scope)
            self._metrics.requests.labels(label, str(answer.status)).inc()
            self._metrics.seconds.labels(label).observe(time.monotonic() - start)

    def _label(self, scope: Scope) -> str:
        path = str(scope["path"])
        # clients must not be able to make up new labels
        if path in self._paths:
            return path
        return "page" if path.startswith(OPEN_FOLDER) else "other"

    async def _answer(self, scope: Scope, receive: Receive, answer: _Answer) -> None:
        headers = _headers(scope)
        self._check_origin(headers)
        path = scope["path"]
        is_open = path in OPEN or path.startswith(OPEN_FOLDER)
        if is_open and scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, answer.send)
            return
        body = await self._read(headers, receive)
        self._check_client(scope, headers, body)
        if self.in_work >= self._options.max_requests:
            raise Refusal(503, "too many requests are in work: try again", "busy", wait=1)
        self.in_work += 1
        try:
            await self._work(scope, body, receive, answer)
        finally:
            self.in_work -= 1

    def _check_origin(self, headers: dict[str, str]) -> None:
        host = _hostname(headers.get("host", ""))
        if self._access.hosts and host not in self._access.hosts:
            raise Refusal(
                421, "this server is not called by this name: see --allow-host", "unknown host"
            )
        origin = headers.get("origin")
        if origin is not None and _place(origin) != headers.get("host", "").lower():
            raise Refusal(403, "pages of other sites may not use this server", "other origin")

    def _check_client(self, scope: Scope, headers: dict[str, str], body: bytes) -> None:
        client = scope.get("client") or ("unknown", 0)
        name = f"address {client[0]}"
        known = False
        key = ""
        if self._digests:
            key = _key(scope, headers, body)
            digest = key_digest(key)
            # a digest that is nearly right is of no use to whoever measures the time
            known = digest in self._digests
            if known:
                name = f"key {digest.hex()}"
        wait = self._rates.wait(name, time.monotonic())
        if wait:
            raise Refusal(429, "too many requests: slow down", "rate", wait=int(wait) + 1)
        if self._digests and not known:
            text = "this key is not known" if key else "an API key is needed (api_key)"
            raise Refusal(403 if key else 401, text, "key")

    async def _read(self, headers: dict[str, str], receive: Receive) -> bytes:
        """Read the body, within its limits."""
        most = self._options.max_body
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit() or int(length) > most:
            raise Refusal(413, f"the body is larger than {most} bytes", "body")
        body = bytearray()
        try:
            async with asyncio.timeout(self._options.header_timeout):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _Gone
                    body += message.get("body", b"")
                    if len(body) > most:
                        raise Refusal(413, f"the body is larger than {most} bytes", "body")
                    if not message.get("more_body"):
                        return bytes(body)
        except TimeoutError:
            raise Refusal(408, "the body did not come in time", "slow") from None

    async def _work(self, scope: Scope, body: bytes, receive: Receive, answer: _Answer) -> None:
        """Let the application answer, unless it takes too long or nobody waits for it any more."""
        gone = asyncio.Event()
        pending = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            if pending:
                return pending.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            gone.set()

        clock = asyncio.timeout(self._options.timeout)

        async def send(message: Message) -> None:
            await answer.send(message)
            # each part of an answer has its own time
            clock.reschedule(asyncio.get_running_loop().time() + self._options.timeout)

        work = asyncio.ensure_future(self._app(scope, replay, send))
        watcher = asyncio.ensure_future(watch())
        try:
            async with clock:
                await asyncio.wait([work, watcher], return_when=asyncio.FIRST_COMPLETED)
                if not work.done() and not answer.complete:
                    raise _Gone
                await work
        except TimeoutError:
            raise Refusal(504, "this took too long: ask for less at once", "time") from None
        finally:
            for task in (work, watcher):
                task.cancel()
            await asyncio.gather(work, watcher, return_exceptions=True)


class _Answer:
    """What goes out, with the headers that each answer has."""

    def __init__(self, send: Send, *, plain_cache: bool) -> None:
        self._send = send
        self._cache = b"no-cache" if plain_cache else b"no-store"
        self.status = 0
        self.complete = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *((k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in own),
                (b"cache-control", self._cache),
            ]
        elif message["type"] == "http.response.body":
            self.complete = not message.get("more_body", False)
        await self._send(message)

    async def error(self, status: int, text: str, wait: int | None = None) -> None:
        """Send an error; if an answer has begun, it can only be broken off."""
        if self.status:
            return
        body = json.dumps({"error": text}).encode()
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]
        if wait is not None:
            headers.append((b"retry-after", str(wait).encode()))
        if status == 401:
            headers.append((b"www-authenticate", b"Bearer"))
        if status in (408, 413):
            # the rest of the body is not worth reading
            headers.append((b"connection", b"close"))
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})


def _headers(scope: Scope) -> dict[str, str]:
    found: Iterable[tuple[bytes, bytes]] = scope["headers"]
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in found}


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _place(origin: str) -> str:
    """Return the host and port of an origin; empty for what is none, such as ``null``."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _key(scope: Scope, headers: dict[str, str], body: bytes) -> str:
    """Return the key that comes with a request: in a header, or as LibreTranslate's clients do."""
    scheme, _, key = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and key:
        return key.strip()
    query = parse_qs(scope["query_string"].decode("latin-1"))
    if "api_key" in query:
        return query["api_key"][-1]
    values: Any = {}
    if headers.get("content-type", "").startswith("application/json"):
        try:
            values = json.loads(body or b"{}")
        except (ValueError, RecursionError):
            values = {}
    elif body:
        values = {k: v[-1] for k, v in parse_qs(body.decode("utf-8", "replace")).items()}
    given = values.get("api_key") if isinstance(values, dict) else None
    return given if isinstance(given, str) else ""
