from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from benchmarks import step_profile, training_speed
from benchmarks.joeynmt import configuration
from benchmarks.reference import Setup

FEW = ["--steps=2", "--warmup=1"]


@pytest.mark.slow
def test_our_step_is_measured(benchmark, corpus, tmp_path, tiny):
    file = tmp_path / "speed.json"
    options = [f"--train={corpus}", "--contenders=translator", "--rounds=1", f"--json={file}"]
    printed = benchmark(training_speed, *options, *FEW, *tiny)
    assert "| translator |" in printed
    assert "padding: " in printed
    (one,) = json.loads(file.read_text())["rounds"]["translator"]
    assert one["tokens"] > 0
    assert one["peak_bytes"] > 0


@pytest.mark.thorough
def test_all_contenders_see_the_same_tokens(benchmark, corpus, tmp_path, tiny):
    pytest.importorskip("transformers", reason="the Marian contenders need transformers")
    file = tmp_path / "speed.json"
    options = [f"--train={corpus}", "--rounds=1", f"--json={file}"]
    printed = benchmark(training_speed, *options, *FEW, *tiny)
    assert "times as fast as the better plain loop" in printed
    rounds = json.loads(file.read_text())["rounds"]
    assert set(rounds) == set(training_speed.CONTENDERS) - {"joeynmt"}
    assert len({one["tokens"] for (one,) in rounds.values()}) == 1


def test_an_unknown_contender_is_refused(benchmark, corpus, capsys):
    with pytest.raises(SystemExit) as ended:
        benchmark(training_speed, f"--train={corpus}", "--contenders=sockeye")
    assert ended.value.code == 2
    assert "sockeye" in capsys.readouterr().err


@pytest.mark.slow
def test_the_parts_of_a_step_are_the_step(benchmark, corpus, tmp_path, tiny):
    file = tmp_path / "profile.json"
    options = [f"--train={corpus}", "--operators=2", f"--json={file}"]
    printed = benchmark(step_profile, *options, *FEW, *tiny)
    assert "Self CPU" in printed
    result = json.loads(file.read_text())
    assert set(result["parts"]) == set(step_profile.PARTS)
    # what is in no part is little, and nothing is counted twice
    assert 0.5 * result["seconds"] < sum(result["parts"].values()) <= result["seconds"]


def test_the_table_compares_round_by_round():
    def taken(*rates):
        return [{"tokens_per_second": rate, "peak_bytes": 2**20} for rate in rates]

    results = {
        "translator": taken(3000.0, 1500.0, 3300.0),
        "marian-fp32": taken(1000.0, 500.0, 1000.0),
        "marian-bf16": taken(1500.0, 750.0, 1500.0),
    }
    first, _, ours, fp32, bf16 = training_speed.table(list(results), results).splitlines()
    assert "ratio to translator" in first
    assert [cell.strip() for cell in ours.split("|")[2:-1]] == (
        ["3,000", "1,500 to 3,300", "1.00", "1"]
    )
    assert fp32.split("|")[4].strip() == "0.33"
    assert bf16.split("|")[4].strip() == "0.50"
    common = {
        "pairs": 29000,
        "vocabulary": 8000,
        "parameters": 7_600_000,
        "pairs_per_batch": 250.0,
        "padding": {"source": 0.125, "target": 0.0},
    }
    options = SimpleNamespace(rounds=3, steps=30, warmup=5)
    lines = training_speed.notes(common, options, results)
    assert "7.6 M parameters, 250 pairs a batch; padding: 12.5% of the source" in lines[0]
    assert "translator is 2.00 times as fast as the better plain loop." in lines


def test_joeynmt_gets_the_same_sizes(tmp_path):
    setup = Setup("a", "en", "de", ["training.batch_tokens=2000"], cache=str(tmp_path))
    written = configuration(setup, tmp_path, updates=40, every=5)
    assert written["training"]["batch_size"] == 2000
    assert written["training"]["updates"] == 40
    assert written["model"]["encoder"]["hidden_size"] == 256
    assert [written["data"][side]["lang"] for side in ("src", "trg")] == ["en", "de"]
