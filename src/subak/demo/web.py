"""DemoWeb: the demo's sites, served on loopback addresses of this machine."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from subak.demo.face import Face
from subak.demo.factbook import Edition
from subak.demo.gazette import gazette_site
from subak.demo.sites import Site, make_sites
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
    """Serve each site at an address of its own: ``127.77.0.N``, one port for all.

    Use as an async context manager; ``sites`` then tells the base URL of each site,
    ``shown`` what each serves.
    Where the machine has only 127.0.0.1, each site gets a port of its own there.

    Args:
        countries: Whose profiles the Factbook's sites show.
        port: 0 takes a free one.
        edition: The day that is served at first; see ``turn_to``.
        with_news: The gazette too, a site in whole sentences; the same on any day.
    """

    def __init__(
        self,
        countries: Sequence[str],
        *,
        port: int = 0,
        edition: Edition = "today",
        with_news: bool = False,
    ) -> None:
        self.countries = tuple(countries)
        self.port = port
        self.sites: dict[str, str] = {}
        self._runners: list[web.AppRunner] = []
        self._replies: dict[str, dict[str, Reply]] = {}
        self._news = (gazette_site(self.countries),) if with_news else ()
        self.shown = self._sites_on(edition)

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

    def turn_to(self, edition: Edition) -> None:
        """Serve another day from now on, at the same addresses."""
        self.shown = self._sites_on(edition)
        for site in self.shown:
            name = site.face.name
            self._replies[name] = _replies(site, self.sites[name])

    def _sites_on(self, edition: Edition) -> tuple[Site, ...]:
        return (*make_sites(self.countries, edition), *self._news)

    async def close(self) -> None:
        """Stop all sites; harmless when none runs."""
        for runner in self._runners:
            await runner.cleanup()
        self._runners.clear()
        self.sites.clear()

    async def _start(self, port: int) -> None:
        for number, site in enumerate(self.shown, 1):
            address = f"127.77.0.{number}"
            base = await self._start_site(site.face, address, port, number)
            self.sites[site.face.name] = base
        for site in self.shown:
            name = site.face.name
            self._replies[name] = _replies(site, self.sites[name])

    async def _start_site(
        self, face: Face, address: str, port: int, number: int
    ) -> str:
        try:
            return await self._listen(face, address, port)
        except OSError as error:
            if error.errno not in _NO_SUCH_ADDRESS:
                raise
        return await self._listen(face, "127.0.0.1", port + number)

    async def _listen(self, face: Face, address: str, port: int) -> str:
        app = web.Application()
        app.router.add_get("/{path:.*}", self._handler(face.name))
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        self._runners.append(runner)
        await web.TCPSite(runner, address, port).start()
        return f"http://{address}:{port}"

    def _handler(self, name: str) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            reply = self._replies.get(name, {}).get(request.path)
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


_NO_SUCH_ADDRESS = {49, 99}  # EADDRNOTAVAIL on macOS and Linux


def _replies(site: Site, base: str) -> dict[str, Reply]:
    face, menu = site.face, site.menu
    replies = {
        "/": _reply(face.front(menu), "text/html"),
        "/sitemap.xml": _reply(face.sitemap(base, menu), "application/xml"),
        "/feed.xml": _reply(face.feed(base, menu), "application/rss+xml"),
        "/robots.txt": _reply(ROBOTS.format(base=base), "text/plain"),
    }
    pages = {path: _reply(text, "text/html") for path, text in site.pages.items()}
    return replies | pages


def _reply(text: str, content_type: str) -> Reply:
    body = text.encode()
    etag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
    return Reply(body, content_type, etag)
