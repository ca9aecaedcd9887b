"""Machine: the cores and memory this process may use, containers included."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path

_BUSY_LOAD = 2.0  # processes a core
_CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Machine:
    """What there is to compute with.

    Args:
        cores: Processors this process may run on.
        memory_bytes: Memory that is free for use; None where it is unknown.
        load: Processes that wanted to run, over the last minute.
    """

    cores: int
    memory_bytes: int | None
    load: float = 0.0

    @property
    def threads(self) -> int:
        """Return with how many threads to compute.

        Threads that wait for one another lose most when others want the cores too:
        measured in turns on 2 cores at load 6 to 9, 0.5B: 0.8 to 2.6 tokens/s with
        2 threads, 5 to 17 with 1. On a quiet machine one thread takes 1.85 times as
        long as two. The load is a minute's average and may be our own work just done,
        so only a machine that is clearly busy with something else gets fewer threads.
        """
        is_busy = self.load > _BUSY_LOAD * self.cores
        return max(1, self.cores // 2) if is_busy else self.cores

    @property
    def slots(self) -> int:
        """Return how many requests to work on at once.

        Two keep the cores busy while one of them reads its prompt; more than eight
        only take memory.
        """
        return max(2, min(8, self.cores))


def this_machine() -> Machine:
    """Measure the machine as this process may use it."""
    return Machine(_cores(), _memory(), os.getloadavg()[0])


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    quota = _words(_CGROUP / "cpu.max")
    if len(quota) == 2 and quota[0].isdigit() and int(quota[1]) > 0:
        count = min(count, math.ceil(int(quota[0]) / int(quota[1])))
    return max(1, count)


def _memory() -> int | None:
    free = [size for size in (_available(), _cgroup_free()) if size is not None]
    return min(free) if free else None


def _available() -> int | None:
    words = _words(Path("/proc/meminfo"))
    if "MemAvailable:" not in words:
        return None
    return int(words[words.index("MemAvailable:") + 1]) * 1024


def _cgroup_free() -> int | None:
    limit, used = _words(_CGROUP / "memory.max"), _words(_CGROUP / "memory.current")
    if not limit or not used or not limit[0].isdigit():
        return None
    return max(0, int(limit[0]) - int(used[0]))


def _words(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return []
