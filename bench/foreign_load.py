"""ForeignLoad: the CPU time that other processes took while something was measured."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import TracebackType

from bench.process_cpu import PROC, TICK_S, process_cpu_s

# Of /proc/stat's columns: user, nice and system. Idle, interrupts (our own loopback's
# among them) and what a hypervisor took stand behind.
_BUSY = slice(1, 4)


class ForeignLoad:
    """Use as a context manager around what is measured; then read ``share``.

    Args:
        servers: Ids of own processes that run on; ended children count as own.
        proc: Where the system tells of processes.

    ``seconds`` are CPU seconds of all others, ``share`` is their part of all cores.
    """

    def __init__(self, *servers: int, proc: Path = PROC) -> None:
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
        self.share = self.seconds / max(wall_s, TICK_S) / (os.cpu_count() or 1)

    def _foreign_s(self) -> float:
        """Return the CPU seconds of all but us; 0 where the system doesn't tell."""
        try:
            columns = (self._proc / "stat").read_text("ascii").splitlines()[0].split()
        except OSError:
            return 0.0
        servers_s = sum(process_cpu_s(each, self._proc) for each in self._servers)
        busy_s = sum(map(int, columns[_BUSY])) * TICK_S
        return busy_s - sum(os.times()[:4]) - servers_s
