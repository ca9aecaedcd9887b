"""The runner: streaming, order, bounds and what it tells."""

from __future__ import annotations

import weakref
from collections.abc import AsyncIterator, Iterator

import pytest

from subak.engine.context import TaskContext, current_task
from subak.engine.graph import Graph, Node
from subak.engine.options import RunOptions
from subak.engine.outcome import Outcome
from subak.engine.runner import Runner
from subak.engine.stage import Item, Stage
from subak.errors import UserError
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


def test_runner_streams_items_through_all_stages(journal: MemoryJournal) -> None:
    """Each item goes through each stage once; results carry ids and labels on."""
    graph = Graph()
    seen: list[str] = []
    seeds = graph.source("seeds", make_items("a", "b", category="tax"), TEXT)
    upper = graph.then(make_stage("upper", None, str.upper), seeds)
    graph.then(make_stage("last", seen), upper)
    outcome = run_graph(graph, journal)
    assert outcome == Outcome(4, 0, 0, 0, (), interrupted=False)
    assert sorted(seen) == ["A", "B"]
    record = journal.tasks[0]
    assert (record.stage, record.item, record.state) == ("upper", "a", "done")
    assert (record.attempts, record.labels) == (1, {"category": "tax"})
    assert set(record.parts) == {"version", "input"}


def test_runner_of_an_empty_graph_is_done() -> None:
    """Nothing to do is a success."""
    assert run_graph(Graph(), MemoryJournal(VirtualClock())).done == 0


def test_runner_has_no_barrier_between_stages(
    journal: MemoryJournal, clock: VirtualClock
) -> None:
    """A fast item is through while a slow one is still in the first stage."""
    finished: list[tuple[str, float]] = []

    async def slow(value: str) -> AsyncIterator[str]:
        await clock.sleep(100 if value == "slow" else 1)
        yield value

    async def last(value: str) -> AsyncIterator[str]:
        finished.append((value, clock.monotonic()))
        yield value

    graph = Graph()
    seeds = graph.source("seeds", make_items("slow", "fast"), TEXT)
    first = graph.then(Stage("first", slow, TEXT), seeds)
    graph.then(Stage("last", last, TEXT), first)
    run_graph(graph, journal, RunOptions("run-1", clock))
    assert finished == [("fast", 1.0), ("slow", 100.0)]


def test_runner_commits_before_anything_downstream_sees_it(
    journal: MemoryJournal,
) -> None:
    """When a stage receives an item, the result it came from is in the journal."""
    committed: list[int] = []

    async def last(value: str) -> AsyncIterator[str]:
        done = [t for t in journal.tasks if t.stage == "first" and t.item == value]
        committed.append(len(done))
        yield value

    graph = Graph()
    first = graph.then(
        make_stage("first"), graph.source("seeds", make_items("a", "b", "c"), TEXT)
    )
    graph.then(Stage("last", last, TEXT), first)
    run_graph(graph, journal)
    assert committed == [1, 1, 1]


def test_runner_pulls_a_source_only_into_free_places(
    journal: MemoryJournal, clock: VirtualClock
) -> None:
    """No item is pulled before there is a place for it."""
    pulled = finished = 0
    open_items: list[int] = []

    def many() -> Iterator[Item[str]]:
        nonlocal pulled
        for number in range(60):
            pulled += 1
            yield Item(str(number), str(number))

    async def run(value: str) -> AsyncIterator[str]:
        nonlocal finished
        await clock.sleep(1 + int(value) / 100)
        open_items.append(pulled - finished)
        finished += 1
        yield value

    graph = Graph()
    graph.then(Stage("work", run, TEXT), graph.source("seeds", many(), TEXT))
    outcome = run_graph(graph, journal, RunOptions("run-1", clock, max_in_flight=4))
    assert outcome.done == 60
    assert max(open_items) == 4


def test_runner_bounds_tasks_in_flight(
    journal: MemoryJournal, clock: VirtualClock
) -> None:
    """However many results one item has, no more tasks than allowed run at once."""
    running: list[int] = [0, 0]

    async def split(value: str) -> AsyncIterator[str]:
        for number in range(20):
            yield f"{value}{number}"

    async def run(value: str) -> AsyncIterator[str]:
        running[0] += 1
        running[1] = max(running)
        await clock.sleep(1)
        running[0] -= 1
        yield value

    graph = Graph()
    seeds = graph.source("seeds", make_items("a"), TEXT)
    parts = graph.then(Stage("split", split, TEXT, identify=str), seeds)
    graph.then(Stage("work", run, TEXT), parts)
    outcome = run_graph(graph, journal, RunOptions("run-1", clock, max_in_flight=4))
    assert outcome.done == 21
    assert running[1] == 4
    assert clock.monotonic() == 5


