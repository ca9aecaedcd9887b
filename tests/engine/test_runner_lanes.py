"""Lanes: tasks that wait for the same thing don't keep others waiting."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.engine.graph import Graph
from subak.engine.options import RunOptions
from subak.engine.outcome import Outcome
from subak.engine.runner import Runner
from subak.engine.stage import Group, Item, Stage
from subak.errors import InvalidAnswer, UserError
from subak.testing.clock import VirtualClock
from subak.testing.journal import MemoryJournal
from tests.engine.pieces import TEXT, make_items, make_stage


class _Web:
    """Hosts whose pages take their time; "host/page" is a page's name."""

    def __init__(self, limit: int = 2, places: int = 8, spins: int = 25) -> None:
        self.clock = VirtualClock(spins=spins)
        self.journal = MemoryJournal(self.clock)
        self.limit = limit
        self.places = places
        self.busy: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.order: list[str] = []
        self.ends: dict[str, float] = {}
        self.seconds: dict[str, float] = {}
        self.bad: set[str] = set()

    def fetch(self) -> Stage[str, str]:
        """Return a stage that takes what a page's host takes, in lanes by host."""

        async def run(page: str) -> AsyncIterator[str]:
            host = _host(page)
            self.order.append(page)
            self.busy[host] += 1
            self.most[host] = max(self.most[host], self.busy[host])
            self.most["all"] = max(self.most["all"], self.busy.total())
            try:
                await self.clock.sleep(self.seconds.get(host, 1.0))
            finally:
                self.busy[host] -= 1
            if page in self.bad:
                raise InvalidAnswer("bad page")
            self.ends[page] = self.clock.monotonic()
            yield page

        return Stage("fetch", run, TEXT, lane=_host, lane_limit=self.limit)

    def runner(self, graph: Graph, *, max_held: int = 20_000) -> Runner:
        """Return a runner of the graph."""
        options = RunOptions(
            "run-1", self.clock, max_in_flight=self.places, max_held=max_held
        )
        return Runner(graph, self.journal, options)

    def run(self, graph: Graph, *, max_held: int = 20_000) -> Outcome:
        """Run the graph to its end."""

        async def scenario() -> Outcome:
            return await self.runner(graph, max_held=max_held).run()

        return asyncio.run(asyncio.wait_for(scenario(), 60))


def _host(page: str) -> str:
    return page.partition("/")[0]


def _pages(host: str, count: int) -> list[str]:
    return [f"{host}/{number}" for number in range(count)]


def test_runner_lets_others_flow_past_a_slow_host() -> None:
    """Ten thousand pages of a slow host cost the pages after them nothing."""
    web = _Web(limit=2, places=8, spins=2_000)  # turns of the loop for all to be pulled
    web.seconds["slow"] = 100.0
    web.bad.update(_pages("slow", 10_000)[6:])
    graph = Graph()
    pages = [*_pages("slow", 10_000), *_pages("fast", 20), *_pages("other", 20)]
    graph.then(web.fetch(), graph.source("pages", make_items(*pages), TEXT))

    async def scenario() -> None:
        runner = web.runner(graph)

        async def stop() -> None:
            await web.clock.sleep(350)
            runner.drain()

        async with asyncio.TaskGroup() as group:
            group.create_task(stop())
            group.create_task(runner.run())

    asyncio.run(asyncio.wait_for(scenario(), 60))
    assert web.most == {"slow": 2, "fast": 2, "other": 2, "all": 6}
    assert max(web.ends[page] for page in web.ends if _host(page) != "slow") == 10
    ends = [web.ends[page] for page in _pages("slow", 6)]
    assert ends == [100, 100, 200, 200, 300, 300]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 3), st.integers(1, 8))
