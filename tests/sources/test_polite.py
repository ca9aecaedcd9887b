"""A good guest: robots, places, pauses, and no knocking at a dead door."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest

from subak.engine.clock import Clock, SystemClock
from subak.errors import (
    ConnectionLost,
    Overloaded,
    Refused,
    SubakError,
    TimedOut,
    UnusableContent,
)
from subak.sources.client import FetchClient, FetchLimits
from subak.sources.polite import Polite
from subak.sources.request import Reply, Request
from subak.testing.clock import VirtualClock
from subak.testing.hazards import busy, dead_url, garbage, redirect
from subak.testing.site import FakePage, FakeSite

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


def test_polite_busy_host_gets_its_pause() -> None:
    """After a 429 nothing is sent to that host until the time it named."""
    site = FakeSite({"/busy": busy("20"), "/page": "text"})
    clock = VirtualClock(settle_s=0.05)

    async def scenario(polite: Polite) -> tuple[SubakError | Reply, float]:
        (first,) = await get_each(polite, [site.url("/busy")])
        await polite.fetch(request(site.url("/page")))
        return first, clock.monotonic()

    first, waited_s = visit(scenario, site, clock=clock)
    assert isinstance(first, Overloaded)
    assert first.retry_after_s == 20
    assert 20 <= waited_s < 21


def test_polite_long_pause_is_left_to_the_retry() -> None:
    """A pause of a minute is not waited for in place."""
    site = FakeSite({"/busy": busy("60", 503), "/page": "text"})
    clock = VirtualClock(settle_s=0.05)

    async def scenario(polite: Polite) -> list[SubakError | Reply]:
        first = await get_each(polite, [site.url("/busy")])
        return first + await get_each(polite, [site.url("/page")])

    results = visit(scenario, site, clock=clock)
    assert [isinstance(each, Overloaded) for each in results] == [True, True]
    assert isinstance(results[1], Overloaded)
    assert results[1].retry_after_s == pytest.approx(60, abs=1)
    assert site.paths == ["/busy"]


def test_polite_endless_pause_ends_the_host_for_the_run() -> None:
    """A host that wants to be left alone for an hour does not hold up the run."""
    site = FakeSite({"/busy": busy("3600"), "/page": "text"})

    async def scenario(polite: Polite) -> list[SubakError | Reply]:
        first = await get_each(polite, [site.url("/busy")])
        return first + await get_each(polite, [site.url("/page")])

    results = visit(scenario, site)
    assert [type(each) for each in results] == [Refused, Refused]
    assert site.paths == ["/busy"]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, Refused),
        (403, Refused),
        (451, Refused),
        (404, UnusableContent),
        (410, UnusableContent),
        (400, UnusableContent),
        (204, UnusableContent),
        (408, TimedOut),
        (425, Overloaded),
        (429, Overloaded),
        (503, Overloaded),
        (500, ConnectionLost),
        (502, ConnectionLost),
    ],
)
def test_polite_statuses_become_errors_with_a_way_out(
    status: int, error: type[SubakError]
) -> None:
    """Each status is judged by what the same request would give later."""
    site = FakeSite({"/page": FakePage("x", status=status)})
    result = outcome(site)
    assert type(result) is error
    assert result.where == site.url("/page")
    assert result.hint
    assert str(status) in result.message


def test_polite_dead_host_rests_after_three_failures() -> None:
    """A host nobody answers at is asked three times, not once a page."""
    url = dead_url()

    async def scenario(polite: Polite) -> list[Reply | SubakError]:
        results: list[Reply | SubakError] = []
        for number in range(5):
            results += await get_each(polite, [f"{url}{number}"])
        return results

    kinds = [type(each) for each in visit(scenario)]
    assert kinds == [ConnectionLost] * 3 + [Refused] * 2


def test_polite_hanging_host_costs_one_bounded_wait() -> None:
    """Twenty pages of a host that hangs end in the time of a few."""
    site = FakeSite({})
    for number in range(20):
        site.pages[f"/{number}"] = site.hang

    async def scenario(polite: Polite) -> tuple[list[Reply | SubakError], float]:
        begun = asyncio.get_running_loop().time()
        urls = [site.url(f"/{number}") for number in range(20)]
        results = await get_each(polite, urls)
        return results, asyncio.get_running_loop().time() - begun

    limits = FetchLimits(silence_s=0.2)
    results, seconds = visit(scenario, site, limits=limits)
    refused = [each for each in results if isinstance(each, Refused)]
    assert len(refused) >= 16
    assert "rests for this run" in refused[0].message
    assert "did not come" in refused[0].message
    assert seconds < 1.5


def test_polite_an_answer_ends_the_row_of_failures() -> None:
    """Failures that don't follow each other don't close a host."""
    site = FakeSite({"/ok": "text", "/bad": garbage, "/gone": FakePage(status=404)})
    site.pages["/hang"] = site.hang
    paths = ["/hang", "/hang", "/ok", "/hang", "/hang", "/gone", "/hang", "/ok"]

    async def scenario(polite: Polite) -> list[Reply | SubakError]:
        results: list[Reply | SubakError] = []
        for path in paths:
            results += await get_each(polite, [site.url(path)])
        return results

    results = visit(scenario, site, limits=FetchLimits(silence_s=0.1))
    assert isinstance(results[-1], Reply)


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
