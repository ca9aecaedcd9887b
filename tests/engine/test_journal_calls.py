"""Calls in the journal: only added to, found in bulk, never forgotten once sent."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import apsw
import pytest

from subak.engine.records import Attempt, CallRecord, Flight
from subak.errors import StorageError
from tests.engine.desk import Desk, sit

KEY = "00112233445566778899aabbccddeeff"
CALL = CallRecord(
    key=KEY,
    run="r1",
    stage="facts",
    item="germany",
    model="m",
    endpoint="http://127.0.0.1:1",
    started=100.0,
    seconds=2.0,
    first_token_s=0.25,
    tokens_in=10,
    tokens_out=20,
    tokens_cached=5,
    finish="stop",
    slot=3,
    request=b'{"q":1}',
    response=b'{"a":2}',
)
FLIGHT = Flight(
    key=KEY,
    run="r1",
    stage="facts",
    item="germany",
    model="m",
    endpoint="http://127.0.0.1:1",
    url="http://127.0.0.1:1/v1/chat/completions",
    slot=3,
    started=100.0,
)
FAILURE = Attempt(
    run="r1",
    stage="facts",
    item="germany",
    key=KEY,
    kind="call",
    number=1,
    ts=101.0,
    error="TimedOut",
    message="no answer",
    endpoint="http://127.0.0.1:1",
    slot=3,
    started=100.0,
    seconds=1.0,
)


def _numbered(number: int, **changes: object) -> CallRecord:
    return dataclasses.replace(CALL, key=f"{number:032x}", **changes)  # type: ignore[arg-type]  # fields of the record


def test_journal_adds_answers_and_finds_the_newest(tmp_path: Path) -> None:
    """A replaced answer stays in its run's history; damage uncovers it again."""

    async def scenario(desk: Desk) -> None:
        newer = dataclasses.replace(CALL, run="r2", response=b"newer")
        await desk.journal.put_call(CALL)
        await desk.journal.put_call(newer, replace=True)
        assert desk.journal.find_call(KEY) == newer
        assert desk.rows("SELECT id, again FROM call") == [(1, 0), (2, 1)]
        await desk.execute("UPDATE call SET tokens_out = 1 WHERE id = 2")
        assert desk.journal.find_call(KEY) == CALL
        assert desk.kinds() == ["journal.damaged"]

    sit(tmp_path, scenario)


def test_journal_answer_that_replaces_nothing_is_history_only(tmp_path: Path) -> None:
    """The first answer stays the one that is found, until it is damaged."""

    async def scenario(desk: Desk) -> None:
        second = dataclasses.replace(CALL, response=b"second")
        await desk.journal.put_call(CALL)
        await desk.journal.put_call(second)
        assert desk.journal.find_call(KEY) == CALL
        assert desk.rows("SELECT id, again FROM call") == [(1, 0), (2, 2)]
        await desk.execute("UPDATE call SET tokens_out = 1 WHERE id = 1")
        assert desk.journal.find_call(KEY) == second

    sit(tmp_path, scenario)


def test_journal_finds_calls_in_bulk(tmp_path: Path) -> None:
    """Of more keys than a chunk holds those that have an answer come back."""

    async def scenario(desk: Desk) -> None:
        calls = [_numbered(number, item=str(number)) for number in range(0, 1_200, 2)]
        for call in calls[:-1]:
            desk.store.post(
                lambda db, c=call: desk.journal._call_writer.put(  # type: ignore[misc]
                    db, c, None, replace=False
                )
            )
        await desk.journal.put_call(calls[-1])
        found = desk.journal.find_calls([f"{number:032x}" for number in range(1_200)])
        assert found == {call.key: call for call in calls}
        assert desk.journal.find_calls([]) == {}

    sit(tmp_path, scenario)


