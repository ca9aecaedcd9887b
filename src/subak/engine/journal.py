"""The durable record of all runs: results, calls, failures and events.

The only truth: progress, logs, trace, report and resume are its readers. Tables are
described in schema.py; how they reach the disk is the store's business.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TypeVar

import apsw

from subak.engine import rows
from subak.engine.clock import Clock
from subak.engine.events import Event, Listener, Scalar
from subak.engine.records import Attempt, CallRecord, RunRecord, TaskRecord
from subak.engine.storage import storage_error
from subak.engine.store import Store

T = TypeVar("T")

_SLIPS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


class Journal:
    """Keep and find what was paid for; tell what happens.

    Guarantees: what ``put_*`` returned from is on the disk; what ``find_*`` returns is
    what was put, checked against a checksum of the whole row; failures are never
    found as results; the first result of a key stays.
    Assumes: used by the thread of one event loop.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self.run = ""
        self._store = store
        self._clock = clock
        self._listeners: list[Listener] = []

    async def begin_run(
        self, recipe: str, recipe_digest: str, options: str
    ) -> RunRecord:
        """Go on with the recipe's newest run if it did not end, else begin one."""
        now = self._clock.now()
        recipe = rows.storable(recipe)

        def change(connection: apsw.Connection) -> tuple[RunRecord, bool]:
            unfinished = _find_unfinished(connection, recipe)
            run = unfinished or _free_run_id(connection, now)
            connection.execute(
                "INSERT INTO run VALUES(?, ?, ?, ?, NULL, 'running', ?, '{}')"
                " ON CONFLICT(id) DO UPDATE SET recipe_digest = excluded.recipe_digest,"
                " options = excluded.options, status = 'running', ended = NULL",
                (run, recipe, recipe_digest, now, options),
            )
            row = connection.execute("SELECT * FROM run WHERE id = ?", (run,)).get
            return RunRecord(*row), unfinished is not None

        record, is_resumed = await self._store.write(change)
        self.run = record.id
        self.emit("run.resumed" if is_resumed else "run.started", recipe=recipe)
        return record

    async def end_run(self, run: str, status: str, summary: str) -> None:
        """Close the run's row and see all its events to the disk."""
        row = (self._clock.now(), status, summary, run)

        def change(connection: apsw.Connection) -> None:
            connection.execute(
                "UPDATE run SET ended = ?, status = ?, summary = ? WHERE id = ?", row
            )

        self._store.post(change)
        self.emit("run.finished", status=status)
        await self._store.flush()

    def find_result(self, key: str) -> bytes | None:
        """Return the result of a key; a damaged one counts as missing."""
        result = self._find("result", rows.find_result, key)
        return None if result is None else result.payload

    def find_last_result(self, stage: str, item: str) -> bytes | None:
        """Return the newest sound result of an item, whatever its key was."""
        names = (rows.storable(stage), rows.storable(item))
        for key in self._read(lambda reader: rows.find_result_keys(reader, *names)):
            result = self._find("result", rows.find_result, key)
            if result is not None and (result.stage, result.item) == names:
                return result.payload
        return None

    def find_last_parts(self, stage: str, item: str) -> dict[str, str] | None:
        """Return the named key parts of an item's newest task, None without one."""
        names = (rows.storable(stage), rows.storable(item))
        return self._read(lambda reader: rows.find_last_parts(reader, *names))

    async def put_result(
        self, task: TaskRecord, payload: bytes, *, replace: bool = False
    ) -> None:
        """Keep a result and its task; an earlier sound result stays unless replaced."""
        now = self._clock.now()

        def change(connection: apsw.Connection) -> None:
            rows.put_result(connection, task, payload, now, replace=replace)
            rows.put_task(connection, task)

        await self._store.write(change)

    def post_task(self, task: TaskRecord) -> None:
        """Keep what became of a task that has no new result."""
        self._store.post(lambda connection: rows.put_task(connection, task))

    def find_call(self, key: str) -> CallRecord | None:
        """Return the answered call of a key; a damaged one counts as missing."""
        return self._find("call", rows.find_call, key)

    async def put_call(self, call: CallRecord, *, replace: bool = False) -> None:
        """Keep an answered call; an earlier sound one stays unless replaced."""
        await self._store.write(
            lambda connection: rows.put_call(connection, call, replace=replace)
        )

    async def put_attempt(self, attempt: Attempt) -> None:
        """Keep a failure."""
        await self._store.write(
            lambda connection: rows.put_attempt(connection, attempt)
        )

    def emit(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Keep an event soon and tell the listeners now.

        A listener must not raise; one that does is dropped with a note, because a
        display is not worth a run.
        """
        event = Event(self._clock.now(), kind, self.run, stage, item, data)
        self._store.post(lambda connection: rows.put_event(connection, event))
        for listener in tuple(self._listeners):
            try:
                listener(event)
            except _SLIPS as error:
                self._drop(listener, error)

    def subscribe(self, listener: Listener) -> None:
        """Have every later event told to the listener."""
        self._listeners.append(listener)

    def _drop(self, listener: Listener, error: Exception) -> None:
        if listener not in self._listeners:  # it failed at another one's note already
            return
        self._listeners.remove(listener)
        message = f"a listener was dropped: {type(error).__name__}: {error}"
        self.emit("note", message=message, level="warning")

    def _find(
        self,
        table: str,
        look_up: Callable[[apsw.Connection, str], rows.Found[T]],
        key: str,
    ) -> T | None:
        found = self._read(lambda reader: look_up(reader, key))
        if found.is_damaged:
            self.emit("journal.damaged", table=table, key=key)
        return found.value

    def _read(self, question: Callable[[apsw.Connection], T]) -> T:
        try:
            return question(self._store.read())
        except apsw.Error as error:
            raise storage_error(error, self._store.path) from error


def _find_unfinished(connection: apsw.Connection, recipe: str) -> str | None:
    """Return the recipe's newest run (by row, for clocks jump) unless it has ended."""
    newest: tuple[str, float | None, str] | None = connection.execute(
        "SELECT id, ended, status FROM run WHERE recipe = ? ORDER BY rowid DESC",
        (recipe,),
    ).fetchone()
    if newest is None:
        return None
    run, ended, status = newest
    return run if ended is None or status == "interrupted" else None


def _free_run_id(connection: apsw.Connection, now: float) -> str:
    moment = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))
    is_taken = True
    while is_taken:
        run = f"{moment}-{secrets.token_hex(2)}"
        is_taken = connection.execute(
            "SELECT exists(SELECT 1 FROM run WHERE id = ?)", (run,)
        ).get
    return run
