"""`make demo` ends with a script that shows what the model just trained can do."""

import json
import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def folder(model):
    """The parts of a clone that the script needs, with a model that has been trained."""
    folder = Path("a folder")
    sample = folder / "data" / "sample"
    sample.mkdir(parents=True)
    shutil.copy(ROOT / "data" / "demo.sh", folder / "data")
    lines = (ROOT / "data/sample/test.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    (sample / "test.tsv").write_text("".join(lines[:3]), encoding="utf-8")
    shutil.copytree(model, folder / "checkpoints" / "demo")
    return folder


@pytest.fixture
def show(folder, warm_python):
    """Run the script and return what it prints."""

    def run():
        done = subprocess.run(
            ["sh", "data/demo.sh", warm_python, "-m", "translator"],
            cwd=folder,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_what_the_demo_shows(folder, show, run_translator):
    told = [show() for _ in range(2)]  # what it has written before is not in its way
    assert told[0] == told[1]
    assert "busy" not in told[0]
    assert re.search(
        r"^BLEU \d+\.\d ± \d+\.\d  \(nrefs:1\|.*\|version:.*\)$", told[0], re.MULTILINE
    )
    assert "\n  The cat sat on the mat.\n    -> " in told[0]
    assert told[0].count("\n    -> ") == 4
    program, *arguments = shlex.split(told[0].splitlines()[-1])
    assert program == ".venv/bin/translator"
    done = run_translator(*arguments, cwd=folder, env=ENVIRONMENT)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1


def test_the_shipped_model_comes_last(folder, show, model_for_both):
    shutil.copytree(model_for_both, folder / "checkpoints" / "en-fr")
    told = show()
    assert told.count("\n    -> ") == 7
    assert "\n  Where is the train station?\n    -> " in told
    # it needs no name
    last = '  .venv/bin/translator translate "The old man is reading a book."'
    assert told.splitlines()[-1] == last


@pytest.mark.parametrize(
    ("epochs", "short"), [(0.02, True), (1.9, True), (2.0, False), (11.5, False)]
)
def test_a_demo_that_had_no_time_says_so(folder, show, epochs, short):
    file = folder / "checkpoints" / "demo" / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    manifest["result"] = {"steps": 25, "epochs": epochs}
    file.write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    assert ("this\nmachine is slow, or was busy" in show()) == short
