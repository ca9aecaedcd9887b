"""Polite: fetches as a good guest, by robots.txt, slowly, and not in vain."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import TypeAlias

from yarl import URL

from subak.engine.clock import Clock
from subak.errors import Refused, Terminal, UnusableContent
from subak.sources.budgets import Budgets
from subak.sources.client import FetchClient
from subak.sources.failure import check_status, read_retry_after
from subak.sources.gate import Gate, Visit
from subak.sources.host import Host
from subak.sources.reason import Reason
from subak.sources.request import Reply, Request
from subak.sources.robots import MAX_BYTES, Robots, RobotsStore
from subak.sources.uplink import Uplink

_BUSY = (429, 503)
_TRIES = 4  # of a page whose host asks for short pauses
_UNREADABLE = ("bad-redirect", "not-http", "not-text")
_NOT_GONE_TO = ("forbidden-target", "bad-address")  # when a redirect leads there


class Polite:
    """Fetch within the limits of each host and source; one instance for a run.

    Guarantees: every hop, also to another host, obeys that host's robots.txt and
    takes one of its places; robots.txt is asked for once an origin, for a day where
    there is a ``memory``, else for the run; a page whose host is busy is asked for
    again after the pause, so none is lost to a rate limit that lets some through.
    Assumes: one event loop.
    """

    def __init__(
        self,
        client: FetchClient,
        clock: Clock,
        *,
        budgets: Budgets | None = None,
        memory: RobotsStore | None = None,
    ) -> None:
        self.budgets = budgets or Budgets()
        self._client = client
        self._clock = clock
        self._memory = memory
        self._hosts: dict[str, Host] = {}
        self._robots: dict[URL, Robots] = {}
        self._locks: dict[URL, asyncio.Lock] = {}
        self._uplink = Uplink(clock)
        self._robots_gate = _Gate(self._robots_place, self._note_robots, self._uplink)

    async def fetch(self, request: Request) -> Reply:
        """Return a 200 or 304.

        Raises:
            Retryable: Not reachable or busy now.
            Refused: Robots, a guard, a budget, the server, or the host is closed.
            UnusableContent: Gone, too large, not text.
        """
        if not request.site:
            return await self._fetch(request)
        self.budgets.admit(request.site)
        is_settled = False
        try:
            reply = await self._fetch(request)
            is_settled = True
        except Terminal:
            is_settled = True
            raise
        finally:
            if not is_settled:
                self.budgets.give_back(request.site)
        return reply

    async def rules(self, request: Request) -> Robots:
        """Return what the address's own robots.txt says, for listings to keep to.

        Raises:
            SubakError: It could not be asked for.
        """
        return await self._rules(URL(request.url), request)

    def enter(self, url: URL, request: Request) -> AbstractAsyncContextManager[Visit]:
        """Hold a place at the URL's host while the hop is made."""
        return _Visit((self._place, self._note_page, self._uplink), url, request)

    async def _fetch(self, request: Request) -> Reply:
        reply = await self._ask(request, self, _BUSY)
        check_status(reply, self._clock.now())
        return reply

    async def _place(self, url: URL, request: Request) -> tuple[Host, float]:
        robots = await self._rules(url, request)
        robots.check(url)
        host = self._host(url)
        return host, await host.enter(robots.delay_s)

    def _note_page(self, visit: _Visit, reply: Reply | None, size: int) -> None:
        if size and visit.request.site:
            self.budgets.spend(visit.request.site, size)
        if reply is None:
            return
        if reply.status in _BUSY:
            asked_s = read_retry_after(reply.retry_after, self._clock.now())
            reason: Reason = "rate-limited" if reply.status == 429 else "server-error"
            visit.host.refused(visit.started, asked_s, reason)
        else:
            visit.host.answered(reply.latency_s)

    async def _ask(self, request: Request, gate: Gate, busy: tuple[int, ...]) -> Reply:
        """Fetch, and once more after each short pause a busy host asks for."""
        reply = await self._client.fetch(request, gate)
        for _ in range(_TRIES - 1):
            if reply.status not in busy:
                break
            reply = await self._client.fetch(request, gate)  # the gate waits
        return reply

    async def _rules(self, url: URL, request: Request) -> Robots:
        if request.is_api:
            return Robots()
        origin = url.origin()
        known = self._robots.get(origin)
        if known is not None:
            return known
        async with self._locks.setdefault(origin, asyncio.Lock()):
            if origin not in self._robots:
                self._robots[origin] = await self._find_robots(origin, request)
            return self._robots[origin]

    async def _find_robots(self, origin: URL, request: Request) -> Robots:
        kept = self._memory.find(str(origin)) if self._memory else None
        if kept is not None:
            return Robots.read(*kept)
        address = str(origin.with_path("/robots.txt"))
        try:
            reply = await self._read_robots(address, request)
        except (Refused, UnusableContent) as error:
            # Too many redirects count as "no file" (RFC 9309, 2.3.1.2); what cannot
            # be understood, or leads where we don't go, does not.
            if error.reason == "redirect-loop":
                return Robots()
            is_elsewhere = error.reason in _NOT_GONE_TO and error.where != address
            if error.reason in _UNREADABLE or is_elsewhere:
                return Robots(denial=f"its robots.txt cannot be read: {error.message}")
            raise
        if self._memory is not None and reply.status < 500:
            self._memory.keep(str(origin), reply.status, reply.body)
        return Robots.read(reply.status, reply.body)

    async def _read_robots(self, address: str, request: Request) -> Reply:
        asked = Request(
            address,
            allow_hosts=request.allow_hosts,
            max_bytes=MAX_BYTES,
            is_cut=True,
        )
        reply = await self._ask(asked, self._robots_gate, (429,))
        if reply.status == 429:  # a 4xx, but no word about what is allowed
            check_status(reply, self._clock.now())
        return reply

    async def _robots_place(self, url: URL, _request: Request) -> tuple[Host, float]:
        host = self._host(url)
        return host, await host.enter(0.0)

    def _note_robots(self, visit: _Visit, reply: Reply | None, _size: int) -> None:
        if reply is not None and reply.status == 429:
            asked_s = read_retry_after(reply.retry_after, self._clock.now())
            visit.host.refused(visit.started, asked_s)

    def _host(self, url: URL) -> Host:
        name = (url.host or "").rstrip(".")
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = Host(name, self._clock)
        return host


_Place: TypeAlias = Callable[[URL, Request], Awaitable[tuple[Host, float]]]
_Note: TypeAlias = "Callable[[_Visit, Reply | None, int], None]"


class _Gate:
    """A gate made of two functions."""

    def __init__(self, place: _Place, note: _Note, uplink: Uplink) -> None:
        self._parts = (place, note, uplink)

    def enter(self, url: URL, request: Request) -> _Visit:
        return _Visit(self._parts, url, request)


class _Visit:
    """One hop with a place at its host."""

    __slots__ = ("_note", "_place", "_uplink", "_url", "host", "request", "started")

    host: Host
    started: float

    def __init__(
        self, parts: tuple[_Place, _Note, Uplink], url: URL, request: Request
    ) -> None:
        self._place, self._note, self._uplink = parts
        self._url = url
        self.request = request

    def received(self, size: int) -> None:
        self._note(self, None, size)

    def answered(self, reply: Reply) -> None:
        self._note(self, reply, 0)

    async def __aenter__(self) -> _Visit:
        self.host, self.started = await self._place(self._url, self.request)
        self._uplink.begin()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._uplink.end(self.host.name, error)
        finally:
            self.host.leave(self.started, error)
