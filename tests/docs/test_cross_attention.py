"""The page on cross-attention: its code is run from top to bottom, and prints what stands there."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from translator.cli.app import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "cross-attention.md").read_text(encoding="utf-8")
GALLERY = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
LOOKING = "looks at"
"""In what is printed of the demo's model, which is another one here."""


def blocks() -> list[tuple[str, str | None]]:
    """Return each piece of Python, and what the page says that it prints."""
    found = re.findall(
        r"^```python\n(.*?)^```(?:\n\n```text\n(.*?)^```)?", PAGE, re.DOTALL | re.MULTILINE
    )
    return [(code, output or None) for code, output in found]


@pytest.fixture
def beside_the_demo(random_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Be in a folder where the model of the demo should be; there is one with random weights."""
    (tmp_path / "checkpoints").mkdir()
    shutil.copytree(random_model, tmp_path / "checkpoints" / "demo")
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("beside_the_demo")
def test_the_code_runs_and_prints_what_the_page_says() -> None:
    names: dict[str, Any] = {}
    compared, printing = 0, [code for code, _ in blocks() if "print(" in code]
    for code, expected in blocks():
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "cross-attention.md", "exec"), names)
        if expected is not None and LOOKING not in expected:
            assert printed.getvalue() == expected
            compared += 1
    assert compared == 3
    assert printing == [code for code, expected in blocks() if expected is not None]
    assert len(blocks()) > 10


@pytest.mark.usefixtures("beside_the_demo")
@pytest.mark.parametrize("page", [PAGE, GALLERY], ids=["cross-attention", "gallery"])
def test_the_commands_run(page: str) -> None:
    lines = "".join(re.findall(r"^```sh\n(.*?)^```", page, re.DOTALL | re.MULTILINE))
    commands = [shlex.split(line) for line in lines.replace("\\\n", " ").splitlines()]
    commands = [words for words in commands if words[0] == "translator"]
    assert commands
    for _, *words in commands:
        # what a model with random weights would say is no sentence
        texts = [at for at, word in enumerate(words) if word.endswith(".") and " " in word]
        if len(texts) == 1:
            words.insert(texts[0] + 1, "Le chat s'est assis sur le tapis.")
        done = CliRunner().invoke(app, words)
        assert done.exit_code == 0, f"{words}\n{done.output}"
        if "--save" in words:
            assert Path(words[words.index("--save") + 1]).stat().st_size > 1000


def test_every_link_and_picture_is_there() -> None:
    for page in (PAGE, GALLERY):
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page):
            assert (ROOT / "docs" / link).exists(), link


def test_every_picture_of_the_gallery_is_shown() -> None:
    shown = set(re.findall(r"\]\(gallery/([^)]+)\)", PAGE + GALLERY))
    assert {path.name for path in (ROOT / "docs" / "gallery").iterdir()} == shown


def test_every_anchor_is_a_title() -> None:
    for anchor in re.findall(r"\]\(#([^)]+)\)", PAGE):
        titles = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
        assert anchor in {title.lower().replace(" ", "-") for title in titles}
