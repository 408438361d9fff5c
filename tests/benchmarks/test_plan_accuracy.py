from __future__ import annotations

import json

import pytest

from benchmarks import plan_accuracy


@pytest.mark.slow
def test_a_plan_and_the_training_it_is_for(benchmark, corpus, tmp_path, tiny):
    file = tmp_path / "accuracy.json"
    options = [f"--train={corpus}", "--target=de", "--steps=3", f"--json={file}"]
    printed = benchmark(plan_accuracy, *options, *tiny, "--set=data.dev_size=5")
    assert "| time to the end, s: announced " in printed
    assert "| peak memory, MiB: plan " in printed
    (planned,), (trained,) = json.loads(file.read_text())["rounds"].values()
    assert planned["steps"] == trained["steps"] == 3
    assert planned["seconds"] > 0
    assert planned["bytes"] > 0
    assert 0 < trained["announced"] < 60


def test_the_ratio_is_of_each_round():
    results = {
        "plan": [{"seconds": 12.0, "bytes": 2**30}, {"seconds": 24.0, "bytes": 2**30}],
        "training": [
            {"seconds": 10.0, "announced": 25.0, "bytes": 2**30},
            {"seconds": 20.0, "announced": 30.0, "bytes": 2**31},
        ],
    }
    assert plan_accuracy.ratios(results) == {"seconds": 1.2, "announced": 2.0, "bytes": 0.75}
    assert not plan_accuracy.accurate(results)
    cells = [
        [cell.strip() for cell in line.split("|")[2:-1]]
        for line in plan_accuracy.table(results).splitlines()[2:]
    ]
    assert cells == [
        ["18.0", "15.0", "1.20"],
        ["27.5", "15.0", "2.00"],
        ["1,024", "1,536", "0.75"],
    ]
    # only the plan has to be near enough
    results["training"][1]["bytes"] = 2**30
    assert plan_accuracy.accurate(results)
