"""A file of schema 1 becomes one of schema 2, and all that was in it is found."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import apsw
import pytest
import zstandard

from subak.engine.clock import SystemClock
from subak.engine.journal import Journal
from subak.engine.records import CallRecord
from subak.engine.schema import MIGRATIONS, migrate
from subak.engine.seal import Column, seal
from subak.engine.store import Store, open_reader
from subak.views.calls import read_calls

RUN = "20261122-060000-ab12"
URL = "http://127.0.0.1:8080"
KEYS = [f"{number:02x}" * 32 for number in range(6)]


class _Old:
    """A file of schema 1, written as its subak wrote it."""

    def __init__(self, path: Path) -> None:
        self._db = apsw.Connection(str(path))
        migrate(self._db, path, MIGRATIONS[:1])
        self._insert("run", RUN, "intel", "d", 1.0, None, "running", "{}", "{}")

    def close(self) -> None:
        self._db.close()

    def call(self, at: float, key: str, *, checksum: bytes | None = None) -> None:
        """Add an answered call."""
        row: tuple[Column, ...] = (
            *(key, RUN, "facts", "germany", "m", URL, at, 2.0, 0.5, 7, 8, 9),
            *("stop", 3, _packed(b'"asked"'), _packed(b'"answered"')),
        )
        self._insert("call", *row, checksum or seal("call", row))

    def result(self, key: str) -> None:
        """Add a result."""
        row = (key, "facts", "germany", RUN, 5.0, _packed(b"result"))
        self._insert("result", *row, seal("result", row))

    def event(self, ts: float, kind: str, **data: object) -> None:
        """Add an event."""
        text = json.dumps(data)
        self._insert("event", None, RUN, ts, kind, "facts", "germany", text)

    def sent(self, ts: float, key: str, *, repeated: bool = False) -> None:
        """Add the event of a sending."""
        url = f"{URL}/v1"
        told = {"model": "m", "endpoint": URL, "url": url, "slot": 3}
        self.event(ts, "call.sent", key=key, repeated=repeated, **told)

    def attempt(self, ts: float, key: str) -> None:
        """Add the failure of a call."""
        row = (None, RUN, "facts", "germany", key, "call", 1, ts, "TimedOut", "slow")
        self._insert("attempt", *row, "", "", 1, "")

    def _insert(self, table: str, *row: Column) -> None:
        marks = ", ".join("?" * len(row))
        self._db.execute(f"INSERT INTO {table} VALUES({marks})", row)


def _packed(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(data)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """Return a journal of schema 1 as a killed run left it."""
    path = tmp_path / "journal.db"
    old = _Old(path)
    old.result("r1")
    old.event(0.5, "run.started", recipe="intel")
    old.sent(10.0, KEYS[0])
    old.event(12.0, "call.done", key=KEYS[0], seconds=2.0)
    old.call(10.0, KEYS[0])
    old.sent(20.0, KEYS[1])
    old.event(23.0, "call.failed", key=KEYS[1], error="TimedOut")
    old.attempt(23.5, KEYS[1])
    old.sent(30.0, KEYS[2])  # killed here
    old.sent(40.0, KEYS[2])
    old.event(41.0, "call.done", key=KEYS[2])
    old.call(40.0, KEYS[2])
    old.sent(50.0, KEYS[3], repeated=True)
    old.event(51.0, "call.done", key=KEYS[3])
    old.call(50.0, KEYS[3])
    old.call(55.0, KEYS[4], checksum=b"damaged")
    old.sent(60.0, KEYS[5])  # and killed here
    old.event(61.0, "note", message="kept")
    old.close()
    return path


def test_upgrade_keeps_every_sound_call_and_result(journal: Path) -> None:
    """What was paid for is found under its key; what was damaged stays missing."""

    async def scenario() -> None:
        store = Store.open(journal)
        found = Journal(store, SystemClock())
        assert found.find_result("r1") == b"result"
        assert found.find_call(KEYS[0]) == CallRecord(
            *(KEYS[0], RUN, "facts", "germany", "m", URL, 10.0, 2.0, 0.5, 7, 8, 9),
            *("stop", 3, b'"asked"', b'"answered"'),
        )
        assert set(found.find_calls(KEYS)) == {KEYS[0], KEYS[2], KEYS[3]}
        assert store.read().pragma("integrity_check") == "ok"
        await store.close()

    asyncio.run(scenario())
    old = apsw.Connection(str(journal.with_name("journal.db.v1.backup")))
    assert old.execute("SELECT count(*) FROM call").get == 4
    old.close()


def test_upgrade_tells_what_events_told_from_rows(journal: Path) -> None:
    """Failures know when they were sent, lost calls are failures, repeats repeats."""
    asyncio.run(Store.open(journal).close())
    reader = open_reader(journal)
    kinds = "SELECT kind FROM event ORDER BY id"
    assert [row[0] for row in reader.execute(kinds)] == ["run.started", "note"]
    failures = "SELECT key, error, started, seconds, slot, model, url FROM attempt"
    assert sorted(reader.execute(failures)) == [
        (KEYS[1], "TimedOut", 20.0, 3.0, 3, "m", f"{URL}/v1"),
        (KEYS[2], "Lost", 30.0, 0.0, 3, "m", f"{URL}/v1"),
        (KEYS[5], "Lost", 60.0, 0.0, 3, "m", f"{URL}/v1"),
    ]
    calls = read_calls(reader, RUN)
    assert [call.state for call in calls].count("answered") == 3
    assert [call.key for call in calls if call.is_repeat] == [KEYS[3]]
    reader.close()
