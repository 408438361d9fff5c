from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import preparation_speed
from benchmarks.preparation_speed import write_corpus


def test_the_corpus_is_the_same_for_the_same_seed(tmp_path):
    paths = [str(tmp_path / name) for name in "abc"]
    for path, seed in zip(paths, (1, 1, 2), strict=True):
        write_corpus(path, 50, 100, seed)
    first, again, other = (Path(path).read_bytes() for path in paths)
    assert first == again != other
    lines = first.decode().splitlines()
    assert len(lines) == 50
    assert all(len(line.split("\t")) == 2 for line in lines)


@pytest.mark.slow
def test_preparing_and_training_are_measured(benchmark, tmp_path, tiny):
    file = tmp_path / "speed.json"
    options = ["--pairs=300", "--words=200", "--steps=1", f"--json={file}", f"--folder={tmp_path}"]
    printed = benchmark(preparation_speed, *options, *tiny, "--set=data.dev_size=5")
    assert "| preparation, from the cache |" in printed
    results = json.loads(file.read_text())
    assert results["cold"]["pairs"] == results["from the cache"]["pairs"] > 200
    assert results["training"]["peak_bytes"] > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["speed.json"]
