"""The command line in a process that comes to harm; a JSON object, its argument, says to which."""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from translator.cli.app import main


def replace(place: str, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> None:
    """Put something around the function at ``module:attribute.attribute``."""
    module, _, path = place.partition(":")
    owner: Any = importlib.import_module(module)
    *names, last = path.split(".")
    for name in names:
        owner = getattr(owner, name)
    setattr(owner, last, wrap(getattr(owner, last)))


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def at_call(number: int, do: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Do harm when the function is called for the nth time."""

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        calls = 0

        def harmed(*args: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls != number:
                return original(*args, **options)
            if do == "kill":
                kill()
            if do == "terminate":
                os.kill(os.getpid(), signal.SIGTERM)
            if do == "terminate while it takes long":
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(600)
            result = original(*args, **options)
            if do == "kill after":
                kill()
            if do == "kill half way":
                file = getattr(args[0], "_path", None) or args[1]
                os.truncate(file, Path(file).stat().st_size - 20)
                kill()
            return result

        return harmed

    return wrap


def counting(number: int | None, file: str | None) -> Callable[[Any], Callable[..., Any]]:
    """Count all function calls, of C too; kill at this one, or write how many there were."""

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        seen = 0

        def count(frame: object, event: str, argument: object) -> None:
            nonlocal seen
            if event.endswith("call"):
                seen += 1
                if seen == number:
                    kill()

        def counted(*args: Any) -> Any:
            sys.setprofile(count)
            try:
                return original(*args)
            finally:
                sys.setprofile(None)
                if file is not None:
                    Path(file).write_text(str(seen))

        return counted

    return wrap


def run(request: dict[str, Any]) -> None:
    sys.argv = ["translator", *request["arguments"]]
    if "limit" in request:
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["limit"],) * 2)
    for place, value in request.get("constants", {}).items():
        replace(place, lambda _, value=value: value)
    if "place" in request:
        replace(request["place"], at_call(request["call"], request["do"]))
    if "event" in request or "count" in request:
        wrap = counting(request.get("event"), request.get("count"))
        replace(request.get("inside", "translator.training.loop:Trainer.train"), wrap)
    main()


run(json.loads(sys.argv[1]))
