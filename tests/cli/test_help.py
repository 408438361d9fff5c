import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from translator.cli.app import app
from translator.config import preset_names

HEAVY = ["torch", "datasets", "pyarrow", "numpy", "sacrebleu", "sentencepiece", "langcodes"]
HEAVY += ["matplotlib"]


@pytest.mark.parametrize(
    ("args", "needed"),
    [
        (["--help"], []),
        (["train", "--help"], []),
        (["plan", "--max-time", "soon"], []),
        (["train", "--train", "no.tsv", "-s", "en", "-t", "fr", "--out", "run"], ["langcodes"]),
        (["translate", "-m", "no"], []),
        (["align", "-m", "no", "a", "b"], []),
        (["curve", "no"], []),
        (["info", "-m", "no"], []),
        (["attend", "-m", "no", "Yes.", "--save", "yes.svg"], []),
    ],
)
def test_no_library_is_loaded_before_there_is_work(args, needed):
    code = (
        "import json, sys\n"
        "from translator.cli.app import main\n"
        f"sys.argv = ['translator', *{args}]\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        f"print(json.dumps([name for name in {HEAVY} if name in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], input=b"", capture_output=True, check=True, timeout=60
    )
    assert json.loads(done.stdout.splitlines()[-1]) == needed


def test_help_loads_little():
    """What makes it quick; the seconds are in benchmarks/, where a slow machine fails nothing."""
    code = (
        "import sys\n"
        "bare = set(sys.modules)\n"
        "from translator.cli.app import main\n"
        "sys.argv = ['translator', '--help']\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(len(set(sys.modules) - bare))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert int(done.stdout.splitlines()[-1]) < 250


def test_every_command_explains_itself_with_examples():
    for command in ("plan", "train", "evaluate", "translate", "score", "align", "attend", "info"):
        result = CliRunner().invoke(app, [command, "--help"])
        assert result.exit_code == 0
        assert f"  translator {command} --" in result.stdout
    assert "  translator curve checkpoints/" in CliRunner().invoke(app, ["curve", "--help"]).stdout
    overview = CliRunner().invoke(app, ["--help"]).stdout
    commands = overview.partition("Commands:")[2]
    assert "..." not in commands, "the first line of a command's help is too long to be listed"


def test_train_help_lists_the_presets_and_where_the_options_are():
    text = CliRunner().invoke(app, ["train", "--help"]).stdout
    for name in preset_names():
        assert f"\n  {name} " in text
    assert "--options" in text
    assert "\n  torchrun --standalone --nproc-per-node 2 -m translator train " in text


def test_version():
    result = CliRunner().invoke(app, ["--version"])
    assert result.stdout.startswith("translator ")


@pytest.mark.parametrize(
    ("args", "near"),
    [
        (["trainslate"], "'translate'"),
        (["translate", "--outptu", "x"], "--output"),
        (["evaluate", "--refrences", "x"], "--references"),
        (
            ["train", "--preset", "smal", "--out", "x", "--train", "x", "-s", "en", "-t", "fr"],
            "small",
        ),
    ],
)
def test_near_matches(args, near):
    result = CliRunner().invoke(app, args)
    assert result.exit_code == 2
    assert near in result.stderr
    assert result.stdout == ""
