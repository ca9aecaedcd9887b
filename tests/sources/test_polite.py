"""A good guest: robots, places and pauses."""

from __future__ import annotations

import asyncio

import pytest

from subak.engine.clock import SystemClock
from subak.errors import (
    Overloaded,
    Refused,
    SubakError,
)
from subak.sources.client import FetchClient
from subak.sources.polite import Polite
from subak.sources.request import Reply
from subak.testing.clock import VirtualClock
from subak.testing.hazards import busy, redirect
from subak.testing.site import FakePage, FakeSite
from tests.sources.visiting import get_each, request, visit


def outcome(site: FakeSite, path: str = "/page") -> Reply | SubakError:
    """Return what one page of a site gives."""

    async def scenario(polite: Polite) -> list[Reply | SubakError]:
        return await get_each(polite, [site.url(path)])

    return visit(scenario, site)[0]


@pytest.mark.parametrize(
    ("robots", "path", "is_allowed"),
    [
        ("User-agent: *\nDisallow: /", "/page", False),
        ("User-agent: *\nDisallow: /private/", "/page", True),
        ("User-agent: *\nDisallow: /private/", "/private/x", False),
        ("User-agent: *\nDisallow: /*?sid=", "/page?sid=1", False),
        ("User-agent: *\nDisallow: /\nAllow: /page$", "/page", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: subak\nAllow: /", "/page", True),
        ("User-agent: subak\nDisallow: /page", "/page", False),
        ("User-agent: other\nDisallow: /", "/page", True),
        ("\ufeffUser-agent: *\nDisallow: /", "/page", False),
        ("<!doctype html><html><body>Welcome</body></html>", "/page", True),
        ("", "/page", True),
    ],
)
def test_polite_obeys_robots(robots: str, path: str, is_allowed: bool) -> None:
    """The rules for us, else for all, decide; a page instead forbids nothing."""
    site = FakeSite({path: "text"}, robots=robots)
    result = outcome(site, path)
    assert isinstance(result, Reply) == is_allowed
    assert (path in site.paths) == is_allowed
    if isinstance(result, SubakError):
        assert isinstance(result, Refused)
        assert "robots.txt" in result.message


@pytest.mark.parametrize(
    ("status", "is_allowed"), [(404, True), (403, True), (500, False), (503, False)]
)
def test_polite_missing_robots_allow_and_failing_ones_deny(
    status: int, is_allowed: bool
) -> None:
    """No file allows all; a server that fails on it allows nothing (RFC 9309)."""
    site = FakeSite({"/page": "text", "/robots.txt": FakePage(status=status)})
    assert isinstance(outcome(site), Reply) == is_allowed
    assert ("/page" in site.paths) == is_allowed


def test_polite_busy_robots_are_asked_again() -> None:
    """A 429 says nothing about what is allowed, and is not kept."""
    site = FakeSite({"/page": "text", "/robots.txt": busy("7")})

    async def scenario(polite: Polite) -> tuple[SubakError | Reply, Reply]:
        (first,) = await get_each(polite, [site.url("/page")])
        del site.pages["/robots.txt"]
        return first, await polite.fetch(request(site.url("/page")))

    first, second = visit(scenario, site, clock=VirtualClock(settle_s=0.05))
    assert isinstance(first, Overloaded)
    assert first.retry_after_s == 7
    assert second.status == 200


def test_polite_redirected_and_endless_robots_are_read() -> None:
    """A redirect is followed; the first half megabyte of a huge file counts."""
    rules = "User-agent: *\nDisallow: /page\n" + "# filler\n" * 100_000
    site = FakeSite({"/page": "text", "/robots.txt": redirect("/rules")})
    site.pages["/rules"] = FakePage(rules, content_type="text/plain")
    assert isinstance(outcome(site), Refused)


def test_polite_asks_for_robots_once() -> None:
    """Many pages of a site cost one request for its rules."""
    paths = [f"/{number}" for number in range(6)]
    site = FakeSite(dict.fromkeys(paths, "text"), robots="")

    async def scenario(polite: Polite) -> list[Reply | SubakError]:
        return await get_each(polite, [site.url(path) for path in paths])

    assert all(isinstance(each, Reply) for each in visit(scenario, site))
    asked = [seen.path for seen in site.requests]
    assert asked.count("/robots.txt") == 1
    assert asked[0] == "/robots.txt"


def test_polite_sends_at_most_two_requests_a_host() -> None:
    """Two places a host, and hosts don't wait for each other."""
    paths = [f"/{number}" for number in range(8)]
    pages = {path: FakePage("text", latency_s=0.02) for path in paths}
    sites = [FakeSite(pages, address=f"127.0.0.{last}") for last in (2, 3)]

    async def scenario(polite: Polite) -> list[Reply | SubakError]:
        urls = [site.url(path) for site in sites for path in paths]
        return await get_each(polite, urls)

    results = visit(scenario, *sites)
    assert all(isinstance(each, Reply) for each in results)
    assert [site.peak for site in sites] == [2, 2]


def test_polite_keeps_the_crawl_delay() -> None:
    """With a crawl-delay, one request at a time and the pause between them."""
    paths = ["/1", "/2", "/3"]
    robots = "User-agent: *\nCrawl-delay: 1.5\n"
    site = FakeSite(dict.fromkeys(paths, "text"), robots=robots)
    clock = VirtualClock(settle_s=0.05)

    async def scenario(polite: Polite) -> float:
        await get_each(polite, [site.url(path) for path in paths])
        return clock.monotonic()

    assert 4.5 <= visit(scenario, site, clock=clock) < 6
    assert site.peak == 1


def test_polite_long_crawl_delay_is_capped() -> None:
    """Nobody makes a run wait for hours."""
    robots = "User-agent: *\nCrawl-delay: 86400\n"
    site = FakeSite({"/1": "text"}, robots=robots)
    clock = VirtualClock(settle_s=0.05)

    async def scenario(polite: Polite) -> float:
        await get_each(polite, [site.url("/1")])
        return clock.monotonic()

    assert 30 <= visit(scenario, site, clock=clock) < 31


def test_polite_redirect_to_another_host_obeys_its_robots() -> None:
    """Each hop asks the host it leads to."""
    outer = FakeSite({}, address="127.0.0.4")
    inner = FakeSite(
        {"/page": "text"}, address="127.0.0.5", robots="User-agent: *\nDisallow: /"
    )

    async def scenario(polite: Polite) -> list[Reply | SubakError]:
        inner_port, outer_port = inner.port, outer.port
        assert inner_port == outer_port
        outer.pages["/page"] = redirect(inner.url("/page"))
        return await get_each(polite, [outer.url("/page")])

    async def run() -> list[Reply | SubakError]:
        client = FetchClient("subak/test", SystemClock())
        try:
            async with outer:
                inner.port = outer.port
                async with inner:
                    return await scenario(Polite(client, SystemClock()))
        finally:
            await client.close()

    (result,) = asyncio.run(run())
    assert isinstance(result, Refused)
    assert "robots.txt" in result.message
    assert inner.paths == []


def test_polite_cancelled_fetch_gives_its_place_back() -> None:
    """A task that is cancelled while it waits blocks nobody."""
    site = FakeSite({"/ok": "text"}, robots="")
    site.pages["/hang"] = site.hang

    async def scenario(polite: Polite) -> Reply:
        async with asyncio.timeout(None) as scope:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(polite.fetch(request(site.url("/hang"))))
                    for _ in range(4)
                ]
                await asyncio.sleep(0.05)
                for task in tasks:
                    task.cancel()
        assert not scope.expired()
        return await polite.fetch(request(site.url("/ok")))

    assert visit(scenario, site).status == 200
