"""ProcessTree: what a process and all it started cost, looked at while they run."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

_LOOK_S = 0.2
_TICK_S = 1.0 / os.sysconf("SC_CLK_TCK")
_PROC = Path("/proc")
_PARENT, _USER, _SYSTEM = 1, 11, 12


class ProcessTree:
    """Follow a tree of processes.

    Workers that a server process started are nobody's awaited children, so the
    kernel's own sum leaves them out. What runs after the last look is missed: at
    most 0.2 s of each process.

    Args:
        root: Process id.
    """

    def __init__(self, root: int) -> None:
        self._root = root
        self._looked = 0.0
        self._cpu_s: dict[int, float] = {}
        self.root_peak_mb = 0.0
        self.others_peak_mb = 0.0

    @property
    def cpu_s(self) -> float:
        """Return user and system time of all of them."""
        return sum(self._cpu_s.values())

    @property
    def root_cpu_s(self) -> float:
        """Return that of the root alone."""
        return self._cpu_s.get(self._root, 0.0)

    def look(self, _since_s: float = 0.0) -> None:
        """Look, unless that was just done."""
        now = time.monotonic()
        if now - self._looked < _LOOK_S:
            return
        self._looked = now
        others_mb = 0.0
        for process in self._members():
            peak_mb = _peak_mb(process)
            if process == self._root:
                self.root_peak_mb = max(self.root_peak_mb, peak_mb)
            else:
                others_mb += peak_mb
        self.others_peak_mb = max(self.others_peak_mb, others_mb)

    def _members(self) -> set[int]:
        """Return the tree's processes and note what they have used."""
        parents, used = {}, {}
        for folder in _PROC.iterdir():
            if not folder.name.isdigit():
                continue
            with contextlib.suppress(OSError, IndexError):
                # The name may hold blanks and brackets; fields stand behind it.
                told = (folder / "stat").read_text().rpartition(")")[2].split()
                process = int(folder.name)
                parents[process] = int(told[_PARENT])
                used[process] = (int(told[_USER]) + int(told[_SYSTEM])) * _TICK_S
        members = {self._root} & parents.keys()
        fresh = set(members)
        while fresh:
            fresh = {each for each, parent in parents.items() if parent in fresh}
            members |= fresh
        self._cpu_s.update({each: used[each] for each in members})
        return members


def _peak_mb(process: int) -> float:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in (_PROC / str(process) / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return 0.0
