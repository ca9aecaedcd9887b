"""The durable record of all runs: results, calls, failures and events.

The only truth: progress, logs, trace, report and resume are its readers. Tables are
described in schema.py; how they reach the disk is the store's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import apsw

from subak.engine import rows
from subak.engine.call_reader import CallReader
from subak.engine.call_writer import CallWriter, Landing
from subak.engine.clock import Clock
from subak.engine.events import Choosy, Event, Listener, Scalar
from subak.engine.packing import WORTH_FROM
from subak.engine.records import Attempt, CallRecord, Flight, RunRecord, TaskRecord
from subak.engine.result_reader import ResultReader, StoredResult
from subak.engine.storage import storage_error
from subak.engine.store import Store
from subak.engine.task_writer import Beginning, TaskWriter

T = TypeVar("T")

_TOLD_BY_ROWS = frozenset(
    {
        "task.started",
        "task.done",
        "task.cached",
        "task.skipped",
        "call.sent",
        "call.first_token",
        "call.done",
        "call.failed",
        "call.cached",
        "limiter.level",
    }
)
_SLIPS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


# With that many other calls or tasks under way another one ends soon, and they share a
# commit.
_SHARING = 8


class Journal:
    """Keep and find what was paid for; tell what happens.

    Guarantees: what ``put_*`` returned from is on the disk; what ``find_*`` returns is
    what was put, checked against a checksum of the whole row; failures are never
    found as results; the first result of a key stays.
    Assumes: used by the thread of one event loop.

    Args:
        learn_from: Calls of a stage from which its texts are packed by what they
            share.
    """

    def __init__(
        self, store: Store, clock: Clock, *, learn_from: int = WORTH_FROM
    ) -> None:
        self.run = ""
        self._store = store
        self._clock = clock
        self._listeners: list[Listener] = []
        self._hearers: dict[str, tuple[Listener, ...]] = {}
        self._calls = CallReader(store.read())
        self._call_writer = CallWriter(learn_from)
        self._flights: dict[str, list[Landing]] = {}
        self._brief: tuple[list[Landing], list[Landing]] = ([], [])
        self._results = ResultReader(store.read())
        self._task_writer = TaskWriter()
        self._beginnings: dict[str, Beginning] = {}

    async def begin_run(
        self, recipe: str, recipe_digest: str, options: str
    ) -> RunRecord:
        """Go on with the recipe's newest run if it did not end, else begin one."""
        now = self._clock.now()
        recipe = rows.storable(recipe)

        def change(connection: apsw.Connection) -> tuple[RunRecord, bool]:
            self._call_writer.lose(connection, now)
            connection.execute("DELETE FROM begun")
            unfinished = rows.find_unfinished(connection, recipe)
            run = unfinished or rows.free_run_id(connection, now)
            connection.execute(
                "INSERT INTO run VALUES(?, ?, ?, ?, NULL, 'running', ?, '{}')"
                " ON CONFLICT(id) DO UPDATE SET recipe_digest = excluded.recipe_digest,"
                " options = excluded.options, status = 'running', ended = NULL",
                (run, recipe, recipe_digest, now, options),
            )
            rows.resume_tally(connection, run)
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
        result = self._find_result(key)
        return None if result is None else result.payload

    def find_last_result(self, stage: str, item: str) -> bytes | None:
        """Return the newest sound result of an item, whatever its key was."""
        names = (rows.storable(stage), rows.storable(item))
        for key in self._read(lambda _: self._results.find_keys(*names)):
            result = self._find_result(key)
            if result is not None and (result.stage, result.item) == names:
                return result.payload
        return None

    def find_last_parts(self, stage: str, item: str) -> dict[str, str] | None:
        """Return the named key parts of an item's newest task, None without one."""
        names = (rows.storable(stage), rows.storable(item))
        return self._read(lambda reader: rows.find_last_parts(reader, *names))

    def begin_task(self, stage: str, item: str, key: str) -> None:
        """Note soon that a task is being done, and tell it as "task.started".

        The note stays until ``put_result`` or ``post_task`` of its key, or until the
        next run begins.
        """
        beginning = Beginning(self.run, stage, item, self._clock.now())
        self._beginnings[key] = beginning
        self._store.post(lambda writer: self._task_writer.begin(writer, beginning))
        self.tell("task.started", stage=stage, item=item)

    async def put_result(
        self, task: TaskRecord, payload: bytes, *, replace: bool = False
    ) -> None:
        """Keep a result and its task; an earlier sound result stays unless replaced."""
        now, beginning = self._clock.now(), self._end(task)
        writer = self._task_writer

        def change(connection: apsw.Connection) -> None:
            writer.put_result(connection, task, payload, now, replace=replace)
            writer.put_task(connection, task, beginning)

        is_shared = len(self._beginnings) >= _SHARING
        await self._store.write(change, patience="long" if is_shared else "none")

    def post_task(self, task: TaskRecord) -> None:
        """Keep what became of a task that has no new result."""
        beginning = self._end(task)
        self._store.post(
            lambda writer: self._task_writer.put_task(writer, task, beginning)
        )

    async def catch_up(self) -> None:
        """Wait while very much that was posted is still to be written."""
        await self._store.catch_up()

    def find_call(self, key: str) -> CallRecord | None:
        """Return the answered call of a key; a damaged one counts as missing."""
        return self.find_calls((key,)).get(key)

    def find_calls(self, keys: Sequence[str]) -> dict[str, CallRecord]:
        """Return the answered calls of those keys that have one, many at a time."""
        found, damaged = self._read(lambda _: self._calls.find_all(keys))
        for key in sorted(damaged):
            self.emit("journal.damaged", table="call", key=key)
        return found

    def send_call(self, flight: Flight, *, is_brief: bool = False) -> None:
        """Note soon that a call is under way, and tell it as "call.sent".

        The note stays until ``put_call``, ``put_attempt`` or ``drop_call`` of its
        key; what a killed process leaves becomes a failure when a run begins.

        Args:
            is_brief: It will be over in a moment: it is noted by the second
                ``note_brief_calls`` from now, which few of its kind live to see.
        """
        others = self._flights.setdefault(flight.key, [])
        number = 1 + max(landing.number for landing in others) if others else 0
        landing = Landing(flight, number)
        others.append(landing)
        if is_brief:
            self._brief[1].append(landing)
        else:
            self._note(landing)
        self.tell(
            "call.sent",
            stage=flight.stage,
            item=flight.item,
            key=flight.key,
            model=flight.model,
            endpoint=flight.endpoint or flight.model,
            url=flight.url,
            slot=flight.slot,
            repeated=flight.repeated,
        )

    def note_brief_calls(self) -> None:
        """Note those brief calls that are under way since before the last time.

        Writing and removing a note took 10 of the 500 us of processor time of a call
        of 200 ms; of a killed process nobody misses those of its last half second.
        """
        older, newer = self._brief
        for landing in older:
            if not landing.is_over:
                self._note(landing)
        self._brief = ([one for one in newer if not one.is_over], [])

    def _note(self, landing: Landing) -> None:
        self._store.post(
            lambda writer: self._call_writer.send(writer, landing), patience="short"
        )

    async def put_call(
        self, call: CallRecord, *, replace: bool = False, is_patient: bool = False
    ) -> None:
        """Keep an answered call and end its flight.

        An earlier sound answer of the key stays the one that is found unless
        replaced; its row stays for the history of its run in any case.

        Args:
            is_patient: It may wait a moment for others, to share their commit.
        """
        landing = self._land(call.key, call.endpoint, call.slot)
        is_shared = is_patient or len(self._flights) >= _SHARING
        await self._store.write(
            lambda writer: self._call_writer.put(
                writer, call, landing, replace=replace
            ),
            patience="short" if is_shared else "none",
        )

    async def put_attempt(self, attempt: Attempt) -> None:
        """Keep a failure; that of a call ends its flight."""
        landing = None
        if attempt.kind == "call":
            landing = self._land(attempt.key, attempt.endpoint, attempt.slot)
        await self._store.write(
            lambda writer: self._call_writer.fail(writer, attempt, landing)
        )

    def drop_call(self, key: str, *, slot: int | None = None) -> None:
        """Note soon that a call was given up by ourselves; it ends its flight.

        Args:
            slot: Which of several flights of the key.
        """
        landing, now = self._land(key, "", slot), self._clock.now()
        if landing is not None:
            self._store.post(
                lambda writer: self._call_writer.drop(writer, landing, now)
            )

    def count_tasks(
        self,
        stage: str,
        *,
        done: int = 0,
        cached: int = 0,
        failed: int = 0,
        skipped: int = 0,
    ) -> None:
        """Add to the run's tally of a stage whose tasks have no rows of their own."""
        run, counts = self.run, (done, cached, failed, skipped)
        self._store.post(lambda writer: rows.add_tally(writer, run, stage, counts))

    def emit(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Keep an event soon and tell the listeners now.

        What rows of tasks and calls tell is not kept a second time.
        """
        event = Event(self._clock.now(), kind, self.run, stage, item, data)
        if kind not in _TOLD_BY_ROWS:
            self._store.post(lambda connection: rows.put_event(connection, event))
        self._tell(event)

    def tell(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Tell the listeners of something that is not worth keeping, or kept."""
        if self._who_hears(kind):
            self._tell(Event(self._clock.now(), kind, self.run, stage, item, data))

    def subscribe(self, listener: Listener) -> None:
        """Have every later event told to the listener.

        It must not raise; one that does is dropped with a note, because a display is
        not worth a run. One that is Choosy is told of the kinds it hears.
        """
        self._listeners.append(listener)
        self._hearers.clear()

    def _end(self, task: TaskRecord) -> Beginning | None:
        beginning = self._beginnings.pop(task.key, None)
        if beginning is not None:
            beginning.is_over = True
        return beginning

    def _who_hears(self, kind: str) -> tuple[Listener, ...]:
        hearers = self._hearers.get(kind)
        if hearers is None:
            hearers = self._hearers[kind] = tuple(
                listener
                for listener in self._listeners
                if not isinstance(listener, Choosy) or listener.hears(kind)
            )
        return hearers

    def _tell(self, event: Event) -> None:
        for listener in self._who_hears(event.kind):
            try:
                listener(event)
            except _SLIPS as error:
                self._drop(listener, error)

    def _land(self, key: str, endpoint: str, slot: int | None) -> Landing | None:
        """Take the flight that ends out; of several of a key the one that fits best."""
        others = self._flights.get(key)
        if not others:
            return None
        if len(others) == 1:
            landing = self._flights.pop(key)[0]
        else:
            landing = max(
                others,
                key=lambda one: (
                    one.flight.slot == slot,
                    one.flight.endpoint == endpoint,
                ),
            )
            others.remove(landing)
        landing.is_over = True
        return landing

    def _drop(self, listener: Listener, error: Exception) -> None:
        if listener not in self._listeners:  # it failed at another one's note already
            return
        self._listeners.remove(listener)
        self._hearers.clear()
        message = f"a listener was dropped: {type(error).__name__}: {error}"
        self.emit("note", message=message, level="warning")

    def _find_result(self, key: str) -> StoredResult | None:
        try:
            self._store.read_on()
            found = self._results.find(key)
        except apsw.Error as error:
            raise storage_error(error, self._store.path) from error
        if found.is_damaged:
            self.emit("journal.damaged", table="result", key=key)
        return found.value

    def _read(self, question: Callable[[apsw.Connection], T]) -> T:
        try:
            return question(self._store.read())
        except apsw.Error as error:
            raise storage_error(error, self._store.path) from error
