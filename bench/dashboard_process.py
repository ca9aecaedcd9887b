"""DashboardProcess: `subak serve` as a process of its own, asked and watched."""

from __future__ import annotations

import http.client
import json
import selectors
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from bench.process_cpu import process_cpu_s
from bench.row import CannotMeasureError, NotInstalledError

_PATIENCE_S = 30.0


@dataclass(frozen=True, slots=True)
class Painted:
    """One page as it came: how long that took, in all and of the server's processor."""

    wall_s: float
    cpu_s: float
    size_bytes: int


class DashboardProcess:
    """Use as a context manager; serves the workspaces below a folder.

    Raises:
        NotInstalledError: The extra ``web`` is missing.
    """

    def __init__(self, folder: Path) -> None:
        words = [sys.executable, "-m", "subak", "serve", str(folder), "--port", "0"]
        self._process = subprocess.Popen(
            [*words, "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        told = self._process.stdout.readline()
        if not told:
            _, errors = self._process.communicate()
            raise NotInstalledError(f"subak serve did not start: {errors.strip()}")
        parts = urlsplit(json.loads(told)["url"])
        self._host, self._port = str(parts.hostname), int(parts.port or 0)
        self._headers = {"Authorization": f"Bearer {parts.query[len('token=') :]}"}

    def __enter__(self) -> DashboardProcess:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.communicate(timeout=_PATIENCE_S)

    @property
    def cpu_s(self) -> float:
        """Return the processor time of the server so far."""
        return process_cpu_s(self._process.pid)

    def paint(self, path: str) -> Painted:
        """Ask for a page.

        Raises:
            CannotMeasureError: It did not come.
        """
        connection = http.client.HTTPConnection(
            self._host, self._port, timeout=_PATIENCE_S
        )
        cpu_s, began = self.cpu_s, time.perf_counter()
        connection.request("GET", path, headers=self._headers)
        response = connection.getresponse()
        body = response.read()
        wall_s = time.perf_counter() - began
        connection.close()
        if response.status != 200:
            raise CannotMeasureError(f"{path} answered {response.status}")
        return Painted(wall_s, self.cpu_s - cpu_s, len(body))

    def watch(self, path: str, number: int) -> Watchers:
        """Return so many watchers of a stream, to be used as a context manager."""
        return Watchers(self._host, self._port, path, self._headers, number)


class Watchers:
    """Open streams that are read and forgotten, by one thread."""

    def __init__(
        self, host: str, port: int, path: str, headers: dict[str, str], number: int
    ) -> None:
        lines = [f"GET {path} HTTP/1.1", f"Host: {host}:{port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._request = ("\r\n".join(lines) + "\r\n\r\n").encode()
        self._place = (host, port)
        self._number = number
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._read)
        self._sockets: list[socket.socket] = []
        self.received_bytes = 0

    def __enter__(self) -> Watchers:
        for _ in range(self._number):
            one = socket.create_connection(self._place, timeout=_PATIENCE_S)
            one.sendall(self._request)
            self._sockets.append(one)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ending.set()
        self._thread.join(_PATIENCE_S)
        for one in self._sockets:
            one.close()

    def _read(self) -> None:
        with selectors.DefaultSelector() as selector:
            for one in self._sockets:
                selector.register(one, selectors.EVENT_READ)
            while not self._ending.is_set():
                for key, _ in selector.select(0.1):
                    assert isinstance(key.fileobj, socket.socket)
                    data = key.fileobj.recv(1 << 16)
                    self.received_bytes += len(data)
                    if not data:
                        selector.unregister(key.fileobj)
