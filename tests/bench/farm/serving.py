"""serve_farm: a small farm in the test's own event loop, asked over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import aiohttp

from bench.farm.__main__ import free_port
from bench.farm.pages import Pages
from bench.farm.planned import plan_sites
from bench.farm.press import Press
from bench.farm.server import Server
from bench.farm.site import Site
from bench.farm.truth import Truth

SITES = 60


@dataclass(frozen=True, slots=True)
class Farm:
    """A farm that listens, and a client without manners of its own."""

    server: Server
    sites: Sequence[Site]
    truth: Truth
    client: aiohttp.ClientSession

    def of_kind(self, kind: str) -> Site:
        """Return the first site of a kind."""
        return next(site for site in self.sites if site.kind == kind)

    async def get(
        self, url: str, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Ask for one page, redirects not followed."""
        async with self.client.get(url, headers=headers, allow_redirects=False) as told:
            return told.status, told.headers, await told.read()


def serve_farm(
    scenario: Callable[[Farm], Awaitable[None]], kinds: frozenset[str]
) -> None:
    """Run a scenario against the sites of some kinds, without latency."""

    async def run() -> None:
        port = free_port()
        sites = plan_sites(port, SITES)
        press = Press(sites)
        chosen = [site for site in sites if site.kind in kinds]
        server = Server(chosen, Pages(press), port, speed=0.0)
        await server.listen()
        jar = aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(cookie_jar=jar) as client:
            try:
                await scenario(Farm(server, chosen, Truth(sites, press), client))
            finally:
                await server.close()

    asyncio.run(run())