def test_runner_begins_later_stages_first_then_recipe_order(
    journal: MemoryJournal,
) -> None:
    """With one place the graph is walked depth first, items in recipe order."""
    order: list[str] = []

    async def split(value: str) -> AsyncIterator[str]:
        order.append(f"split {value}")
        for part in "12":
            yield value + part

    async def last(value: str) -> AsyncIterator[str]:
        order.append(f"last {value}")
        yield value

    graph = Graph()
    seeds = graph.source("seeds", make_items("a", "b"), TEXT)
    first = graph.then(Stage("split", split, TEXT, identify=str), seeds)
    graph.then(Stage("last", last, TEXT), first)
    run_graph(graph, journal, RunOptions("run-1", VirtualClock(), max_in_flight=1))
    assert order == ["split a", "last a1", "last a2", "split b", "last b1", "last b2"]


def test_runner_tells_each_task_who_it_is(journal: MemoryJournal) -> None:
    """The task context names run, stage and item, its priority and refresh."""
    seen: list[TaskContext] = []

    async def run(value: str) -> AsyncIterator[str]:
        seen.append(current_task())
        yield value

    graph = Graph()
    seeds = graph.source("seeds", make_items("a", "b"), TEXT)
    first = graph.then(Stage("first", run, TEXT), seeds)
    graph.then(Stage("last", run, TEXT), first)
    options = RunOptions("run-9", VirtualClock(), refresh=frozenset({"last"}))
    run_graph(graph, journal, options)
    assert sorted(seen, key=lambda task: (task.stage, task.item)) == [
        TaskContext("run-9", "first", "a", (-1, 0)),
        TaskContext("run-9", "first", "b", (-1, 1)),
        TaskContext("run-9", "last", "a", (-2, 0), refresh=True),
        TaskContext("run-9", "last", "b", (-2, 1), refresh=True),
    ]


def _two_stages(seen: list[str]) -> Graph:
    graph = Graph()
    seeds = graph.source("seeds", make_items("a", "b"), TEXT)
    upper = graph.then(make_stage("upper", seen, str.upper), seeds)
    graph.then(make_stage("last", seen), upper)
    return graph


def test_runner_ends_after_the_last_stage(journal: MemoryJournal) -> None:
    """Nodes after the last stage don't run and aren't counted."""
    seen: list[str] = []
    outcome = run_graph(
        _two_stages(seen),
        journal,
        RunOptions("run-1", VirtualClock(), last_stage="upper"),
    )
    assert outcome.done == 2
    assert {task.stage for task in journal.tasks} == {"upper"}


@pytest.mark.parametrize(
    "options",
    [
        RunOptions("run-1", VirtualClock(), last_stage="uper"),
        RunOptions("run-1", VirtualClock(), refresh=frozenset({"uper"})),
    ],
)
def test_runner_names_the_nearest_stage(options: RunOptions) -> None:
    """A misspelt stage is found out before anything runs."""
    with pytest.raises(UserError) as caught:
        Runner(_two_stages([]), MemoryJournal(VirtualClock()), options)
    assert caught.value.hint == "did you mean 'upper'?"


def test_options_refuse_a_run_without_places() -> None:
    """At least one task must be allowed in flight."""
    with pytest.raises(UserError, match="none at all"):
        RunOptions("run-1", VirtualClock(), max_in_flight=0)


def test_runner_tells_what_happens_with_seconds(
    journal: MemoryJournal, clock: VirtualClock
) -> None:
    """A computed task is told to start and to be done after so many seconds."""
    graph = Graph()
    seeds = graph.source("seeds", make_items("a"), TEXT)
    graph.then(make_stage("work", clock=clock), seeds)
    run_graph(graph, journal, RunOptions("run-1", clock))
    assert [(e.kind, e.stage, e.item, dict(e.data)) for e in journal.events] == [
        ("task.started", "work", "a", {}),
        ("task.done", "work", "a", {"attempt": 1, "seconds": 1.0}),
    ]
    assert journal.tasks[0].seconds == 1.0
    assert journal.tasks[0].started == clock.now() - 1.0


class _Value:
    """A value whose life can be watched."""

    def __init__(self, text: str) -> None:
        self.text = text


class _Watched:
    """A codec that knows every value it made and that is still alive."""

    def __init__(self) -> None:
        self.alive: weakref.WeakSet[_Value] = weakref.WeakSet()

    def encode(self, value: _Value) -> bytes:
        return value.text.encode()

    def decode(self, data: bytes) -> _Value:
        value = _Value(data.decode())
        self.alive.add(value)
        return value


def test_runner_keeps_nothing_of_what_is_done(journal: MemoryJournal) -> None:
    """However many items there are, only a few values are alive at a time."""
    codec = _Watched()
    most = 0

    async def run(value: _Value) -> AsyncIterator[_Value]:
        nonlocal most
        most = max(most, len(codec.alive))
        yield value

    graph = Graph()
    texts = (Item(str(n), _Value(str(n))) for n in range(400))
    node: Node = graph.source("seeds", texts, codec)
    for name in ("one", "two", "three"):
        node = graph.then(Stage(name, run, codec), node)
    options = RunOptions("run-1", VirtualClock(), max_in_flight=8)
    assert run_graph(graph, journal, options).done == 1200
    assert most <= 4 * 8
