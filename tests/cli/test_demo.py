"""`make demo` ends with a script that shows what the model just trained can do."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_what_the_demo_shows(model, warm_python, run_translator):
    folder = Path("a folder")
    sample = folder / "data" / "sample"
    sample.mkdir(parents=True)
    shutil.copy(ROOT / "data" / "demo.sh", folder / "data")
    lines = (ROOT / "data/sample/test.tsv").read_text(encoding="utf-8").splitlines(keepends=True)
    (sample / "test.tsv").write_text("".join(lines[:3]), encoding="utf-8")
    shutil.copytree(model, folder / "checkpoints" / "demo")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    told = []
    for _ in range(2):  # what it has written before is not in its way
        done = subprocess.run(
            ["sh", "data/demo.sh", warm_python, "-m", "translator"],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 0, done.stderr
        told.append(done.stdout)
    assert told[0] == told[1]
    assert re.search(
        r"^BLEU \d+\.\d ± \d+\.\d  \(nrefs:1\|.*\|version:.*\)$", told[0], re.MULTILINE
    )
    assert "\n  The cat sat on the mat.\n    -> " in told[0]
    assert told[0].count("\n    -> ") == 4
    program, *arguments = shlex.split(told[0].splitlines()[-1])
    assert program == ".venv/bin/translator"
    done = run_translator(*arguments, cwd=folder, env=environment)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1
