from __future__ import annotations

import platform
import subprocess
import sys

import pytest
import torch

from translator import hardware

_SCRIPT = """
import torch
from pathlib import Path
from translator.hardware import keep_freed_memory, return_freed_memory

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

keep_freed_memory()
before = resident()
tensors = [torch.ones(2**18) for _ in range(400)]  # 400 MB
guard = torch.ones(2**18)  # above them, or the end of the heap would be cut off
held = resident()
del tensors
kept = resident()
return_freed_memory()
print(before, held, kept, resident())
"""


def test_freed_memory_is_kept_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    now, returned = [0], []

    def give_back() -> None:
        returned.append(now[-1])

    monkeypatch.setattr(hardware, "return_freed_memory", give_back)
    monkeypatch.setattr(hardware, "resident_memory", lambda: now[-1])
    kept = hardware.KeptMemory()
    # the first step needs 100; after the second time that memory was given back, a step needs 120
    for resident in (100, 150, 200, 201, 90, 180, 200, 202, 120, 230, 240, 241):
        now.append(resident)
        kept.after_step()
    assert returned == [0, 201, 202, 241]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="this is about glibc's allocator")
def test_freed_memory_is_kept_until_it_is_given_back() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT], capture_output=True, text=True, check=True
    )
    before, held, kept, returned = (int(word) / 2**20 for word in done.stdout.split())
    assert held - before > 350
    assert kept > held - 50
    assert returned < before + 100


def test_the_most_memory_of_a_cpu_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware, "peak_memory", lambda: 123)
    assert hardware.most_memory_taken(torch.device("cpu")) == 123


@pytest.mark.parametrize(
    ("device", "computes_in_bf16", "chosen"),
    [
        ("cpu", True, "bf16"),
        ("cpu", False, "fp32"),
        ("cuda", True, "bf16"),
        ("cuda", False, "fp16"),
    ],
)
def test_the_automatic_precision_is_what_the_hardware_computes_in(
    monkeypatch: pytest.MonkeyPatch, device: str, computes_in_bf16: bool, chosen: str
) -> None:
    def cuda_supports(*, including_emulation: bool) -> bool:
        return computes_in_bf16 or including_emulation  # emulated, it would be slower than fp32

    # the other device's answer is the opposite
    on_cpu = computes_in_bf16 == (device == "cpu")
    monkeypatch.setattr("torch.cpu._is_avx512_bf16_supported", lambda: on_cpu)
    monkeypatch.setattr("torch.cuda.is_bf16_supported", cuda_supports)
    assert hardware.choose_precision("auto", torch.device(device)) == chosen
    for name in ("fp32", "bf16", "fp16"):
        assert hardware.choose_precision(name, torch.device(device)) == name
