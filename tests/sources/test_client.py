"""One GET: what comes back, and how every bad server ends in an error."""

from __future__ import annotations

import asyncio
import gzip
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from typing import TypeVar

import pytest
from aiohttp import web

from subak.engine.clock import SystemClock
from subak.errors import (
    ConnectionLost,
    Refused,
    SubakError,
    TimedOut,
    UnusableContent,
)
from subak.sources.client import FetchClient
from subak.sources.fetch_limits import FetchLimits
from subak.sources.request import Reply, Request, Validators
from subak.testing.hazards import Bomb, cut, dead_url, garbage, redirect
from subak.testing.site import FakePage, FakeSite

T = TypeVar("T")
HTML = frozenset({"text/html"})
LOOPBACK = ("127.0.0.0/8",)


def fetch(
    site: FakeSite, path: str = "/", limits: FetchLimits | None = None, **fields: object
) -> Reply:
    """Return what a client gets from one path of a site."""

    async def scenario(client: FetchClient) -> Reply:
        async with site:
            request = Request(site.url(path), HTML, LOOPBACK, **fields)  # type: ignore[arg-type]
            return await client.fetch(request)

    return with_client(scenario, limits)


def with_client(
    scenario: Callable[[FetchClient], Awaitable[T]], limits: FetchLimits | None = None
) -> T:
    """Run a scenario with a client that is closed afterwards."""

    async def run() -> T:
        client = FetchClient("subak/test (+me)", SystemClock(), limits)
        try:
            return await scenario(client)
        finally:
            await client.close()

    return asyncio.run(run())


def test_client_returns_the_page_and_says_who_it_is() -> None:
    """Body, type, charset and validators come back; the user agent is honest."""
    page = FakePage(
        "<p>Größe</p>",
        content_type="text/html; charset=UTF-8",
        last_modified="Sun, 01 Mar 2026 10:00:00 GMT",
    )
    site = FakeSite({"/": page})
    reply = fetch(site)
    assert reply.status == 200
    assert reply.body == "<p>Größe</p>".encode()
    assert (reply.content_type, reply.charset) == ("text/html", "utf-8")
    assert (reply.etag, reply.last_modified) == (page.tag, page.last_modified)
    headers = site.requests[0].headers
    assert headers["User-Agent"] == "subak/test (+me)"
    assert headers["Accept-Encoding"] == "gzip"


def test_client_reads_gzip() -> None:
    """A compressed body is inflated."""
    body = gzip.compress(b"<p>text</p>" * 50)
    page = FakePage(body, headers={"Content-Encoding": "gzip"})
    assert fetch(FakeSite({"/": page})).body == b"<p>text</p>" * 50


def test_client_conditional_request_is_answered_304() -> None:
    """Validators go along to the URL they belong to, and nowhere else."""
    page = FakePage("<p>text</p>")
    site = FakeSite({"/": page, "/moved": redirect("/")})

    async def scenario(client: FetchClient) -> list[Reply]:
        async with site:
            validators = Validators(site.url("/"), page.tag, "")
            paths = ("/", "/moved")
            return [
                await client.fetch(
                    Request(site.url(path), HTML, LOOPBACK, validators=validators)
                )
                for path in paths
            ]

    direct, moved = with_client(scenario)
    assert (direct.status, direct.body) == (304, b"")
    assert (moved.status, moved.url) == (304, site.url("/"))
    sent = [request.headers.get("If-None-Match") for request in site.requests]
    assert sent == [page.tag, None, page.tag]


def test_client_follows_redirects_with_the_consent_cookie() -> None:
    """A cookie set on the way is sent on to the same host, and then forgotten."""

    async def wall(request: web.Request) -> web.StreamResponse:
        if request.headers.get("Cookie") == "consent=1":
            return web.Response(text="<p>inside</p>", content_type="text/html")
        headers = {"Location": "/", "Set-Cookie": "consent=1; Path=/"}
        return web.Response(status=302, headers=headers)

    site = FakeSite({"/": wall})
    assert fetch(site).body == b"<p>inside</p>"
    assert [r.headers.get("Cookie") for r in site.requests] == [None, "consent=1"]


def test_client_redirect_loop_ends() -> None:
    """A circle is seen when it closes; a chain that goes on ends after five hops."""
    site = FakeSite({"/": redirect("/?again"), "/?again": redirect("/", 301)})
    with pytest.raises(UnusableContent, match="in a circle") as caught:
        fetch(site)
    assert caught.value.reason == "redirect-loop"
    assert len(site.requests) == 2
    chain = {f"/{number}": redirect(f"/{number + 1}") for number in range(20)}
    site = FakeSite(chain)
    with pytest.raises(UnusableContent, match="more than 5 redirects"):
        fetch(site, "/0")
    assert len(site.requests) == 6


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "http://site.example:22/",
        "http://u:p@site.example/",
        "http://[bad",
    ],
)
def test_client_refuses_redirects_to_what_is_no_page(location: str) -> None:
    """Each hop is checked like the first address."""
    with pytest.raises(Refused):
        fetch(FakeSite({"/": redirect(location)}))


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "video/mp4"])
def test_client_refuses_other_media_types_unread(kind: str) -> None:
    """What isn't text is not downloaded."""
    page = FakePage(b"x" * 1_000, content_type=kind)
    with pytest.raises(UnusableContent, match=f"it is {kind}"):
        fetch(FakeSite({"/": page}))


