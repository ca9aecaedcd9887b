"""LIST_CHANGES: facts and documents that are not as they were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

import apsw
from msgspec import Meta, Struct

from subak.errors import UserError
from subak.knowledge.settling.settlement import Settled
from subak.mcp.cursor import Cursor, fill
from subak.mcp.fact_words import FactTold, tell_fact
from subak.mcp.foreign_words import NOTICE, Told, one_line, told_value
from subak.mcp.library import Library
from subak.mcp.tool import Tell, Tool
from subak.views.comparison import FactChange, compare_runs
from subak.views.document_list import DocumentFilter, DocumentRow, list_documents
from subak.views.facts import read_facts
from subak.views.runs import Run, list_runs
from subak.views.stored_values import find_results_run

_MOST = 5_000
_RUNS = 1_000
_STATES = ("new", "changed", "gone", "failing")

Kind = Literal["new", "changed", "gone", "kept", "disputed"]


class ChangesAsked(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Arguments of list_changes."""

    since: Annotated[
        str | None,
        Meta(
            description="Against what stood at this ISO date or time (UTC). By default"
            " against the publication before the newest."
        ),
    ] = None
    category: Annotated[str | None, Meta(description="Of this category.")] = None
    cursor: Annotated[
        str, Meta(description="next_cursor of the answer before this one.")
    ] = ""


class ChangedFact(Struct, frozen=True):
    """A value that is not as it was.

    "kept" is published on although no document proves it any more; one "disputed" is
    as it was, but other documents state something else; of one "gone" the fact is
    what it was.
    """

    kind: Kind
    fact: FactTold
    disputed: bool
    was: Told | None
    was_unit: str


class ChangedDocument(Struct, frozen=True):
    """An address whose text is new or changed, or that is gone or fails now."""

    state: str
    url: str
    document: str
    title: str
    category: str
    entity: str
    changed: str
    failure: str


class ChangesAnswer(Struct, frozen=True):
    """What changed from one run to another; before is "" for the last publication."""

    notice: str
    run: str
    before: str
    facts: list[ChangedFact]
    documents: list[ChangedDocument]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class _Changes:
    """All that changed, and between what."""

    run: str
    before: str
    rows: Sequence[Settled | FactChange | DocumentRow]


async def _list(library: Library, asked: ChangesAsked, _: Tell) -> ChangesAnswer:
    cursor = Cursor.read(asked.cursor, "list_changes", asked.since, asked.category)
    found = await library.read(lambda db: _read(db, asked, cursor.run))
    rows, after = fill(found.rows, cursor.at, _told)
    return ChangesAnswer(
        notice=NOTICE,
        run=found.run,
        before=found.before,
        facts=[row for row in rows if isinstance(row, ChangedFact)],
        documents=[row for row in rows if isinstance(row, ChangedDocument)],
        next_cursor=cursor.on(after, found.run),
    )


def _read(db: apsw.Connection, asked: ChangesAsked, run: str) -> _Changes:
    newest = find_results_run(db, run)
    rows: list[Settled | FactChange | DocumentRow] = []
    if asked.since is None:
        rows += read_facts(db, newest.id, category=asked.category).changed
        before, since = "", newest.started
    else:
        since = _seconds(asked.since)
        earlier = _run_before(db, newest, since)
        compared = compare_runs(db, earlier.id, newest.id).changes
        rows += [one for one in compared if asked.category in (None, one.category)]
        before = earlier.id
    for state in _STATES:
        wanted = DocumentFilter(category=asked.category or "", state=state, since=since)
        rows += list_documents(db, wanted, size=_MOST).rows
    return _Changes(newest.id, before, rows)


def _run_before(db: apsw.Connection, newest: Run, since: float) -> Run:
    """Return the last run of the recipe that had published by then.

    Raises:
        UserError: There is none.
    """
    runs = list_runs(db, recipe=newest.recipe, limit=_RUNS)
    whole = [run for run in runs if run.status in ("done", "partial") and run.ended]
    for run in whole:
        if run.ended is not None and run.ended <= since and run.id != newest.id:
            return run
    first = _iso(min((run.ended or 0.0 for run in whole), default=newest.started))
    raise UserError(
        "no run had ended by then",
        where="since",
        hint=f"the first one ended at {first}; without since the newest run is"
        " compared with the publication before it",
    )


def _told(row: Settled | FactChange | DocumentRow) -> ChangedFact | ChangedDocument:
    if isinstance(row, DocumentRow):
        return _document(row)
    if isinstance(row, FactChange):
        return _change(row)
    kind: Kind = "disputed"
    if row.status != "same":
        kind = row.status
    was = None if row.was is None else told_value(row.was)
    unit = one_line(row.was_unit)
    return ChangedFact(kind, tell_fact(row.fact, 1), row.is_disputed, was, unit)


def _change(row: FactChange) -> ChangedFact:
    fact = row.after or row.before
    assert fact is not None, "a change has one side at least"
    was = None if row.before is None else told_value(row.before.value)
    unit = "" if row.before is None else one_line(row.before.unit)
    return ChangedFact(row.kind, tell_fact(fact, 1), False, was, unit)


def _document(row: DocumentRow) -> ChangedDocument:
    return ChangedDocument(
        state=row.state,
        url=one_line(row.url, 1_000),
        document=row.document,
        title=one_line(row.title),
        category=one_line(row.category),
        entity=one_line(row.entity),
        changed=_iso(row.last_changed) if row.last_changed else "",
        failure=one_line(row.failure),
    )


def _seconds(since: str) -> float:
    try:
        moment = datetime.fromisoformat(since)
    except ValueError as error:
        raise UserError(
            f"'{one_line(since, 40)}' is no date",
            where="since",
            hint="write it as 2026-01-31 or 2026-01-31T06:00",
        ) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _iso(ts: float) -> str:
    return datetime.fromtimestamp(ts, UTC).isoformat(timespec="seconds")


LIST_CHANGES = Tool(
    name="list_changes",
    title="List what changed",
    text="Return facts that are new, changed, gone, no longer proved or disputed, and"
    " documents that are new, changed, gone or failing: since the publication before"
    " the newest, or since a date.",
    asked=ChangesAsked,
    answer=ChangesAnswer,
    run=_list,
)
