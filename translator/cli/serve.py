"""`translator serve`: a page to translate in, and a REST API."""

from __future__ import annotations

from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from translator.cli.common import (
    DEFAULT_MODEL,
    BeamOption,
    EngineOption,
    SetOption,
    choose_model,
    model_config,
)
from translator.cli.failures import reported
from translator.cli.options import options_text, web_options
from translator.config import web_config
from translator.errors import ConfigError, DataError
from translator.progress import say
from translator.run_directory import RunDirectory

if TYPE_CHECKING:
    from translator.decoding.translator import Translator
    from translator.web.guard import Access

_NEEDED = ("fastapi", "uvicorn", "prometheus_client")
_SHORTEST_KEY = 16


def _show_options(wanted: bool) -> None:
    if wanted:
        typer.echo(options_text(web_options()))
        raise typer.Exit


@reported()
def serve(
    model: Annotated[
        list[Path] | None,
        typer.Option(
            "--model",
            "-m",
            metavar="RUN",
            help="Run directory of a model; can be repeated, with one for each direction. Default: "
            f"{DEFAULT_MODEL}.",
        ),
    ] = None,
    host: Annotated[
        str,
        typer.Option("--host", metavar="ADDRESS", help="Where to listen; default: this machine."),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="N", min=0, max=65535, help="0: any that is free.")
    ] = 8000,
    api_keys: Annotated[
        Path | None,
        typer.Option(
            "--api-keys",
            metavar="FILE",
            help="Who has one of these keys may translate: one on each line, # begins a comment.",
        ),
    ] = None,
    open_to_all: Annotated[
        bool,
        typer.Option("--open", help="Let everybody translate who can reach --host, without a key."),
    ] = False,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host",
            metavar="NAME",
            help="A name by which the server is called, as behind a proxy; can be repeated. "
            "Default: localhost, or any where --host is another.",
        ),
    ] = None,
    beam: BeamOption = None,
    engine: EngineOption = None,
    settings: SetOption = None,
    options: Annotated[
        bool,
        typer.Option(
            "--options", callback=_show_options, is_eager=True, help="List the options web.*."
        ),
    ] = False,
) -> None:
    """Serve a page to translate in, and a REST API.

    Listens at this machine only, unless --host says otherwise; then it needs --api-keys, or --open.
    Limits are options: --set web.max_characters=5000. SIGTERM or Ctrl-C ends the server when what
    is in work is answered; SIGHUP reads the models again, and no request is lost. The paths are
    those of LibreTranslate and some more: see /docs.

    \b
    translator serve --model checkpoints/en-fr
    translator serve --model checkpoints/en-fr --model checkpoints/fr-en --port 5000
    translator serve --model checkpoints/en-fr --host 0.0.0.0 --api-keys keys.txt
    """
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise ConfigError(
            f"serve needs {' and '.join(missing)}", hint="pip install 'translator[web]'"
        )
    given = settings or []
    web = web_config([one for one in given if one.strip().startswith("web.")])
    decoding = [one for one in given if not one.strip().startswith("web.")]
    keys = _read_keys(api_keys)
    exposed = not _is_loopback(host)
    if exposed and not keys and not open_to_all:
        raise ConfigError(
            f"--host {host}: others could use the models, and nothing keeps them from it",
            hint="Add --api-keys FILE, or --open to let everybody translate.",
        )
    runs = [choose_model(path) for path in model] if model else [choose_model(None)]
    configs = {
        run.path: model_config(run, decoding, sections={"decoding"}, beam=beam, engine=engine)
        for run in runs
    }
    from translator.web.app import create_app
    from translator.web.guard import Access
    from translator.web.metrics import Metrics
    from translator.web.models import Models, in_all_directions
    from translator.web.server import listen, serve

    access: Access = (
        Access(keys=keys, exposed=exposed, hosts=frozenset(map(str.lower, allow_host or [])))
        if exposed
        else Access(keys=keys, hosts=Access.hosts | set(map(str.lower, allow_host or [])))
    )

    def load(path: Path) -> list[Translator]:
        # weights may be new, options are those of the command line
        return in_all_directions(RunDirectory(path), configs[path].decoding)

    with listen(host, port) as listener:
        figures = Metrics()
        models = Models(list(configs), load, web, figures.batches.observe)
        app = create_app(models, web, access, figures)
        number = listener.getsockname()[1]

        def tell() -> None:
            known = ", ".join(f"{a} -> {b}" for a, b in models.directions)
            say(f"serving {known}")
            say(f"http://{_in_address(host)}:{number}/  (Ctrl-C ends it)")

        serve(app, listener, web, models, figures, tell)


def _read_keys(path: Path | None) -> frozenset[str]:
    """Read the keys.

    Raises:
        DataError: the file cannot be read, holds none, or one that could be guessed.
    """
    if path is None:
        return frozenset()
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise DataError("is not UTF-8 text", where=path) from None
    keys: list[tuple[int, str]] = [
        (number, line.strip())
        for number, line in enumerate(lines, start=1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if not keys:
        raise DataError("holds no key", where=path, hint=_KEY_HINT)
    for number, key in keys:
        if len(key) < _SHORTEST_KEY:
            raise DataError(
                f"a key of less than {_SHORTEST_KEY} characters could be guessed",
                where=f"{path}:{number}",
                hint=_KEY_HINT,
            )
    return frozenset(key for _, key in keys)


_KEY_HINT = "Make one with: python -c 'import secrets; print(secrets.token_urlsafe())'"


def _is_loopback(host: str) -> bool:
    """Return whether only programs of this machine can connect."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host
