"""ForeignLoad: the CPU time that other processes took while something was measured."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import TracebackType

_TICK_S = 1.0 / os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")
# Of /proc/stat's columns: user, nice and system. Idle, interrupts (our own loopback's
# among them) and what a hypervisor took stand behind.
_BUSY = slice(1, 4)
_USER, _SYSTEM = 11, 12


class ForeignLoad:
    """Use as a context manager around what is measured; then read ``share``.

    Args:
        servers: Ids of own processes that run on; ended children count as own.
        proc: Where the system tells of processes.

    ``seconds`` are CPU seconds of all others, ``share`` is their part of all cores.
    """

    def __init__(self, *servers: int, proc: Path = _PROC) -> None:
        self._servers = servers
        self._proc = proc
        self._began = (0.0, 0.0)
        self.seconds = 0.0
        self.share = 0.0

    def __enter__(self) -> ForeignLoad:
        self._began = time.monotonic(), self._foreign_s()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        wall_s = time.monotonic() - self._began[0]
        self.seconds = max(0.0, self._foreign_s() - self._began[1])
        self.share = self.seconds / max(wall_s, _TICK_S) / (os.cpu_count() or 1)

    def _foreign_s(self) -> float:
        """Return the CPU seconds of all but us; 0 where the system doesn't tell."""
        try:
            columns = (self._proc / "stat").read_text("ascii").splitlines()[0].split()
        except OSError:
            return 0.0
        busy_s = sum(map(int, columns[_BUSY])) * _TICK_S
        return busy_s - sum(os.times()[:4]) - sum(map(self._cpu_s, self._servers))

    def _cpu_s(self, process: int) -> float:
        """Return the user and system time of a running process."""
        try:
            told = (self._proc / str(process) / "stat").read_text("utf-8", "replace")
        except OSError:
            return 0.0
        # The name in brackets may hold blanks; the numbers follow it.
        columns = told.rpartition(")")[2].split()
        return (int(columns[_USER]) + int(columns[_SYSTEM])) * _TICK_S
