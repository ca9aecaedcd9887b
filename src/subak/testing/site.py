"""FakeSite: a real web site on a loopback address, as good or bad as a test needs."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class FakePage:
    """What one path answers.

    Args:
        body: Text is sent as UTF-8.
        content_type: The header as it stands, "" for none.
        latency_s: Waited before the first byte.
        etag: Sent and compared: "" none, "auto" the body's hash.
        last_modified: Sent and compared as it stands.
    """

    body: str | bytes = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    latency_s: float = 0.0
    etag: str = "auto"
    last_modified: str = ""

    @property
    def data(self) -> bytes:
        """Return the bytes of the body."""
        return self.body.encode() if isinstance(self.body, str) else self.body

    @property
    def tag(self) -> str:
        """Return the ETag header, "" for none."""
        if self.etag != "auto":
            return self.etag
        return f'"{hashlib.blake2b(self.data, digest_size=8).hexdigest()}"'


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One request as the site saw it."""

    path: str
    time: float
    headers: Mapping[str, str]


class FakeSite:
    """Serve ``pages`` while the ``async with`` block runs.

    ``pages`` may be changed at any time. A path that is not there answers 404.

    Args:
        pages: Path (with query) -> text of an HTML page, FakePage, or a function.
        address: A loopback address: each site can have its own host.
        port: 0 takes a free one.
        robots: Text of robots.txt; None answers 404.
    """

    def __init__(
        self,
        pages: Mapping[str, FakePage | str | Answer] | None = None,
        *,
        address: str = "127.0.0.1",
        port: int = 0,
        robots: str | None = None,
    ) -> None:
        self.pages: dict[str, FakePage | str | Answer] = dict(pages or {})
        self.address = address
        self.port = port
        self.requests: list[SeenRequest] = []
        self.peak = 0
        self._in_flight = 0
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None
        if robots is not None:
            self.pages["/robots.txt"] = FakePage(robots, content_type="text/plain")

    @property
    def base(self) -> str:
        """Return the address without a final slash."""
        return f"http://{self.address}:{self.port}"

    @property
    def paths(self) -> list[str]:
        """Return the paths asked for, in order, robots.txt left out."""
        seen = [request.path for request in self.requests]
        return [path for path in seen if path != "/robots.txt"]

    def url(self, path: str) -> str:
        """Return the absolute URL of a path."""
        return f"{self.base}{path}"

    def add_sitemap(
        self, paths: Sequence[str], *, at: str = "/sitemap.xml", lastmod: str = ""
    ) -> None:
        """Serve a sitemap of these paths, all with one date."""
        date = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
        urls = "".join(
            f"<url><loc>{self.url(path)}</loc>{date}</url>" for path in paths
        )
        namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
        body = f'<?xml version="1.0"?><urlset xmlns="{namespace}">{urls}</urlset>'
        self.pages[at] = FakePage(body, content_type="application/xml")

    async def __aenter__(self) -> FakeSite:
        """Start to serve."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._serve)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await runner.setup()
        await web.TCPSite(runner, self.address, self.port).start()
        self._runner = runner
        self.port = int(runner.addresses[0][1])
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        """Stop; whoever is still waiting is let go."""
        self._closing.set()
        if self._runner is not None:
            await self._runner.cleanup()

    async def hang(self, _request: web.Request) -> web.StreamResponse:
        """Accept and never answer (a page function)."""
        await self._closing.wait()
        return web.Response(status=503)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        path = request.raw_path
        self.requests.append(SeenRequest(path, time.monotonic(), dict(request.headers)))
        self._in_flight += 1
        self.peak = max(self.peak, self._in_flight)
        try:
            page = self.pages.get(path, FakePage("not found", status=404))
            if callable(page):
                return await page(request)
            return await _answer(page, request)
        finally:
            self._in_flight -= 1


async def _answer(page: FakePage | str, request: web.Request) -> web.Response:
    page = FakePage(page) if isinstance(page, str) else page
    await asyncio.sleep(page.latency_s)
    headers = dict(page.headers)
    if page.tag:
        headers["ETag"] = page.tag
    if page.last_modified:
        headers["Last-Modified"] = page.last_modified
    asked = request.headers
    is_known = page.tag and asked.get("If-None-Match") == page.tag
    is_old = asked.get("If-Modified-Since", "") == page.last_modified != ""
    if page.status == 200 and (is_known or is_old):
        return web.Response(status=304, headers=headers)
    headers["Content-Type"] = page.content_type
    return web.Response(status=page.status, body=page.data, headers=headers)