def test_lanes_keep_their_limit_and_lose_nothing(
    seed: int, limit: int, places: int
) -> None:
    """Whatever hosts, durations, faults, gathers and sources: all is done, in lanes."""
    die = Random(seed)
    web = _Web(limit, places)
    hosts = [f"h{number}" for number in range(die.randint(1, 5))]
    web.seconds = {host: die.choice([0.1, 1.0, 7.0]) for host in hosts}
    pages = [f"{die.choice(hosts)}/{n}" for n in range(die.randint(0, 40))]
    web.bad = {page for page in pages if die.random() < 0.1}
    groups: dict[str, list[str]] = {}

    async def merge(group: Group) -> AsyncIterator[str]:
        groups[group.name] = sorted(str(one.item.value) for one in group.members)
        yield group.name

    graph = Graph()
    items = [Item(page, page, {"host": _host(page)}) for page in pages]
    source = graph.source("pages", iter(items) if die.random() < 0.5 else items, TEXT)
    fetched = graph.then(web.fetch(), source)
    graph.then(Stage("merge", merge, TEXT), graph.gather("by", fetched, by="host"))
    outcome = web.run(graph, max_held=die.choice([1, 5, 20_000]))
    good = [page for page in pages if page not in web.bad]
    assert sorted(web.ends) == sorted(good)
    assert outcome.failed == len(web.bad)
    assert all(web.most[host] <= limit for host in hosts)
    assert web.most["all"] <= places
    assert sorted(page for group in groups.values() for page in group) == sorted(good)


def test_lane_takes_its_tasks_in_recipe_order() -> None:
    """Of a full lane the first comes first, whatever else runs."""
    web = _Web(limit=1, places=3)
    graph = Graph()
    pages = [f"{host}/{number}" for number in range(5) for host in "ab"]
    graph.then(web.fetch(), graph.source("pages", make_items(*pages), TEXT))
    web.run(graph)
    assert [page for page in web.order if _host(page) == "a"] == _pages("a", 5)
    assert [page for page in web.order if _host(page) == "b"] == _pages("b", 5)


def test_sources_are_left_alone_while_too_many_wait() -> None:
    """A source is not emptied into the memory because its items share a lane."""
    web = _Web(limit=1, places=4)
    pulled: list[int] = []

    def pages() -> Iterator[Item[str]]:
        for page in _pages("slow", 100):
            pulled.append(len(web.order))
            yield Item(page, page)

    graph = Graph()
    graph.then(web.fetch(), graph.source("pages", pages(), TEXT))
    web.run(graph, max_held=10)
    ahead = [number - begun for number, begun in enumerate(pulled)]
    assert len(web.ends) == 100
    assert max(ahead) == 9  # so many are held while one more is pulled


@pytest.mark.parametrize("how", ["drain", "cancel"])
def test_stopped_run_with_full_lanes_ends_and_goes_on(how: str) -> None:
    """What waits for a lane is left undone at a stop, and done by the next run."""
    web = _Web(limit=1, places=4)
    pages = [*_pages("a", 6), *_pages("b", 6)]

    def graph() -> Graph:
        made = Graph()
        made.then(web.fetch(), made.source("pages", make_items(*pages), TEXT))
        return made

    async def stopped() -> None:
        runner = web.runner(graph())

        async def stop() -> None:
            await web.clock.sleep(2.5)
            runner.drain() if how == "drain" else running.cancel()

        async with asyncio.TaskGroup() as group:
            group.create_task(stop())
            running = group.create_task(runner.run())

    asyncio.run(asyncio.wait_for(stopped(), 30))
    assert len(web.ends) == (6 if how == "drain" else 4)
    outcome = web.run(graph())
    assert not outcome.interrupted
    assert sorted(web.ends) == sorted(pages)
    assert len(web.order) == len(pages) + (0 if how == "drain" else 2)


def test_first_document_reaches_the_model_while_others_are_fetched() -> None:
    """The last stage begins with the first page, not after the last one."""
    web = _Web(limit=2, places=16)
    hosts = [f"h{number}" for number in range(40)]
    web.seconds = {host: 1.0 + number for number, host in enumerate(hosts)}
    asked: list[float] = []

    async def listing(host: str) -> AsyncIterator[str]:
        for page in _pages(host, 10):
            yield page

    async def ask(value: str) -> AsyncIterator[str]:
        asked.append(web.clock.monotonic())
        yield value

    graph = Graph()
    sites = graph.source("sites", make_items(*hosts), TEXT)
    listed = graph.then(Stage("listing", listing, TEXT, identify=str), sites)
    read = graph.then(make_stage("extract"), graph.then(web.fetch(), listed))
    graph.then(Stage("ask", ask, TEXT), read)
    assert web.run(graph).failed == 0
    assert asked[0] == 1.0
    assert asked[1] == 1.0
    assert max(web.ends.values()) >= 200
    assert len(asked) == 400


def test_stage_without_room_in_its_lanes_is_refused() -> None:
    """A limit of nothing would wait for ever."""
    with pytest.raises(UserError, match="none at all"):
        Stage("fetch", make_stage("x").run, TEXT, lane=_host, lane_limit=0)
