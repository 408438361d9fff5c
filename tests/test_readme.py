"""The README's commands and code are run as they stand, with a model small enough for a test."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TINY = """
[tokenizer]
vocab_size = 400
[model]
d_model = 16
ffn_dim = 32
attention_heads = 2
encoder_layers = 1
decoder_layers = 1
[training]
max_steps = 3
validate_every = 3
"""

# What a reader has and the test does not: `translator` on the PATH, and time to train.
SHIM = """#!/bin/sh
if [ "$1" = train -o "$1" = plan ] && ! echo "$@" | grep -q -e --resume; then
    set -- "$@" --preset "{tiny}" --max-steps 3
fi
exec "{python}" -m translator "$@"
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory, warm_python: str) -> Path:
    """A folder with the files that the README speaks of."""
    folder = tmp_path_factory.mktemp("reader")
    sample = (ROOT / "data/sample/train.tsv").read_text(encoding="utf-8").splitlines()
    for name, rows in {
        "train.tsv": sample[:200],
        "ours.tsv": sample[200:300],
        "dev.tsv": sample[300:310],
        "test.tsv": sample[310:320],
    }.items():
        (folder / name).write_text("".join(row + "\n" for row in rows), encoding="utf-8")
    for column, language in enumerate(("en", "fr")):
        more = [row.split("\t")[column] + "\n" for row in sample[400:500]]
        (folder / f"more.{language}").write_text("".join(more), encoding="utf-8")
        test = [row.split("\t")[column] + "\n" for row in sample[310:320]]
        (folder / f"test.{language}").write_text("".join(test), encoding="utf-8")
    (folder / "article.txt").write_text("The sun is shining.\n\nWe are happy.\n", encoding="utf-8")
    (folder / "article.md").write_text("# The sun\n\n- It is *shining*.\n", encoding="utf-8")
    (folder / "terms.tsv").write_text("sun\tsoleil\nhappy\tcontents\n", encoding="utf-8")
    (folder / "tiny.toml").write_text(TINY, encoding="utf-8")
    shim = folder / "bin" / "translator"
    shim.parent.mkdir()
    shim.write_text(SHIM.format(tiny=folder / "tiny.toml", python=warm_python))
    shim.chmod(0o755)
    return folder


def run(reader: Path, *command: str) -> subprocess.CompletedProcess[str]:
    path = f"{reader / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        command,
        cwd=reader,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_commands_and_the_code_run(reader: Path, warm_python: str) -> None:
    assert len(blocks("sh")) == 12
    for block in blocks("sh"):
        done = run(reader, "sh", "-e", "-c", block)
        assert done.returncode == 0, f"{block}\n{done.stderr}"
    assert len((reader / "article.fr.txt").read_text(encoding="utf-8").splitlines()) == 3
    taught = (reader / "taught.fr").read_text(encoding="utf-8").splitlines()
    assert len(taught) == len((reader / "train.en").read_text(encoding="utf-8").splitlines())
    assert (reader / "article.fr.md").read_text(encoding="utf-8").startswith("# ")
    assert (reader / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert (reader / "cat.svg").read_text(encoding="utf-8").startswith("<svg")
    # each goes on where the one before has come to
    done = run(reader, warm_python, "-c", "\n".join(blocks("python")))
    assert done.returncode == 0, done.stderr


def test_the_make_targets_exist() -> None:
    targets = re.findall(r"^make (\w+)", "".join(blocks("console")), re.MULTILINE)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_link_leads_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / link).exists(), link
