"""The real command, in a process of its own, over real connections."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from libretranslatepy import LibreTranslateAPI

from translator import Translator

pytestmark = pytest.mark.slow


def test_a_published_client_of_libretranslate_works(started, run, translator):
    server = started()
    assert server.wait_for("serving en -> fr, fr -> en")
    client = LibreTranslateAPI(server.address)
    [expected] = translator.translate(["The cat sat on the mat."])
    assert client.translate("The cat sat on the mat.", "en", "fr") == expected
    assert [one["code"] for one in client.languages()] == ["en", "fr"]
    found = client.detect("Nous mangeons du pain le matin dans le jardin.")
    assert found[0]["language"] == "fr"
    with pytest.raises(urllib.error.HTTPError) as refused:
        client.translate("The cat.", "en", "de")
    assert json.loads(refused.value.read()) == {
        "error": "no model translates en -> de; there is: en -> fr, fr -> en"
    }


def test_the_commands_of_the_readme(started):
    """They give what stands there, but for the model and the port."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    section = readme.split("\n## A page and a REST API\n")[1].split("\n## ")[0]
    told = "".join(re.findall(r"^```console\n(.*?)^```", section, re.DOTALL | re.MULTILINE))
    commands = {}
    for text in told.split("$ ")[1:]:
        command, _, output = text.partition("\n")
        words = shlex.split(command)
        commands[words[0]] = words[1:], output.splitlines()
    assert set(commands) == {"pip", "translator", "curl"}
    words, lines = commands["translator"]
    assert words == ["serve", "--model", "checkpoints/en-fr"]
    server = started()
    said = [line.rstrip("\n") for line in server.lines]
    assert said == [f"{lines[0]}, fr -> en", lines[1].replace("8000", str(server.port))]
    (option, address, *fields), lines = commands["curl"]
    assert option == "-s"
    assert set(fields[::2]) == {"-d"}
    request = urllib.request.Request(
        f"http://{address.replace('8000', str(server.port))}", "&".join(fields[1::2]).encode()
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.read().decode().splitlines() == lines


def test_the_client_gives_its_key(started, tmp_path, translator):
    keys = tmp_path / "keys.txt"
    keys.write_text("# ours\na key that nobody could guess\n", encoding="utf-8")
    server = started("--api-keys", keys)
    asked = ("The cat.", "en", "fr")
    with pytest.raises(urllib.error.HTTPError) as refused:
        LibreTranslateAPI(server.address).translate(*asked)
    assert refused.value.code == 401
    refused.value.close()
    with pytest.raises(urllib.error.HTTPError) as refused:
        LibreTranslateAPI(server.address, "another key").translate(*asked)
    assert refused.value.code == 403
    refused.value.close()
    client = LibreTranslateAPI(server.address, "a key that nobody could guess")
    assert client.translate(*asked) == translator.translate(["The cat."])[0]


def test_slow_and_large_requests_are_refused(started, translator):
    server = started("--set", "web.header_timeout=0.5", "--set", "web.max_body=1000")

    def connect() -> socket.socket:
        return socket.create_connection((server.host, server.port), timeout=30)

    head = b"POST /translate HTTP/1.1\r\nHost: localhost\r\n"
    with connect() as silent, connect() as slow, connect() as body, connect() as large:
        # bytes that come now and then do not set the clock back
        slow.sendall(b"GET / HTTP/1.1\r\n")
        body.sendall(head + b"Content-Length: 100\r\n\r\nq=")
        large.sendall(head + b"Content-Length: 1001\r\n\r\n")
        assert large.recv(100).startswith(b"HTTP/1.1 413 ")
        closed = False
        for number in range(100):
            try:
                slow.sendall(b"X-%d: y\r\n" % number)
            except OSError:
                closed = True
                break
            time.sleep(0.05)
        assert closed
        assert silent.recv(100) == b""
        assert body.recv(100).startswith(b"HTTP/1.1 408 ")
    with connect() as chunked:
        chunked.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(100):
                chunked.sendall(b"64\r\n" + b"x" * 100 + b"\r\n")
        except OSError:
            pass  # it does not read on
        else:
            assert chunked.recv(100).startswith(b"HTTP/1.1 413 ")
    with connect() as header:
        header.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 60_000)
        assert header.recv(100).startswith(b"HTTP/1.1 400 ")
    assert server.translate("The cat.") == translator.translate(["The cat."])[0]


