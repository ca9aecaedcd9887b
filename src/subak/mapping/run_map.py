"""run_map: one map from its request to its result."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from subak.engine.clock import Clock, SystemClock
from subak.engine.control import Control
from subak.engine.events import Listener
from subak.engine.journal import Journal
from subak.engine.lock import WorkspaceLock
from subak.engine.steady_clock import SteadyClock
from subak.engine.store import Store
from subak.engine.workspace import Workspace
from subak.errors import UserError
from subak.llm.open_model import open_model
from subak.llm.tuning_memory import TuningMemory
from subak.mapping.answer_schema import read_schema
from subak.mapping.map_request import MapRequest
from subak.mapping.map_result import MapResult
from subak.mapping.map_row import MapRow
from subak.mapping.map_summary import map_summary
from subak.mapping.mapper import Mapper, Workplace
from subak.mapping.questions import Questions
from subak.mapping.row_format import CsvEncoder, JsonlEncoder, RowEncoder
from subak.mapping.row_log import RowLog
from subak.mapping.row_sink import MemorySink, RowSink, StreamSink, open_sink
from subak.mapping.row_source import FileRows, IterableRows
from subak.mapping.template import parse_template, read_template
from subak.recipes.settings import load_settings
from subak.views.summary import RunSummary, TaskCounts
from subak.views.wording import count


@dataclass(frozen=True, slots=True)
class _Job:
    """A request with its files read and its output open."""

    request: MapRequest
    questions: Questions
    source: FileRows | IterableRows
    encoder: RowEncoder
    sink: RowSink
    model: str
    cap: int | None
    clock: Clock


async def run_map(
    request: MapRequest,
    *,
    listeners: Sequence[Listener] = (),
    control: Control | None = None,
    clock: Clock | None = None,
) -> MapResult:
    """Map, or go on where the same map stopped, and return what came of it.

    Raises:
        UserError: The request is wrong, told before anything is sent; or another run
            is on in the workspace.
        Unreachable: The model can't be reached; the map stays resumable.
    """
    rows: list[MapRow] = []
    clock = SteadyClock(clock or SystemClock())
    with ExitStack() as stack:
        job = _prepare(request, rows, clock, stack)
        async with _open_journal(job, listeners) as (store, journal):
            log = RowLog(journal, clock, _expected(job))
            summary = await _execute(job, store, journal, log, control)
    return MapResult(tuple(rows), summary, request.out, log.cut)


def _prepare(
    request: MapRequest, rows: list[MapRow], clock: Clock, stack: ExitStack
) -> _Job:
    """Read and open everything whose mistakes are to be told before any work."""
    flags = {"model": request.model, "max_parallel": request.max_parallel}
    settings = load_settings(request.folder, os.environ, flags).settings
    template = (
        read_template(request.prompt)
        if isinstance(request.prompt, Path)
        else parse_template(request.prompt)
    )
    schema = None if request.schema is None else read_schema(request.schema)
    questions = Questions(template, schema, request.max_tokens, request.refresh)
    source = _source(request)
    stack.callback(source.close)
    # First the lock: another map may be writing the very same file.
    stack.enter_context(WorkspaceLock(Workspace(request.folder)))
    sink = _sink(request, rows)
    stack.callback(sink.finish, is_complete=False)
    is_csv = request.out is not None and request.out.suffix == ".csv"
    return _Job(
        request=request,
        questions=questions,
        source=source,
        encoder=CsvEncoder(questions.properties) if is_csv else JsonlEncoder(),
        sink=sink,
        model=settings.models.get(settings.model, settings.model),
        cap=settings.max_parallel,
        clock=clock,
    )


async def _execute(
    job: _Job,
    store: Store,
    journal: Journal,
    log: RowLog,
    control: Control | None,
) -> RunSummary:
    run = await journal.begin_run(job.request.name, _digest(job), _options(job))
    status, told = "interrupted", ""
    try:
        model = open_model(
            job.model,
            journal=journal,
            clock=job.clock,
            cap=job.cap,
            memory=TuningMemory(),
        )
        at = Workplace(
            model=model,
            journal=journal,
            clock=job.clock,
            run=run.id,
        )
        try:
            mapper = Mapper(job.questions, at, job.encoder, job.sink, log)
            if control is not None:
                control.attach(mapper)
            job.sink.write(job.encoder.header())
            is_complete = await mapper.run(job.source, job.request.limit)
        finally:
            await model.close()
        if is_complete:
            status = _finish(job, journal, log)
        await store.flush()
        summary = map_summary(store.read(), run.id, status, log.failures)
        told = json.dumps(summary.to_json())
    finally:
        await journal.end_run(run.id, status, told)
    return summary


def _finish(job: _Job, journal: Journal, log: RowLog) -> str:
    """Let the output stand and return the run's status."""
    job.sink.finish(is_complete=True)
    out, counts = job.request.out, log.counts
    if out is not None:
        journal.emit("output.written", path=str(out))
    if log.cut:
        longer = 2 * job.request.max_tokens
        answers = count(log.cut, "answer was", "answers were")
        journal.emit(
            "note",
            level="warning",
            message=f"{answers} cut at {job.request.max_tokens} tokens;"
            f" next: the same with --max-tokens {longer}",
        )
    if counts == TaskCounts():
        journal.emit("note", level="warning", message="the input has no rows")
    if not counts.failed:
        return "done"
    return "partial" if counts.done + counts.cached else "failed"


def _source(request: MapRequest) -> FileRows | IterableRows:
    rows = request.rows
    if rows is not None and not isinstance(rows, Path):
        return IterableRows(rows)
    if rows is not None and request.out is not None and _is_same(rows, request.out):
        raise UserError(
            "the output would replace the input",
            where=str(request.out),
            hint="give --out another name",
        )
    return FileRows(rows, request.form)


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def _sink(request: MapRequest, rows: list[MapRow]) -> RowSink:
    if request.out is not None:
        return open_sink(request.out)
    if request.stream is not None:
        return StreamSink(request.stream)
    return MemorySink(rows.append)


def _expected(job: _Job) -> int | None:
    total, limit = job.source.count(), job.request.limit
    return total if limit is None else min(limit, total if total is not None else limit)


def _digest(job: _Job) -> str:
    """Return a hash of what is asked, 32 hex digits; the rows are not part of it."""
    asked = job.questions
    parts = [job.model, asked.schema, asked.max_tokens, asked.template.system]
    data = json.dumps([*parts, *asked.template.pieces]).encode()
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _options(job: _Job) -> str:
    request = job.request
    return json.dumps(
        {
            "rows": job.source.name,
            "prompt": job.questions.template.where,
            "model": job.model,
            "out": str(request.out or "-"),
            "max_parallel": job.cap,
            "max_tokens": request.max_tokens,
            "limit": request.limit,
            "refresh": request.refresh,
        }
    )


@asynccontextmanager
async def _open_journal(
    job: _Job, listeners: Sequence[Listener]
) -> AsyncIterator[tuple[Store, Journal]]:
    store = Store.open(Workspace(job.request.folder).journal)
    try:
        journal = Journal(store, job.clock)
        for listener in listeners:
            journal.subscribe(listener)
        yield store, journal
    finally:
        await store.close()
