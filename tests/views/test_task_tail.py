"""Events of tasks as their rows tell them."""

from __future__ import annotations

import asyncio
from pathlib import Path

from subak.engine.clock import SystemClock
from subak.engine.journal import Journal
from subak.engine.records import TaskRecord
from subak.engine.store import Store, open_reader
from subak.views.stored_events import EventTail, iter_events
from tests.views.sample import BASE, RUN, SampleJournal


def _told(events: object) -> list[tuple[str, str, float]]:
    assert hasattr(events, "__iter__")
    return [
        (one.event.kind, one.event.item, round(one.event.ts - BASE, 3))
        for one in events
    ]


def test_rows_of_tasks_tell_their_events(tmp_path: Path) -> None:
    """Each begins and ends in the order of time, among the events that are kept."""
    journal = SampleJournal(tmp_path)
    journal.begin()
    journal.task("fetch", "germany", at=1, seconds=3, attempts=2)
    journal.event(1, "fact.proved", "fetch", "germany", field="vat")
    journal.task("fetch", "france", "cached", at=2)
    journal.task("fetch", "spain", "skipped", at=2.5)
    journal.task("fetch", "italy", "failed", at=2, seconds=1)
    journal.event(4, "fact.proved", "fetch", "germany", field="top")
    journal.begun("fetch", "kenya", at=5)
    events = list(iter_events(open_reader(journal.save()), RUN))
    assert _told(events) == [
        ("run.started", "", 0.0),
        ("task.started", "germany", 1.0),
        ("fact.proved", "germany", 1.0),
        ("task.started", "italy", 2.0),
        ("task.cached", "france", 2.0),
        ("task.skipped", "spain", 2.5),
        ("task.failed", "italy", 3.0),
        ("fact.proved", "germany", 4.0),
        ("task.done", "germany", 4.0),
        ("task.started", "kenya", 5.0),
    ]
    done = events[8].event
    assert (done.run, done.stage) == (RUN, "fetch")
    assert done.data == {"seconds": 3.0, "attempt": 2}


def test_tail_tells_each_task_once(tmp_path: Path) -> None:
    """A task seen at work is not started again when it has ended; a failure that is
    done after all is told again.
    """

    async def scenario() -> None:
        store = Store.open(tmp_path / "journal.db")
        journal = Journal(store, SystemClock())
        run = await journal.begin_run("intel", "d", "{}")
        tail = EventTail(store.read(), run.id)

        def kinds() -> list[str]:
            return [stored.event.kind for stored in tail.new()]

        record = TaskRecord(run.id, "fetch", "germany", "done", "ab" * 32)
        journal.begin_task("fetch", "germany", "ab" * 32)
        await store.flush()
        assert kinds() == ["run.started", "task.started"]
        assert kinds() == []
        await journal.put_result(record, b"result")
        assert kinds() == ["task.done"]
        journal.begin_task("fetch", "france", "cd" * 32)
        journal.post_task(TaskRecord(run.id, "fetch", "france", "failed", "cd" * 32))
        await store.flush()
        assert kinds() == ["task.started"]
        await journal.put_result(
            TaskRecord(run.id, "fetch", "france", "done", "cd" * 32), b"result"
        )
        assert kinds() == ["task.started", "task.done"]
        assert kinds() == []
        assert store.read().execute("SELECT count(*) FROM begun").get == 0
        await store.close()

    asyncio.run(scenario())


def test_what_a_killed_process_was_at_is_gone_when_a_run_begins(
    tmp_path: Path,
) -> None:
    """A task that was never ended is no task of the next run."""

    async def scenario() -> None:
        store = Store.open(tmp_path / "journal.db")
        journal = Journal(store, SystemClock())
        await journal.begin_run("intel", "d", "{}")
        journal.begin_task("fetch", "germany", "ab" * 32)
        await store.flush()
        assert store.read().execute("SELECT item FROM begun").get == "germany"
        await Journal(store, SystemClock()).begin_run("intel", "d", "{}")
        assert store.read().execute("SELECT count(*) FROM begun").get == 0
        await store.close()

    asyncio.run(scenario())
