"""The demo's small web: ordinary sites, reached by HTTP only."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from subak.demo.web import DemoWeb
from subak.errors import UserError


def test_demo_web_serves_each_site_with_what_real_ones_have() -> None:
    """Every site has an index, a sitemap, a feed, robots and validators."""

    async def scenario() -> None:
        async with (
            DemoWeb(["Germany", "Kenya"]) as web,
            aiohttp.ClientSession() as session,
        ):
            assert sorted(web.sites) == [
                *("citizenship", "economy", "energy", "register", "tables")
            ]
            for name, base in web.sites.items():
                for path in ("/", "/sitemap.xml", "/feed.xml", "/robots.txt"):
                    async with session.get(base + path) as reply:
                        assert reply.status == 200
                country = "liechtenstein" if name == "tables" else "germany"
                page = f"{base}/countries/{country}.html"
                async with session.get(page) as reply:
                    assert "<h1>" in await reply.text()
                    etag = reply.headers["ETag"]
                headers = {"If-None-Match": etag}
                async with session.get(page, headers=headers) as reply:
                    assert reply.status == 304
                async with session.get(f"{base}/private/x") as reply:
                    assert reply.status == 404

    asyncio.run(scenario())


def test_demo_web_turns_to_another_day_at_the_same_addresses() -> None:
    """Its pages and today's differ; the addresses don't."""

    async def scenario() -> None:
        async with (
            DemoWeb(["Germany"], edition="earlier") as web,
            aiohttp.ClientSession() as session,
        ):
            pages = {
                "citizenship": "germany",
                "tables": "estonia",
                "register": "italy",
            }
            urls = {
                name: f"{web.sites[name]}/countries/{country}.html"
                for name, country in pages.items()
            }
            before = {name: await _text(session, url) for name, url in urls.items()}
            web.turn_to("today")
            after = {name: await _text(session, url) for name, url in urls.items()}
            changed = {name for name in urls if before[name] != after[name]}
            assert changed == {"citizenship", "tables"}
            assert "(VAT): 22 %" in before["tables"]
            assert "(VAT): 24 % since" in after["tables"]

    asyncio.run(scenario())


async def _text(session: aiohttp.ClientSession, url: str) -> str:
    async with session.get(url) as reply:
        return await reply.text()


def test_two_demo_webs_take_different_ports() -> None:
    """A second demo on the same machine finds a free port."""

    async def scenario() -> None:
        async with DemoWeb(["Kenya"]) as first, DemoWeb(["Kenya"]) as second:
            assert first.port != second.port

    asyncio.run(scenario())


def test_taken_port_is_told_when_it_must_be_that_one() -> None:
    """A folder made with one port can't silently get another."""

    async def scenario() -> None:
        async with DemoWeb(["Kenya"]) as first:
            with pytest.raises(UserError, match="no port is free"):
                await DemoWeb(["Kenya"], port=first.port).__aenter__()

    asyncio.run(scenario())
