"""FarmProcess: the farm as a process of its own, and how to steer it."""

from __future__ import annotations

import json
from collections import Counter
from types import TracebackType

import msgspec

from bench.farm.mix import SITES
from bench.farm.planned import CONTROL_HOST, plan_sites, replay_sites
from bench.farm.press import Press
from bench.farm.site import Site
from bench.farm.told import Told
from bench.farm.truth import Truth
from bench.piped_server import PipedServer

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
        command = ["bench.farm", "--port", "0", "--piped", "--sites", str(sites)]
        command += ["--speed", str(speed), "--replay", str(replay)]
        self._server = PipedServer(
            command, CONTROL_HOST, answers_within_s=_ANSWERS_WITHIN_S
        )
        self.port = self._server.port
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
        self._server.close()

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

    def _ask(self, word: str) -> bytes:
        return self._server.ask("GET", f"/__farm__/{word}")
