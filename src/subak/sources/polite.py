"""Polite: fetches as a good guest, by robots.txt, slowly, and not in vain."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from yarl import URL

from subak.engine.clock import Clock
from subak.sources.client import FetchClient
from subak.sources.failure import check_status, read_retry_after
from subak.sources.host import Host
from subak.sources.request import Reply, Request
from subak.sources.robots import MAX_BYTES, Robots

_BUSY = (429, 503)


class Polite:
    """Fetch within the limits of each host; one instance for a run.

    Guarantees: every hop, also to another host, obeys that host's robots.txt and
    takes one of its places; robots.txt is asked for once an origin, for the run.
    Assumes: one event loop.
    """

    def __init__(self, client: FetchClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._hosts: dict[str, Host] = {}
        self._robots: dict[URL, Robots] = {}
        self._locks: dict[URL, asyncio.Lock] = {}

    async def fetch(self, request: Request) -> Reply:
        """Return a 200 or 304.

        Raises:
            Retryable: Not reachable or busy now.
            Refused: Robots, a guard, the server, or the host rests for the run.
            UnusableContent: Gone, too large, not text.
        """
        reply = await self._client.fetch(request, self)
        self._obey(reply)
        check_status(reply, self._clock.now())
        return reply

    def _obey(self, reply: Reply) -> None:
        if reply.status in _BUSY:
            asked_s = read_retry_after(reply.retry_after, self._clock.now())
            self._host(URL(reply.url)).rest(asked_s)

    @asynccontextmanager
    async def enter(self, url: URL, request: Request) -> AsyncIterator[None]:
        """Hold a place at the URL's host while the hop is made."""
        robots = await self._rules(url, request)
        robots.check(url)
        async with self._host(url).turn(robots.delay_s):
            yield

    async def _rules(self, url: URL, request: Request) -> Robots:
        origin = url.origin()
        known = self._robots.get(origin)
        if known is not None:
            return known
        async with self._locks.setdefault(origin, asyncio.Lock()):
            if origin not in self._robots:
                self._robots[origin] = await self._read_robots(origin, request)
            return self._robots[origin]

    async def _read_robots(self, origin: URL, request: Request) -> Robots:
        address = str(origin.with_path("/robots.txt"))
        reply = await self._client.fetch(
            Request(
                address,
                allow_hosts=request.allow_hosts,
                max_bytes=MAX_BYTES,
                is_cut=True,
            ),
            _PlacesOnly(self._host),
        )
        if reply.status == 429:  # a 4xx, but no word about what is allowed
            self._obey(reply)
            check_status(reply, self._clock.now())
        return Robots.read(reply)

    def _host(self, url: URL) -> Host:
        name = url.host or ""
        return self._hosts.setdefault(name, Host(name, self._clock))


class _PlacesOnly:
    """The gate of robots.txt itself: a place at the host, no rules yet."""

    def __init__(self, find_host: Callable[[URL], Host]) -> None:
        self._find_host = find_host

    @asynccontextmanager
    async def enter(self, url: URL, _request: Request) -> AsyncIterator[None]:
        async with self._find_host(url).turn(0.0):
            yield
