from __future__ import annotations

import json

import pytest

from benchmarks import cross_attention_cost
from benchmarks.cross_attention_cost import fit, growth, is_product

LENGTHS = [32, 64, 128, 256]


def timed(fixed, per_t, per_s, per_product):
    return [
        {"T": T, "S": S, "fast": fixed + per_t * T + per_s * S + per_product * T * S}
        for T in LENGTHS
        for S in LENGTHS
    ]


def test_the_fit_finds_the_terms():
    assert fit(timed(5.0, 0.25, 0.5, 0.125)) == pytest.approx([5.0, 0.25, 0.5, 0.125])


def test_no_term_is_negative():
    assert min(fit(timed(0.0, -0.001, 0.5, 0.125))) == 0.0


def test_growth_with_the_product_is_recognised():
    measured = timed(5.0, 0.25, 0.5, 0.125)
    grown = growth(measured, fit(measured))
    assert [grown[f"attention_{name}"] for name in ("T", "S", "both")] == pytest.approx([1, 1, 1])
    assert is_product(grown)


def test_linear_growth_is_not_taken_for_the_product():
    measured = timed(5.0, 0.25, 0.5, 0.125)
    linear = [{**one, "fast": one["T"] + one["S"]} for one in measured]
    assert not is_product(growth(linear, fit(measured)))


@pytest.mark.slow
def test_the_grid_is_measured(benchmark, tmp_path):
    file = tmp_path / "cost.json"
    options = ["--lengths=4,8,16", "--repeats=1", "--d-model=8", "--heads=2", f"--json={file}"]
    printed = benchmark(cross_attention_cost, *options)
    assert "| T = 16 " in printed
    assert "Machine: " in printed
    assert len(json.loads(file.read_text())["grid"]) == 9


def test_two_lengths_are_too_few(benchmark, capsys):
    with pytest.raises(SystemExit) as ended:
        benchmark(cross_attention_cost, "--lengths=4,8")
    assert ended.value.code == 2
    assert "three or more lengths" in capsys.readouterr().err
