"""Mapper: rows in, rows out in the same order, as many at once as the model takes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from subak.engine.boundary import Mishap, contained, gravest
from subak.engine.clock import Clock
from subak.engine.context import TaskContext, set_current_task
from subak.engine.events import Chosen, Event
from subak.engine.journal import Journal
from subak.errors import Terminal, UnusableContent
from subak.llm.client import Model
from subak.llm.model import Prompt
from subak.mapping.in_order import InOrder
from subak.mapping.map_row import MapRow
from subak.mapping.questions import Answered, Questions
from subak.mapping.row import BadRow, InputRow, Row
from subak.mapping.row_format import RowEncoder
from subak.mapping.row_log import STAGE, RowLog, failure_text
from subak.mapping.row_sink import RowSink
from subak.mapping.row_source import RowSource
from subak.mapping.under_way import UnderWay

LEAST_AT_ONCE = 256
MOST_AT_ONCE = 4_096
_ENOUGH_ROWS = 20
_LOOK_EVERY = 64
_CHANGES: Mapping[str, int] = MappingProxyType(
    {"call.sent": 1, "call.done": -1, "call.failed": -1}
)
_OF_LIMITS = ("limiter.level", "limiter.changed")


@dataclass(frozen=True, slots=True)
class Workplace:
    """What a map works with."""

    model: Model
    journal: Journal
    clock: Clock
    run: str


@dataclass(frozen=True, slots=True)
class _Work:
    """A row whose answer is not known yet."""

    place: int
    row: InputRow
    prompt: Prompt


class Mapper:
    """Ask the questions about every row, once.

    Guarantees:
        Results are written in the order of the rows. Rows whose answers the journal
        has cost no task and no event. At most ``MOST_AT_ONCE`` rows are begun and not
        finished, at most about 20,000 finished ones wait for one before them; then
        reading pauses. A row that fails fails alone.

    Assumes:
        One event loop; ``run`` is called once.
    """

    def __init__(
        self,
        questions: Questions,
        workplace: Workplace,
        encoder: RowEncoder,
        sink: RowSink,
        log: RowLog,
    ) -> None:
        self._questions = questions
        self._at = workplace
        self._encode = encoder.encode
        self._order = InOrder(sink.write)
        self._log = log
        self._rows: dict[int, UnderWay] = {}
        self._waiting: deque[_Work] = deque()
        self._workers = 0
        self._most_workers = 0
        self._begun = 0
        self._moved = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None
        self._names: set[str] = set()
        self._seen = 0
        self._is_checked = False
        self._bad: list[tuple[int, Row, Mishap]] = []
        self._is_draining = False
        self._is_read = False

    async def run(self, source: RowSource, limit: int | None = None) -> bool:
        """Work through the rows; return whether that came to the end.

        Raises:
            UserError: Nothing can be done so: the model, the template, the disk.
            Unreachable: The model is not there.
        """
        self._at.journal.subscribe(Chosen((*_CHANGES, *_OF_LIMITS), self._note))
        self._log.open()
        cause: BaseException | None = None
        try:
            async with asyncio.TaskGroup() as group:
                self._reading = group.create_task(self._read(source, limit, group))
                if self._is_draining:
                    self._reading.cancel()
        except BaseExceptionGroup as errors:
            cause = gravest(errors)
        finally:
            self._log.close()
        if cause is not None:
            raise cause
        return self._is_read and self._order.is_complete

    def drain(self) -> None:
        """Begin nothing more; rows with a request under way finish and commit."""
        if self._is_draining:
            return
        self._is_draining = True
        self._at.journal.emit("run.draining")
        if self._reading is not None:
            self._reading.cancel()
        for row in self._rows.values():
            if not row.calls:
                row.task.cancel()

    def _note(self, event: Event) -> None:
        """Follow which rows have a request under way; told where the call is made.

        A limit that moves lets more rows begin.
        """
        if event.kind in _OF_LIMITS:
            self._moved.set()
            return
        change = _CHANGES.get(event.kind)
        row = UnderWay.current() if change else None
        if change is None or row is None:
            return
        row.calls += change
        if self._is_draining and event.kind == "call.failed" and not row.calls:
            row.task.cancel()  # it would be sent again

    async def _read(
        self, source: RowSource, limit: int | None, group: asyncio.TaskGroup
    ) -> None:
        left = limit
        async with aclosing(source.chunks()) as chunks:
            async for chunk in chunks:
                rows = chunk if left is None else chunk[:left]
                await self._take(rows, group)
                if left is not None:
                    left -= len(rows)
                    if not left:
                        break
                self._log.tick()
                await asyncio.sleep(0)  # signals and answers are heard in between
        await self._check_names(is_last=True)
        self._is_read = True

    async def _take(self, rows: Sequence[Row], group: asyncio.TaskGroup) -> None:
        asked: list[_Work] = []
        for row in rows:
            place = self._order.take_place()
            try:
                prompt = self._prompt(row)
            except Terminal as error:
                mishap = Mishap(error, type(error).__name__)
                self._bad.append((place, row, mishap))
            else:
                assert isinstance(row, InputRow)
                asked.append(_Work(place, row, prompt))
        await self._check_names()
        self._waiting.extend(self._recall(asked))
        while self._waiting or self._order.is_full:
            self._staff(group)
            # Unbounded, for each row has its own deadlines.
            self._moved.clear()
            await self._moved.wait()

    def _staff(self, group: asyncio.TaskGroup) -> None:
        """Have a worker for each row that may be under way now.

        A task a worker, not a row: making and ending one costs as much as sending a
        request does.
        """
        self._most_workers = self._at_once()
        if not self._order.is_full:
            missing = self._most_workers - self._workers
            for _ in range(min(missing, len(self._waiting))):
                self._workers += 1
                group.create_task(self._work())

    async def _work(self) -> None:
        """Perform one row after the other, while there are more and they may."""
        task = asyncio.current_task()
        assert task is not None
        try:
            while self._may_begin():
                work = self._waiting.popleft()
                self._begun += 1
                if not self._waiting or self._begun % _LOOK_EVERY == 0:
                    self._moved.set()
                self._rows[work.place] = UnderWay(task)
                await self._perform(work)
        finally:
            self._workers -= 1
            self._moved.set()

    def _may_begin(self) -> bool:
        return (
            bool(self._waiting)
            and self._workers <= self._most_workers
            and not self._is_draining
            and not self._order.is_full
        )

    def _prompt(self, row: Row) -> Prompt:
        if isinstance(row, BadRow):
            raise UnusableContent(row.problem, hint=row.hint)
        if not self._is_checked:
            self._seen += 1
            self._names.update(map(str, row.values))
        return self._questions.prompt(row)

    async def _check_names(self, *, is_last: bool = False) -> None:
        """Stop at a field of the template that none of the first rows has.

        Rows that lack a field are recorded only then.
        """
        if not self._is_checked and (is_last or self._seen >= _ENOUGH_ROWS):
            self._is_checked = True
            error = self._questions.template.unknown(self._names)
            if error is not None and self._seen:
                raise error
        if self._is_checked or not 0 < len(self._bad) <= _ENOUGH_ROWS:
            await self._fail_bad()

    async def _fail_bad(self) -> None:
        """Record bad rows, all of a chunk in one commit of the journal."""
        bad, self._bad = self._bad, []
        async with asyncio.TaskGroup() as group:
            for place, row, mishap in bad:
                group.create_task(self._fail(place, row, mishap))

    def _recall(self, asked: Sequence[_Work]) -> list[_Work]:
        """Settle the rows whose answers are known; return the others."""
        if self._questions.refresh:
            return list(asked)
        found = self._at.model.recall([work.prompt for work in asked])
        missing: list[_Work] = []
        for work, completion in zip(asked, found, strict=True):
            answered = self._questions.recalled(completion)
            if answered is None:
                missing.append(work)
            else:
                self._settle(work, answered, is_cached=True)
        return missing

    async def _perform(self, work: _Work) -> None:
        row = work.row
        self._rows[work.place].enter()
        try:
            outcome = await contained(
                partial(self._ask, work), stage=STAGE, item=str(row.id)
            )
            if isinstance(outcome, Mishap):
                await self._fail(work.place, row, outcome, self._key(work.prompt))
            else:
                is_cached = outcome.completion.from_cache
                self._settle(work, outcome, is_cached=is_cached)
        finally:
            del self._rows[work.place]
            if self._workers < self._most_workers:
                self._moved.set()
        self._log.tick()

    async def _ask(self, work: _Work) -> Answered:
        at = self._at
        is_new = self._questions.refresh and not self._is_own(work.prompt)
        set_current_task(TaskContext(at.run, STAGE, str(work.row.id), refresh=is_new))
        return await self._questions.answer(at.model, work.prompt)

    def _is_own(self, prompt: Prompt) -> bool:
        """Tell whether this run has asked that already, so that it is fresh."""
        call = self._at.journal.find_call(self._key(prompt))
        return call is not None and call.run == self._at.run

    def _key(self, prompt: Prompt) -> str:
        return prompt.key(self._at.model.id)

    def _settle(self, work: _Work, answered: Answered, *, is_cached: bool) -> None:
        row = answered.row(work.row.id)
        is_cut = row.usage is not None and row.usage.is_cut
        self._log.done(is_cached=is_cached, is_cut=is_cut)
        self._order.put(work.place, self._encode(row))

    async def _fail(self, place: int, row: Row, mishap: Mishap, key: str = "") -> None:
        await self._log.failed(row, mishap, key)
        hint = f" ({mishap.error.hint})" if mishap.error.hint else ""
        text = f"{failure_text(row, mishap)}{hint}"
        self._order.put(place, self._encode(MapRow(row.id, None, text, None)))

    def _at_once(self) -> int:
        """Return how many rows may be begun: enough that no slot ever waits for one."""
        limit = sum(each.limit for each in self._at.model.statistics().endpoints)
        return min(max(2 * limit, LEAST_AT_ONCE), MOST_AT_ONCE)
