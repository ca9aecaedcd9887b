"""The runner and the memo: nothing is computed twice, and why something is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from subak.engine.context import current_task
from subak.engine.graph import Graph
from subak.engine.options import RunOptions
from subak.engine.outcome import Outcome
from subak.engine.stage import Item
from subak.testing.clock import VirtualClock
from subak.testing.journal import MemoryJournal
from tests.engine.pieces import TEXT, make_items, make_stage, run_graph


@pytest.fixture
def clock() -> VirtualClock:
    """Return a clock that never waits."""
    return VirtualClock()


@pytest.fixture
def journal(clock: VirtualClock) -> MemoryJournal:
    """Return an empty journal."""
    return MemoryJournal(clock)


def _two_stages(seen: list[str], version: int = 1, *, often: bool = False) -> Graph:
    graph = Graph()
    seeds = graph.source("seeds", make_items("a", "b"), TEXT)
    upper = replace(
        make_stage("upper", seen, str.upper), version=version, once_per_run=often
    )
    graph.then(make_stage("last", seen), graph.then(upper, seeds))
    return graph


def test_runner_computes_nothing_twice(journal: MemoryJournal) -> None:
    """A second run, of another id, finds everything and goes on with it."""
    seen: list[str] = []
    run_graph(_two_stages(seen), journal)
    seen.clear()
    outcome = run_graph(
        _two_stages(seen), journal, RunOptions("run-2", VirtualClock(), max_in_flight=1)
    )
    assert outcome == Outcome(0, 4, 0, 0, (), interrupted=False)
    assert seen == []
    kinds = [event.kind for event in journal.events[-4:]]
    assert kinds == ["task.cached"] * 4
    assert {task.state for task in journal.tasks[-4:]} == {"cached"}


def test_runner_recomputes_only_what_a_new_version_changes(
    journal: MemoryJournal,
) -> None:
    """A stage of a new version runs again; equal results stop the change there."""
    seen: list[str] = []
    run_graph(_two_stages(seen), journal)
    seen.clear()
    outcome = run_graph(_two_stages(seen, version=2), journal)
    assert (outcome.done, outcome.cached) == (2, 2)
    assert sorted(seen) == ["a", "b"]


def test_runner_looks_at_the_world_once_per_run(journal: MemoryJournal) -> None:
    """A stage once per run is cached within its run and new in the next."""
    seen: list[str] = []
    run_graph(_two_stages(seen, often=True), journal)
    again = run_graph(_two_stages(seen, often=True), journal)
    later = run_graph(
        _two_stages(seen, often=True), journal, RunOptions("run-2", VirtualClock())
    )
    assert (again.done, again.cached) == (0, 4)
    assert (later.done, later.cached) == (2, 2)


def test_runner_computes_equal_inputs_once(
    journal: MemoryJournal, clock: VirtualClock
) -> None:
    """Two items with the same value wait for one computation, each with its labels."""
    seen: list[str] = []
    ends: list[tuple[str, str]] = []

    async def last(value: str) -> AsyncIterator[str]:
        ends.append((current_task().item, value))
        yield value

    graph = Graph()
    twins = [Item("a", "same", {"category": "x"}), Item("b", "same", {"category": "y"})]
    seeds = graph.source("seeds", twins, TEXT)
    first = graph.then(make_stage("first", seen, str.upper, clock), seeds)
    graph.then(replace(make_stage("other"), run=last), first)
    outcome = run_graph(graph, journal, RunOptions("run-1", clock))
    assert seen == ["same"]
    assert (outcome.done, outcome.cached) == (2, 2)
    labels = {t.item: t.labels["category"] for t in journal.tasks if t.stage == "other"}
    assert labels == {"a": "x", "b": "y"}


def test_runner_refreshes_a_stage(journal: MemoryJournal) -> None:
    """A refreshed stage is computed anew and its result replaces the old one."""
    seen: list[str] = []
    run_graph(_two_stages(seen), journal)
    kept = dict(journal.results)

    graph = Graph()
    seeds = graph.source("seeds", make_items("a", "b"), TEXT)
    upper = graph.then(make_stage("upper", seen, lambda value: value * 2), seeds)
    graph.then(make_stage("last", seen), upper)
    options = RunOptions("run-2", VirtualClock(), refresh=frozenset({"upper"}))
    outcome = run_graph(graph, journal, options)
    assert outcome.done == 4
    assert sum(journal.results[key] != value for key, value in kept.items()) == 2


def test_runner_never_computes_what_is_not_selected(journal: MemoryJournal) -> None:
    """Unselected items are cached, stand in with an older result, or are skipped."""
    seen: list[str] = []
    graph = Graph()
    old = graph.source("seeds", make_items("a", "b"), TEXT)
    graph.then(make_stage("work", seen), old)
    run_graph(graph, journal)
    seen.clear()

    graph = Graph()
    items = [Item("a", "a"), Item("b", "changed"), Item("c", "c"), Item("d", "d")]
    work = graph.then(make_stage("work", seen), graph.source("seeds", items, TEXT))
    ends: list[str] = []
    graph.then(make_stage("last", ends), work)
    options = RunOptions(
        "run-2",
        VirtualClock(),
        refresh=frozenset({"work"}),
        selected=lambda stage, item: stage == "last" or item.id == "d",
    )
    outcome = run_graph(graph, journal, options)
    assert seen == ["d"]
    assert sorted(ends) == ["a", "b", "d"]
    assert (outcome.done, outcome.cached, outcome.skipped) == (4, 2, 1)
    stale = {e.item: e.data["is_stale"] for e in journal.events if "is_stale" in e.data}
    assert stale == {"a": False, "b": True}
    assert [e.item for e in journal.events if e.kind == "task.skipped"] == ["c"]
