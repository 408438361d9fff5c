from __future__ import annotations

import json

import pytest

from benchmarks import ablation
from benchmarks.ablation import BASELINE, VARIANTS
from translator.config import load_config


def test_each_variant_changes_the_options():
    assert VARIANTS[BASELINE] == []
    known = [load_config("tiny", settings) for settings in VARIANTS.values()]
    assert all(known.count(config) == 1 for config in known)


@pytest.mark.slow
def test_a_variant_beside_the_baseline(benchmark, corpus, few, tmp_path, tiny):
    options = [f"--train={corpus}", f"--dev={few}", f"--test={few}", "--epochs=1", "--seeds", "1"]
    options += [f"--runs={tmp_path / 'runs'}", f"--json={tmp_path / 'a.json'}", "--jobs=2"]
    options += [*tiny, "--set=data.max_length=12", "--only", "no moving average"]
    first = benchmark(ablation, *options)
    assert "| no moving average " in first
    results = json.loads((tmp_path / "a.json").read_text())["results"]
    assert list(results) == [BASELINE, "no moving average"]
    assert [len(seeds) for seeds in results.values()] == [1, 1]
    assert len(list((tmp_path / "runs").iterdir())) == 2
    # what is there is not made again
    before = [path.stat().st_mtime_ns for path in sorted((tmp_path / "runs").rglob("*"))]
    assert benchmark(ablation, *options) == first
    assert before == [path.stat().st_mtime_ns for path in sorted((tmp_path / "runs").rglob("*"))]


def test_what_fails_is_told(benchmark, corpus, tmp_path, capsys):
    options = ["--train=nowhere.tsv", f"--dev={corpus}", f"--test={corpus}", "--epochs=1"]
    with pytest.raises(SystemExit) as ended:
        benchmark(ablation, *options, f"--runs={tmp_path}", "--only", BASELINE)
    assert ended.value.code == 2
    assert "nowhere.tsv: there is no such file" in capsys.readouterr().err


def test_differences_are_to_the_baseline():
    def seed(test: float) -> dict[str, float]:
        return {"dev_loss": 2.0, "dev_bleu": 30.0, "test_bleu": test, "minutes": 1.0}

    results = {BASELINE: [seed(30.0), seed(32.0)], "other": [seed(33.0), seed(33.0)]}
    first, other = ablation.rows(results)
    assert first[3:5] == ["31.0 ± 1.4", ""]
    assert other[3:5] == ["33.0 ± 0.0", "+2.0"]
