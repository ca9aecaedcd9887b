"""Fetch politely from real sites on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from subak.engine.clock import Clock, SystemClock
from subak.errors import SubakError
from subak.sources.client import FetchClient
from subak.sources.fetch_limits import FetchLimits
from subak.sources.polite import Polite
from subak.sources.request import Reply, Request
from subak.testing.site import FakeSite

T = TypeVar("T")
LOOPBACK = ("127.0.0.0/8",)


def visit(
    scenario: Callable[[Polite], Awaitable[T]],
    *sites: FakeSite,
    clock: Clock | None = None,
    limits: FetchLimits | None = None,
) -> T:
    """Run a scenario while the sites are up."""
    clock = clock or SystemClock()

    async def run() -> T:
        client = FetchClient("subak/test", clock, limits)
        try:
            return await _inside(sites, lambda: scenario(Polite(client, clock)))
        finally:
            await client.close()

    return asyncio.run(run())


async def _inside(sites: tuple[FakeSite, ...], inner: Callable[[], Awaitable[T]]) -> T:
    if not sites:
        return await inner()
    async with sites[0]:
        return await _inside(sites[1:], inner)


def request(url: str) -> Request:
    """Return a request that may reach loopback."""
    return Request(url, frozenset({"text/html"}), LOOPBACK)


async def get_each(polite: Polite, urls: list[str]) -> list[Reply | SubakError]:
    """Fetch all at once; errors become values."""

    async def one(url: str) -> Reply | SubakError:
        try:
            return await polite.fetch(request(url))
        except SubakError as error:
            return error

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(url)) for url in urls]
    return [task.result() for task in tasks]
