"""A file of schema 2 becomes one of schema 3, and all its tasks are as they were."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import apsw
import pytest

from subak.engine.clock import SystemClock
from subak.engine.journal import Journal
from subak.engine.records import TaskRecord
from subak.engine.schema import MIGRATIONS, migrate
from subak.engine.store import Store, open_reader
from subak.views.stored_events import iter_events
from subak.views.tasks import read_tasks

RUN = "20261122-060000-ab12"
INPUT = "0a" * 16
PARTS = {"input": INPUT, "model": "m", "version": "2"}
LABELS = {"category": "tax"}
_Row = tuple[str | int | float | bytes | None, ...]


def _old_task(item: str, key: str, state: str, parts: dict[str, str]) -> _Row:
    texts = (json.dumps(parts, sort_keys=True), 2.0, 0.5, 3, json.dumps(LABELS))
    return (RUN, "facts", item, key, state, *texts)


TASKS = [
    _old_task("germany", "ab" * 32, "done", PARTS),
    _old_task("france", "cd" * 32, "failed", {**PARTS, "input": "no digest"}),
    _old_task("spain", "no digest", "cached", {"version": "2"}),
]


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Return a journal of schema 2 with tasks and their events."""
    path = tmp_path / "journal.db"
    old = apsw.Connection(str(path))
    migrate(old, path, MIGRATIONS[:2])
    run: _Row = (RUN, "intel", "d", 1.0, None, "running", "{}", "{}")
    kinds = ("run.started", "task.started", "task.done", "task.failed", "note")
    events: list[_Row] = [
        (None, RUN, 2.0, kind, "facts", "germany", "{}") for kind in kinds
    ]
    for table, rows in (("run", [run]), ("task", TASKS), ("event", events)):
        for row in rows:
            marks = ", ".join("?" * len(row))
            old.execute(f"INSERT INTO {table} VALUES({marks})", row)
    old.close()
    return path


def test_upgrade_keeps_every_task(journal: Path) -> None:
    """Every column of every task is read as it was written."""
    asyncio.run(Store.open(journal).close())
    reader = open_reader(journal)
    rows = reader.execute("SELECT * FROM task ORDER BY rowid").fetchall()
    assert [(*row[:5], *row[6:10]) for row in rows] == [
        (*row[:5], *row[6:10]) for row in TASKS
    ]
    assert [json.loads(str(row[5])) for row in rows] == [
        json.loads(str(row[5])) for row in TASKS
    ]
    assert reader.execute("SELECT count(*) FROM scope").get == 2
    assert reader.pragma("integrity_check") == "ok"
    reader.close()
    old = apsw.Connection(str(journal.with_name("journal.db.v2.backup")))
    assert old.execute("SELECT count(*) FROM task").get == 3
    old.close()


def test_upgrade_leaves_events_to_the_rows_that_tell_them(journal: Path) -> None:
    """What a row tells is told once; a failure's own event stays."""
    asyncio.run(Store.open(journal).close())
    reader = open_reader(journal)
    kinds = [stored.event.kind for stored in iter_events(reader, RUN)]
    assert sorted(kinds) == [
        "note",
        "run.started",
        "task.cached",
        "task.done",
        "task.failed",
        "task.started",
        "task.started",
    ]
    assert [task.item for task in read_tasks(reader, RUN)] == [
        "germany",
        "france",
        "spain",
    ]
    reader.close()


def test_upgraded_tasks_are_met_again(journal: Path) -> None:
    """A task of the old file that ends anew takes its old row's place."""

    async def scenario() -> None:
        store = Store.open(journal)
        again = Journal(store, SystemClock())
        await again.begin_run("intel", "d", "{}")
        record = TaskRecord(
            *(RUN, "facts", "france", "done", "cd" * 32),
            {**PARTS, "input": "no digest"},
            labels=LABELS,
        )
        await again.put_result(record, b"result")
        assert again.find_last_parts("facts", "germany") == PARTS
        rows = store.read().execute(
            "SELECT item, state FROM task WHERE run = ? ORDER BY rowid", (RUN,)
        )
        assert list(rows) == [
            ("germany", "done"),
            ("spain", "cached"),
            ("france", "done"),
        ]
        await store.close()

    asyncio.run(scenario())
