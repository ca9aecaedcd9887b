"""Server: all sites of a farm in one process, and the address that steers it."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.farm.answer import Answer, Asked
from bench.farm.habits import Habits
from bench.farm.planned import CONTROL_HOST
from bench.farm.site import Site
from bench.farm.site_files import is_disallowed
from bench.farm.stored import Contents
from bench.farm.told import Told
from bench.farm.watch import Watch
from bench.farm.wire import Host, Wire

_BACKLOG = 128


@dataclass(frozen=True, slots=True)
class Logged:
    """One request as the farm's log keeps it."""

    site: int
    path: str
    status: int
    size: int


class Server:
    """Listens on an address for each site; keeps what it saw.

    Args:
        speed: Factor of all latencies; 0 answers at once.
    """

    def __init__(
        self,
        sites: Sequence[Site],
        contents: Contents,
        port: int,
        *,
        day: int = 1,
        speed: float = 1.0,
    ) -> None:
        self._sites = sites
        self._port = port
        self._speed = speed
        self.habits = Habits(contents, port)
        self.habits.day = day
        self.watches = [Watch() for _ in sites]
        self.log: list[Logged] = []
        self.forbidden = 0
        self._servers: list[asyncio.Server] = []
        self._draw = random.Random(port)

    async def listen(self) -> None:
        """Open all addresses but those that refuse."""
        loop = asyncio.get_running_loop()
        await self._open(loop, CONTROL_HOST, _Control(self))
        for site, watch in zip(self._sites, self.watches, strict=True):
            if site.kind != "refused":
                await self._open(loop, site.host, _Guest(self, site, watch))

    async def close(self) -> None:
        """Stop listening."""
        for server in self._servers:
            server.close()

    def reset(self) -> None:
        """Forget what was seen."""
        self.log.clear()
        self.forbidden = 0
        for watch in self.watches:
            fresh = Watch(in_flight=watch.in_flight)
            for name in Watch.__dataclass_fields__:
                setattr(watch, name, getattr(fresh, name))

    def told(self) -> Told:
        """Return what was seen of all sites."""
        gaps = [
            watch.mean_gap_s
            for site, watch in zip(self._sites, self.watches, strict=True)
            if site.kind == "robots_delay" and watch.mean_gap_s is not None
        ]
        statuses: Counter[int] = Counter()
        for watch in self.watches:
            statuses.update(watch.statuses)
        return Told(
            day=self.habits.day,
            requests=sum(watch.requests for watch in self.watches),
            sent=sum(watch.sent for watch in self.watches),
            statuses={str(status): count for status, count in statuses.items()},
            most_in_flight=max(watch.most for watch in self.watches),
            over_two=sum(watch.most > 2 for watch in self.watches),
            disallowed=sum(watch.disallowed for watch in self.watches),
            early=sum(watch.early for watch in self.watches),
            trapped=sum(watch.trapped for watch in self.watches),
            conditional=sum(watch.conditional for watch in self.watches),
            forbidden=self.forbidden,
            delay_gap_s=sum(gaps) / len(gaps) if gaps else None,
        )

    def wait_s(self, site: Site) -> float:
        """Return the latency of one answer."""
        return site.latency_s * self._speed * self._draw.uniform(0.8, 1.2)

    async def _open(
        self, loop: asyncio.AbstractEventLoop, address: str, host: Host
    ) -> None:
        server = await loop.create_server(
            lambda: Wire(host, loop), address, self._port, backlog=_BACKLOG
        )
        self._servers.append(server)


@dataclass(frozen=True, slots=True)
class _Guest:
    """One site as its connections see it."""

    server: Server
    site: Site
    watch: Watch

    def begin(self, asked: Asked) -> float:
        now = asyncio.get_running_loop().time()
        banned = is_disallowed(self.site, asked.path)
        self.watch.begin(asked.path, now, is_disallowed=banned)
        return self.server.wait_s(self.site)

    def answer(self, asked: Asked) -> Answer:
        return self.server.habits.answer(self.site, self.watch, asked)

    def end(self, asked: Asked, status: int, size: int) -> None:
        if status:
            self.watch.end(status, size)
        else:
            self.watch.leave()
        logged = Logged(self.site.number, asked.path, status, size)
        self.server.log.append(logged)


@dataclass(frozen=True, slots=True)
class _Control:
    """The address that steers; whatever else is asked of it is a leak."""

    server: Server

    def begin(self, asked: Asked) -> float:  # noqa: ARG002
        return 0.0

    def answer(self, asked: Asked) -> Answer:
        _, is_ours, word = asked.path.partition("/__farm__/")
        if not is_ours:
            self.server.forbidden += 1
            return Answer(200, b"SECRET OF THE INSIDE")
        told: object = {}
        if word == "told":
            told = self.server.told().to_json()
        elif word == "log":
            log = self.server.log
            told = [(one.site, one.path, one.status, one.size) for one in log]
        elif word == "reset":
            self.server.reset()
        elif word in {"day/1", "day/2"}:
            self.server.habits.day = int(word[-1])
        else:
            return Answer(404, b"no such word")
        return Answer(200, json.dumps(told).encode(), "application/json")

    def end(self, asked: Asked, status: int, size: int) -> None:
        """Nothing is counted here."""
