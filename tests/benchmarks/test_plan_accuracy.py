from __future__ import annotations

import json

import pytest

from benchmarks import plan_accuracy


@pytest.mark.slow
def test_a_plan_and_the_training_it_is_for(benchmark, corpus, tmp_path, tiny):
    file = tmp_path / "accuracy.json"
    options = [f"--train={corpus}", "--target=de", "--steps=3", f"--json={file}"]
    printed = benchmark(plan_accuracy, *options, *tiny, "--set=data.dev_size=5")
    assert "| peak memory, MiB " in printed
    (planned,), (trained,) = json.loads(file.read_text())["rounds"].values()
    assert planned["steps"] == trained["steps"] == 3
    assert planned["seconds"] > 0
    assert planned["bytes"] > 0


def test_the_ratio_is_of_each_round():
    results = {
        "plan": [{"seconds": 12.0, "bytes": 2**30}, {"seconds": 24.0, "bytes": 2**30}],
        "training": [{"seconds": 10.0, "bytes": 2**30}, {"seconds": 20.0, "bytes": 2**31}],
    }
    assert plan_accuracy.ratios(results) == {"seconds": 1.2, "bytes": 0.75}
    assert not plan_accuracy.accurate(results)
    _, _, seconds, memory = plan_accuracy.table(results).splitlines()
    assert [cell.strip() for cell in seconds.split("|")[2:-1]] == ["18.0", "15.0", "1.20"]
    assert [cell.strip() for cell in memory.split("|")[2:-1]] == ["1,024", "1,536", "0.75"]
    results["training"][1]["bytes"] = 2**30
    assert plan_accuracy.accurate(results)