def test_journal_tells_keys_apart_that_begin_alike(tmp_path: Path) -> None:
    """The index holds 8 bytes of a key; the whole key decides."""

    async def scenario(desk: Desk) -> None:
        keys = [KEY, KEY[:16] + "f" * 16, "a text key", "a text key too", "AB", "ab"]
        for key in keys[1:]:
            await desk.journal.put_call(
                dataclasses.replace(CALL, key=key, response=key.encode())
            )
        found = desk.journal.find_calls(keys)
        assert {key: call.response.decode() for key, call in found.items()} == {
            key: key for key in keys[1:]
        }
        assert desk.kinds() == []

    sit(tmp_path, scenario)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE call SET owner = 2",
        "UPDATE call SET request = x'00'",
        "UPDATE call SET response = x'00'",
        "UPDATE call SET again = 1",
        "UPDATE call SET dictionary = 1",
        "UPDATE call SET first_token_s = NULL",
        "UPDATE call SET item = CAST(x'ff' AS TEXT)",
        "UPDATE call SET checksum = x'00'",
        "UPDATE owner SET model = 'another'",
        "UPDATE owner SET id = 7",
        "UPDATE owner SET url = CAST(x'ff' AS TEXT)",
        "DELETE FROM owner",
    ],
)
def test_journal_damaged_call_is_missing_and_told(tmp_path: Path, damage: str) -> None:
    """Whatever of a call's row or of its owner is wrong, no answer is made of it."""

    async def scenario(desk: Desk) -> None:
        await desk.journal.put_call(CALL)
        await desk.journal.put_call(_numbered(1))
        await desk.execute(damage)
        assert desk.journal.find_calls([KEY, "f" * 32]) == {}
        assert desk.events[0].data == {"table": "call", "key": KEY}

    sit(tmp_path, scenario)


@pytest.mark.parametrize("end", ["0000000000000000", "8899aabbccddeefe"])
def test_journal_row_under_a_wrong_key_answers_neither(
    tmp_path: Path, end: str
) -> None:
    """A key with flipped bits is no answer to the key it was, nor to what it is."""

    async def scenario(desk: Desk) -> None:
        await desk.journal.put_call(CALL)
        wrong = KEY[:16] + end
        await desk.execute("UPDATE call SET key = ?", bytes.fromhex(wrong))
        assert desk.journal.find_calls([KEY, wrong]) == {}
        assert desk.events[0].data == {"table": "call", "key": wrong}

    sit(tmp_path, scenario)


def test_journal_call_with_a_number_too_large_fails_alone(tmp_path: Path) -> None:
    """A server that counts 2**64 tokens costs its own call."""

    async def scenario(desk: Desk) -> None:
        with pytest.raises(OverflowError):
            await desk.journal.put_call(dataclasses.replace(CALL, tokens_out=2**64))
        await desk.journal.put_call(CALL)
        assert desk.journal.find_call(KEY) == CALL

    sit(tmp_path, scenario)


def test_journal_flight_ends_with_its_answer(tmp_path: Path) -> None:
    """What is under way stands in the file and leaves it with the answer."""

    async def scenario(desk: Desk) -> None:
        desk.journal.send_call(FLIGHT)
        await desk.store.flush()
        assert desk.rows("SELECT hex(key), item, slot, started FROM flight") == [
            (KEY.upper(), "germany", 3, 100.0)
        ]
        assert desk.kinds() == ["call.sent"]
        assert desk.events[0].data["url"] == FLIGHT.url
        await desk.journal.put_call(CALL)
        assert desk.rows("SELECT count(*) FROM flight") == [(0,)]
        assert desk.rows("SELECT url FROM owner") == [(FLIGHT.url,)]
        assert desk.rows("SELECT count(*) FROM event") == [(0,)]

    sit(tmp_path, scenario)


def test_journal_notes_a_brief_call_only_when_it_is_none(tmp_path: Path) -> None:
    """What ends in its time leaves no trace; what does not is noted in the end."""
    lasting = dataclasses.replace(FLIGHT, key="ab" * 16, slot=5)

    async def scenario(desk: Desk) -> None:
        desk.journal.send_call(FLIGHT, is_brief=True)
        desk.journal.send_call(lasting, is_brief=True)
        desk.journal.note_brief_calls()
        await desk.store.flush()
        assert desk.rows("SELECT count(*) FROM flight") == [(0,)]
        await desk.journal.put_call(CALL)
        desk.journal.note_brief_calls()
        await desk.store.flush()
        assert desk.rows("SELECT slot FROM flight") == [(5,)]
        desk.journal.drop_call(lasting.key)
        await desk.store.flush()
        assert desk.rows("SELECT count(*) FROM flight") == [(0,)]
        assert desk.rows("SELECT slot, error FROM attempt") == [(5, "Cancelled")]

    sit(tmp_path, scenario)


def test_journal_flight_ends_with_its_failure(tmp_path: Path) -> None:
    """A failure keeps where and when it was sent."""

    async def scenario(desk: Desk) -> None:
        desk.journal.send_call(FLIGHT)
        await desk.journal.put_attempt(FAILURE)
        assert desk.rows("SELECT count(*) FROM flight") == [(0,)]
        columns = "endpoint, slot, started, seconds, model, url, repeated"
        assert desk.rows(f"SELECT {columns} FROM attempt") == [
            (FLIGHT.endpoint, 3, 100.0, 1.0, "m", FLIGHT.url, 0)
        ]

    sit(tmp_path, scenario)


