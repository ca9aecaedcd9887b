"""Hazards: what real sites do to a fetcher, as pages of a FakeSite."""

from __future__ import annotations

import socket
import zlib
from contextlib import suppress
from dataclasses import dataclass

from aiohttp import web

from subak.testing.site import FakePage


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


@dataclass(slots=True)
class Bomb:
    """A page function: a small gzip body that inflates without end.

    ``sent`` counts the compressed bytes that went out, ``inflated`` what they hold.
    """

    megabytes: int = 20_000
    sent: int = 0
    inflated: int = 0

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Send zeros, compressed a thousandfold, until the reader hangs up."""
        headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request)
        packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
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
