"""Listing: sources become named, labelled targets."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from subak.engine.clock import SystemClock
from subak.engine.context import TaskContext, set_current_task
from subak.engine.offload import InlineExecutor
from subak.engine.stage import Stage
from subak.errors import ConnectionLost
from subak.sources.client import FetchClient
from subak.sources.period import period_seconds
from subak.sources.polite import Polite
from subak.sources.reach import Reach
from subak.sources.readers import FUNCTIONS
from subak.sources.source import Target
from subak.sources.spec import SourceSpec
from subak.stages.listing import listing
from subak.testing.clock import VirtualClock
from subak.testing.hazards import dead_url
from subak.testing.site import FakePage, FakeSite
from tests.sources.fetching import open_reach
from tests.sources.listing_shelf import Shelf

WIKI = SourceSpec(
    name="wiki",
    kind="page",
    url="https://wiki.example/Taxation_in_{entity}",
    entities=("Germany", "France"),
    category="tax",
    key_path="source[0]",
)


def stage_of(
    *specs: SourceSpec, client: FetchClient | None = None
) -> Stage[SourceSpec, Target]:
    """Return a listing stage for these sources; the client, if used, is to close."""
    client = client or FetchClient("subak/test", SystemClock())
    reach = Reach(Polite(client, SystemClock()), InlineExecutor(FUNCTIONS))
    return listing(reach, specs)


async def run(stage: Stage[SourceSpec, Target], spec: SourceSpec) -> list[Target]:
    """Return what a stage makes of a spec."""
    return [target async for target in stage.run(spec)]


def names(*specs: SourceSpec) -> list[str]:
    """Return what all targets of these sources are called."""
    stage = stage_of(*specs)
    assert stage.identify is not None
    targets = [target for spec in specs for target in asyncio.run(run(stage, spec))]
    return [stage.identify(target) for target in targets]


def test_listing_is_of_this_run_and_falls_back_on_the_last_one() -> None:
    """A source is listed anew in each run; one that fails keeps its pages."""
    stage = stage_of(WIKI)
    assert (stage.name, stage.once_per_run, stage.keep_last) == ("listing", True, True)


def test_listing_calls_a_page_by_its_entity() -> None:
    """Where an entity has one page, that is its name."""
    assert names(WIKI) == ["Germany", "France"]


def test_listing_names_are_unique() -> None:
    """An entity with several pages, or a page in two sources, is told apart."""
    other = SourceSpec(
        name="law",
        kind="page",
        url="https://law.example/{entity}",
        entities=("Germany",),
        key_path="source[1]",
    )
    again = SourceSpec(
        name="vat",
        kind="page",
        url="https://wiki.example/Taxation_in_Germany",
        entities=("Germany",),
        category="vat",
        key_path="source[2]",
    )
    found = names(WIKI, other, again)
    assert found == [
        "https://wiki.example/Taxation_in_Germany (source[0])",
        "France",
        "https://law.example/Germany",
        "https://wiki.example/Taxation_in_Germany (source[2])",
    ]
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    ("target", "labels"),
    [
        (Target("https://s.example/"), {}),
        (
            Target("https://s.example/", "Germany", "tax"),
            {"category": "tax", "entity": "Germany"},
        ),
    ],
)
def test_listing_labels_say_category_and_entity(
    target: Target, labels: Mapping[str, str]
) -> None:
    """Later stages gather by these."""
    stage = stage_of(WIKI)
    assert stage.label is not None
    assert stage.label(target) == labels


def test_listing_results_survive_the_journal() -> None:
    """A target is the same after it was stored."""
    stage = stage_of(WIKI)
    for target in asyncio.run(run(stage, WIKI)):
        assert stage.codec.decode(stage.codec.encode(target)) == target


def test_listing_reads_a_sitemap() -> None:
    """Sources that need the network are listed through it."""

    async def scenario() -> list[str]:
        site = FakeSite({})
        async with site:
            site.add_sitemap(["/a", "/b"])
            spec = SourceSpec(
                name="map",
                kind="sitemap",
                url=site.url("/sitemap.xml"),
                allow_hosts=("127.0.0.1",),
            )
            client = FetchClient("subak/test", SystemClock())
            found = await run(stage_of(spec, client=client), spec)
            await client.close()
            return [target.url.removeprefix(site.base) for target in found]

    assert asyncio.run(scenario()) == ["/a", "/b"]


def test_listing_dead_source_is_retryable() -> None:
    """A site that is down fails its own listing, and may be tried again."""
    spec = SourceSpec("map", "sitemap", url=dead_url(), allow_hosts=("127.0.0.1",))

    async def scenario() -> None:
        client = FetchClient("subak/test", SystemClock())
        try:
            await run(stage_of(spec, client=client), spec)
        finally:
            await client.close()

    with pytest.raises(ConnectionLost):
        asyncio.run(scenario())


def test_listing_names_say_the_source_only_where_hosts_are_shared() -> None:
    """Two listings of one site may find the same page; each page keeps its name."""
    one = SourceSpec("a", "index", url="https://www.a.example/", key_path="source[0]")
    two = SourceSpec("b", "feed", url="https://b.example/f", key_path="source[1]")
    three = SourceSpec("c", "index", url="https://b.example/", key_path="source[2]")
    four = SourceSpec("d", "files", paths=("*.txt",), key_path="source[3]")
    identify = stage_of(one, two, three, four).identify
    assert identify is not None
    page = "https://b.example/1"
    assert identify(one.to_target("https://a.example/1")) == "https://a.example/1"
    assert identify(two.to_target(page)) == f"{page} (source[1])"
    assert identify(three.to_target(page)) == f"{page} (source[2])"
    assert identify(two.to_target("https://a.example/1")) != "https://a.example/1"
    assert identify(four.to_target("file:a.txt")) == "file:a.txt"


def listed_at(
    times_s: Sequence[float], every: str, *, is_refreshed: bool = False
) -> tuple[list[int], list[Target]]:
    """Return how often a feed was asked by runs at these times, and its last pages."""

    async def scenario() -> tuple[list[int], list[Target]]:
        shelf = Shelf()
        counts: list[int] = []
        entry = "<item><link>/a</link><pubDate>2026-01-05</pubDate></item>"
        feed = FakePage(f"<rss>{entry}</rss>", content_type="text/xml")
        async with FakeSite({"/f": feed}) as site, open_reach() as reach:
            spec = SourceSpec(
                "f", "feed", url=site.url("/f"), allow_hosts=("127.0.0.1",), every=every
            )
            for now in times_s:
                shelf.clock = clock = VirtualClock(now)
                stage = listing(replace(reach, memory=shelf, clock=clock), [spec])
                set_current_task(TaskContext(refresh=is_refreshed))
                targets = await run(stage, spec)
                counts.append(len(site.paths))
            return counts, targets

    return asyncio.run(scenario())


@pytest.mark.parametrize(
    ("every", "hours", "requests"),
    [
        ("", (0, 1, 2), [1, 2, 3]),
        ("6h", (0, 1, 6, 7), [1, 1, 2, 2]),
        ("1d", (0, 23, 30, 47), [1, 2, 2, 3]),
        ("1w", (0, 24, 100, 167), [1, 1, 1, 2]),
        ("1d", (48, 0), [1, 2]),
    ],
)
def test_listing_asks_a_source_as_often_as_it_says(
    every: str, hours: Sequence[float], requests: list[int]
) -> None:
    """A run that comes a little early is in time; a clock set back asks anew."""
    start = 1_795_000_000.0
    counts, last = listed_at([start + 3_600 * hour for hour in hours], every)
    assert counts == requests
    assert [target.published for target in last] == ["2026-01-05"]
    assert last[0].rest_s == period_seconds(every)


def test_listing_is_asked_at_once_when_refreshed() -> None:
    """``--refresh listing`` does not wait until it is due."""
    assert listed_at([0.0, 1.0], "1w", is_refreshed=True)[0] == [1, 2]


def test_listing_that_fails_is_asked_again_by_the_next_run() -> None:
    """Only pages that were found are kept until the source is due."""

    async def scenario() -> None:
        shelf = Shelf()
        spec = SourceSpec(
            "f", "feed", url=dead_url(), allow_hosts=("127.0.0.1",), every="1d"
        )
        async with open_reach() as reach:
            with pytest.raises(ConnectionLost):
                await run(listing(replace(reach, memory=shelf), [spec]), spec)
        assert shelf.kept == {}

    asyncio.run(scenario())
