"""PipedServer: a server in a process of its own, which ends with whoever started it."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_ENDS_WITHIN_S = 5.0


class PipedServer:
    """Starts ``python -m MODULE ...``, which prints its port and ends with its stdin.

    Args:
        command: Module and arguments.
        host: Where it is asked about itself.
        answers_within_s: How long such an answer may take.
    """

    def __init__(
        self, command: Sequence[str], host: str, *, answers_within_s: float
    ) -> None:
        self._host = host
        self._answers_within_s = answers_within_s
        self._process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = self._read_port(command[0])

    @property
    def process_id(self) -> int:
        """Return the id of its process, to read what it costs."""
        return self._process.pid

    def ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Return the body of its answer."""
        connection = http.client.HTTPConnection(
            self._host, self.port, timeout=self._answers_within_s
        )
        try:
            connection.request(method, path, body)
            return connection.getresponse().read()
        finally:
            connection.close()

    def close(self) -> None:
        """End it, by force if it does not by itself."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read_port(self, module: str) -> int:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line.strip().isdigit():
            self._process.kill()
            raise RuntimeError(f"{module} did not start")
        return int(line)
