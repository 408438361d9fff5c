"""How many threads compute, and in how many groups."""

from __future__ import annotations

import os
from pathlib import Path

_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def share_out(threads: int, workers: int) -> tuple[int, int]:
    """Return the number of workers, each with a batch of its own, and the threads of each.

    Args:
        threads: in all; 0 for one on each core.
        workers: 0 for one on each thread. Products as small as a sentence's gain little from
            several threads, while batches do not wait for each other.
    """
    threads = threads or usable_cores()
    workers = workers or threads
    return workers, max(1, threads // workers)


def usable_cores() -> int:
    """Return the number of cores that this process may keep busy; OMP_NUM_THREADS overrides it."""
    named = os.environ.get("OMP_NUM_THREADS", "")
    if named.isdigit() and int(named):
        return int(named)
    try:
        cores = len(os.sched_getaffinity(0))
    except AttributeError:  # only on Linux
        cores = os.cpu_count() or 1
    try:
        quota, period = _QUOTA.read_text(encoding="ascii").split()
        return max(1, min(cores, int(quota) // int(period)))
    except (OSError, ValueError):  # no container, or "max": no quota
        return cores
