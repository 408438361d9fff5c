"""recipes/en-fr: its options make a model of the promised size, and its command does as told."""

from __future__ import annotations

import json
import os
import subprocess
import tomllib
from math import prod
from pathlib import Path

import pytest

from translator.config import load_config
from translator.model.stored import expected_shapes, number_format
from translator.run_directory import RunDirectory, checksum

ROOT = Path(__file__).parents[1]
RECIPE = ROOT / "recipes" / "en-fr"
OPTIONS = {
    "model.d_model": 16,
    "model.ffn_dim": 16,
    "model.attention_heads": 2,
    "model.encoder_layers": 1,
    "model.decoder_layers": 1,
    "tokenizer.vocab_size": 400,
    "training.max_steps": 4,
    "training.validate_every": 2,
    "training.precision": "fp32",
    "decoding.beam": 1,
    "decoding.max_length": 8,
    "decoding.retry": "false",
}


def test_the_model_fits_into_the_repository() -> None:
    config = load_config(str(RECIPE / "model.toml"), [])
    assert config.data.bidirectional
    numbers = sum(map(prod, expected_shapes(config.model, config.tokenizer.vocab_size).values()))
    assert 2 * numbers < 24_000_000  # in float16; a megabyte is left for the vocabulary


def test_each_source_is_named_once() -> None:
    about = tomllib.loads((RECIPE / "sources.toml").read_text(encoding="utf-8"))
    names = [source["name"] for source in about["sources"]]
    assert len(set(names)) == len(names)
    assert {key for source in about["sources"] for key in source} == {
        "name",
        "origin",
        "licence",
        "attribution",
        "url",
    }


@pytest.fixture
def data(tmp_path: Path) -> dict[str, str]:
    """What a user names: tables of the sample corpus, some of whose test sentences are in them."""
    rows = (ROOT / "data/sample/train.tsv").read_text(encoding="utf-8").splitlines()
    test = (ROOT / "data/sample/test.tsv").read_text(encoding="utf-8").splitlines()
    dev = (ROOT / "data/sample/dev.tsv").read_text(encoding="utf-8").splitlines()
    source, target = test[0].split("\t")[:2]
    spoiled = [
        test[1],
        f"{source.upper()}\tTout autre chose.",
        f"Something else.\t{target}",
        dev[0],
    ]
    tables = {
        "tatoeba": [*rows[:200], *spoiled],
        "open": [f"{row}\tsoftware" for row in [*rows[200:400], test[6]]],
        "dev": dev[:6],
        "one": test[:5],
        "two": test[5:9],
    }
    for name, lines in tables.items():
        text = "".join(f"{line}\n" for line in lines)
        (tmp_path / f"{name}.tsv").write_text(text, encoding="utf-8")
    subprocess.run(["gzip", tmp_path / "two.tsv"], check=True)
    return {
        "TATOEBA": str(tmp_path / "tatoeba.tsv"),
        "OPEN": str(tmp_path / "open.tsv"),
        "DEV": str(tmp_path / "dev.tsv"),
        "TEST": f"{tmp_path / 'one.tsv'} {tmp_path / 'two.tsv.gz'}",
    }


def make(work: Path, python: str, *words: str) -> subprocess.CompletedProcess[str]:
    options = " ".join(f"--set {name}={value}" for name, value in OPTIONS.items())
    given = [f"WORK={work}", f"PYTHON={python}", f"OPTIONS={options}", *words]
    return subprocess.run(
        ["make", "-C", RECIPE, *given],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_what_is_missing_is_named(tmp_path: Path, warm_python: str) -> None:
    done = make(tmp_path / "work", warm_python)
    assert done.returncode == 2
    assert "DEV is missing: name the validation set" in done.stderr


@pytest.mark.thorough
def test_from_the_data_to_a_model(data: dict[str, str], tmp_path: Path, warm_python: str) -> None:
    work = tmp_path / "work"
    named = [f"{name}={value}" for name, value in data.items()]
    done = make(work, warm_python, "data", *named)
    assert done.returncode == 0, done.stderr
    for name, left_out in (("tatoeba", 4), ("open", 1)):
        dropped = (work / f"{name}.dropped.tsv").read_text(encoding="utf-8").splitlines()[1:]
        assert len(dropped) == left_out
        assert all("-overlap" in line for line in dropped)
    done = make(work, warm_python)  # the data need not be named again
    assert done.returncode == 0, done.stderr
    overlap = RunDirectory(work / "run").read_manifest()["overlap"]
    assert [overlap[name]["either"] for name in ("dev", "test")] == [0, 0]
    shipped = RunDirectory(work / "en-fr")
    assert number_format(shipped.weights_file) == "float16"
    assert not shipped.states_dir.exists()
    manifest = shipped.read_manifest()
    found = {(one["test_set"], one["source"], one["name"]) for one in manifest["scores"]}
    assert found == {
        (name, source, metric)
        for name in ("one.tsv", "two.tsv")
        for source in ("en", "fr")
        for metric in ("BLEU", "chrF2")
    }
    assert manifest["sources"][0]["name"] == "Tatoeba"
    record = json.loads((work / "scores" / "one.fr-en.json").read_bytes())
    [system] = record["test_sets"][0]["systems"]
    assert system["weights"] == checksum(shipped.weights_file)
    assert record["test_sets"][0]["data"]["references"] == 1
    assert "languages   English <-> French" in done.stdout
    # scores of other weights are not written down
    run = RunDirectory(work / "run")
    what = ["--sources", RECIPE / "sources.toml", "--scores", work / "scores" / "one.fr-en.json"]
    done = subprocess.run(
        [warm_python, RECIPE / "record.py", run.path, *what],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "these are scores of other weights" in done.stderr
    assert "scores" not in run.read_manifest()
