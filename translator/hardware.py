"""What the machine offers: device, number formats, and how its allocator is best used."""

from __future__ import annotations

import ctypes
import os
import platform

import torch

from translator.errors import ConfigError
from translator.memory import peak_memory, resident_memory


def choose_device(name: str) -> torch.device:
    """Return the device called `name`; ``auto`` is the GPU if there is one.

    Raises:
        ConfigError: there is no such device here.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise ConfigError(
            f"device={name!r} is not a device", hint="Use auto, cpu or cuda."
        ) from None
    if device.type not in ("cpu", "cuda"):
        raise ConfigError(f"device={name!r} is not supported", hint="Use auto, cpu or cuda.")
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise ConfigError(
            f"device={name!r}: this machine has {torch.cuda.device_count()} CUDA devices",
            hint="Use --set training.device=cpu (or decoding.device=cpu).",
        )
    return device


def choose_precision(name: str, device: torch.device) -> str:
    """Return fp32, bf16 or fp16; ``auto`` takes the 16-bit format that the hardware computes in."""
    if name != "auto":
        return name
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp16"
    # private, and the only question of this kind that torch answers for CPUs
    return "bf16" if torch.cpu._is_avx512_bf16_supported() else "fp32"


def matrix_dtype(precision: str) -> torch.dtype:
    """Return the number format of matrix products in this precision."""
    return {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[precision]


def most_memory_taken(device: torch.device) -> int | None:
    """Return the most bytes taken so far, of a GPU by tensors, else by this process; or None."""
    return torch.cuda.max_memory_allocated(device) if device.type == "cuda" else peak_memory()


def wait_for(device: torch.device) -> None:
    """Wait until the device has done all that it was told; a CPU has when it is asked."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def keep_freed_memory() -> None:
    """Set the CPU allocator up for the many large tensors of training; call it before the first.

    By default glibc gives large blocks back to the system at once, so that every training step
    page-faults its memory anew; keeping it makes a step about 1.6 times faster. Huge pages, which
    spare the processor most of its address look-ups, add a few percent.
    """
    os.environ.setdefault("THP_MEM_ALLOC_ENABLE", "1")  # read by torch
    libc = _glibc()
    if libc is not None:
        m_trim_threshold, m_mmap_threshold, limit = -1, -3, 2**30
        libc.mallopt(m_mmap_threshold, limit)
        libc.mallopt(m_trim_threshold, limit)


def return_freed_memory() -> None:
    """Give back what `keep_freed_memory` keeps: between batches of all shapes much lies unused."""
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)


class KeptMemory:
    """Bounds the memory that `keep_freed_memory` keeps.

    Batches of all shapes leave holes that none of the following fits into, so that a process grows
    with each step. Once it is `LIMIT` times as large as one step made it, what is free is given
    back, and the next step fetches anew what it needs.
    """

    LIMIT = 2

    def __init__(self) -> None:
        self._needed, self._fresh = 0, True
        return_freed_memory()

    def after_step(self) -> None:
        """Give freed memory back if it has become too much; only Linux tells how much it is."""
        resident = resident_memory() or 0
        if self._fresh:
            self._needed, self._fresh = max(self._needed, resident), False
        elif resident > self.LIMIT * self._needed:
            return_freed_memory()
            self._fresh = True


def _glibc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None) if platform.libc_ver()[0] == "glibc" else None
