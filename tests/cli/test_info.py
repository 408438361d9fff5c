"""`translator info`: what is told of a model, of a damaged one, and of one with an odd manifest."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from translator.run_directory import RunDirectory, checksum
from translator.tokenizer import Tokenizer

MANIFEST = {
    "source": "en",
    "target": "fr",
    "bidirectional": True,
    "created": "2026-01-02T03:04:05+00:00",
    "command": ["translator", "train", "--train", "my file.tsv"],
    "data": {
        "train": [{"spec": "my file.tsv", "pairs": 1234, "fingerprint": "abc"}],
        "dev": {"spec": "dev.tsv", "pairs": 1},
    },
    "pairs": 1234,
    "seed": 7,
    "precision": "bf16",
    "device": "cpu",
    "versions": {"translator": "0.1.0"},
    "result": {
        "steps": 2000,
        "epochs": 3.25,
        "tokens": 45000,
        "seconds": 3723.4,
        "best_step": 1900,
        "dev_bleu": 41.5,
        "dev_loss": 1.25,
    },
    "scores": [
        {
            "test_set": "test.tsv",
            "source": "fr",
            "target": "en",
            "sentences": 1000,
            "name": "BLEU",
            "value": 52.25,
            "confidence": 1.0,
            "signature": "nrefs:1|case:mixed",
        }
    ],
    "licence": "CC BY 2.0 FR",
    "sources": [{"name": "A corpus", "attribution": "its authors", "url": "https://example.org"}],
}


@pytest.fixture
def run(model_for_both):
    """A model of which everything is known."""
    copy = RunDirectory(shutil.copytree(model_for_both, "both"))
    fingerprint = Tokenizer.load(copy.tokenizer_file).fingerprint
    copy.write_manifest({**MANIFEST, "tokenizer_fingerprint": fingerprint})
    return copy


def test_what_is_told(fast, run):
    done = fast("info", "--model", run.path)
    assert done.exit_code == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0] == "both"
    size = sum(
        len(load_file(run.weights_file)[name].flatten()) for name in load_file(run.weights_file)
    )
    expected = [
        "  languages   English <-> French",
        f"  model       {size:,} parameters: 1+1 layers, width 16, feed-forward 16, 2 heads",
        "  vocabulary  330 pieces (unigram, joint)",
        "  search      beam 2, length penalty 1.0",
        "  trained on  1,234 pairs",
        "              my file.tsv, 1,234 pairs, fingerprint abc",
        "  dev         dev.tsv, 1 pair",
        "  command     translator train --train 'my file.tsv'",
        "  training    2,000 steps, 3.2 epochs, 45,000 target tokens, 1:02:03",
        "              device cpu, precision bf16, seed 7",
        "  on dev      BLEU 41.5, loss 1.25 (greedy, at step 1900)",
        "  begun       2026-01-02T03:04:05+00:00 with translator 0.1.0",
        "  scores      test.tsv, fr -> en, 1,000 sentences, BLEU 52.2 ± 1.0  (nrefs:1|case:mixed)",
        "  licence     CC BY 2.0 FR",
        "  sources     A corpus; its authors; https://example.org",
    ]
    assert [line for line in lines if line in expected] == expected
    for file in (run.weights_file, run.tokenizer_file):
        [line] = [line for line in lines if file.name in line]
        assert f"{file.stat().st_size:,} bytes  {checksum(file)} verified" in line


def test_the_same_for_programs(fast, run):
    done = fast("info", "--model", run.path, "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["directions"] == [["en", "fr"], ["fr", "en"]]
    assert told["manifest"] == run.read_manifest()
    assert told["config"] == run.read_config().to_dict()
    assert told["number_format"] == "float32"
    assert told["shipped"] is False
    assert told["verified"] == {"model.safetensors": True, "tokenizer.model": True}
    assert told["files"]["manifest.json"] == {
        "bytes": run.manifest_file.stat().st_size,
        "checksum": checksum(run.manifest_file),
    }


def test_without_a_name_it_is_the_default_model(fast, run, monkeypatch):
    monkeypatch.setattr("translator.cli.common.shipped_model", lambda: run)
    monkeypatch.setattr("translator.run_directory.shipped_model", lambda: run)
    done = fast("info")
    assert done.exit_code == 0, done.stderr
    assert done.stderr.startswith("using en-fr, the model that comes with translator")
    assert done.stdout.startswith("both, the model that comes with translator\n")


def test_a_model_without_checksums_says_so(fast, run):
    save_file(load_file(run.weights_file), run.weights_file)
    run.write_manifest({"source": "en", "target": "fr"})
    done = fast("info", "--model", run.path)
    assert done.exit_code == 0, done.stderr
    assert done.stdout.count("(none was noted)") == 2
    assert "trained on" not in done.stdout
    told = json.loads(fast("info", "--model", run.path, "--json").stdout)
    assert not any(told["verified"].values())


@pytest.mark.parametrize("command", [["info"], ["translate", "The cat."]])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("model.safetensors", "is damaged: it is not what was written"),
        ("tokenizer.model", "is damaged, or of another run: its checksum is not"),
    ],
)
def test_a_changed_byte_is_an_error(fast, run, name, message, command):
    file = run.path / name
    content = bytearray(file.read_bytes())
    content[-7] ^= 1
    file.write_bytes(content)
    done = fast(*command, "--model", run.path)
    assert done.exit_code == 2
    assert f"{name}: {message}" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--model", "none"], "there is no such run directory"),
        (["--model", "."], "is not a finished run directory"),
        ([], "no model was named"),
        (["both"], "unexpected extra argument"),
    ],
)
def test_what_is_no_model(fast, args, message):
    done = fast("info", *args)
    assert done.exit_code == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_an_odd_manifest_breaks_nothing(fast, run):
    odd = {name: [3, {"spec": 1, "name": None, "\x1b": {}}, "\x1b[2J"] for name in MANIFEST}
    odd |= {"source": "en", "target": "fr", "bidirectional": "yes", "result": {"steps": True}}
    odd |= {"licence": "free\x1b[2J\nSecond line", "data": {"train": 3, "dev": []}}
    odd |= {"scores": [{"value": "high", "source": 1, "target": ["fr"]}], "command": [None, {}]}
    run.write_manifest(odd)
    done = fast("info", "--model", run.path)
    assert done.exit_code == 0, done.stderr
    assert "\x1b" not in done.stdout
    assert "  licence     free�[2J�Second line\n" in done.stdout
    assert json.loads(fast("info", "--model", run.path, "--json").stdout)["manifest"]["licence"]


def test_it_loads_no_torch(model):
    code = (
        "import sys\n"
        "from translator.cli.app import main\n"
        f"sys.argv = ['translator', 'info', '--model', {str(model)!r}]\n"
        "try: main()\n"
        "finally: assert not {'torch', 'pyarrow', 'datasets', 'sacrebleu'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.startswith(str(Path(model)).encode())
