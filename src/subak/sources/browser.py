"""Browser: pages as they stand after their scripts ran.

The one file that knows playwright. Chromium is the system's own; it reaches the
network through a PinningProxy only.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from yarl import URL

from subak.engine.clock import Clock
from subak.engine.limiter import FixedLimiter
from subak.errors import MissingExtra, Refused, TimedOut, UnusableContent, UserError
from subak.sources.address import find_port, is_same_site
from subak.sources.guard import Guard
from subak.sources.pinning_proxy import PinningProxy
from subak.sources.plain_data import has_plain_data
from subak.sources.polite import Polite
from subak.sources.request import Reply, Request

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Page, Route
    from playwright.async_api import Request as Asked

PAGES = 2  # at once; a tab takes 200-400 MB
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_TOTAL_S = 30.0
_LOAD_S = 15.0
_QUIET_S = 8.0  # for what scripts ask for after the page was there
_CLOSE_S = 5.0
_TRAFFIC_BYTES = 30_000_000
_MAX_REQUESTS = 200
_NEEDLESS = frozenset({"image", "media", "font", "stylesheet", "texttrack", "ping"})
_ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-quic",
    "--disable-sync",
    "--dns-prefetch-disable",
    "--no-first-run",
    "--no-pings",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    # Nothing is looked up but by the proxy, whatever asks.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    "--js-flags=--max-old-space-size=512",
)


class Browser:
    """Fetch pages with Chromium, started by the first page that needs it.

    Guarantees: robots.txt and the host's limits hold as for every page; a page has a
    fresh profile, can download nothing and ends in time; two at once.
    Assumes: one event loop; ``close`` is awaited at the end.
    """

    def __init__(
        self,
        polite: Polite,
        user_agent: str,
        clock: Clock,
        max_bytes: int = 8_000_000,
    ) -> None:
        self._polite = polite
        self._user_agent = user_agent
        self._clock = clock
        self._max_bytes = max_bytes
        self._limiter = FixedLimiter("browser", PAGES)
        self._starting = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._chromium: Chromium | None = None

    async def fetch(self, request: Request) -> Reply:
        """Return the page's HTML after its scripts ran.

        The plain page comes first: it follows redirects, obeys robots.txt, and may
        have its data in its source already.

        Raises:
            MissingExtra: Playwright is not installed.
            UserError: There is no Chromium.
            SubakError: As for every page.
        """
        plain = await self._polite.fetch(replace(request, validators=None))
        if "html" not in plain.content_type or has_plain_data(plain.body):
            return plain
        async with self._limiter.slot():
            chromium = await self._started()
            async with self._polite.enter(URL(plain.url), request):
                return await self._render(chromium, plain, request)

    async def close(self) -> None:
        """End Chromium if it was started."""
        self._chromium = None
        await self._stack.aclose()

    async def _render(
        self, chromium: Chromium, plain: Reply, request: Request
    ) -> Reply:
        from playwright.async_api import Error  # the extra's own

        begun = self._clock.monotonic()
        proxy = PinningProxy(
            Guard.parse(request.allow_hosts), find_port(request.url), _TRAFFIC_BYTES
        )
        try:
            async with (
                asyncio.timeout(_TOTAL_S),
                proxy.serve() as address,
                self._page(chromium, address) as page,
            ):
                html = await _read(page, plain.url, self._max_bytes)
        except TimeoutError as error:
            raise TimedOut(
                f"the page's scripts took more than {_TOTAL_S:.0f} s",
                where=plain.url,
                hint="the next run tries again; a copy fetched before is kept",
            ) from error
        except Error as error:
            reason = error.message.partition("\n")[0][:200]
            raise UnusableContent(
                f"the browser could not show the page: {reason}",
                where=plain.url,
                hint="open it in a browser, or leave out render = true",
            ) from error
        return replace(
            plain,
            body=html.encode("utf-8", "replace"),
            content_type="text/html",
            charset="utf-8",
            etag="",
            last_modified="",
            seconds=plain.seconds + self._clock.monotonic() - begun,
        )

    @asynccontextmanager
    async def _page(self, chromium: Chromium, proxy: str) -> AsyncIterator[Page]:
        context = await chromium.new_context(
            # Chromium goes past a proxy to loopback addresses unless told not to.
            proxy={"server": proxy, "bypass": "<-loopback>"},
            user_agent=self._user_agent,
            accept_downloads=False,
            service_workers="block",
        )
        try:
            page = await context.new_page()
            await context.route("**/*", _Filter(page).decide)
            yield page
        finally:
            await _close(context)

    async def _started(self) -> Chromium:
        async with self._starting:
            if self._chromium is None or not self._chromium.is_connected():
                self._chromium = await self._start()
            return self._chromium

    async def _start(self) -> Chromium:
        try:
            from playwright.async_api import Error, async_playwright
        except ImportError as error:
            raise MissingExtra("browser", "render = true") from error
        playwright = await self._stack.enter_async_context(async_playwright())
        try:
            chromium = await playwright.chromium.launch(
                executable_path=find_chromium(),
                args=list(_ARGUMENTS),
                # Chromium refuses its sandbox to root, as which containers run it.
                chromium_sandbox=os.geteuid() != 0,
                proxy={"server": "http://127.0.0.1:9", "bypass": "<-loopback>"},
            )
        except Error as error:
            raise UserError(
                f"Chromium does not start: {error.message.partition('=')[0].strip()}",
                where=find_chromium(),
                hint=f"see what it says to: {find_chromium()} --headless about:blank",
            ) from error
        self._stack.push_async_callback(chromium.close)
        return chromium


def find_chromium() -> str:
    """Return the path of the system's Chromium.

    Raises:
        UserError: There is none.
    """
    for program in PROGRAMS:
        if path := shutil.which(program):
            return path
    raise UserError(
        "render = true needs Chromium, and there is none on this machine",
        hint="install it: sudo apt install chromium (or your system's package)",
    )


class _Filter:
    """Lets through what the text of the page itself depends on."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._seen = 0

    async def decide(self, route: Route) -> None:
        self._seen += 1
        request = route.request
        is_needless = request.resource_type in _NEEDLESS
        if is_needless or self._seen > _MAX_REQUESTS or self._is_elsewhere(request):
            await route.abort()
        else:
            await route.continue_()

    def _is_elsewhere(self, request: Asked) -> bool:
        """Tell whether a frame or a window of its own is asked for."""
        from playwright.async_api import Error

        if not request.is_navigation_request():
            return False
        try:
            return bool(request.frame != self._page.main_frame)
        except Error:  # a new window, which is not there yet
            return True


async def _read(page: Page, url: str, most: int) -> str:
    from playwright.async_api import TimeoutError as TooSlow

    await page.goto(url, wait_until="domcontentloaded", timeout=_LOAD_S * 1_000)
    with suppress(TooSlow):  # some pages never stop asking; what is there counts
        await page.wait_for_load_state("networkidle", timeout=_QUIET_S * 1_000)
    size = await page.evaluate("document.documentElement.outerHTML.length")
    if not isinstance(size, int) or size > most:
        raise UnusableContent(
            f"its scripts make it larger than {most:,} characters",
            where=url,
            hint="leave it out, or leave out render = true",
        )
    if not is_same_site(URL(page.url), URL(url)):
        raise Refused(
            f"its scripts lead to another site, {URL(page.url).host}",
            where=url,
            hint="name that page in the recipe if you want it",
        )
    html: str = await page.content()
    return html


async def _close(context: BrowserContext) -> None:
    async with asyncio.timeout(_CLOSE_S):
        await context.close()
