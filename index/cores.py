"""How many cores this process may use."""

import os
from pathlib import Path

_QUOTA = Path("/sys/fs/cgroup/cpu.max")  # control groups, version 2: "200000 100000" or "max 100000"


def usable(quota: Path = _QUOTA) -> int:
    """Count the cores that this process may run on, and has time for where a container limits it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, limit(quota) or cores)


def limit(quota: Path = _QUOTA) -> int | None:
    """Return to how many cores a container limits this process, rounded, at least 1; None for no limit.

    Args:
        quota: Where the system keeps the limit; tests bring their own.
    """
    try:
        allowed, period = quota.read_text(encoding="ascii").split()
        return max(1, round(int(allowed) / int(period)))
    except (OSError, ValueError):
        return None  # no control groups, or no limit in them
