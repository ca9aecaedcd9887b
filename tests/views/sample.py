"""SampleJournal: a journal filled by hand, and a synthetic run of any size."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from subak.engine import rows
from subak.engine.call_writer import CallWriter, Landing
from subak.engine.events import Event, Scalar
from subak.engine.records import Attempt, CallRecord, Flight, TaskRecord, TaskState
from subak.engine.store import Store
from subak.engine.task_writer import Beginning, TaskWriter
from subak.engine.workspace import Workspace

BASE = 1_795_327_200.0
RUN = "20261122-060000-ab12"
URL = "http://127.0.0.1:8080"
MODEL = "openai:qwen2.5-coder-1.5b@http://127.0.0.1:8080"


@dataclass(slots=True)
class SampleJournal:
    """Collects rows and writes them into a workspace's journal at once.

    Times are given in seconds after BASE.
    """

    folder: Path
    run: str = RUN
    _changes: list[Callable[[apsw.Connection], object]] = field(default_factory=list)
    _calls: CallWriter = field(default_factory=CallWriter)
    _tasks: TaskWriter = field(default_factory=TaskWriter)

    def begin(
        self,
        run: str = RUN,
        *,
        at: float = 0.0,
        recipe: str = "intel",
        ended: float | None = None,
        status: str = "running",
        summary: str = "{}",
    ) -> None:
        """Add a run and make it the one that later rows belong to."""
        self.run = run
        end = None if ended is None else BASE + ended
        row = (run, recipe, "d", BASE + at, end, status, "{}", summary)
        self._add(
            lambda db: db.execute("INSERT INTO run VALUES(?, ?, ?, ?, ?, ?, ?, ?)", row)
        )
        self.event(at, "run.started", recipe=recipe)

    def event(
        self, at: float, kind: str, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Add an event."""
        event = Event(BASE + at, kind, self.run, stage, item, data)
        self._add(lambda db: rows.put_event(db, event))

    def task(
        self,
        stage: str,
        item: str,
        state: TaskState = "done",
        *,
        at: float = 0.0,
        seconds: float = 1.0,
        parts: Mapping[str, str] | None = None,
        attempts: int = 1,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        """Add a task, and the event that tells of its failure."""
        parts = dict(parts or {"version": "1", "input": "a" * 32})
        named = json.dumps([stage, item, parts], sort_keys=True)
        key = hashlib.blake2b(named.encode(), digest_size=32).hexdigest()
        is_worked = state in ("done", "failed")
        took = seconds if is_worked else 0.0
        place = (self.run, stage, item, state, key, parts)
        labels = dict(labels or {})
        record = TaskRecord(*place, BASE + at, took, attempts, labels)
        self._add(lambda db: self._tasks.put_task(db, record))
        if state == "failed":
            self.event(at + took, "task.failed", stage, item, seconds=took)

    def begun(self, stage: str, item: str, *, at: float) -> None:
        """Add a task that is being done."""
        beginning = Beginning(self.run, stage, item, BASE + at)
        self._add(lambda db: self._tasks.begin(db, beginning))

    def call(
        self,
        key: str,
        stage: str,
        item: str,
        *,
        at: float,
        seconds: float = 1.0,
        slot: int = 0,
        tokens: tuple[int, int, int] = (200, 40, 0),
        repeated: bool = False,
    ) -> None:
        """Add an answered call."""
        flight = self._flight(key, stage, item, at, slot, repeated=repeated)
        tokens_in, tokens_out, tokens_cached = tokens
        record = CallRecord(
            key=key,
            run=self.run,
            stage=stage,
            item=item,
            model=MODEL,
            endpoint=URL,
            started=BASE + at,
            seconds=seconds,
            first_token_s=seconds / 4,
            tokens_in=tokens_in,
            tokens_out=tokens_out,
            tokens_cached=tokens_cached,
            finish="stop",
            slot=slot,
            request=_request(item),
            response=json.dumps({"text": f'{{"vat": "{item}"}}'}).encode(),
        )
        landing = Landing(flight, 0, is_kept=True)
        self._add(lambda db: self._calls.put(db, record, landing, replace=True))

    def sent(
        self,
        key: str,
        stage: str,
        item: str,
        *,
        at: float,
        slot: int = 0,
        repeated: bool = False,
    ) -> None:
        """Add a call that is under way."""
        flight = self._flight(key, stage, item, at, slot, repeated=repeated)
        self._add(lambda db: self._calls.send(db, Landing(flight, 0, is_kept=True)))

    def failed(
        self,
        key: str,
        stage: str,
        item: str,
        error: str,
        *,
        at: float,
        seconds: float = 1.0,
        slot: int = 0,
    ) -> None:
        """Add a call that failed."""
        flight = self._flight(key, stage, item, at, slot, repeated=False)
        ended, message = BASE + at + seconds, f"it was {error}"
        record = Attempt(
            *(self.run, stage, item, key, "call", 1, ended, error, message),
            retryable=True,
            endpoint=URL,
            slot=slot,
            started=BASE + at,
            seconds=seconds,
        )
        self._add(
            lambda db: self._calls.fail(db, record, Landing(flight, 0, is_kept=True))
        )

    def tally(self, stage: str, *counts: int) -> None:
        """Add tasks that are only counted: done, cached, failed, skipped."""
        run = self.run
        self._add(lambda db: rows.add_tally(db, run, stage, counts))

    def attempt(
        self,
        stage: str,
        item: str,
        error: str,
        message: str,
        *,
        at: float,
        number: int = 1,
        retryable: bool = True,
        hint: str = "",
        where: str = "",
    ) -> None:
        """Add a failed attempt of a task."""
        place = (self.run, stage, item, "k")
        record = Attempt(
            *(*place, "task", number, BASE + at, error, message),
            where=where or f"{stage}/{item}",
            hint=hint,
            retryable=retryable,
        )
        self._add(lambda db: rows.put_attempt(db, record))

    def _flight(
        self, key: str, stage: str, item: str, at: float, slot: int, *, repeated: bool
    ) -> Flight:
        place = (key, self.run, stage, item)
        url = f"{URL}/v1/chat/completions"
        return Flight(*place, MODEL, URL, url, slot, BASE + at, repeated)

    def end(self, at: float, status: str = "done", summary: str = "{}") -> None:
        """End the run."""
        values = (BASE + at, status, summary, self.run)
        self._add(
            lambda db: db.execute(
                "UPDATE run SET ended = ?, status = ?, summary = ? WHERE id = ?", values
            )
        )
        self.event(at, "run.finished", status=status)

    def save(self) -> Path:
        """Write everything and return the journal's path."""
        path = Workspace(self.folder).journal
        path.parent.mkdir(parents=True, exist_ok=True)
        asyncio.run(self._save(path))
        return path

    async def _save(self, path: Path) -> None:
        changes, self._changes = self._changes, []
        # They remember the connection they wrote to.
        self._calls, self._tasks = CallWriter(), TaskWriter()

        def write(db: apsw.Connection) -> None:
            for change in changes:
                change(db)

        store = Store.open(path)
        try:
            await store.write(write)
        finally:
            await store.close()

    def _add(self, change: Callable[[apsw.Connection], object]) -> None:
        self._changes.append(change)


def _request(item: str) -> bytes:
    messages = [
        {"role": "system", "content": "You read documents."},
        {"role": "user", "content": f"Text about {item}.\nWhat is the VAT rate?"},
    ]
    return json.dumps({"messages": messages, "schema": None, "temperature": 0}).encode()


def write_synthetic_run(
    folder: Path, *, items: int = 42, calls_per_item: int = 1, seed: int = 7
) -> SampleJournal:
    """Write a seeded run: fetch, extract, facts and verify of items, three drafts."""
    journal = SampleJournal(folder)
    _earlier_runs(journal, items)
    journal.begin(at=0.0)
    world = _World(journal, random.Random(seed), calls_per_item)
    for number in range(items):
        world.item(number, items)
    world.drafts()
    world.finish(items)
    journal.save()
    return journal


def _earlier_runs(journal: SampleJournal, items: int) -> None:
    for days, status in ((3, "partial"), (2, "done"), (1, "done")):
        summary = {
            "tasks": {"done": items * 4 // days, "cached": items, "failed": days - 1},
            "calls": {"sent": items // days},
            "seconds": 31.0 * days,
        }
        at = -86_400.0 * days
        journal.begin(f"2026112{2 - days}-060000-0{days}cd", at=at, status=status)
        journal.end(at + 31.0 * days, status, json.dumps(summary))


class _World:
    """Time, slots and chance of the synthetic run."""

    def __init__(
        self, journal: SampleJournal, rng: random.Random, calls_per_item: int
    ) -> None:
        self._journal = journal
        self._rng = rng
        self._calls_per_item = calls_per_item
        self._free = [0.0] * 5
        self._last = 0.0
        self._key = 0
        reason = "throughput still rose"
        for at, limit in ((0.0, 2), (4.0, 4), (9.0, 5)):
            journal.event(at, "limiter.changed", name=URL, limit=limit, reason=reason)

    def item(self, number: int, items: int) -> None:
        """Take one item through the stages."""
        name, rng, journal = f"country-{number:04}", self._rng, self._journal
        at = number * 0.12 + rng.random() * 0.2
        if number % 9 == 4:
            journal.task("fetch", name, "cached", at=at)
        else:
            took = 0.1 + rng.expovariate(2.5)
            attempts = self._fetch_trouble(name, number, at, took)
            state: TaskState = "failed" if attempts == 4 else "done"
            journal.task("fetch", name, state, at=at, seconds=took, attempts=attempts)
            at += took
            if state == "failed":
                return
        journal.task("extract", name, at=at, seconds=0.05)
        at = self._facts(name, at + 0.05, number)
        self._last = max(self._last, at)

    def drafts(self) -> None:
        """Draft and verify three articles and publish."""
        for category in ("immigration", "property", "tax"):
            slot = self._free_slot()
            begin = self._free[slot]
            end = self._call("draft", category, slot, 4.0, (900, 180, 300), at=begin)
            self._journal.task("draft", category, at=begin, seconds=end - begin)
            self._journal.task("verify", category, at=end, seconds=0.2)
            self._last = max(self._last, end + 0.2)
        self._journal.task("publish", "all", at=self._last, seconds=0.3)
        for name in ("facts.json", "facts.csv", "site/index.html", "site/tax.html"):
            self._journal.event(self._last + 0.3, "output.written", path=f"out/{name}")

    def finish(self, items: int) -> None:
        """End the run with its summary."""
        summary = {
            "tasks": {"done": items * 3, "cached": items // 9, "failed": 1},
            "calls": {"sent": self._key},
            "seconds": self._last + 0.4,
        }
        self._journal.end(self._last + 0.4, "partial", json.dumps(summary))

    def _fetch_trouble(self, name: str, number: int, at: float, took: float) -> int:
        journal = self._journal
        if number % 40 == 17:
            for n in range(1, 5):
                journal.attempt(
                    "fetch",
                    name,
                    "TimedOut",
                    "no answer within 30 s",
                    at=at + took * n / 4,
                    number=n,
                    hint=f"open https://{name}.example/ in a browser; is it up?",
                )
            return 4
        if number % 13 == 5:
            journal.attempt(
                "fetch", name, "Overloaded", "HTTP 503", at=at + took / 2, number=1
            )
            return 2
        return 1

    def _facts(self, name: str, at: float, number: int) -> float:
        slot = self._free_slot()
        begin = max(at, self._free[slot])
        end = begin
        for _ in range(self._calls_per_item):
            took = 0.6 + self._rng.expovariate(0.7)
            tokens = (420 + self._rng.randrange(300), int(took * 22), 128)
            end = self._call("facts", name, slot, took, tokens, at=end)
        self._journal.task(
            "facts", name, at=begin, seconds=end - begin, labels={"category": "tax"}
        )
        self._journal.event(end, "fact.proved", "facts", name, field="vat")
        if number % 11 == 3:
            reason = "the quote does not occur in the source"
            self._journal.event(
                end, "fact.refused", "facts", name, field="income_top", reason=reason
            )
        return end

    def _free_slot(self) -> int:
        return min(range(len(self._free)), key=self._free.__getitem__)

    def _call(
        self,
        stage: str,
        item: str,
        slot: int,
        took: float,
        tokens: tuple[int, int, int],
        *,
        at: float,
    ) -> float:
        self._free[slot] = at + took
        self._key += 1
        key = f"{self._key:08x}" + "3fa9" * 14
        self._journal.call(
            key, stage, item, at=at, seconds=took, slot=slot, tokens=tokens
        )
        return at + took
