from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from translator.cli.app import app


@pytest.fixture
def invoke() -> Callable[..., Any]:
    """Run the command line in this process, which saves loading the libraries each time."""
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def tiny_run(
    tmp_path: Path, toy_files: tuple[Path, Path], tiny: Callable[..., list[str]]
) -> Callable[..., list[str]]:
    """The arguments of a run of 20 steps into `run`, other data and options as asked for."""

    def arguments(
        train: object = None, dev: object = None, more: tuple[object, ...] = (), **options: object
    ) -> list[str]:
        given = ["--train", str(train or toy_files[0]), "--out", str(tmp_path / "run")]
        given += ["--dev", str(dev or toy_files[1])] if dev is not False else []
        settings = tiny(**{"training__max_steps": 20, **options})
        return ["train", *given, "-s", "en", "-t", "fr", *settings, *map(str, more)]

    return arguments
