"""Busy, dead and silent hosts: no page lost in vain, no knocking at a dead door."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web

from subak.errors import (
    Gone,
    NotConnected,
    NotServed,
    Overloaded,
    Refused,
    ServerFailed,
    SubakError,
    TimedOut,
    UnusableContent,
)
from subak.sources.failure import failure_reason
from subak.sources.fetch_limits import FetchLimits
from subak.sources.polite import Polite
from subak.sources.request import Reply
from subak.testing.clock import VirtualClock
from subak.testing.hazards import busy, dead_url, garbage
from subak.testing.site import FakePage, FakeSite
from tests.sources.visiting import get_each, request, visit


def test_polite_busy_host_gets_its_pause_and_gives_the_page() -> None:
    """After a 429 nothing is sent until the time named; then the page is asked for."""
    clock = VirtualClock(settle_s=0.05)
    site = FakeSite()
    asked_at: list[float] = []

    async def page(_request: web.Request) -> web.StreamResponse:
        asked_at.append(clock.monotonic())
        if len(asked_at) == 1:
            return web.Response(status=429, headers={"Retry-After": "20"})
        return web.Response(text="text", content_type="text/html")

    site.pages["/page"] = page

    async def scenario(polite: Polite) -> Reply:
        return await polite.fetch(request(site.url("/page")))

    assert visit(scenario, site, clock=clock).body == b"text"
    first, second = asked_at
    assert 20 <= second - first < 21


def test_polite_page_that_is_always_busy_ends() -> None:
    """Four tries with growing pauses, then the task's retry has the word."""
    site = FakeSite({"/busy": busy()})
    clock = VirtualClock(settle_s=0.05)

    async def scenario(polite: Polite) -> list[SubakError | Reply]:
        return await get_each(polite, [site.url("/busy")])

    (result,) = visit(scenario, site, clock=clock)
    assert isinstance(result, Overloaded)
    assert failure_reason(result) == "rate-limited"
    assert site.paths == ["/busy"] * 4
    assert 1 + 2 + 4 <= clock.monotonic() < 9


def test_polite_loses_no_page_to_a_rate_limit() -> None:
    """A site that refuses more than eight requests a second gives all pages."""
    clock = VirtualClock(settle_s=0.02)
    times: list[float] = []

    async def page(_request: web.Request) -> web.StreamResponse:
        times.append(clock.monotonic())
        if sum(1 for time in times if time > times[-1] - 1.0) > 8:
            return web.Response(status=429)
        await clock.sleep(0.03)
        return web.Response(text="text", content_type="text/html")

    paths = [f"/{number}" for number in range(30)]
    site = FakeSite(dict.fromkeys(paths, page))

    async def scenario(polite: Polite) -> list[Reply | SubakError]:
        return await get_each(polite, [site.url(path) for path in paths])

    results = visit(scenario, site, clock=clock)
    assert all(isinstance(each, Reply) for each in results)
    assert clock.monotonic() < 30
    assert len(times) < 40


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
    ("status", "error", "reason"),
    [
        (401, NotServed, "blocked"),
        (403, NotServed, "blocked"),
        (451, NotServed, "blocked"),
        (404, Gone, "gone"),
        (410, Gone, "gone"),
        (400, UnusableContent, "no-page"),
        (204, UnusableContent, "no-page"),
        (408, TimedOut, "read-timeout"),
        (425, Overloaded, "rate-limited"),
        (429, Overloaded, "rate-limited"),
        (503, Overloaded, "server-error"),
        (500, ServerFailed, "server-error"),
        (502, ServerFailed, "server-error"),
    ],
)
def test_polite_statuses_become_errors_with_a_way_out(
    status: int, error: type[SubakError], reason: str
) -> None:
    """Each status is judged by what the same request would give later."""
    site = FakeSite({"/page": FakePage("x", status=status)})
    clock = VirtualClock(settle_s=0.02)

    async def scenario(polite: Polite) -> list[Reply | SubakError]:
        return await get_each(polite, [site.url("/page")])

    (result,) = visit(scenario, site, clock=clock)
    assert type(result) is error
    assert result.where == site.url("/page")
    assert result.hint
    assert str(status) in result.message
    assert failure_reason(result) == reason


def test_polite_dead_host_is_asked_twice_in_all() -> None:
    """Twenty pages of a host nobody answers at cost two attempts and one second."""
    url = dead_url()
    clock = VirtualClock(settle_s=0.05)

    async def scenario(polite: Polite) -> list[Reply | SubakError]:
        urls = [f"{url}{number}" for number in range(20)]
        results = await get_each(polite, urls)
        return results + await get_each(polite, [url])

    results = visit(scenario, clock=clock)
    kinds = [type(each) for each in results]
    assert kinds.count(NotConnected) == 1
    assert kinds.count(Refused) == 20
    assert 1 <= clock.monotonic() < 2
    last = results[-1]
    assert isinstance(last, Refused)
    assert "not asked again in this run: the connection was refused" in last.message
    assert {
        failure_reason(each) for each in results if isinstance(each, SubakError)
    } == {"refused"}


def test_polite_silent_host_costs_one_bounded_wait() -> None:
    """Twenty pages of a host that never says a word end in the time of one."""
    site = FakeSite({})
    site.pages["/robots.txt"] = site.hang

    async def scenario(polite: Polite) -> tuple[list[Reply | SubakError], float]:
        begun = asyncio.get_running_loop().time()
        urls = [site.url(f"/{number}") for number in range(20)]
        results = await get_each(polite, urls)
        return results, asyncio.get_running_loop().time() - begun

    limits = FetchLimits(silence_s=0.3)
    results, seconds = visit(scenario, site, limits=limits)
    assert [type(each) for each in results] == [Refused] * 20
    assert len(site.requests) == 1
    assert "did not come" in str(results[-1])
    assert seconds < 1.2


def test_polite_hanging_pages_close_a_host_after_two_waits() -> None:
    """Robots answer, pages hang: both lanes' first wait is one, one more is allowed."""
    site = FakeSite({}, robots="")
    for number in range(20):
        site.pages[f"/{number}"] = site.hang

    async def scenario(polite: Polite) -> list[Reply | SubakError]:
        return await get_each(polite, [site.url(f"/{number}") for number in range(20)])

    results = visit(scenario, site, limits=FetchLimits(silence_s=0.2))
    assert all(isinstance(each, TimedOut | Refused) for each in results)
    assert len(site.paths) <= 3


def test_polite_an_answer_ends_the_row_of_failures() -> None:
    """Failures that don't follow each other don't close a host that served pages."""
    site = FakeSite({"/ok": "text", "/bad": garbage, "/gone": FakePage(status=404)})
    site.pages["/hang"] = site.hang
    paths = ["/ok", "/hang", "/hang", "/ok", "/hang", "/hang", "/gone", "/hang", "/ok"]

    async def scenario(polite: Polite) -> list[Reply | SubakError]:
        results: list[Reply | SubakError] = []
        for path in paths:
            results += await get_each(polite, [site.url(path)])
        return results

    results = visit(scenario, site, limits=FetchLimits(silence_s=0.1))
    assert isinstance(results[-1], Reply)
