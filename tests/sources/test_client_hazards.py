"""Hostile servers: bounded time and memory, and a reason each."""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from collections.abc import Callable

import pytest

from subak.engine.clock import SystemClock
from subak.errors import SubakError
from subak.sources.client import FetchClient
from subak.sources.failure import failure_reason
from subak.sources.fetch_limits import FetchLimits
from subak.sources.reason import REASONS
from subak.sources.request import Reply, Request
from subak.testing.hazards import Bomb, Bulk, dripping, endless, redirect, sending
from subak.testing.site import Answer, FakePage, FakeSite

HTML = frozenset({"text/html"})
HASTY = FetchLimits(silence_s=0.25, total_s=0.6, patience_s=0.2, max_bytes=2_000_000)
_OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def failure(
    page: Answer | FakePage, limits: FetchLimits = HASTY
) -> tuple[SubakError, float, int]:
    """Return how fetching a page fails, in which time, at what peak of memory."""

    async def scenario() -> SubakError:
        site = FakeSite({"/": page})
        client = FetchClient("subak/test", SystemClock(), limits)
        try:
            async with site:
                await client.fetch(Request(site.url("/"), HTML, ("127.0.0.1",)))
        except SubakError as error:
            return error
        finally:
            await client.close()
        raise AssertionError("it was fetched")

    tracemalloc.start()
    begun = time.monotonic()
    try:
        error = asyncio.run(scenario())
        return error, time.monotonic() - begun, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: Bomb(encoding="gzip"), "too-large"),
        (lambda: Bomb(encoding="deflate"), "too-large"),
        (lambda: Bulk(100), "too-large"),
        (lambda: Bulk(100, is_declared=True), "too-large"),
        (lambda: endless, "too-large"),
        (lambda: dripping(0.02), "read-timeout"),
        (lambda: sending(b""), "read-timeout"),
        (lambda: sending(_OK), "read-timeout"),
        (lambda: sending(_OK, rest=b"X-Slow: " + b"x" * 90, pause_s=0.02), None),
        (lambda: sending(_OK + b"Content-Length: 9000\r\n\r\n<p>wait"), "read-timeout"),
        (lambda: sending(_OK + b"X-Long: " + b"x" * 70_000 + b"\r\n\r\n"), "not-http"),
        (lambda: sending(_OK + b"X-Many: x\r\n" * 1_000 + b"\r\n"), "not-http"),
        (lambda: sending(b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n\r\n"), "not-http"),
        (lambda: sending(b"SSH-2.0-OpenSSH_9.2\r\n"), "not-http"),
        (
            lambda: sending(_OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nno\r\n"),
            "not-http",
        ),
        (
            lambda: FakePage(b"no gzip", headers={"Content-Encoding": "gzip"}),
            "not-http",
        ),
        (lambda: FakePage(b"x", headers={"Content-Encoding": "zstd"}), "not-text"),
        (lambda: FakePage(b"x", content_type="video/mp4"), "not-text"),
        (lambda: redirect("/"), "redirect-loop"),
        (lambda: redirect("//["), "bad-redirect"),
        (lambda: redirect(""), "redirect-loop"),
    ],
)
def test_client_hostile_server_ends_in_time_and_memory(
    make: Callable[[], Answer | FakePage], reason: str | None
) -> None:
    """Whatever a server does, it ends with an error that says why."""
    error, seconds, peak = failure(make())
    assert failure_reason(error) == (reason or "read-timeout")
    assert failure_reason(error) in REASONS
    assert error.hint
    assert error.where.startswith("http://127.0.0.1:")
    assert seconds < 3
    assert peak < 30_000_000


def test_client_declared_bulk_is_refused_unread() -> None:
    """A length over the limit ends before the body is taken."""
    bulk = Bulk(100, is_declared=True)
    failure(bulk)
    assert bulk.sent < 10_000_000


@pytest.mark.parametrize(
    "head",
    [
        _OK + b"X-Long: " + b"x" * 70_000 + b"\r\n\r\n",
        _OK + b"X-Many: x\r\n" * 1_000 + b"\r\n",
    ],
)
def test_client_huge_headers_are_told_as_such(head: bytes) -> None:
    """One too long and too many are told apart from what is no HTTP at all."""
    error, _, _ = failure(sending(head))
    assert "headers are too large" in error.message


def test_client_large_headers_of_real_sites_are_read() -> None:
    """Policies and cookies of 20 KB are no attack."""
    page = FakePage("text", headers={"Content-Security-Policy": "x" * 20_000})

    async def scenario() -> Reply:
        site = FakeSite({"/": page})
        client = FetchClient("subak/test", SystemClock())
        try:
            async with site:
                return await client.fetch(Request(site.url("/"), HTML, ("127.0.0.1",)))
        finally:
            await client.close()

    assert asyncio.run(scenario()).body == b"text"


def test_client_many_large_bodies_stay_within_the_gate() -> None:
    """Thirty bodies of 6 MB at once: all come, far fewer than all are in memory."""
    pages = {f"/{number}": Bulk(6) for number in range(30)}

    async def scenario() -> tuple[list[int], int]:
        site = FakeSite(dict(pages))
        client = FetchClient("subak/test", SystemClock())
        allow = ("127.0.0.1",)

        async def size(path: str) -> int:
            return len((await client.fetch(Request(site.url(path), HTML, allow))).body)

        try:
            async with site:
                tracemalloc.start()
                async with asyncio.TaskGroup() as group:
                    tasks = [group.create_task(size(path)) for path in pages]
                peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            await client.close()
        return [task.result() for task in tasks], peak

    sizes, peak = asyncio.run(scenario())
    assert sizes == [6_000_000] * 30
    assert peak < 110_000_000
