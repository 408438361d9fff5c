from __future__ import annotations

import mmap
import sys
from pathlib import Path

import pytest

from translator import memory


def test_a_container_may_use_less_than_the_machine_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new, old = tmp_path / "memory.max", tmp_path / "memory.limit_in_bytes"
    monkeypatch.setattr(memory, "_CONTAINER", (str(new), str(old)))
    machine = memory.memory_limit()
    assert machine is not None
    assert machine > 100_000_000
    new.write_text("max\n")
    old.write_text("9223372036854771712\n")
    assert memory.memory_limit() == machine
    old.write_text("64000000\n")
    assert memory.memory_limit() == 64_000_000


def test_the_peak_stays() -> None:
    before = memory.peak_memory()
    assert before is not None
    assert before > 1_000_000
    held = b"x" * (2 * before)
    grown = memory.peak_memory()
    assert grown is not None
    assert grown >= len(held)
    del held
    assert memory.peak_memory() == pytest.approx(grown, rel=0.1)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_what_is_resident_now() -> None:
    before = memory.resident_memory()
    assert before is not None
    # from the system: a string's memory may be what earlier tests have freed, and is resident
    with mmap.mmap(-1, 200_000_000) as held:
        for start in range(0, len(held), mmap.PAGESIZE):
            held[start] = 1
        now = memory.resident_memory()
        assert now is not None
        assert now - before > len(held) - 10_000_000
