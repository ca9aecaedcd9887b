"""run: a child process and what it cost.

Children stay in the process group of their row, which ends with the row.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_LOOK_S = 0.02
_SAMPLE_S = 0.5
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_TAIL_CHARS = 2_000


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that ended.

    Args:
        code: Exit code, negative for a signal.
        wall_s: From start to end.
        cpu_s: User and system time, of it and of children it waited for.
        peak_mb: Most memory it ever held.
        memory_mb: What it held every half second.
        output: What it wrote to stdout.
        errors: The end of what it wrote to stderr.
    """

    code: int
    wall_s: float
    cpu_s: float
    peak_mb: float
    memory_mb: tuple[float, ...]
    output: str
    errors: str


class Child:
    """A running process; leaving the block kills it."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._output = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._started = time.monotonic()
        self._memory: list[float] = []
        self._sampled = 0.0
        self._ran: Ran | None = None
        self._process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=self._errors,
        )

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        if self._ran is None:
            self.kill()
        self._output.close()
        self._errors.close()

    @property
    def process_id(self) -> int:
        """Return the id of the process, to look at it while it runs."""
        return self._process.pid

    def look(self) -> Ran | None:
        """Return what it cost if it has ended."""
        if self._ran is not None:
            return self._ran
        self._sample()
        found, status, usage = os.wait4(self._process.pid, os.WNOHANG)
        if not found:
            return None
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self._ran = Ran(
            code=self._process.returncode,
            wall_s=time.monotonic() - self._started,
            cpu_s=usage.ru_utime + usage.ru_stime,
            peak_mb=usage.ru_maxrss / 1024,
            memory_mb=tuple(self._memory),
            output=_read(self._output),
            errors=_read(self._errors)[-_TAIL_CHARS:],
        )
        return self._ran

    def wait(
        self, timeout_s: float, meanwhile: Callable[[float], None] | None = None
    ) -> Ran:
        """Wait for the end; kill it when that takes too long.

        Args:
            timeout_s: How long it may take.
            meanwhile: Called again and again with the seconds since the start.
        """
        while True:
            ran = self.look()
            if ran is not None:
                return ran
            since = time.monotonic() - self._started
            if since > timeout_s:
                return self.kill()
            if meanwhile is not None:
                meanwhile(since)
            time.sleep(_LOOK_S)

    def kill(self) -> Ran:
        """Kill it with -9 and return what it had cost."""
        if self._ran is None:
            os.kill(self._process.pid, signal.SIGKILL)
        while (ran := self.look()) is None:
            time.sleep(_LOOK_S)
        return ran

    def _sample(self) -> None:
        now = time.monotonic()
        if now - self._sampled < _SAMPLE_S:
            return
        self._sampled = now
        with contextlib.suppress(OSError, ValueError, IndexError):
            pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
            self._memory.append(int(pages) * _PAGE_BYTES / 2**20)


def run(
    command: Sequence[str],
    *,
    timeout_s: float,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Ran:
    """Run a command to its end."""
    with Child(command, folder=folder, environment=environment) as child:
        return child.wait(timeout_s)


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")