def test_journal_flight_that_is_given_up_is_kept_as_cancelled(tmp_path: Path) -> None:
    """Of two flights of a key the one in that slot is dropped, the other answers."""

    async def scenario(desk: Desk) -> None:
        desk.journal.send_call(FLIGHT)
        desk.journal.send_call(dataclasses.replace(FLIGHT, slot=4))
        desk.journal.drop_call(KEY, slot=3)
        desk.journal.drop_call("unknown")
        await desk.store.flush()
        assert desk.rows("SELECT slot FROM flight") == [(4,)]
        assert desk.rows("SELECT slot, error FROM attempt") == [(3, "Cancelled")]
        await desk.journal.put_call(dataclasses.replace(CALL, slot=4))
        assert desk.rows("SELECT count(*) FROM flight") == [(0,)]

    sit(tmp_path, scenario)


def test_journal_begin_run_turns_what_a_killed_process_left_into_failures(
    tmp_path: Path,
) -> None:
    """Nothing that was sent is forgotten, and it is told once."""

    async def scenario(desk: Desk) -> None:
        desk.journal.send_call(FLIGHT)
        await desk.journal.put_attempt(dataclasses.replace(FAILURE, slot=9))
        desk.journal.send_call(dataclasses.replace(FLIGHT, started=200.0))
        for _ in range(2):
            await desk.journal.begin_run("facts", "digest", "{}")
        assert desk.rows("SELECT count(*) FROM flight") == [(0,)]
        found = desk.rows("SELECT run, item, number, error, started FROM attempt")
        assert found == [
            ("r1", "germany", 1, "TimedOut", 100.0),
            ("r1", "germany", 2, "Lost", 200.0),
        ]

    sit(tmp_path, scenario)


def test_journal_keeps_no_event_that_rows_of_calls_tell(tmp_path: Path) -> None:
    """Listeners hear all; the file holds what nothing else tells."""

    async def scenario(desk: Desk) -> None:
        for kind in ("call.sent", "call.done", "call.cached", "limiter.level"):
            desk.journal.emit(kind)
        desk.journal.tell("call.first_token")
        desk.journal.emit("limiter.changed", limit=3)
        await desk.store.flush()
        assert len(desk.events) == 6
        assert desk.rows("SELECT kind FROM event") == [("limiter.changed",)]

    sit(tmp_path, scenario)


def test_journal_counts_tasks_without_rows(tmp_path: Path) -> None:
    """Tallies add up by stage; a resumed run counts anew and knows what was done."""

    async def scenario(desk: Desk) -> None:
        await desk.journal.begin_run("map", "digest", "{}")
        desk.journal.count_tasks("map", done=2, failed=1)
        desk.journal.count_tasks("map", done=3, cached=4, skipped=5)
        await desk.store.flush()
        columns = "stage, done, cached, failed, skipped, before"
        assert desk.rows(f"SELECT {columns} FROM tally") == [("map", 5, 4, 1, 5, 0)]
        await desk.journal.begin_run("map", "digest", "{}")
        desk.journal.count_tasks("map", done=1, cached=9)
        await desk.store.flush()
        assert desk.rows(f"SELECT {columns} FROM tally") == [("map", 1, 9, 0, 0, 5)]

    sit(tmp_path, scenario)


def test_journal_full_disk_leaves_no_half_call(tmp_path: Path) -> None:
    """A call without room is an error that says so; it is neither found nor ended."""
    rng = random.Random(7)

    async def scenario(desk: Desk) -> None:
        await desk.journal.put_call(CALL)

        def fill(writer: apsw.Connection) -> None:
            writer.pragma("max_page_count", writer.pragma("page_count"))

        desk.journal.send_call(dataclasses.replace(FLIGHT, key="ab" * 16))
        await desk.store.write(fill)
        large = dataclasses.replace(
            CALL, key="ab" * 16, response=rng.randbytes(100_000)
        )
        with pytest.raises(StorageError, match="full") as caught:
            await desk.journal.put_call(large)
        assert "make room" in caught.value.hint
        assert desk.journal.find_call("ab" * 16) is None
        assert desk.journal.find_call(KEY) == CALL
        assert desk.rows("SELECT count(*) FROM call") == [(1,)]
        assert desk.rows("SELECT count(*) FROM flight") == [(1,)]
        await desk.store.write(
            lambda writer: writer.pragma("max_page_count", 1_000_000)
        )
        await desk.journal.put_call(large)
        assert desk.journal.find_call("ab" * 16) == large

    sit(tmp_path, scenario)
