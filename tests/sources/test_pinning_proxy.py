"""The proxy between a browser and the network: it dials permitted addresses only."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from aiohttp import web
from yarl import URL

from subak.sources.guard import Guard
from subak.sources.pinning_proxy import PinningProxy
from subak.testing.site import FakeSite

Act = Callable[[PinningProxy, URL], Awaitable[bytes]]


async def ask(proxy: URL, text: str) -> bytes:
    """Send text to the proxy and return all it answers until it hangs up."""
    reader, writer = await asyncio.open_connection(proxy.host, proxy.port)
    try:
        writer.write(text.encode("latin-1"))
        async with asyncio.timeout(10):
            return await reader.read()
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


def through_proxy(
    site: FakeSite, act: Act, *, allow: str = "127.0.0.1/32", max_bytes: int = 100_000
) -> bytes:
    """Return what ``act`` gets while a proxy and a site are there."""

    async def scenario() -> bytes:
        async with site:
            proxy = PinningProxy(Guard.parse([allow]), site.port, max_bytes)
            async with proxy.serve() as address:
                return await act(proxy, URL(address))

    return asyncio.run(scenario())


def test_proxy_passes_a_page_on_without_the_browsers_proxy_headers() -> None:
    """The site gets an ordinary request, and the connection ends after it."""
    site = FakeSite({"/a?b=%20c": "<p>page</p>"})

    async def act(_proxy: PinningProxy, address: URL) -> bytes:
        return await ask(
            address,
            f"GET {site.url('/a?b=%20c')} HTTP/1.1\r\nHost: {site.address}\r\n"
            "Proxy-Connection: keep-alive\r\nX-Kept: yes\r\n\r\n",
        )

    answer = through_proxy(site, act)
    assert answer.startswith(b"HTTP/1.1 200")
    assert answer.endswith(b"<p>page</p>")
    (request,) = site.requests
    assert request.path == "/a?b=%20c"
    assert request.headers["X-Kept"] == "yes"
    assert request.headers["Connection"] == "close"
    assert not [name for name in request.headers if name.startswith("Proxy")]


def test_proxy_tunnels_to_permitted_addresses() -> None:
    """CONNECT opens a way for TLS, whose bytes it doesn't look at."""
    site = FakeSite({"/": "inside"})

    async def act(_proxy: PinningProxy, address: URL) -> bytes:
        return await ask(
            address,
            f"CONNECT 127.0.0.1:{site.port} HTTP/1.1\r\n\r\n"
            f"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        )

    answer = through_proxy(site, act)
    assert answer.startswith(b"HTTP/1.1 200 Connection established")
    assert answer.endswith(b"inside")


@pytest.mark.parametrize(
    "start",
    [
        "GET http://127.0.0.1:{port}/ HTTP/1.1",
        "GET http://localhost:{port}/ HTTP/1.1",
        "GET http://2130706433:{port}/ HTTP/1.1",
        "GET http://[::ffff:127.0.0.1]:{port}/ HTTP/1.1",
        "GET http://0.0.0.0:{port}/ HTTP/1.1",
        "CONNECT 127.0.0.1:{port} HTTP/1.1",
        "CONNECT localhost:{port} HTTP/1.1",
        "CONNECT 127.1:{port} HTTP/1.1",
        "CONNECT 169.254.169.254:80 HTTP/1.1",
        "GET http://user:word@127.0.0.1:{port}/ HTTP/1.1",
        "GET ftp://127.0.0.1:{port}/ HTTP/1.1",
        "GET file:///etc/passwd HTTP/1.1",
        "GET / HTTP/1.1",
        "nonsense",
    ],
)
def test_proxy_reaches_nothing_the_guard_forbids(start: str) -> None:
    """Whatever the spelling, the site behind is never connected to."""
    site = FakeSite({"/": "secret"})

    async def act(_proxy: PinningProxy, address: URL) -> bytes:
        return await ask(
            address, start.format(port=site.port) + "\r\nHost: 127.0.0.1\r\n\r\n"
        )

    answer = through_proxy(site, act, allow="10.0.0.0/8")
    assert b"secret" not in answer
    assert b"200" not in answer
    assert site.requests == []


def test_proxy_passes_other_ports_by() -> None:
    """A permitted host's other ports are not the page's own."""
    site = FakeSite({"/": "secret"})

    async def act(_proxy: PinningProxy, address: URL) -> bytes:
        async with FakeSite({"/": "other"}) as other:
            answer = await ask(address, f"GET {other.url('/')} HTTP/1.1\r\n\r\n")
            assert other.requests == []
            return answer

    assert through_proxy(site, act).startswith(b"HTTP/1.1 403")


def test_proxy_counts_the_bytes_of_a_page() -> None:
    """An endless script ends when the page's traffic is used up."""
    site = FakeSite({"/": "x" * 1_000_000})

    async def act(_proxy: PinningProxy, address: URL) -> bytes:
        return await ask(address, f"GET {site.url('/')} HTTP/1.1\r\nHost: x\r\n\r\n")

    assert len(through_proxy(site, act, max_bytes=200_000)) <= 200_000


def test_proxy_opens_two_connections_to_a_host_at_most() -> None:
    """The browser's six are held back to the manners of every fetch."""
    site = FakeSite()

    async def slowly(_request):  # type: ignore[no-untyped-def]
        await asyncio.sleep(0.02)
        return web.Response(text="ok")

    async def act(_proxy: PinningProxy, address: URL) -> bytes:
        request = f"GET {site.url('/')} HTTP/1.1\r\nHost: x\r\n\r\n"
        answers = await asyncio.gather(*(ask(address, request) for _ in range(7)))
        assert all(answer.endswith(b"ok") for answer in answers)
        return b""

    site.pages["/"] = slowly
    through_proxy(site, act)
    assert site.peak == 2


@pytest.mark.parametrize(
    "text", ["x" * 70_000, "GET", "\r\n\r\n", "CONNECT :::: a\r\n\r\n"]
)
def test_proxy_survives_what_is_no_request(text: str) -> None:
    """Endless and broken heads end the connection, not the proxy."""
    site = FakeSite({"/": "ok"})

    async def act(proxy: PinningProxy, address: URL) -> bytes:
        reader, writer = await asyncio.open_connection(address.host, address.port)
        writer.write(text.encode())
        writer.write_eof()
        with suppress(ConnectionResetError):
            await reader.read()
        writer.close()
        return await ask(address, f"GET {site.url('/')} HTTP/1.1\r\nHost: x\r\n\r\n")

    assert through_proxy(site, act).endswith(b"ok")
