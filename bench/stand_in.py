"""StandIn: the stand-in model server as a process of its own, and how to steer it."""

from __future__ import annotations

import http.client
import subprocess
import sys
from types import TracebackType

import msgspec

from bench.server.settings import Settings
from bench.server.statistics import Counts

_NO_SETTINGS = Settings()
_ANSWERS_WITHIN_S = 30.0


class StandIn:
    """Use as a context manager; ``url`` is its base URL."""

    def __init__(self, settings: Settings = _NO_SETTINGS) -> None:
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "bench.server",
                msgspec.json.encode(settings).decode(),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._port = self._read_port()

    def __enter__(self) -> StandIn:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def url(self) -> str:
        """Return the base URL."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def spec(self) -> str:
        """Return the model spec that names it."""
        return f"openai:stand-in@{self.url}"

    @property
    def process_id(self) -> int:
        """Return the id of its process, to read what it costs."""
        return self._process.pid

    def configure(self, settings: Settings) -> None:
        """Begin anew with other settings."""
        self._ask("POST", "/bench/settings", msgspec.json.encode(settings))

    def change(self, settings: Settings) -> None:
        """Turn settings while calls run."""
        self._ask("POST", "/bench/change", msgspec.json.encode(settings))

    def restart(self, down_s: float) -> None:
        """Break all connections and be gone for some seconds."""
        self._ask("POST", "/bench/restart", str(down_s).encode())

    def counts(self) -> Counts:
        """Return what came since it was configured."""
        return msgspec.json.decode(self._ask("GET", "/bench/counts"), type=Counts)

    def calls_by_item(self) -> dict[str, int]:
        """Return how often each item was asked for."""
        told = self._ask("GET", "/bench/items")
        return msgspec.json.decode(told, type=dict[str, int])

    def _read_port(self) -> int:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line.strip().isdigit():
            self._process.kill()
            raise RuntimeError("the stand-in server did not start")
        return int(line)

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        connection = http.client.HTTPConnection(
            "127.0.0.1", self._port, timeout=_ANSWERS_WITHIN_S
        )
        try:
            connection.request(method, path, body)
            return connection.getresponse().read()
        finally:
            connection.close()
