"""The curfew: what has begun is finished, the rest is left for the next run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from subak.engine.curfew import Curfew
from subak.engine.graph import Graph
from subak.engine.options import RunOptions
from subak.engine.outcome import Outcome
from subak.engine.runner import Runner
from subak.engine.stage import Group, Item, Stage
from subak.testing.clock import VirtualClock
from subak.testing.journal import MemoryJournal
from tests.engine.pieces import TEXT, make_items

ITEMS = [
    *make_items("a", "b", category="tax"),
    *make_items("c", "d", category="visa"),
    *make_items("e", "f", category="land"),
]


class _Desk:
    """Stages around a model that answers one call at a time, ten seconds each."""

    def __init__(self, journal: MemoryJournal | None = None) -> None:
        self.clock = VirtualClock()
        self.journal = journal or MemoryJournal(self.clock)
        self.asked: list[str] = []
        self.merged: list[tuple[str, list[str]]] = []
        self.everything: list[str] = []
        self._slot = asyncio.Lock()

    def curfew(self, after_s: float) -> Curfew:
        """Return one that is heard by the journal."""
        curfew = Curfew(
            self.clock.now() + after_s,
            self.clock,
            self.journal,
            by=("category", "entity"),
            exempt=frozenset({"all"}),
        )
        self.journal.subscribe(curfew)
        return curfew

    def run(
        self,
        curfew: Curfew | None = None,
        items: Sequence[Item[str]] = ITEMS,
        version: int = 1,
    ) -> Outcome:
        """Ask about each item, merge by category, then all."""
        graph = Graph()
        asking = Stage("ask", self._ask, TEXT, version=version)
        asked = graph.then(asking, graph.source("items", items, TEXT))
        groups = graph.gather("groups", asked, by="category")
        merged = graph.then(Stage("merge", self._merge, TEXT), groups)
        final = graph.gather("final", merged, by=None)
        graph.then(Stage("all", self._all, TEXT), final)
        options = RunOptions(f"run-{version}", self.clock, curfew=curfew)
        runner = Runner(graph, self.journal, options)

        async def scenario() -> Outcome:
            self._slot = asyncio.Lock()
            if curfew is None:
                return await runner.run()
            with curfew.watching():
                return await runner.run()

        return asyncio.run(asyncio.wait_for(scenario(), 30))

    def told(self, kind: str) -> list[str]:
        """Return the items of the events of a kind."""
        return [event.item for event in self.journal.events if event.kind == kind]

    async def _ask(self, value: str) -> AsyncIterator[str]:
        async with self._slot:
            self.journal.tell("call.sent", stage="ask", item=value)
            self.asked.append(value)
            await self.clock.sleep(10)
        yield value.upper()

    async def _merge(self, group: Group) -> AsyncIterator[str]:
        ids = [str(member.item.value) for member in group.members]
        self.merged.append((group.name, ids))
        yield f"{group.name}: {' '.join(ids)}"

    async def _all(self, group: Group) -> AsyncIterator[str]:
        self.everything = [str(member.item.value) for member in group.members]
        yield "done"


def test_curfew_finishes_what_has_begun_and_leaves_the_rest() -> None:
    """At 25 s visa has just begun: it is finished; land was not, and is left."""
    desk = _Desk()
    curfew = desk.curfew(25)
    outcome = desk.run(curfew)
    assert desk.asked == ["a", "b", "c", "d"]
    assert desk.everything == ["tax: A B", "visa: C D"]
    assert curfew.left == ("land",)
    assert desk.told("deadline.left") == ["land"]
    assert (outcome.done, outcome.skipped, outcome.failed) == (7, 2, 0)
    assert not outcome.interrupted


def test_next_run_goes_on_with_what_was_left() -> None:
    """What was answered is not asked again; the left category is done."""
    first = _Desk()
    first.run(first.curfew(25))
    second = _Desk(first.journal)
    outcome = second.run()
    assert second.asked == ["e", "f"]
    assert second.everything == ["land: E F", "tax: A B", "visa: C D"]
    assert outcome.skipped == 0


def test_left_category_keeps_what_it_last_said() -> None:
    """Where an earlier result is known it goes on: nothing is lost from the whole."""
    first = _Desk()
    first.run()
    second = _Desk(first.journal)
    curfew = second.curfew(5)
    outcome = second.run(curfew, version=2)
    assert second.asked == ["a", "b"]
    # The whole is what it was, so not even its last stage had anything to do.
    assert (outcome.done, outcome.cached, outcome.skipped) == (2, 8, 0)
    assert curfew.left == ("visa", "land")


def test_curfew_that_nobody_meets_changes_nothing() -> None:
    """A run that is done in time tells of no deadline."""
    desk = _Desk()
    curfew = desk.curfew(3_600)
    assert desk.run(curfew).done == 10
    assert curfew.left == ()
    assert "deadline.passed" not in {event.kind for event in desk.journal.events}
    assert desk.clock.monotonic() == 60


def test_what_is_known_costs_nothing_and_is_not_left() -> None:
    """From the first moment past the deadline the journal still answers."""
    first = _Desk()
    first.run()
    second = _Desk(first.journal)
    curfew = second.curfew(-1)
    outcome = second.run(curfew)
    assert (second.asked, curfew.left) == ([], ())
    assert outcome.skipped == 0


@pytest.mark.parametrize("at", [0, 10, 20, 30, 40, 50, 60])
def test_curfew_on_the_stroke_of_an_answer(at: int) -> None:
    """However answers and the deadline fall together, groups are whole or left."""
    desk = _Desk()
    curfew = desk.curfew(at)
    desk.run(curfew)
    begun = {name for name, _ in desk.merged}
    assert begun | set(curfew.left) == {"tax", "visa", "land"}
    assert not begun & set(curfew.left)
    assert all(len(members) == 2 for _, members in desk.merged)


def test_items_without_a_category_go_by_their_entity() -> None:
    """Each entity is begun or left by itself; what has neither always may."""
    items = [
        Item(name, name, {"entity": name.upper(), "category": ""}) for name in "abc"
    ]
    items.append(Item("d", "d", {"category": ""}))
    desk = _Desk()
    curfew = desk.curfew(15)
    desk.run(curfew, items)
    assert desk.asked == ["a", "b", "d"]
    assert curfew.left == ("C",)


def test_item_that_fails_on_time_limits_of_its_own_is_no_matter_of_the_curfew() -> None:
    """A TimeoutError of a stage is its failure, not a sign of the deadline."""
    desk = _Desk()

    async def run(value: str) -> AsyncIterator[str]:
        if value:
            raise TimeoutError(value)
        yield value

    graph = Graph()
    graph.then(Stage("ask", run, TEXT), graph.source("items", ITEMS[:1], TEXT))
    options = RunOptions("run-1", desk.clock, curfew=desk.curfew(100))
    runner = Runner(graph, desk.journal, options)
    outcome = asyncio.run(runner.run())
    assert (outcome.failed, outcome.skipped) == (1, 0)


def test_curfew_passes_on_what_the_work_itself_raises() -> None:
    """Only a block that it has ended itself is left; other errors are not its own."""
    curfew = _Desk().curfew(100)
    item: Item[object] = Item("a", "a", {"category": "tax"})

    async def late() -> str:
        raise TimeoutError

    with pytest.raises(TimeoutError):
        asyncio.run(curfew.finish("ask", item, late))
    assert curfew.left == ()


def test_curfew_hears_of_calls_only() -> None:
    """A run has a thousand other events."""
    curfew = _Desk().curfew(100)
    assert curfew.hears("call.sent")
    assert curfew.hears("call.cached")
    assert not curfew.hears("task.done")


def test_refresh_past_the_deadline_keeps_the_old_result() -> None:
    """A stage to be made anew is left like any other work."""
    first = _Desk()
    first.run()
    second = _Desk(first.journal)
    curfew = second.curfew(-1)
    graph = Graph()

    async def run(value: str) -> AsyncIterator[str]:
        second.asked.append(value)
        yield value

    graph.then(Stage("ask", run, TEXT), graph.source("items", ITEMS[:2], TEXT))
    options = replace(
        RunOptions("run-2", second.clock, curfew=curfew), refresh=frozenset({"ask"})
    )
    outcome = asyncio.run(Runner(graph, second.journal, options).run())
    assert (outcome.cached, second.asked, curfew.left) == (2, [], ("tax",))


def test_clock_that_was_set_back_moves_the_deadline() -> None:
    """The deadline is a time of day: the bell is set again until it has come."""

    class _SetBack(VirtualClock):
        def now(self) -> float:
            behind = 60.0 if self.monotonic() >= 10 else 0.0
            return super().now() - behind

    desk = _Desk()
    desk.clock = _SetBack()
    desk.journal = MemoryJournal(desk.clock)
    curfew = desk.curfew(25)
    desk.run(curfew)
    assert curfew.left == ()
    assert desk.clock.monotonic() == 60


def test_past_deadline_is_told_once() -> None:
    """The moment has one event, whoever notices it first."""
    desk = _Desk()
    desk.run(desk.curfew(25))
    passed = [e for e in desk.journal.events if e.kind == "deadline.passed"]
    assert [event.data["begun"] for event in passed] == [2]
