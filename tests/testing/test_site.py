"""The fake site is a site: statuses, validators, hazards, and what it saw."""

from __future__ import annotations

import asyncio

import aiohttp

from subak.testing.hazards import busy, dead_url, redirect
from subak.testing.site import FakePage, FakeSite


def test_fake_site_answers_like_a_site_and_remembers() -> None:
    """Pages, 404, robots, 304, redirects; paths in order, robots apart."""

    async def scenario() -> None:
        site = FakeSite(
            {"/": "<p>text</p>", "/busy": busy("3"), "/old": redirect("/")},
            address="127.0.0.7",
            robots="User-agent: *",
        )
        async with site, aiohttp.ClientSession() as session:
            assert site.base.startswith("http://127.0.0.7:")
            async with session.get(site.url("/")) as response:
                assert await response.text() == "<p>text</p>"
                tag = response.headers["ETag"]
            conditional = {"If-None-Match": tag}
            async with session.get(site.url("/"), headers=conditional) as response:
                assert response.status == 304
            async with session.get(site.url("/busy")) as response:
                assert response.status == 429
                assert response.headers["Retry-After"] == "3"
            async with session.get(site.url("/old")) as response:
                assert str(response.url) == site.url("/")
            async with session.get(site.url("/none")) as response:
                assert response.status == 404
            async with session.get(site.url("/robots.txt")) as response:
                assert response.content_type == "text/plain"
        assert site.paths == ["/", "/", "/busy", "/old", "/", "/none"]
        assert site.requests[1].headers["If-None-Match"] == tag

    asyncio.run(scenario())


def test_fake_site_counts_what_is_in_flight() -> None:
    """The peak is the number of requests answered at once."""

    async def scenario() -> int:
        site = FakeSite({"/": FakePage("text", latency_s=0.1)})
        async with site, aiohttp.ClientSession() as session:

            async def visit() -> None:
                async with session.get(site.url("/")) as response:
                    await response.read()

            async with asyncio.TaskGroup() as group:
                for _ in range(3):
                    group.create_task(visit())
        return site.peak

    assert asyncio.run(scenario()) == 3


def test_fake_site_lets_go_of_whoever_hangs() -> None:
    """Leaving the block ends the answers that never come."""

    async def scenario() -> None:
        site = FakeSite({})
        site.pages["/"] = site.hang
        timeout = aiohttp.ClientTimeout(total=0.1)
        async with site, aiohttp.ClientSession(timeout=timeout) as session:
            try:
                await session.get(site.url("/"))
            except TimeoutError:
                return
            raise AssertionError("it answered")

    asyncio.run(asyncio.wait_for(scenario(), 5))


def test_dead_url_has_nobody_listening() -> None:
    """A connection there is refused."""

    async def scenario() -> bool:
        host, _, port = dead_url().removeprefix("http://").strip("/").partition(":")
        try:
            await asyncio.open_connection(host, int(port))
        except ConnectionRefusedError:
            return True
        return False

    assert asyncio.run(scenario())
