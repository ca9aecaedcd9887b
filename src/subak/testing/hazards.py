"""Hazards: what real sites do to a fetcher, as pages of a FakeSite."""

from __future__ import annotations

import asyncio
import socket
import zlib
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web

from subak.testing.site import Answer, FakePage

_SILENT_TURNS = 6_000  # a minute of silence outlasts every limit of a test


def dead_url(address: str = "127.0.0.1") -> str:
    """Return a URL at which nobody listens."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return f"http://{address}:{probe.getsockname()[1]}/"


def redirect(location: str, status: int = 302) -> FakePage:
    """Return a page that sends elsewhere."""
    return FakePage(status=status, headers={"Location": location})


def busy(retry_after: str = "", status: int = 429) -> FakePage:
    """Return a page that asks to come later."""
    headers = {"Retry-After": retry_after} if retry_after else {}
    return FakePage("busy", status=status, headers=headers)


async def garbage(request: web.Request) -> web.StreamResponse:
    """Answer with bytes that are not HTTP (a page function)."""
    assert request.transport is not None
    request.transport.write(b"\x00\xff\xfe no protocol at all \r\n\r\n")
    request.transport.close()
    return web.Response()


async def cut(request: web.Request) -> web.StreamResponse:
    """Promise a long body and hang up in the middle (a page function)."""
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    response.content_length = 100_000
    await response.prepare(request)
    await response.write(b"<p>the beginning")
    assert request.transport is not None
    request.transport.close()
    return response


async def endless(request: web.Request) -> web.StreamResponse:
    """Send text as fast as it is taken, without end (a page function)."""
    response = web.StreamResponse(headers={"Content-Type": "text/html"})
    await response.prepare(request)
    with suppress(ConnectionError):
        while True:
            await response.write(b"<p>and then some more</p>" * 2_000)
    return response


def dripping(pause_s: float) -> Answer:
    """Return a page function that sends one byte at a time, without end."""

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        await response.prepare(request)
        with suppress(ConnectionError):
            while True:
                await response.write(b"x")
                await asyncio.sleep(pause_s)
        return response

    return drip


def sending(head: bytes, *, pause_s: float = 0.0, rest: bytes = b"") -> Answer:
    """Return a page function that writes bytes as they are, then falls silent.

    Args:
        pause_s: Waited between two bytes of ``rest``.
        rest: Sent byte by byte after ``head``.
    """

    async def send(request: web.Request) -> web.StreamResponse:
        transport = request.transport
        assert transport is not None
        transport.write(head)
        for byte in rest:
            if transport.is_closing():
                break
            transport.write(bytes([byte]))
            await asyncio.sleep(pause_s)
        for _ in range(_SILENT_TURNS):
            if transport.is_closing():
                break
            await asyncio.sleep(0.01)
        return web.Response()

    return send


@dataclass(slots=True)
class Bulk:
    """A page function: that many megabytes of text.

    ``sent`` counts the bytes that went out.
    """

    megabytes: int
    is_declared: bool = False
    sent: int = 0

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Send until the reader hangs up or all is sent."""
        response = web.StreamResponse(headers={"Content-Type": "text/html"})
        if self.is_declared:
            response.content_length = self.megabytes * 1_000_000
        await response.prepare(request)
        block = b"lorem ipsum dolor si" * 5_000
        with suppress(ConnectionError):
            for _ in range(self.megabytes * 10):
                await response.write(block)
                self.sent += len(block)
        return response


@dataclass(slots=True)
class Bomb:
    """A page function: a small compressed body that inflates without end.

    Args:
        encoding: "gzip" or "deflate".

    ``sent`` counts the compressed bytes that went out, ``inflated`` what they hold.
    """

    megabytes: int = 20_000
    encoding: str = "gzip"
    sent: int = 0
    inflated: int = 0

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Send zeros, compressed a thousandfold, until the reader hangs up."""
        headers = {"Content-Type": "text/html", "Content-Encoding": self.encoding}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        wrapping = 16 if self.encoding == "gzip" else 0
        packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | wrapping)
        start = packer.flush(zlib.Z_FULL_FLUSH)
        # After a full flush a block depends on nothing before it: one serves for all.
        block = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
        with suppress(ConnectionError):
            await response.write(start)
            for _ in range(self.megabytes):
                await response.write(block)
                self.sent += len(block)
                self.inflated += 1_000_000
        return response
