from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from translator.config import WebConfig
from translator.web import guard as guards
from translator.web.guard import HEADERS, Access, Guard, Rates
from translator.web.metrics import Metrics

KEY = "a key that nobody could guess"


class Answer:
    """What a client gets."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.status = messages[0]["status"] if messages else 0
        self.headers = (
            {k.decode(): v.decode() for k, v in messages[0]["headers"]} if messages else {}
        )
        self.body = b"".join(message.get("body", b"") for message in messages[1:])

    @property
    def error(self) -> str:
        assert set(json.loads(self.body)) == {"error"}
        return json.loads(self.body)["error"]


class Client:
    """Asks an application as a server would."""

    def __init__(self, app: Any = None, access: Access | None = None, **options: Any) -> None:
        self.metrics = Metrics()
        self.guard = Guard(
            app or echo, WebConfig(**options), access or Access(), self.metrics, {"/say"}
        )

    def ask(self, *args: Any, **more: Any) -> Answer:
        return asyncio.run(self.asking(*args, **more))

    async def asking(
        self,
        path: str = "/say",
        body: bytes | list[bytes] = b"",
        headers: dict[str, str] | None = None,
        *,
        method: str = "POST",
        query: str = "",
        address: str = "127.0.0.1",
        leave: asyncio.Event | None = None,
    ) -> Answer:
        chunks = [body] if isinstance(body, bytes) else list(body)
        sent: list[dict[str, Any]] = []
        never = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if chunks:
                chunk = chunks.pop(0)
                return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}
            await (leave or never).wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "client": (address, 1234),
            "headers": [
                (k.encode(), v.encode())
                for k, v in ({"host": "localhost"} | (headers or {})).items()
            ],
        }
        await self.guard(scope, receive, send)
        return Answer(sent)

    def figure(self, line: str) -> str:
        lines = self.metrics.text().decode().splitlines()
        return next(one.rpartition(" ")[2] for one in lines if one.startswith(line))


async def echo(scope: Any, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
    message = await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": message["body"]})


def test_an_answer_has_the_headers():
    answer = Client().ask(body=[b"a", b"b"])
    assert (answer.status, answer.body) == (200, b"ab")
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "'unsafe" not in HEADERS["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"content-length": "101"}, b""),
        ({}, [b"x" * 60, b"x" * 60]),
        ({"content-length": "-5"}, b""),
        ({"content-length": "\u0661"}, b""),
    ],
)
def test_a_body_that_is_too_large(headers, body):
    client = Client(max_body=100)
    answer = client.ask(body=body, headers=headers)
    assert answer.status == 413
    assert answer.error == "the body is larger than 100 bytes"
    assert answer.headers["connection"] == "close"
    assert client.figure('translator_refused_total{reason="body"}') == "1.0"


def test_a_body_that_does_not_come():
    async def asking() -> Answer:
        never = asyncio.Event()
        client = Client(header_timeout=0.1)
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            await never.wait()
            raise AssertionError

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/say", "query_string": b""}
        scope |= {"client": None, "headers": [(b"host", b"localhost")]}
        await client.guard(scope, receive, send)
        return Answer(sent)

    assert asyncio.run(asking()).status == 408


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8000", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("LOCALHOST", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("", 421),
        ("[", 421),
    ],
)
def test_the_name_it_is_called_by(host, status):
    assert Client().ask(headers={"host": host}).status == status


def test_other_names_where_they_are_allowed():
    allowed = Access(hosts=frozenset({"translate.example"}))
    assert Client(access=allowed).ask(headers={"host": "translate.example"}).status == 200
    assert Client(access=Access(hosts=frozenset())).ask(headers={"host": "any"}).status == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:8000", 200),
        ("https://localhost:8000", 200),
        ("http://localhost", 403),
        ("http://evil.example", 403),
        ("null", 403),
        ("http://[", 403),
    ],
)
def test_pages_of_other_sites(origin, status):
    headers = {"host": "localhost:8000", "origin": origin}
    assert Client().ask(headers=headers).status == status


JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"headers": {"authorization": f"Bearer {KEY}"}}, 200),
        ({"headers": {"authorization": f"bearer  {KEY} "}}, 200),
        ({"query": "api_key=a%20key%20that%20nobody%20could%20guess"}, 200),
        ({"headers": JSON, "body": json.dumps({"api_key": KEY}).encode()}, 200),
        ({"headers": FORM, "body": b"q=x&api_key=a+key+that+nobody+could+guess"}, 200),
        ({}, 401),
        ({"headers": {"authorization": "Basic abc"}}, 401),
        ({"headers": {"authorization": f"Bearer {KEY}x"}}, 403),
        ({"headers": JSON, "body": b'{"api_key": 5}'}, 401),
        ({"headers": JSON, "body": b"[" * 100_000}, 401),
        ({"headers": JSON, "body": b"\xff"}, 401),
        ({"headers": FORM, "body": b"\xff%ff=&;"}, 401),
    ],
)
def test_keys(request_, status):
    client = Client(access=Access(keys=frozenset({KEY, "another"})))
    assert client.ask(**request_).status == status


def test_what_needs_no_key():
    client = Client(access=Access(keys=frozenset({KEY})))
    for path in ("/", "/page/app.js", "/health", "/languages", "/frontend/settings", "/docs"):
        assert client.ask(path, method="GET").status == 200
    for path in ("/metrics", "/translate", "/api/translate", "/else"):
        assert client.ask(path, method="GET").status == 401
    assert client.ask("/health", method="POST").status == 401


def test_a_rate_is_kept():
    rates = Rates(per_minute=60)
    assert [rates.wait("a", 0.0) for _ in range(10)] == [0.0] * 10
    assert rates.wait("a", 0.0) == 1.0
    assert rates.wait("b", 0.0) == 0.0
    assert rates.wait("a", 0.75) == 0.25
    assert rates.wait("a", 1.0) == 0.0
    assert rates.wait("a", 1.0) == 1.0
    assert rates.wait("a", 1000.0) == 0.0
    assert all(Rates(per_minute=0).wait("a", 0.0) == 0.0 for _ in range(1000))


def test_only_so_many_clients_are_remembered(monkeypatch):
    monkeypatch.setattr(guards, "_CLIENTS", 3)
    rates = Rates(per_minute=6)
    for name in "abcd":
        assert rates.wait(name, 0.0) == 0.0
    assert len(rates._left) == 3
    assert rates.wait("d", 0.0) > 0
    assert rates.wait("a", 0.0) == 0.0  # forgotten


def test_the_rate_applies_to_those_from_outside():
    client = Client(rate=6, access=Access(exposed=True, hosts=frozenset()))
    assert client.ask().status == 200
    answer = client.ask()
    assert answer.status == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 11
    assert client.ask(address="10.0.0.9").status == 200
    inside = Client(rate=6)
    assert [inside.ask().status for _ in range(5)] == [200] * 5


def test_each_key_has_its_own_rate_and_guessing_has_one_too():
    access = Access(keys=frozenset({KEY, "another"}), exposed=True, hosts=frozenset())
    client = Client(rate=6, access=access)

    def ask(key: str) -> int:
        return client.ask(headers={"authorization": f"Bearer {key}"}).status

    assert [ask(KEY), ask(KEY), ask("another")] == [200, 429, 200]
    assert [ask("a guess"), ask("another guess")] == [403, 429]


def test_too_many_requests_at_once():
    async def both() -> list[int]:
        go = asyncio.Event()

        async def slow(scope: Any, receive: Any, send: Any) -> None:
            await go.wait()
            await echo(scope, receive, send)

        client = Client(slow, max_requests=1)
        first = asyncio.ensure_future(client.asking())
        while not client.guard.in_work:
            await asyncio.sleep(0)
        second = await client.asking()
        assert second.headers["retry-after"] == "1"
        go.set()
        return [(await first).status, second.status, (await client.asking()).status]

    assert asyncio.run(both()) == [200, 503, 200]


def test_what_takes_too_long_is_broken_off():
    cancelled = []

    async def endless(scope: Any, receive: Any, send: Any) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    answer = Client(endless, timeout=0.1).ask()
    assert (answer.status, cancelled) == (504, [True])


def test_each_part_of_a_stream_has_its_own_time():
    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(4):
            await asyncio.sleep(0.15)
            await send({"type": "http.response.body", "body": b"x", "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    assert Client(slow, timeout=0.4).ask().body == b"xxxx"


def test_work_is_cancelled_when_the_client_goes_away():
    async def leaving() -> list[bool]:
        leave, cancelled = asyncio.Event(), []

        async def endless(scope: Any, receive: Any, send: Any) -> None:
            leave.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append(True)
                raise

        client = Client(endless)
        await client.asking(leave=leave)
        assert client.figure('translator_requests_total{path="/say",status="499"}') == "1.0"
        return cancelled

    assert asyncio.run(leaving()) == [True]


def test_a_mistake_of_ours_tells_nothing(capsys):
    async def wrong(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError("/secret/place is gone")

    answer = Client(wrong).ask()
    assert answer.status == 500
    assert "secret" not in answer.body.decode()
    assert "Traceback" not in answer.body.decode()
    assert "/secret/place is gone" in capsys.readouterr().err


def test_paths_are_counted_under_known_names_only():
    client = Client()
    client.ask("/say")
    client.ask("/made-up-1")
    client.ask("/made-up-2")
    assert client.figure('translator_requests_total{path="/say",status="200"}') == "1.0"
    assert client.figure('translator_requests_total{path="other",status="200"}') == "2.0"
