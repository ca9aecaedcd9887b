"""The farm over real sockets: each site as its kind says, and a judge of manners."""

from __future__ import annotations

import asyncio
import gzip
import json
import zlib

import aiohttp
import pytest

from bench.farm.markers import find_markers, find_pdf_markers
from bench.farm.planned import CONTROL_HOST
from bench.farm.press import is_hostile
from bench.farm.site import Site
from bench.farm.told import Told
from bench.farm.wire import bomb
from tests.bench.farm.serving import Farm, serve_farm

_RSS_LIMIT = 1 << 20


def _article(farm: Farm, site: Site, *, hostile: bool = False) -> str:
    """Return the address of a good article, or of the hostile one."""
    path = next(
        each.path
        for each in farm.truth.press.articles(site, 1)
        if is_hostile(site, each.number) == hostile
    )
    return site.base + path


def test_good_site_serves_front_articles_and_files() -> None:
    """Front page, article and PDF hold their markers; an unknown path is missing."""

    async def scenario(farm: Farm) -> None:
        site = farm.of_kind("pdf")
        wanted = farm.truth.markers(1)
        mine = {mark: url for mark, url in wanted.items() if f"{site.base}/" in url}
        assert len(mine) == 11
        for mark, url in mine.items():
            status, fields, body = await farm.get(url)
            assert status == 200
            is_pdf = fields["Content-Type"] == "application/pdf"
            found = find_pdf_markers(body) if is_pdf else find_markers(body.decode())
            assert found == {mark}
        assert (await farm.get(f"{site.base}/nothing"))[0] == 404

    serve_farm(scenario, frozenset({"pdf"}))


def test_removed_article_is_gone_on_the_second_day() -> None:
    """410 where day 1 had an article, 404 where nobody had one."""

    async def scenario(farm: Farm) -> None:
        url = min(url for url in farm.truth.removed() if _is_served(farm, url))
        assert (await farm.get(url))[0] == 200
        farm.server.habits.day = 2
        assert (await farm.get(url))[0] == 410

    kinds = frozenset({"plain", "slow", "closes", "mirror", "charset", "pdf"})
    serve_farm(scenario, kinds)


def _is_served(farm: Farm, url: str) -> bool:
    return any(url.startswith(f"{site.base}/") for site in farm.sites)


@pytest.mark.parametrize(
    ("validators", "status"),
    [("both", 304), ("etag", 304), ("none", 200), ("ignored", 200)],
)
def test_validators_are_as_honest_as_the_site(validators: str, status: int) -> None:
    """A copy at hand is only recognised by sites that mean their validators."""

    async def scenario(farm: Farm) -> None:
        site = next(each for each in farm.sites if each.validators == validators)
        _, fields, _ = await farm.get(site.front_url)
        sent = {"If-None-Match": fields["ETag"]} if "ETag" in fields else {}
        assert (await farm.get(site.front_url, sent))[0] == status

    serve_farm(scenario, frozenset({"plain", "closes", "pdf", "slow"}))


def test_noisy_site_sends_other_bytes_each_time() -> None:
    """The token differs, the length and the text do not."""

    async def scenario(farm: Farm) -> None:
        site = next(each for each in farm.sites if each.is_noisy)
        first, second = [(await farm.get(site.front_url))[2] for _ in range(2)]
        assert first != second
        assert len(first) == len(second)

    serve_farm(scenario, frozenset({"plain"}))


@pytest.mark.parametrize(
    ("kind", "status"),
    [("unavailable", 503), ("redirect_loop", 302), ("moved_away", 301)],
)
def test_dead_site_answers_as_its_kind_says(kind: str, status: int) -> None:
    """What cannot be had says so in its own way."""

    async def scenario(farm: Farm) -> None:
        assert (await farm.get(farm.of_kind(kind).front_url))[0] == status

    serve_farm(scenario, frozenset({kind}))


def test_refusing_site_has_nobody_listening() -> None:
    """A connection is refused."""

    async def scenario(farm: Farm) -> None:
        with pytest.raises(aiohttp.ClientConnectorError):
            await farm.get(farm.of_kind("refused").front_url)

    serve_farm(scenario, frozenset({"refused"}))


@pytest.mark.parametrize("kind", ["hangs_at_once", "hangs_in_body", "drips"])
def test_hanging_site_is_counted_until_the_visitor_leaves(kind: str) -> None:
    """The answer never ends, and the farm sees the visitor go."""

    async def scenario(farm: Farm) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await farm.get(farm.of_kind(kind).front_url)
        watch = farm.server.watches[0]
        for _ in range(100):
            if watch.in_flight == 0:
                break
            await asyncio.sleep(0.01)
        assert (watch.requests, watch.in_flight) == (1, 0)

    serve_farm(scenario, frozenset({kind}))


def test_cut_answer_is_shorter_than_announced() -> None:
    """The connection closes in the middle of the page."""

    async def scenario(farm: Farm) -> None:
        with pytest.raises(aiohttp.ClientPayloadError):
            await farm.get(farm.of_kind("cut_short").front_url)

    serve_farm(scenario, frozenset({"cut_short"}))


