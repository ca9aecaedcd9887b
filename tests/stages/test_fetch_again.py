"""Fetch on later days: what is asked for again, and what that changes."""

from __future__ import annotations

import asyncio
import zlib
from pathlib import Path

import pytest

from subak.errors import SubakError, UnusableContent
from subak.knowledge.documents.visits import AUDIT_DAYS
from subak.testing.site import FakePage, FakeSite
from tests.stages.test_fetch import DAY, Calendar, bench

OLD_HINT = "2026-01-01T00:00:00Z"


def quiet_day(url: str) -> float:
    """Return a day, some days from now, on which this page is not audited."""
    today = int(Calendar(0).now() // DAY)
    offset = zlib.crc32(url.encode()) + today
    return next(day for day in (2, 3) if (offset + day) % AUDIT_DAYS)


def test_fetch_same_hint_spares_the_request(tmp_path: Path) -> None:
    """A page whose lastmod stayed gives the same Page without a request."""

    async def scenario() -> None:
        site = FakeSite({"/de": "<p>19 %</p>"})
        async with site:
            url = site.url("/de")
            async with bench(tmp_path) as b:
                first = await b.get(url, hint=OLD_HINT)
            requests = len(site.requests)
            async with bench(tmp_path, quiet_day(url)) as b:
                assert await b.get(url, hint=OLD_HINT) == first
                assert len(site.requests) == requests
                kind, item, data = b.heard.events[-1]
                assert (kind, item) == ("fetch.spared", "germany")
                assert data == {"url": url, "reason": "same hint"}

    asyncio.run(scenario())


def test_fetch_changed_hint_is_asked_without_validators(tmp_path: Path) -> None:
    """A constant ETag cannot hide a change the sitemap tells of."""

    async def scenario() -> None:
        site = FakeSite({"/de": FakePage("<p>19 %</p>", etag='"constant"')})
        async with site, bench(tmp_path) as b:
            first = await b.get(site.url("/de"), hint=OLD_HINT)
            site.pages["/de"] = FakePage("<p>20 %</p>", etag='"constant"')
            changed = await b.get(site.url("/de"), hint="2026-02-02T00:00:00Z")
            assert changed.body != first.body
            assert b.heard.last["reason"] == "hint changed"

    asyncio.run(scenario())


def test_fetch_hint_and_feed_date_leave_the_page_equal(tmp_path: Path) -> None:
    """What a listing says of unchanged bytes reads nothing anew downstream."""

    async def scenario() -> None:
        site = FakeSite({"/de": "<p>19 %</p>"})
        async with site, bench(tmp_path) as b:
            url = site.url("/de")
            first = await b.get(url, hint="1", published="2026-01-01", source="a")
            assert first.target.published == "2026-01-01"
            again = await b.get(url, hint="2", published="2026-02-02", source="b")
            assert again == first
            known = b.archive.find_snapshot(url)
            assert known is not None
            assert (known.hint, known.source) == ("2", "b")

    asyncio.run(scenario())


@pytest.mark.parametrize("status", [404, 410])
def test_fetch_page_that_is_gone_yields_nothing(tmp_path: Path, status: int) -> None:
    """A page known before that is gone is no failure; its document is forgotten."""

    async def scenario() -> None:
        site = FakeSite({"/de": "<p>19 %</p>"})
        async with site:
            url = site.url("/de")
            async with bench(tmp_path) as b:
                page = await b.get(url)
                document = await b.read(page, "19 %")
                site.pages["/de"] = FakePage("gone", status=status)
                assert await b.visit(url) == []
                kind, _, data = b.heard.events[-1]
                assert (kind, data) == ("fetch.removed", {"url": url, "status": status})
                assert b.forgotten == [document]
                known = b.archive.find_snapshot(url)
                assert known is not None
                assert known.status == status
            async with bench(tmp_path, 1) as b:
                assert await b.visit(url) == []
                requests = len(site.requests)
                assert await b.visit(url) == []
                assert len(site.requests) == requests
                site.pages["/de"] = "<p>19 %</p>"
            async with bench(tmp_path, 3) as b:
                assert await b.get(url) == page
                known = b.archive.find_snapshot(url)
                assert known is not None
                assert (known.status, known.failures) == (200, 0)

    asyncio.run(scenario())


def test_fetch_lasting_failure_is_remembered_for_days(tmp_path: Path) -> None:
    """A page that says 403 each day is no longer asked, and the reason is kept."""

    async def scenario() -> None:
        site = FakeSite({"/de": FakePage("no", status=403)})
        async with site:
            url = site.url("/de")
            for day in (0, 1):
                async with bench(tmp_path, day) as b:
                    with pytest.raises(SubakError, match="403"):
                        await b.visit(url)
            requests = len(site.requests)
            async with bench(tmp_path, 1.5) as b:
                with pytest.raises(UnusableContent, match=r"403.*not asked") as caught:
                    await b.visit(url)
                assert "--refresh fetch" in caught.value.hint
                assert len(site.requests) == requests
                assert b.heard.events[-1][0] == "fetch.failed"
                with pytest.raises(SubakError):
                    await b.visit(url, refresh=True)
                assert len(site.requests) > requests

    asyncio.run(scenario())


def test_fetch_passing_failure_is_not_remembered(tmp_path: Path) -> None:
    """A server that is down today is asked tomorrow; the copy stays."""

    async def scenario() -> None:
        site = FakeSite({"/de": "<p>19 %</p>"})
        async with site, bench(tmp_path) as b:
            url = site.url("/de")
            await b.get(url)
            before = b.archive.find_snapshot(url)
            site.pages["/de"] = FakePage("down", status=500)
            with pytest.raises(SubakError):
                await b.visit(url)
            assert b.archive.find_snapshot(url) == before

    asyncio.run(scenario())


def test_fetch_site_that_lied_once_is_read_whole(tmp_path: Path) -> None:
    """After an ETag that outlived a change no ETag of the site is believed."""

    async def scenario() -> None:
        said = {"etag": '"constant"'}
        site = FakeSite({"/a": FakePage("one", **said), "/b": FakePage("b")})  # type: ignore[arg-type]
        async with site:
            async with bench(tmp_path) as b:
                await b.read(await b.get(site.url("/a")), "one")
                await b.get(site.url("/b"))
                site.pages["/a"] = FakePage("two", **said)  # type: ignore[arg-type]
                await b.read(await b.get(site.url("/a"), refresh=True), "two")
            async with bench(tmp_path) as b:
                await b.get(site.url("/b"))
                assert b.heard.last["reason"] == "no validators"
                assert "If-None-Match" not in site.requests[-1].headers

    asyncio.run(scenario())


def test_fetch_audit_finds_what_validators_hide(tmp_path: Path) -> None:
    """Within fourteen days a page with a constant ETag is read whole once."""

    async def scenario() -> None:
        site = FakeSite({"/de": FakePage("one", etag='"constant"')})
        async with site:
            url = site.url("/de")
            async with bench(tmp_path) as b:
                first = await b.get(url)
            site.pages["/de"] = FakePage("two", etag='"constant"')
            seen = []
            for day in range(1, 15):
                async with bench(tmp_path, day) as b:
                    page = await b.get(url)
                    if page != first:
                        seen.append(b.heard.last["reason"])
            assert seen[0] == "audit"

    asyncio.run(scenario())
