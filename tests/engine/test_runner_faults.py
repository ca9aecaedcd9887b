"""The runner when things go wrong, or are to stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace

import pytest

from subak.engine.events import Event
from subak.engine.graph import Graph
from subak.engine.outcome import Failure, Outcome
from subak.engine.records import Attempt
from subak.engine.stage import Group, Item, Stage
from subak.errors import (
    InvalidAnswer,
    MissingExtra,
    StorageError,
    SubakError,
    TimedOut,
    Unreachable,
)
from subak.testing.clock import VirtualClock
from subak.testing.journal import MemoryJournal
from tests.engine.world import TEXT, World


def _raise_for(item: str, *errors: Exception) -> Callable[[str], AsyncIterator[str]]:
    left = list(errors)

    async def run(value: str) -> AsyncIterator[str]:
        yield value + "1"
        if value == item and left:
            raise left.pop(0)

    return run


def test_failing_item_leaves_the_others_alone() -> None:
    """An item that cannot succeed is reported and journaled; the rest goes on."""
    world = World()
    error = InvalidAnswer("no JSON", where="model m", hint="use a larger model")
    outcome = world.run(world.graph(_raise_for("b", error)))
    assert outcome == Outcome(
        done=4,
        cached=0,
        failed=1,
        skipped=0,
        failures=(
            Failure(
                "b", "work", "model m: no JSON", "use a larger model", "InvalidAnswer"
            ),
        ),
        interrupted=False,
    )
    assert sorted(world.ends) == ["a1", "c1"]
    (attempt,) = world.journal.attempts
    assert attempt == Attempt(
        run="run-1",
        stage="work",
        item="b",
        key=attempt.key,
        kind="task",
        number=1,
        ts=world.clock.now(),
        error="InvalidAnswer",
        message="no JSON",
        where="model m",
        hint="use a larger model",
        retryable=False,
        detail="",
    )
    failed = [task for task in world.journal.tasks if task.state == "failed"]
    assert [(task.item, task.key) for task in failed] == [("b", attempt.key)]
    assert attempt.key not in world.journal.results


def test_retryable_failure_is_tried_again() -> None:
    """Every attempt is journaled and told; nothing of a failed one is kept."""
    world = World()
    work = _raise_for("b", TimedOut("slow"), TimedOut("slower"))
    outcome = world.run(world.graph(work))
    assert (outcome.done, outcome.failed) == (6, 0)
    assert [(a.number, a.message, a.retryable) for a in world.journal.attempts] == [
        (1, "slow", True),
        (2, "slower", True),
    ]
    retried = [e.data for e in world.journal.events if e.kind == "task.retried"]
    assert [(d["attempt"], d["error"], d["message"]) for d in retried] == [
        (2, "TimedOut", "slow"),
        (3, "TimedOut", "slower"),
    ]
    record = next(t for t in world.journal.tasks if (t.stage, t.item) == ("work", "b"))
    assert record.attempts == 3
    assert record.seconds == world.clock.monotonic() > 0
    assert sorted(world.ends) == ["a1", "b1", "c1"]


def test_retries_end_with_the_policy() -> None:
    """After the last attempt the item fails with the last error."""
    world = World()
    errors = [TimedOut(f"try {n}") for n in (1, 2, 3, 4)]
    outcome = world.run(world.graph(_raise_for("b", *errors)))
    assert [f.error for f in outcome.failures] == ["try 3"]
    assert len(world.journal.attempts) == 3
    (failed,) = [e.data for e in world.journal.events if e.kind == "task.failed"]
    assert (failed["attempt"], failed["error"]) == (3, "TimedOut")


def test_bug_in_a_stage_is_one_bad_item() -> None:
    """An unexpected exception is recorded with its class and a short traceback."""
    world = World()
    outcome = world.run(world.graph(_raise_for("b", KeyError("rate"))))
    assert [(f.kind, f.error) for f in outcome.failures] == [
        ("KeyError", "work/b: KeyError: 'rate'")
    ]
    assert "this is a bug in the stage 'work'" in outcome.failures[0].hint
    (attempt,) = world.journal.attempts
    assert (attempt.error, attempt.retryable) == ("KeyError", False)
    assert "test_runner_faults.py" in attempt.detail


def test_stage_that_is_no_generator_is_one_bad_item_each() -> None:
    """A wrongly written stage fails its items, not the run."""
    world = World()

    def broken(value: str) -> AsyncIterator[str]:
        raise TypeError(value)

    assert world.run(world.graph(broken)).failed == 3


def test_value_that_cannot_be_encoded_is_one_bad_item() -> None:
    """A codec's error belongs to the item as well."""
    world = World()

    async def run(value: str) -> AsyncIterator[str]:
        yield "\ud800" if value == "b" else value

    outcome = world.run(world.graph(run))
    assert [f.kind for f in outcome.failures] == ["UnicodeEncodeError"]