@pytest.mark.parametrize("kind", ["endless", "huge"])
def test_too_long_answer_keeps_coming(kind: str) -> None:
    """More than a page can have comes, and stops when the visitor leaves."""

    async def scenario(farm: Farm) -> None:
        url = _article(farm, farm.of_kind(kind), hostile=True)
        wanted = _RSS_LIMIT if kind == "huge" else 60_000
        got = 0
        async with farm.client.get(url) as told:
            async for piece in told.content.iter_any():
                got += len(piece)
                if got > wanted:
                    break
        assert got > wanted

    serve_farm(scenario, frozenset({kind}))


def test_bomb_is_small_on_the_wire_and_never_small_again() -> None:
    """Two megabytes unpack to more than anybody should read."""
    packed = bomb()
    assert len(packed) < 3_000_000
    unpacker = zlib.decompressobj(wbits=31)
    size = len(unpacker.decompress(packed, 20_000_000))
    assert size == 20_000_000
    assert len(unpacker.unconsumed_tail) > 0.9 * len(packed)


def test_rate_limited_site_refuses_who_comes_too_fast() -> None:
    """The ninth request within a second is told to wait."""

    async def scenario(farm: Farm) -> None:
        url = farm.of_kind("rate_limited").front_url
        answers = [(await farm.get(url)) for _ in range(12)]
        statuses = [status for status, _, _ in answers]
        assert statuses[:8] == [200] * 8
        assert 429 in statuses
        assert answers[-1][1]["Retry-After"] == "1"

    serve_farm(scenario, frozenset({"rate_limited"}))


def test_wall_of_cookies_opens_for_who_brings_one() -> None:
    """A redirect to itself until the cookie comes back."""

    async def scenario(farm: Farm) -> None:
        url = farm.of_kind("cookie_wall").front_url
        status, fields, _ = await farm.get(url)
        assert (status, fields["Location"]) == (302, "/")
        assert (await farm.get(url, {"Cookie": "agreed=1"}))[0] == 200

    serve_farm(scenario, frozenset({"cookie_wall"}))


def test_judge_counts_manners() -> None:
    """Three at once, a disallowed page and a leak are all seen."""

    async def scenario(farm: Farm) -> None:
        site = farm.of_kind("robots_all")
        await asyncio.gather(*(farm.get(site.front_url) for _ in range(3)))
        lure = farm.of_kind("forbidden_redirect")
        _, fields, _ = await farm.get(f"{lure.base}/news/partner-0")
        await farm.get(fields["Location"])
        told = farm.server.told()
        assert (told.disallowed, told.forbidden, told.early) == (3, 1, 4)

    serve_farm(scenario, frozenset({"robots_all", "forbidden_redirect"}))


def test_judge_sees_more_than_two_in_flight() -> None:
    """Requests that wait for their answers are in flight together."""

    async def scenario(farm: Farm) -> None:
        url = farm.of_kind("hangs_at_once").front_url
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await asyncio.gather(*(farm.get(url) for _ in range(3)))
        told = farm.server.told()
        assert (told.most_in_flight, told.over_two) == (3, 1)

    serve_farm(scenario, frozenset({"hangs_at_once"}))


def test_trap_has_no_end_and_is_counted() -> None:
    """Each page of the calendar links to a later one."""

    async def scenario(farm: Farm) -> None:
        site = farm.of_kind("trap_calendar")
        _, _, body = await farm.get(f"{site.base}/news/calendar-2026-12")
        assert b"/news/calendar-2027-01" in body
        assert farm.server.told().trapped == 1

    serve_farm(scenario, frozenset({"trap_calendar"}))


def test_control_tells_resets_and_turns_the_day() -> None:
    """The forbidden address steers the farm for who knows the words."""

    async def scenario(farm: Farm) -> None:
        site = farm.of_kind("pdf")
        control = site.base.replace(site.host, CONTROL_HOST) + "/__farm__/"
        await farm.get(site.front_url)
        told = Told(**json.loads((await farm.get(f"{control}told"))[2]))
        assert (told.day, told.requests) == (1, 1)
        log = json.loads((await farm.get(f"{control}log"))[2])
        assert [entry[:3] for entry in log] == [[site.number, "/", 200]]
        await farm.get(f"{control}day/2")
        await farm.get(f"{control}reset")
        told = Told(**json.loads((await farm.get(f"{control}told"))[2]))
        assert (told.day, told.requests, told.forbidden) == (2, 0, 0)

    serve_farm(scenario, frozenset({"pdf"}))


def test_sitemap_index_leads_to_a_packed_sitemap() -> None:
    """Each article stands in it with its date."""

    async def scenario(farm: Farm) -> None:
        site = next(each for each in farm.sites if each.sitemap == "index")
        _, _, index = await farm.get(f"{site.base}/sitemap_index.xml")
        assert f"{site.base}/sitemap-1.xml.gz".encode() in index
        _, _, packed = await farm.get(f"{site.base}/sitemap-1.xml.gz")
        text = gzip.decompress(packed).decode()
        assert text.count("<loc>") == text.count("<lastmod>") == 10

    serve_farm(scenario, frozenset({"plain", "closes", "slow"}))
