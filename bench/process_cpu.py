"""process_cpu_s: the processor time of a running process, as the system tells it."""

from __future__ import annotations

import os
from pathlib import Path

TICK_S = 1.0 / os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")
_USER, _SYSTEM = 11, 12


def process_cpu_s(process: int, proc: Path = PROC) -> float:
    """Return the user and system time of a process; 0 where it has ended."""
    try:
        told = (proc / str(process) / "stat").read_text("utf-8", "replace")
    except OSError:
        return 0.0
    # The name in brackets may hold blanks; the numbers follow it.
    columns = told.rpartition(")")[2].split()
    return (int(columns[_USER]) + int(columns[_SYSTEM])) * TICK_S
