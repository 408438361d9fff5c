from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from translator.cli.options import web_options, web_table
from translator.config import WebConfig, web_config
from translator.errors import ConfigError

README = Path(__file__).parents[2] / "README.md"
KEY = "k" * 16


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "translate.example"])
def test_others_are_let_in_only_when_that_is_meant(host, fast, model):
    result = fast("serve", "--model", model, "--host", host)
    assert result.exit_code == 2
    assert "others could use the models" in result.stderr
    assert "--api-keys FILE, or --open" in result.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "holds no key"),
        ("# only a comment\n\n", "holds no key"),
        (f"{KEY}\nshort\n", "keys.txt:2: a key of less than 16 characters"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (None, "No such file"),
    ],
)
def test_keys_that_are_none(content, told, fast, model, tmp_path):
    path = tmp_path / "keys.txt"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    result = fast("serve", "--model", model, "--host", "0.0.0.0", "--api-keys", path)
    assert result.exit_code == 2
    assert told in result.stderr


def test_an_address_that_is_none(fast, model):
    result = fast("serve", "--model", model, "--host", "no such place", "--open")
    assert result.exit_code == 2
    assert "is no address of this machine" in result.stderr


def test_a_port_that_is_taken(fast, model):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = fast("serve", "--model", model, "--port", taken.getsockname()[1])
    assert result.exit_code == 2
    assert "Another program listens there" in result.stderr


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("web.max_charcters=5", "Did you mean max_characters"),
        ("web.timeout=0", "web.timeout=0.0 must be between"),
        ("web.rate=many", "must be a whole number"),
        ("training.seed=4", "the training options have no effect here"),
        ("web", "is not of the form"),
    ],
)
def test_options_that_are_none(setting, told, fast, model):
    result = fast("serve", "--model", model, "--set", setting)
    assert result.exit_code == 2
    assert told in result.stderr


def test_options_are_read():
    assert web_config([]) == WebConfig()
    assert web_config(["web.rate=7", " web.timeout = 2.5 "]) == WebConfig(rate=7, timeout=2.5)
    with pytest.raises(ConfigError):
        web_config(["web.rate=-1"])


def test_the_options_are_listed(fast):
    text = fast("serve", "--options").stdout
    for option in web_options():
        assert f"{option.name}={option.default}" in text
        assert option.meaning


def test_the_readme_holds_their_table():
    block = README.read_text(encoding="utf-8").partition("<!-- web options -->")[2]
    assert block.partition("<!-- /web options -->")[0].strip() == web_table(), (
        "the table of web options in README.md is stale: put the second table that "
        "`python -m translator.cli.options` prints between its <!-- web options --> marks"
    )


def test_without_the_extra(fast, model, monkeypatch):
    monkeypatch.setattr("translator.cli.serve.find_spec", lambda name: None)
    result = fast("serve", "--model", model)
    assert result.exit_code == 2
    assert "serve needs fastapi and uvicorn and prometheus_client" in result.stderr
    assert "pip install 'translator[web]'" in result.stderr


def test_help_loads_none_of_it():
    code = (
        "import json, sys\n"
        "from translator.cli.app import main\n"
        "sys.argv = ['translator', 'serve', '--help']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'fastapi', 'uvicorn', 'torch'}\n"
        "print(json.dumps(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    *text, loaded = done.stdout.decode().splitlines()
    assert json.loads(loaded) == []
    assert any("  translator serve --model" in line for line in text)
