"""Listing: sources become named, labelled targets."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from subak.engine.clock import SystemClock
from subak.engine.offload import InlineExecutor
from subak.engine.stage import Stage
from subak.errors import ConnectionLost
from subak.sources.client import FetchClient
from subak.sources.polite import Polite
from subak.sources.reach import Reach
from subak.sources.readers import FUNCTIONS
from subak.sources.source import Target
from subak.sources.spec import SourceSpec
from subak.stages.listing import listing
from subak.testing.hazards import dead_url
from subak.testing.site import FakeSite

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