def test_client_refuses_a_compression_it_did_not_ask_for() -> None:
    """Only gzip is bounded while it inflates."""
    page = FakePage(b"\x0b\x02\x80text\x03", headers={"Content-Encoding": "br"})
    with pytest.raises(UnusableContent, match="compressed as 'br'"):
        fetch(FakeSite({"/": page}))


def test_client_large_page_is_refused_by_its_length() -> None:
    """A declared length over the limit ends before the body."""
    site = FakeSite({"/": "x" * 20_000})
    with pytest.raises(UnusableContent, match=r"larger than 10,000 bytes") as caught:
        fetch(site, limits=FetchLimits(max_bytes=10_000))
    assert caught.value.where == site.url("/")


def test_client_endless_page_is_refused_while_it_arrives() -> None:
    """Without a length the bytes are counted."""

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        while True:
            await response.write(b"<p>more</p>" * 5_000)

    with pytest.raises(UnusableContent, match="larger than"):
        fetch(FakeSite({"/": endless}), limits=FetchLimits(max_bytes=1_000_000))


def test_client_bomb_stops_early_in_little_memory() -> None:
    """A gzip bomb is left after 8 MB, long before it has gone off."""
    bomb = Bomb()
    tracemalloc.start()
    with pytest.raises(UnusableContent, match="larger than 8,000,000 bytes"):
        fetch(FakeSite({"/": bomb}))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 40_000_000
    assert 8_000_000 < bomb.inflated < bomb.megabytes * 1_000_000


def test_client_cut_takes_the_beginning() -> None:
    """robots.txt longer than the limit is read up to it."""
    reply = fetch(FakeSite({"/": "x" * 20_000}), max_bytes=1_000, is_cut=True)
    assert reply.body == b"x" * 1_000


def test_client_silent_server_times_out() -> None:
    """No first byte is a TimedOut within the limit."""
    site = FakeSite({})
    site.pages["/"] = site.hang
    begun = time.monotonic()
    with pytest.raises(TimedOut, match="did not come"):
        fetch(site, limits=FetchLimits(silence_s=0.2))
    assert time.monotonic() - begun < 2


def _drip(pause_s: float) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        while True:
            await response.write(b"x")
            await asyncio.sleep(pause_s)

    return drip


def test_client_trickling_server_times_out() -> None:
    """A body below the minimum rate is given up."""
    limits = FetchLimits(patience_s=0.2)
    with pytest.raises(TimedOut, match="trickles"):
        fetch(FakeSite({"/": _drip(0.01)}), limits=limits)


def test_client_total_time_is_bounded() -> None:
    """A body that keeps the rate but never ends is given up in the end."""
    limits = FetchLimits(total_s=0.3, min_rate=0.0)
    with pytest.raises(UnusableContent, match="did not end within 0 s"):
        fetch(FakeSite({"/": _drip(0.01)}), limits=limits)


@pytest.mark.parametrize(
    ("page", "error", "message"),
    [
        (garbage, UnusableContent, "not HTTP"),
        (cut, ConnectionLost, "connection was cut"),
    ],
)
def test_client_broken_servers_end_in_our_errors(
    page: Callable[[web.Request], Awaitable[web.StreamResponse]],
    error: type[SubakError],
    message: str,
) -> None:
    """Garbage instead of HTTP and a body cut short are told apart."""
    with pytest.raises(error, match=message) as caught:
        fetch(FakeSite({"/": page}))
    assert caught.value.hint


def test_client_dead_server_is_connection_lost() -> None:
    """Nobody listening there is a ConnectionLost with the URL."""
    url = dead_url()
    with pytest.raises(ConnectionLost, match="refused") as caught:
        with_client(lambda client: client.fetch(Request(url, HTML, LOOPBACK)))
    assert caught.value.where == url


def test_client_without_tls_is_connection_lost() -> None:
    """A plain server at an https address is told as a TLS failure."""
    site = FakeSite({"/": "text"})

    async def scenario(client: FetchClient) -> Reply:
        async with site:
            url = f"https://127.0.0.1:{site.port}/"
            return await client.fetch(Request(url, HTML, LOOPBACK))

    with pytest.raises(ConnectionLost, match="TLS"):
        with_client(scenario)


def test_client_failure_statuses_have_no_body() -> None:
    """The body of an error page is not read."""
    reply = fetch(FakeSite({"/": FakePage("busy" * 1_000, status=500)}))
    assert (reply.status, reply.body) == (500, b"")


def test_client_can_be_used_after_close() -> None:
    """Closing lets go of connections, not of the client."""
    site = FakeSite({"/": "text"})

    async def scenario(client: FetchClient) -> bytes:
        async with site:
            request = Request(site.url("/"), HTML, LOOPBACK)
            await client.fetch(request)
            await client.close()
            return (await client.fetch(request)).body

    assert with_client(scenario) == b"text"
