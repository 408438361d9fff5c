from __future__ import annotations

import json
import time
from types import SimpleNamespace

import pytest

from benchmarks.common import (
    MEGABYTE,
    BenchmarkError,
    Stopwatch,
    in_own_process,
    machine_line,
    markdown_table,
    peak_memory,
    ratio_to,
)


def test_a_table_is_aligned():
    assert markdown_table(["", "ms"], [["data", "1.0"], ["all", "12.0"]]) == (
        "|      |   ms |\n| ---- | ---: |\n| data |  1.0 |\n| all  | 12.0 |"
    )


def test_the_ratio_is_the_median_of_the_rounds():
    # the machine was slow in the second round, for both
    assert ratio_to([20.0, 5.0, 21.0], [10.0, 2.5, 10.0]) == 2.0


def test_a_stopwatch_counts_nested_time_once():
    inner = SimpleNamespace(work=lambda: time.sleep(0.02))
    outer = SimpleNamespace(work=lambda: inner.work())
    watch = Stopwatch()
    watch.watch(inner, "work", "inner")
    watch.watch(outer, "work", "outer")
    outer.work()
    assert set(watch.seconds) == {"outer"}
    inner.work()
    assert watch.seconds["inner"] >= 0.02


def test_the_result_comes_from_another_process_with_its_own_peak_memory():
    # memory of this process, and no part of the other's peak
    held = b"x" * (256 * MEGABYTE)
    result, peak = in_own_process(json.dumps, obj=[1, 2])
    assert result == "[1, 2]"
    assert MEGABYTE < peak < len(held)
    assert peak_memory() > len(held)


def test_a_failing_process_is_an_error(capfd):
    with pytest.raises(BenchmarkError, match="dumps ended with exit code 1"):
        in_own_process(json.dumps, wrong=1)
    assert "TypeError" in capfd.readouterr().err


def test_the_machine_is_named_with_missing_packages():
    line = machine_line("no-such-package")
    assert "torch " in line
    assert "no-such-package not installed" in line
