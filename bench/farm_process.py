"""FarmProcess: the farm as a process of its own, and how to steer it."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import TracebackType

import msgspec

from bench.farm.mix import SITES
from bench.farm.planned import CONTROL_HOST, plan_sites, replay_sites
from bench.farm.press import Press
from bench.farm.site import Site
from bench.farm.told import Told
from bench.farm.truth import Truth

_ANSWERS_WITHIN_S = 60.0


class FarmProcess:
    """Use as a context manager.

    Args:
        sites: How many.
        speed: Factor of latencies.
        replay: Pages a site of a farm without faults; 0: the real mix.
    """

    def __init__(
        self, sites: int = SITES, *, speed: float = 1.0, replay: int = 0
    ) -> None:
        command = [sys.executable, "-m", "bench.farm", "--port", "0", "--piped"]
        command += ["--sites", str(sites), "--speed", str(speed)]
        command += ["--replay", str(replay)]
        self._process = subprocess.Popen(
            command,
            cwd=Path(__file__).parent.parent,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = self._read_port()
        make = replay_sites if replay else plan_sites
        self.sites: tuple[Site, ...] = make(self.port, sites)

    def __enter__(self) -> FarmProcess:
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

    def truth(self) -> Truth:
        """Return what a correct crawl brings back."""
        return Truth(self.sites, Press(self.sites))

    def told(self) -> Told:
        """Return what the farm saw since the last reset."""
        return msgspec.json.decode(self._ask("told"), type=Told)

    def asked(self) -> Counter[str]:
        """Return how often each URL was asked for since the last reset."""
        log = json.loads(self._ask("log"))
        return Counter(self.sites[site].base + path for site, path, _, _ in log)

    def reset(self) -> None:
        """Forget what was seen."""
        self._ask("reset")

    def turn_to(self, day: int) -> None:
        """Begin another day."""
        self._ask(f"day/{day}")

    def _read_port(self) -> int:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line.strip().isdigit():
            self._process.kill()
            raise RuntimeError("the farm did not start")
        return int(line)

    def _ask(self, word: str) -> bytes:
        connection = http.client.HTTPConnection(
            CONTROL_HOST, self.port, timeout=_ANSWERS_WITHIN_S
        )
        try:
            connection.request("GET", f"/__farm__/{word}")
            return connection.getresponse().read()
        finally:
            connection.close()