@pytest.mark.parametrize(
    "error",
    [StorageError("full"), Unreachable("nobody"), MissingExtra("ray", "it")],
)
@pytest.mark.parametrize("is_wrapped", [False, True])
def test_error_that_ends_the_run_propagates(
    error: SubakError, is_wrapped: bool
) -> None:
    """What is in flight is cancelled and nothing of it committed."""
    world = World()
    cancelled: list[str] = []

    async def run(value: str) -> AsyncIterator[str]:
        if value == "b":
            await world.clock.sleep(1)
            raise ExceptionGroup("tasks", [error]) if is_wrapped else error
        try:
            await world.clock.sleep(2)
        except asyncio.CancelledError:
            cancelled.append(value)
            raise
        yield value

    with pytest.raises(type(error)) as caught:
        world.run(world.graph(run))
    assert caught.value is error
    assert sorted(cancelled) == ["a", "c"]
    assert world.journal.results == {}
    assert world.journal.tasks == []


def test_journal_that_fails_ends_the_run() -> None:
    """A full disk is no item's fault."""

    class Full(MemoryJournal):
        async def put_attempt(self, attempt: Attempt) -> None:
            raise StorageError("disk full")

    world = World(Full(VirtualClock()))
    with pytest.raises(StorageError):
        world.run(world.graph(_raise_for("b", TimedOut("slow"))))


def test_keep_last_puts_the_newest_result_in_for_a_failed_item() -> None:
    """What failed today goes on as it was yesterday, and is reported all the same."""
    world = World()
    world.run(world.graph(_raise_for(""), keep_last=True))
    world.ends.clear()
    graph = Graph()
    items = [Item("a", "a"), Item("b", "new"), Item("z", "new too")]

    async def down(value: str) -> AsyncIterator[str]:
        if value:
            raise InvalidAnswer("down")
        yield value

    ends: list[str] = []

    async def last(value: str) -> AsyncIterator[str]:
        ends.append(value)
        yield value

    work = Stage("work", down, TEXT, keep_last=True)
    node = graph.then(work, graph.source("seeds", items, TEXT))
    graph.then(Stage("end", last, TEXT), node)
    outcome = world.run(graph)
    assert sorted(ends) == ["a1", "b1"]
    assert (outcome.done, outcome.cached, outcome.failed) == (2, 1, 2)
    kept = {
        e.item: e.data["is_kept"]
        for e in world.journal.events
        if e.kind == "task.failed"
    }
    assert kept == {"b": True, "z": False}


def test_unreadable_result_is_made_anew_and_replaced() -> None:
    """A stored result that no longer decodes costs a computation, not the run."""
    world = World()
    graph = world.graph(_raise_for(""))
    world.run(graph)
    (key, _), *_ = world.journal.results.items()
    world.journal.results[key] = b"nonsense"
    outcome = world.run(world.graph(_raise_for("")))
    assert (outcome.done, outcome.cached) == (1, 5)
    notes = [e for e in world.journal.events if e.kind == "note"]
    assert [n.data["level"] for n in notes] == ["warning"]
    assert "not usable" in str(notes[0].data["message"])
    assert world.journal.results[key] != b"nonsense"


def test_source_that_breaks_ends_itself_only() -> None:
    """What it had handed out and the other sources go on; groups need not wait."""
    world = World()
    groups: list[int] = []

    def broken() -> Iterator[Item[str]]:
        yield Item("x", "x", {"c": "1"})
        raise OSError("no such file")

    async def merge(group: Group) -> AsyncIterator[str]:
        groups.append(len(group.members))
        yield group.name

    graph = Graph()
    one = graph.source("one", broken(), TEXT)
    two = graph.source("two", [Item("y", "y", {"c": "1"})], TEXT)
    graph.then(Stage("merge", merge, TEXT), graph.gather("g", [one, two], by="c"))
    outcome = world.run(graph)
    assert groups == [2]
    assert [(f.stage, f.item, f.kind) for f in outcome.failures] == [
        ("one", "", "OSError")
    ]
    assert [a.stage for a in world.journal.attempts] == ["one"]


def test_bug_in_the_engine_is_not_swallowed() -> None:
    """An exception outside of any stage ends the run as what it is."""
    world = World()

    def listen(event: Event) -> None:
        raise ZeroDivisionError

    world.journal.subscribe(listen)
    with pytest.raises(ZeroDivisionError):
        world.run(world.graph(_raise_for("")))


def test_label_changed_on_the_way_fails_the_item() -> None:
    """A gather could not keep its promise if labels changed under way."""
    world = World()
    graph = Graph()
    stage = Stage("work", _raise_for(""), TEXT)
    relabel = replace(stage, label=lambda value: {"c": "2"})
    graph.then(relabel, graph.source("seeds", [Item("a", "a", {"c": "1"})], TEXT))
    outcome = world.run(graph)
    assert "cannot become '2'" in outcome.failures[0].error
