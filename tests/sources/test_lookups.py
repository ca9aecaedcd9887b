"""Names are looked up a few at a time; what was opened is counted and let go."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from subak.engine.clock import SystemClock
from subak.sources.client import FetchClient
from subak.sources.fetch_limits import FetchLimits
from subak.sources.lookups import AT_ONCE, Lookups
from subak.sources.request import Request
from subak.sources.sessions import Sessions
from subak.testing.site import FakeSite


def test_lookups_find_loopback_and_fail_as_a_system_error() -> None:
    """A name of this machine is found; what can be no name is an OSError."""

    async def scenario() -> set[str]:
        lookups = Lookups()
        names = ["localhost"] * (3 * AT_ONCE)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(lookups.resolve(name, 80)) for name in names]
        with pytest.raises(OSError, match=r".+"):
            await lookups.resolve(f"{'x' * 64}.example", 80)
        await lookups.close()
        return {answer["host"] for task in tasks for answer in task.result()}

    assert asyncio.run(scenario()) <= {"127.0.0.1", "::1"}


def test_client_has_no_more_requests_out_than_places() -> None:
    """Ten hosts and three places: three requests at once, and all are served."""
    gauge = _Gauge()
    sites = [FakeSite({"/": gauge}, address=f"127.0.1.{n}") for n in range(1, 11)]

    async def scenario() -> list[int]:
        client = FetchClient("subak/test", SystemClock(), FetchLimits(connections=3))

        async def get(site: FakeSite) -> int:
            async with site:
                request = Request(site.url("/"), allow_hosts=("127.0.0.0/8",))
                return (await client.fetch(request)).status

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(get(site)) for site in sites]
        await client.close()
        return [task.result() for task in tasks]

    assert asyncio.run(scenario()) == [200] * 10
    assert gauge.peak == 3


def test_sessions_count_open_sockets() -> None:
    """Connections are kept while they are few; each is counted until it closes."""

    async def scenario() -> list[bool]:
        seen: list[bool] = []
        sessions = Sessions("subak/test", FetchLimits(), kept_open=1)
        async with FakeSite({"/": "text"}) as one:
            for host in ("127.0.0.1", "localhost"):
                session = sessions.find(("127.0.0.1", "localhost"), host)
                async with session.get(f"http://{host}:{one.port}/") as response:
                    await response.read()
                seen.append(sessions.are_many)
            await sessions.close()
            await asyncio.sleep(0)
            seen.append(sessions.are_many)
        return seen

    assert asyncio.run(scenario()) == [False, True, False]


class _Gauge:
    """A page function that knows how many requests it serves at once."""

    def __init__(self) -> None:
        self.now = 0
        self.peak = 0

    async def __call__(self, _request: web.Request) -> web.StreamResponse:
        self.now += 1
        self.peak = max(self.peak, self.now)
        await asyncio.sleep(0.02)
        self.now -= 1
        return web.Response(text="text", content_type="text/html")
