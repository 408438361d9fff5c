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


def test_several_sizes_are_lines_of_one_table():
    part = {"seconds": 2.0, "parts": {"encoding": 1.5}, "peak_bytes": 2**20}
    results = [
        {"cold": part, "from the cache": part, "corpus": {"pairs": pairs, "bytes": 1}}
        for pairs in preparation_speed.sizes("1000,2000")
    ]
    lines = preparation_speed.table(results).splitlines()[2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [row[:4] for row in cells] == [
        ["preparation, cold", "1,000", "2.0", "500"],
        ["preparation, from the cache", "1,000", "2.0", "500"],
        ["preparation, cold", "2,000", "2.0", "1,000"],
        ["preparation, from the cache", "2,000", "2.0", "1,000"],
    ]


@pytest.mark.slow
def test_preparing_and_training_are_measured(benchmark, tmp_path, tiny):
    file = tmp_path / "speed.json"
    options = ["--pairs=300", "--words=200", "--steps=1", f"--json={file}", f"--folder={tmp_path}"]
    printed = benchmark(preparation_speed, *options, *tiny, "--set=data.dev_size=5")
    assert "| preparation, from the cache |" in printed
    [results] = json.loads(file.read_text())["corpora"]
    assert results["cold"]["pairs"] == results["from the cache"]["pairs"] > 200
    assert results["training"]["peak_bytes"] > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["speed.json"]
