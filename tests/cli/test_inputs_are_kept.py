"""No command writes its results over what it reads."""

import shutil
from pathlib import Path

import pytest

from translator.run_directory import RunDirectory

PAIRS = "".join(f"The cat {i} sat.\tLe chat {i} dort.\n" for i in range(30))
CORPUS = ["-s", "en", "-t", "fr"]


@pytest.fixture(autouse=True)
def files(model):
    for name in ("a.tsv", "dev.tsv", "test.tsv"):
        Path(name).write_text(PAIRS, encoding="utf-8")
    for name in ("hyp.txt", "ref.txt"):
        Path(name).write_text("Le chat dort.\n" * 30, encoding="utf-8")
    Path("terms.tsv").write_text("cat\tchat\n", encoding="utf-8")
    Path("link.tsv").symlink_to("a.tsv")
    Path("folder").mkdir()
    Path("folder/b.tsv").write_text(PAIRS, encoding="utf-8")
    shutil.copytree(model, "run")


@pytest.mark.parametrize(
    ("args", "option", "path"),
    [
        (["corpus", "clean", "a.tsv", "-o", "a.tsv", *CORPUS], "--output", "a.tsv"),
        (["corpus", "clean", "a.tsv", "-o", "link.tsv", *CORPUS], "--output", "link.tsv"),
        (["corpus", "clean", "*a.tsv", "-o", "a.tsv", *CORPUS], "--output", "a.tsv"),
        (["corpus", "clean", "folder", "-o", "folder/b.tsv", *CORPUS], "--output", "folder/b.tsv"),
        (
            ["corpus", "clean", "a.tsv", "-o", "k.tsv", "--dropped", "a.tsv", *CORPUS],
            *("--dropped", "a.tsv"),
        ),
        (
            ["corpus", "clean", "a.tsv", "--test", "test.tsv", "-o", "test.tsv", *CORPUS],
            *("--output", "test.tsv"),
        ),
        (
            ["corpus", "check", "a.tsv", "--dev", "dev.tsv", "--html", "dev.tsv", *CORPUS],
            *("--html", "dev.tsv"),
        ),
        (["corpus", "convert", "a.tsv", "a.tsv", *CORPUS], "OUT", "a.tsv"),
        (["score", "-m", "run", "-d", "a.tsv", "-o", "a.tsv"], "--output", "a.tsv"),
        (["evaluate", "-m", "run", "-d", "a.tsv", "-o", "a.tsv"], "--output", "a.tsv"),
        (
            ["evaluate", "-m", "run", "-d", "a.tsv", "--save", "run/manifest.json"],
            *("--save", "run/manifest.json"),
        ),
        (
            [
                "evaluate",
                "--hypotheses",
                "hyp.txt",
                "--references",
                "ref.txt",
                "--report",
                "ref.txt",
            ],
            *("--report", "ref.txt"),
        ),
        (
            ["translate", "-m", "run", "--glossary", "terms.tsv", "-o", "terms.tsv", "cat"],
            *("--output", "terms.tsv"),
        ),
        (
            ["translate", "-m", "run", "-i", "a.tsv", "--report", "run/model.safetensors"],
            *("--report", "run/model.safetensors"),
        ),
    ],
)
def test_what_is_read_is_not_replaced(fast, args, option, path):
    before = {file: file.read_bytes() for file in Path().rglob("*") if file.is_file()}
    result = fast(*args)
    assert result.exit_code == 2
    assert result.stderr.endswith(
        f"error: {option} would replace {path}, which is read\n  Choose another name.\n"
    )
    assert {file: file.read_bytes() for file in Path().rglob("*") if file.is_file()} == before


def test_a_split_replaces_nothing(fast):
    for out, there in ((".", "dev.tsv"), ("new", None)):
        sizes = ["--dev", "5", "--test", "5", "--by", "source"]
        asked = ["corpus", "split", "a.tsv", *sizes, "--out", out, *CORPUS]
        result = fast(*asked)
        assert result.exit_code == (2 if there else 0), result.stderr
        if there:
            assert f"{there}: is there already\n  Choose another --out" in result.stderr
            assert Path(there).read_text(encoding="utf-8") == PAIRS
    assert fast(*asked).exit_code == 2


def test_the_files_of_a_run(model):
    run = RunDirectory(model)
    assert {run.config_file, run.manifest_file, run.weights_file} <= set(run.files())
    assert all(path.is_file() for path in run.files())
