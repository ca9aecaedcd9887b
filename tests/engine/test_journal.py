"""The journal: what is put is found, what is damaged is missing, runs go on."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import apsw
import pytest

from subak.engine.records import Attempt, CallRecord, TaskRecord
from subak.errors import StorageError
from tests.engine.desk import Desk, sit

TASK = TaskRecord(
    run="r1",
    stage="facts",
    item="germany",
    state="done",
    key="k1",
    parts={"version": "1", "input": "abc"},
    started=100.0,
    seconds=2.5,
    attempts=2,
    labels={"category": "tax"},
)
CALL = CallRecord(
    key="c1",
    run="r1",
    stage="facts",
    item="germany",
    model="m",
    endpoint="http://127.0.0.1:1/v1",
    started=100,
    seconds=2,
    first_token_s=None,
    tokens_in=10,
    tokens_out=20,
    tokens_cached=5,
    finish="stop",
    slot=3,
    request=b'{"q":1}',
    response=b'{"a":2}',
)
ATTEMPT = Attempt(
    run="r1",
    stage="facts",
    item="germany",
    key="k1",
    kind="task",
    number=1,
    ts=5.0,
    error="TimedOut",
    message="no answer",
    where="http://x",
    hint="try later",
    retryable=True,
    detail="trace",
)


def test_journal_keeps_a_result_with_its_task(tmp_path: Path) -> None:
    """A result is found by key, its task stands beside it with every column."""

    async def scenario(desk: Desk) -> None:
        assert desk.journal.find_result("k1") is None
        await desk.journal.put_result(TASK, b"payload")
        assert desk.journal.find_result("k1") == b"payload"
        (row,) = desk.rows("SELECT * FROM task")
        run, stage, item, key, state, parts, started, seconds, attempts, labels, _ = row
        assert (run, stage, item, key, state) == (
            "r1",
            "facts",
            "germany",
            "k1",
            "done",
        )
        assert json.loads(str(parts)) == {"version": "1", "input": "abc"}
        assert (started, seconds, attempts) == (100.0, 2.5, 2)
        assert json.loads(str(labels)) == {"category": "tax"}

    sit(tmp_path, scenario)


def test_journal_keeps_the_first_result_of_a_key(tmp_path: Path) -> None:
    """A second result of a key is dropped unless it shall replace the first."""

    async def scenario(desk: Desk) -> None:
        await desk.journal.put_result(TASK, b"first")
        await desk.journal.put_result(TASK, b"second")
        assert desk.journal.find_result("k1") == b"first"
        await desk.journal.put_result(TASK, b"third", replace=True)
        assert desk.journal.find_result("k1") == b"third"

    sit(tmp_path, scenario)


def test_journal_finds_the_newest_sound_result_of_an_item(tmp_path: Path) -> None:
    """The last result counts, and the one before it when that is damaged."""

    async def scenario(desk: Desk) -> None:
        assert desk.journal.find_last_result("facts", "germany") is None
        for key in ("k1", "k2", "k3"):
            task = dataclasses.replace(TASK, key=key)
            await desk.journal.put_result(task, key.encode())
            desk.clock.time += 1
        other = dataclasses.replace(TASK, key="k4", item="france")
        await desk.journal.put_result(other, b"other")
        assert desk.journal.find_last_result("facts", "germany") == b"k3"
        await desk.execute("UPDATE result SET ts = 0 WHERE key = 'k3'")
        assert desk.journal.find_last_result("facts", "germany") == b"k2"
        await desk.execute("UPDATE result SET payload = x'00' WHERE key = 'k2'")
        assert desk.journal.find_last_result("facts", "germany") == b"k1"
        assert desk.journal.find_last_result("draft", "germany") is None

    sit(tmp_path, scenario)


def test_journal_damaged_result_is_missing_told_and_replaceable(
    tmp_path: Path,
) -> None:
    """Damage is never returned; an ordinary put mends it."""

    async def scenario(desk: Desk) -> None:
        await desk.journal.put_result(TASK, b"payload")
        await desk.execute("UPDATE result SET payload = CAST(payload || x'00' AS BLOB)")
        assert desk.journal.find_result("k1") is None
        assert desk.kinds() == ["journal.damaged"]
        assert desk.events[0].data == {"table": "result", "key": "k1"}
        await desk.journal.put_result(TASK, b"again")
        assert desk.journal.find_result("k1") == b"again"

    sit(tmp_path, scenario)


def test_journal_row_of_another_key_is_damaged(tmp_path: Path) -> None:
    """A sound row under a wrong key is not an answer to that key."""

    async def scenario(desk: Desk) -> None:
        await desk.journal.put_result(TASK, b"payload")
        await desk.journal.put_call(CALL)
        await desk.execute("UPDATE result SET key = 'k2'")
        await desk.execute("UPDATE call SET key = x'c2'")
        assert desk.journal.find_result("k2") is None
        assert desk.journal.find_call("c2") is None
        assert desk.kinds() == ["journal.damaged"] * 2

    sit(tmp_path, scenario)


def test_journal_text_that_is_no_text_any_more_is_damaged(tmp_path: Path) -> None:
    """A bit flipped in a text column makes the row missing, not the read fail."""

    async def scenario(desk: Desk) -> None:
        await desk.journal.put_result(TASK, b"payload")
        await desk.execute("UPDATE result SET run = CAST(x'ff' AS TEXT)")
        assert desk.journal.find_result("k1") is None
        assert desk.journal.find_last_result("facts", "germany") is None
        await desk.execute("UPDATE result SET key = CAST(x'ff' AS TEXT)")
        assert desk.journal.find_last_result("facts", "germany") is None

    sit(tmp_path, scenario)


def test_journal_keeps_a_call_as_it_was(tmp_path: Path) -> None:
    """A call comes back equal; the first stays, a damaged one is replaced."""

    async def scenario(desk: Desk) -> None:
        assert desk.journal.find_call("c1") is None
        await desk.journal.put_call(CALL)
        assert desk.journal.find_call("c1") == CALL
        timed = dataclasses.replace(CALL, first_token_s=0.5)
        await desk.journal.put_call(timed)
        assert desk.journal.find_call("c1") == CALL
        await desk.journal.put_call(timed, replace=True)
        assert desk.journal.find_call("c1") == timed
        await desk.execute("UPDATE call SET tokens_out = 21")
        assert desk.journal.find_call("c1") is None
        assert desk.events[-1].data == {"table": "call", "key": "c1"}
        await desk.journal.put_call(CALL)
        assert desk.journal.find_call("c1") == CALL

    sit(tmp_path, scenario)


def test_journal_keeps_failures_apart_from_results(tmp_path: Path) -> None:
    """A failure has its own table, and is never found as a result."""

    async def scenario(desk: Desk) -> None:
        await desk.journal.put_attempt(ATTEMPT)
        desk.journal.post_task(dataclasses.replace(TASK, state="failed"))
        await desk.store.flush()
        assert desk.rows("SELECT * FROM attempt") == [
            (1, *dataclasses.astuple(ATTEMPT), "", "", 0),
        ]
        assert desk.rows("SELECT state FROM task") == [("failed",)]
        assert desk.journal.find_result("k1") is None

    sit(tmp_path, scenario)


def test_journal_keeps_a_task_once(tmp_path: Path) -> None:
    """What is learned later about a task takes the place of what was known."""

    async def scenario(desk: Desk) -> None:
        desk.journal.post_task(dataclasses.replace(TASK, state="failed"))
        await desk.journal.put_result(TASK, b"payload")
        assert desk.rows("SELECT state FROM task") == [("done",)]

    sit(tmp_path, scenario)


def test_journal_holds_text_that_is_not_utf8(tmp_path: Path) -> None:
    """A lone surrogate or a NUL from a page or path breaks nothing."""
    odd = "a\ud800b\0c"

    async def scenario(desk: Desk) -> None:
        task = dataclasses.replace(TASK, item=odd, labels={"title": odd})
        await desk.journal.put_result(task, b"payload")
        await desk.journal.put_call(dataclasses.replace(CALL, item=odd))
        await desk.journal.put_attempt(dataclasses.replace(ATTEMPT, message=odd))
        desk.journal.emit("note", item=odd, message=odd)
        await desk.store.flush()
        assert desk.journal.find_last_result("facts", odd) == b"payload"
        call = desk.journal.find_call("c1")
        assert call is not None
        assert call.item == "a?b\0c"
        assert desk.rows("SELECT message FROM attempt") == [("a?b\0c",)]

    sit(tmp_path, scenario)


def test_journal_damaged_file_is_a_storage_error(tmp_path: Path) -> None:
    """When SQLite itself can't read, the file is named and no answer is made up."""

    async def scenario(desk: Desk) -> None:
        await desk.journal.put_result(TASK, b"payload")
        await desk.execute("DROP TABLE result")
        with pytest.raises(StorageError) as caught:
            desk.journal.find_result("k1")
        assert caught.value.where.endswith("journal.db")

    sit(tmp_path, scenario)


def test_journal_full_disk_keeps_the_acknowledged(tmp_path: Path) -> None:
    """A result that finds no room is an error; earlier ones stay readable."""

    async def scenario(desk: Desk) -> None:
        await desk.journal.put_result(TASK, b"payload")

        def fill(writer: apsw.Connection) -> None:
            writer.pragma("max_page_count", writer.pragma("page_count"))

        await desk.store.write(fill)
        incompressible = bytes(range(256)) * 4 + json.dumps([*range(90_000)]).encode()
        with pytest.raises(StorageError, match="full"):
            await desk.journal.put_result(
                dataclasses.replace(TASK, key="k2"), incompressible
            )
        assert desk.journal.find_result("k1") == b"payload"
        assert desk.journal.find_result("k2") is None

    sit(tmp_path, scenario)
