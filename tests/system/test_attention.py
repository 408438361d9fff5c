"""What the example of the README looks at: *assis* is the translation of *sat*, and looks at it.

A model is trained for this on a part of the sample corpus, for as long as it takes to see it. The
model of `make demo` is looked at too, where there is one.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "checkpoints" / "demo"
CAT, CHAT = "The cat sat on the mat.", "Le chat s'est assis sur le tapis."
LONGEST = 7
"""Words of a source: short sentences are learned from soonest."""
SETTINGS = {
    "model.d_model": 128,
    "model.ffn_dim": 256,
    "model.attention_heads": 4,
    "model.encoder_layers": 1,
    "model.decoder_layers": 1,
    "model.dropout": 0,
    "tokenizer.vocab_size": 2000,
    "training.batch_tokens": 800,
    "training.warmup_steps": 50,
    "training.ema_decay": 0.98,
    "training.validate_every": 280,
    "training.max_steps": 280,
    "training.precision": "fp32",
}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    for name, count in (("train", None), ("dev", 60)):
        lines = (ROOT / "data" / "sample" / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
        # the example itself is not in it
        kept = [
            line
            for line in lines[:count]
            if CAT not in line and len(line.split("\t")[0].split()) <= LONGEST
        ]
        (folder / f"{name}.tsv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "translator", "train", "--out", f"{folder}/run"]
    command += ["--train", f"{folder}/train.tsv", "--dev", f"{folder}/dev.tsv"]
    command += ["--source", "en", "--target", "fr"]
    command += [text for name, value in SETTINGS.items() for text in ("--set", f"{name}={value}")]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=500)
    assert done.returncode == 0, done.stderr
    return folder / "run"


def tune(run_translator: Run, model: Path, folder: Path) -> None:
    """Choose layer and heads by links that are known, on sentences of the dev set."""
    files = []
    for name in ("dev.tsv", "dev.links.tsv"):
        lines = (ROOT / "data" / "sample" / name).read_text(encoding="utf-8").splitlines()[:100]
        files.append(folder / name)
        files[-1].write_text("\n".join(lines) + "\n", encoding="utf-8")
    pairs, links = files
    done = run_translator("align", "--tune", "-m", model, "--data", pairs, "--gold", links)
    assert done.returncode == 0, done.stderr


def shares(svg: Path) -> dict[str, dict[str, float]]:
    """Return what each word of the translation looks at, in per cent, as the picture tells it."""
    found: dict[str, dict[str, float]] = {}
    for title in ElementTree.parse(svg).iter("{http://www.w3.org/2000/svg}title"):
        if match := re.fullmatch(r"(\S+) → (\S+): ([\d.]+) %", title.text or ""):
            found.setdefault(match[1], {})[match[2]] = float(match[3])
    return found


def look(run_translator: Run, model: Path, folder: Path, *options: str) -> dict[str, str]:
    """Return for each word of the translation the word that it looks at most."""
    picture = folder / "cat.svg"
    done = run_translator("attend", "--model", model, CAT, CHAT, "--save", picture, *options)
    assert done.returncode == 0, done.stderr
    found = shares(picture)
    assert list(found) == CHAT.split()
    assert all(sum(row.values()) <= 100.5 for row in found.values())
    return {word: max(row, key=row.__getitem__) for word, row in found.items()}


def test_assis_looks_at_sat(trained: Path, run_translator: Run, tmp_path: Path) -> None:
    tune(run_translator, trained, tmp_path)
    looked_at = look(run_translator, trained, tmp_path)
    assert looked_at["assis"] == "sat"
    assert looked_at["chat"] == "cat"
    assert looked_at["tapis."] == "mat."


def demo_epochs() -> float:
    manifest = DEMO / "manifest.json"
    if not manifest.is_file():
        return 0.0
    result = json.loads(manifest.read_text(encoding="utf-8")).get("result") or {}
    return float(result.get("epochs", 0.0))


@pytest.mark.skipif(demo_epochs() < 2, reason="make demo has not been run, or had no time")
def test_in_the_model_of_the_demo_too(run_translator: Run, tmp_path: Path) -> None:
    model = tmp_path / "demo"
    shutil.copytree(DEMO, model, ignore=shutil.ignore_patterns("training_state"))
    tune(run_translator, model, tmp_path)
    looked_at = look(run_translator, model, tmp_path)
    assert looked_at["assis"] == "sat"