def test_connections_that_wait_keep_nobody_out(started, translator):
    server = started("--set", "web.header_timeout=0.5", "--set", "web.max_connections=8")
    idle = [socket.create_connection((server.host, server.port)) for _ in range(20)]
    try:
        for one in idle:
            one.settimeout(30)
            assert one.recv(1) == b""
        assert server.translate("The cat.") == translator.translate(["The cat."])[0]
    finally:
        for one in idle:
            one.close()


LONG = "\n".join(f"The cat number {i} sat on the mat." for i in range(400))


def stream(server, text: str, begun: threading.Event | None = None) -> list[str]:
    """Return the names of the events of a stream."""
    body = json.dumps({"text": text, "source": "en", "target": "fr"}).encode()
    headers = {"content-type": "application/json"}
    request = urllib.request.Request(f"{server.address}/api/stream", body, headers)
    names = []
    with urllib.request.urlopen(request, timeout=120) as answer:
        for line in answer:
            if line.startswith(b"event: "):
                names.append(line.removeprefix(b"event: ").decode().strip())
                if begun is not None:
                    begun.set()
    return names


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_in_work_is_finished_before_the_end(number, started):
    server = started()
    begun, found = threading.Event(), []
    reader = threading.Thread(target=lambda: found.extend(stream(server, LONG, begun)))
    reader.start()
    assert begun.wait(60)
    server.process.send_signal(number)
    server.wait_for("ending")
    reader.join(timeout=120)
    assert found == ["begin", *["sentence"] * 400, "end"]
    assert server.process.wait(timeout=60) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((server.host, server.port), timeout=5)


def test_the_models_are_read_again_and_no_request_is_lost(started, tmp_path, new_run):
    path = new_run(tmp_path / "run")
    old = Translator.load(path).translate(["The cat sat on the mat."])[0]
    server = started(model=path)
    stop, seen = threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            seen.append(server.translate("The cat sat on the mat."))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    new_run(path, turned=True)
    new = Translator.load(path).translate(["The cat sat on the mat."])[0]
    server.process.send_signal(signal.SIGHUP)
    server.wait_for("the models have been read again")
    assert server.translate("The cat sat on the mat.") == new
    stop.set()
    for thread in threads:
        thread.join(timeout=60)
    assert set(seen) <= {old, new}
    assert old in seen
    # what cannot be read changes nothing
    (path / "manifest.json").write_text("{", encoding="utf-8")
    server.process.send_signal(signal.SIGHUP)
    server.wait_for("The models that were there before go on.")
    assert server.translate("The cat sat on the mat.") == new


def test_killed_and_started_again(started):
    server = started()
    before = server.translate("The cat sat on the mat.")
    server.process.kill()
    server.process.wait(timeout=60)
    again = started(port=server.port)
    assert again.port == server.port
    assert again.translate("The cat sat on the mat.") == before


def test_a_model_for_each_direction(started, run, tmp_path):
    runs = []
    for source, target in (("en", "fr"), ("fr", "en")):
        path = tmp_path / f"{source}-{target}"
        shutil.copytree(run, path)
        manifest = {"format_version": 1, "source": source, "target": target}
        (path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        runs.append(path)
    server = started("--model", runs[1], model=runs[0])
    assert server.wait_for("serving en -> fr, fr -> en")
    for path, text in zip(runs, ("The cat.", "Le chat."), strict=True):
        translator = Translator.load(path)
        answer = server.post(
            "/translate", q=text, source=translator.source, target=translator.target
        )
        assert answer == {"translatedText": translator.translate([text])[0]}


HOOKS = """
import schemathesis

@schemathesis.hook
def map_body(context, body):
    # languages that are served
    if isinstance(body, dict) and {"source", "target"} <= body.keys():
        body = {**body, "source": "en", "target": "fr"}
    return body
"""


def test_it_does_what_its_document_says(started, tmp_path):
    """Schemathesis makes up requests, right ones and wrong ones, and looks at the answers."""
    server = started()
    (tmp_path / "hooks.py").write_text(HOOKS, encoding="utf-8")
    program = "from schemathesis.cli import schemathesis; schemathesis()"
    address = f"{server.address}/openapi.json"
    common = ["run", address, "--max-examples", "5", "--seed", "1", "--phases", "examples,fuzzing"]
    ways = {
        "right ones": (["--mode", "positive"], {"SCHEMATHESIS_HOOKS": "hooks"}),
        # most languages that are made up are not served
        "any": (["--exclude-checks", "positive_data_acceptance"], {}),
    }
    for way, (options, environment) in ways.items():
        done = subprocess.run(
            [sys.executable, "-c", program, *common, *options],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path), **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{way}: {done.stdout}\n{done.stderr}"
        assert "Tested: 10" in done.stdout
    assert not any("Traceback" in line for line in server.lines)
