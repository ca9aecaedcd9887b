"""Pages whose text scripts write: Chromium behind our proxy, where it is installed."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Awaitable, Callable

import pytest

from subak.engine.clock import SystemClock
from subak.errors import MissingExtra, Refused, SubakError, UserError
from subak.sources.browser import Browser, find_chromium
from subak.sources.client import FetchClient
from subak.sources.plain_data import has_plain_data
from subak.sources.polite import Polite
from subak.sources.request import Reply, Request
from subak.testing.site import FakePage, FakeSite

HAS_PLAYWRIGHT = importlib.util.find_spec("playwright") is not None


def _has_chromium() -> bool:
    try:
        return bool(find_chromium())
    except UserError:
        return False


needs_chromium = pytest.mark.skipif(
    not (HAS_PLAYWRIGHT and _has_chromium()),
    reason="needs the extra 'browser' and the system's Chromium",
)
SHELL = """<!doctype html><html><head><title>Shell</title>
<link rel="stylesheet" href="/style.css"></head><body><div id="app"></div>
<img src="/picture.png"><script src="/app.js"></script></body></html>"""
SCRIPT = """fetch("/data.json").then(reply => reply.json()).then(data => {
document.getElementById("app").innerHTML = "<h1>VAT</h1><p>" + data.text + "</p>"; });
"""


def app_pages(script: str = SCRIPT) -> dict[str, FakePage | str]:
    """Return a page that is empty until its script ran."""
    return {
        "/": SHELL,
        "/app.js": FakePage(script, content_type="text/javascript"),
        "/data.json": FakePage(
            '{"text": "The rate is 19 %."}', content_type="application/json"
        ),
        "/style.css": FakePage("p { color: red }", content_type="text/css"),
        "/picture.png": FakePage(b"png", content_type="image/png"),
    }


def with_browser(
    act: Callable[[Browser], Awaitable[Reply]],
) -> Reply:
    """Return what ``act`` gets from a browser that is closed afterwards."""

    async def scenario() -> Reply:
        clock = SystemClock()
        client = FetchClient("subak/test", clock)
        browser = Browser(Polite(client, clock), "subak/test (+me)", clock)
        try:
            return await act(browser)
        finally:
            await browser.close()
            await client.close()

    return asyncio.run(scenario())


def rendered(site: FakeSite, path: str = "/") -> Reply:
    """Return a page of a site as the browser gives it."""

    async def act(browser: Browser) -> Reply:
        async with site:
            return await browser.fetch(
                Request(site.url(path), allow_hosts=("127.0.0.1",))
            )

    return with_browser(act)


@needs_chromium
def test_browser_returns_the_page_after_its_scripts_ran() -> None:
    """The text that a script fetched is there; pictures and styles were not asked."""
    site = FakeSite(app_pages())
    reply = rendered(site)
    assert "The rate is 19 %." in reply.body.decode()
    assert (reply.url, reply.charset) == (site.url("/"), "utf-8")
    assert set(site.paths) == {"/", "/app.js", "/data.json"}
    agents = {request.headers["User-Agent"] for request in site.requests}
    assert agents == {"subak/test", "subak/test (+me)"}


@needs_chromium
def test_browser_reaches_no_private_address_its_scripts_ask_for() -> None:
    """Loopback under another number, a redirect and a socket: none gets through."""

    async def act(browser: Browser) -> Reply:
        secret = FakeSite({"/": "secret"}, address="127.0.0.2")
        async with secret, FakeSite() as site:
            target = secret.url("/")
            site.pages.update(
                app_pages(
                    f"""const show = text => document.body.append("[" + text + "]");
                    for (const url of ["{target}", "/away",
                        "http://localhost:{secret.port}/", "http://[::1]:{secret.port}/"])
                      fetch(url).then(r => r.text()).then(show, () => show("refused"));
                    new WebSocket("{target.replace("http", "ws")}");"""
                )
            )
            site.pages["/away"] = FakePage(status=302, headers={"Location": target})
            reply = await browser.fetch(
                Request(site.url("/"), allow_hosts=("127.0.0.1/32",))
            )
            assert secret.requests == []
            return reply

    body = with_browser(act).body.decode()
    assert body.count("[refused]") == 4
    assert "secret" not in body


@needs_chromium
def test_browser_does_not_follow_scripts_to_another_site() -> None:
    """What another site says is not taken for the page's own words."""
    site = FakeSite(app_pages('location.href = "http://127.0.0.1.nip.example/"'))
    with pytest.raises(SubakError):
        rendered(site)


def test_browser_obeys_robots_before_anything_runs() -> None:
    """A page robots.txt forbids is not opened."""
    site = FakeSite(app_pages(), robots="User-agent: *\nDisallow: /")
    with pytest.raises(Refused, match=r"robots\.txt"):
        rendered(site)


def test_browser_takes_data_that_stands_in_the_source() -> None:
    """A page with its article as JSON-LD needs no browser."""
    article = "word " * 100
    page = f'<script type="application/ld+json">{{"articleBody": "{article}"}}</script>'
    assert rendered(FakeSite({"/": page})).body == page.encode()


@pytest.mark.parametrize(
    ("page", "has_data"),
    [
        (
            '<head><title>A long title of a page</title></head><div id="a"></div>{}',
            True,
        ),
        ("<p>Please wait while the application is prepared.</p>{}", False),
        ("<p>Short</p>", False),
        ("{}" + " " * 1_000_000, False),
        ("<" * 900_000, False),
        ("<script>" * 100_000, False),
    ],
)
def test_has_plain_data_tells_a_shell_with_data(page: str, has_data: bool) -> None:
    """Only a page without visible text is read from its data."""
    data = f'<script type="application/ld+json">{{"articleBody": "{"x " * 300}"}}'
    assert has_plain_data(page.replace("{}", f"{data}</script>").encode()) == has_data


@pytest.mark.skipif(HAS_PLAYWRIGHT, reason="playwright is installed here")
def test_browser_without_its_extra_says_how_to_install_it() -> None:
    """The error names the extra."""
    with pytest.raises(MissingExtra, match="'browser'") as caught:
        rendered(FakeSite(app_pages()))
    assert caught.value.hint == "pip install 'subak[browser]'"
