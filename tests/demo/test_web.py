"""The demo's small web: ordinary sites, reached by HTTP only."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from subak.demo.factbook import CODES, load_profile
from subak.demo.web import DemoWeb
from subak.errors import UserError


def test_profiles_of_all_countries_load() -> None:
    """Each country the demo offers has the sections its sites publish."""
    for country in CODES:
        assert {"Government", "Economy", "Energy"} <= set(
            load_profile(country).sections
        )


def test_unknown_country_is_told_with_the_known_ones() -> None:
    """The error lists what there is."""
    with pytest.raises(UserError) as caught:
        load_profile("Atlantis")
    assert "Germany" in caught.value.hint


def test_demo_web_serves_each_topic_as_a_site() -> None:
    """Every site has an index, a sitemap, a feed, robots and validators."""

    async def scenario() -> None:
        async with (
            DemoWeb(["Germany", "Kenya"]) as sites,
            aiohttp.ClientSession() as session,
        ):
            assert sorted(sites.sites) == ["citizenship", "economy", "energy"]
            for base in sites.sites.values():
                for path in ("/", "/sitemap.xml", "/feed.xml", "/robots.txt"):
                    async with session.get(base + path) as reply:
                        assert reply.status == 200
                page = f"{base}/countries/germany.html"
                async with session.get(page) as reply:
                    text = await reply.text()
                    etag = reply.headers["ETag"]
                assert "<h1>Germany</h1>" in text
                headers = {"If-None-Match": etag}
                async with session.get(page, headers=headers) as reply:
                    assert reply.status == 304
                async with session.get(f"{base}/private/x") as reply:
                    assert reply.status == 404

    asyncio.run(scenario())


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
