"""Machine: the computer this runs on, in numbers and words."""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Machine:
    """What of a computer matters to a run.

    Args:
        cores: Cores this process may use.
        memory_bytes: Memory of the machine, 0 when it cannot be told.
        memory_free_bytes: Memory that could be used now, 0 when it cannot be told.
        disk_free_bytes: Free room where the workspace is.
    """

    system: str
    python: str
    cores: int
    memory_bytes: int
    memory_free_bytes: int
    disk_free_bytes: int
    time_zone: str


def read_machine(folder: Path) -> Machine:
    """Return the machine this runs on.

    Args:
        folder: Where room on the disk is asked for; its nearest existing parent.
    """
    memory, free = _memory()
    return Machine(
        system=f"{platform.system()} {platform.release()}, {platform.machine()}",
        python=".".join(str(part) for part in sys.version_info[:3]),
        cores=_cores(),
        memory_bytes=memory,
        memory_free_bytes=free,
        disk_free_bytes=shutil.disk_usage(_existing(folder)).free,
        time_zone=time.strftime("%Z (UTC%z)"),
    )


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory() -> tuple[int, int]:
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
    except OSError:
        return _memory_by_pages(), 0
    sizes = {
        line.partition(":")[0]: int(line.split()[1]) * 1024
        for line in text.splitlines()
        if line.startswith(("MemTotal:", "MemAvailable:"))
    }
    return sizes.get("MemTotal", 0), sizes.get("MemAvailable", 0)


def _memory_by_pages() -> int:
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def _existing(folder: Path) -> Path:
    path = folder.resolve()
    while not path.exists():
        path = path.parent
    return path
