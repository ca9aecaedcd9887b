"""DemoWeb: the demo's sites, served on loopback addresses of this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from subak.demo.factbook import load_profile
from subak.demo.pages import (
    TOPICS,
    Topic,
    country_page,
    feed,
    index_page,
    sitemap,
    slug,
)
from subak.errors import UserError

FIRST_PORT = 8627
PORTS_TRIED = 40
ROBOTS = "User-agent: *\nDisallow: /private/\nSitemap: {base}/sitemap.xml\n"


@dataclass(frozen=True, slots=True)
class Reply:
    """One stored answer of a site."""

    body: bytes
    content_type: str
    etag: str


class DemoWeb:
    """Serve each topic as a site of its own: ``127.77.0.N``, one port for all.

    Use as an async context manager; ``sites`` then tells the base URL of each topic.
    Where the machine has only 127.0.0.1, each site gets a port of its own there.
    """

    def __init__(self, countries: Sequence[str], *, port: int = 0) -> None:
        self.countries = tuple(countries)
        self.port = port
        self.sites: dict[str, str] = {}
        self._runners: list[web.AppRunner] = []
        self._profiles = [load_profile(country) for country in self.countries]

    async def __aenter__(self) -> DemoWeb:
        """Start all sites.

        Raises:
            UserError: No port is free.
        """
        ports = (
            [self.port] if self.port else range(FIRST_PORT, FIRST_PORT + PORTS_TRIED)
        )
        for port in ports:
            try:
                await self._start(port)
            except OSError:
                await self.close()
                continue
            self.port = port
            return self
        raise UserError(
            "no port is free for the demo's small web",
            where=f"127.77.0.1:{ports[0]}",
            hint="end the other demo, or use another folder: subak demo --dir other",
        )

    async def __aexit__(self, *exc_info: object) -> None:
        """Stop all sites."""
        await self.close()

    async def close(self) -> None:
        """Stop all sites; harmless when none runs."""
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()
        self.sites.clear()

    async def _start(self, port: int) -> None:
        for number, topic in enumerate(TOPICS, 1):
            base = await self._start_site(topic, f"127.77.0.{number}", port, number)
            self.sites[topic.name] = base

    async def _start_site(
        self, topic: Topic, address: str, port: int, number: int
    ) -> str:
        try:
            return await self._listen(topic, address, port)
        except OSError as error:
            if error.errno not in _NO_SUCH_ADDRESS:
                raise
        return await self._listen(topic, "127.0.0.1", port + number)

    async def _listen(self, topic: Topic, address: str, port: int) -> str:
        base = f"http://{address}:{port}"
        app = web.Application()
        replies = self._replies(topic, base)
        app.router.add_get("/{path:.*}", _handler(replies))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, address, port).start()
        return base

    def _replies(self, topic: Topic, base: str) -> dict[str, Reply]:
        names = self.countries
        html = "text/html"
        replies = {
            "/": _reply(index_page(topic, names), html),
            "/sitemap.xml": _reply(sitemap(base, names), "application/xml"),
            "/feed.xml": _reply(feed(topic, base, names), "application/rss+xml"),
            "/robots.txt": _reply(ROBOTS.format(base=base), "text/plain"),
        }
        for profile in self._profiles:
            path = f"/countries/{slug(profile.country)}.html"
            replies[path] = _reply(country_page(topic, profile, names), html)
        return replies


_NO_SUCH_ADDRESS = {49, 99}  # EADDRNOTAVAIL on macOS and Linux


def _reply(text: str, content_type: str) -> Reply:
    body = text.encode()
    etag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    return Reply(body, content_type, etag)


def _handler(
    replies: dict[str, Reply],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        reply = replies.get(request.path)
        if reply is None:
            return web.Response(status=404, text="Not found")
        if request.headers.get("If-None-Match") == reply.etag:
            return web.Response(status=304, headers={"ETag": reply.etag})
        return web.Response(
            body=reply.body,
            content_type=reply.content_type,
            charset="utf-8",
            headers={"ETag": reply.etag},
        )

    return answer
