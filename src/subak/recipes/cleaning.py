"""clean: what of a workspace nobody needs any more goes, and its files shrink.

What stays: everything of runs that are young, and of the last two of each recipe; of
older ones what those stand on (the results they took over and how these were made, the
calls about what they are about, the documents that anything cites).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import apsw

from subak.engine.blobs import FILE, Blobs
from subak.engine.clock import Clock
from subak.engine.compact import compact
from subak.engine.lock import WorkspaceLock
from subak.engine.retention import (
    Amount,
    find_old_rows,
    iter_kept_payloads,
    mark_cleaned,
    needed_items,
    removal_order,
    remove_rest,
    remove_step,
)
from subak.engine.store import Store, open_reader
from subak.engine.workspace import Workspace
from subak.knowledge.search.old_documents import (
    OldDocuments,
    find_old_documents,
    remove_documents,
    remove_pages,
    remove_vectors,
)

_A_STEP = 200
_LAST_RUNS = 2
_YOUNG = "SELECT id FROM run WHERE coalesce(ended, started) >= ? OR ended IS NULL"
_RECIPES = "SELECT DISTINCT recipe FROM run"
_NEWEST = "SELECT id FROM run WHERE recipe = ? ORDER BY rowid DESC LIMIT ?"
# What a whole run found is what the recipe is about; one of a part tells less.
_WHOLE = """
SELECT id FROM run WHERE recipe = ? AND status IN ('done', 'partial')
AND coalesce(json_extract(iif(json_valid(options), options, '{}'), '$.only'), '') = ''
AND coalesce(json_extract(iif(json_valid(options), options, '{}'), '$.items'), '') = ''
AND json_extract(iif(json_valid(options), options, '{}'), '$.limit') IS NULL
ORDER BY rowid DESC LIMIT ?
"""
_WROTE = """
SELECT run FROM event WHERE kind = 'output.written'
AND run IN (SELECT id FROM run WHERE recipe = ?) ORDER BY id DESC LIMIT 1
"""
_BACKUP = re.compile(r"journal\.db\.v\d+\.backup")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What went, or would go.

    Args:
        amounts: Rows and about how many bytes, by kind: "run", "task", "result",
            "call", "event", "attempt", "document", "body", "backup".
        kept_runs: Runs of which everything stays.
        freed_bytes: By how much the files shrank; None for a rehearsal.
    """

    amounts: Mapping[str, Amount] = field(default_factory=dict)
    kept_runs: int = 0
    freed_bytes: int | None = None

    @property
    def size_bytes(self) -> int:
        """Return about how many bytes all of it takes."""
        return sum(one.size_bytes for one in self.amounts.values())

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract."""
        return {
            "version": 1,
            "removed": {
                kind: {"rows": one.rows, "bytes": one.size_bytes}
                for kind, one in self.amounts.items()
            },
            "kept_runs": self.kept_runs,
            "freed_bytes": self.freed_bytes,
        }


def rehearse_clean(workspace: Workspace, keep_s: float, clock: Clock) -> Cleaned:
    """Return what would go; nothing is changed.

    Raises:
        StorageError: The workspace cannot be read.
    """
    database = open_reader(workspace.journal)
    try:
        plan = _find(database, workspace, clock.now() - keep_s)
    finally:
        database.close()
    return Cleaned(plan.amounts, plan.kept_runs)


def clean(
    workspace: Workspace,
    keep_s: float,
    clock: Clock,
    on_step: Callable[[str], None] = lambda _: None,
) -> Cleaned:
    """Remove what nobody needs, and shrink the files.

    Killed anywhere it leaves a good workspace, and the next time it goes on.

    Args:
        keep_s: Younger than that, everything stays.
        on_step: Told of each step before it is taken.

    Raises:
        WorkspaceBusy: A run is at work there.
        StorageError: The workspace cannot be read or written.
    """
    open_reader(workspace.journal).close()  # one that isn't there is not made
    with WorkspaceLock(workspace):
        plan = asyncio.run(_clean(workspace, keep_s, clock, on_step))
        on_step("compact")
        freed = _remove_files(plan.backups)
        freed += compact(workspace.journal) + compact(workspace.blobs / FILE)
        return Cleaned(plan.amounts, plan.kept_runs, freed)


@dataclass(frozen=True, slots=True)
class _Plan:
    amounts: dict[str, Amount]
    documents: OldDocuments
    bodies: tuple[str, ...]
    backups: tuple[Path, ...]
    kept_runs: int


async def _clean(
    workspace: Workspace,
    keep_s: float,
    clock: Clock,
    on_step: Callable[[str], None],
) -> _Plan:
    store = Store.open(workspace.journal)
    try:
        before = clock.now() - keep_s
        plan = await store.write(lambda writer: _find(writer, workspace, before))
        await store.write(lambda writer: mark_cleaned(writer, clock.now()))
        for table in removal_order():
            is_more = bool(plan.amounts[table].rows)
            while is_more:
                on_step(table)
                removed = await store.write(partial(remove_step, table=table))
                is_more = removed > 0
        on_step("run")
        await store.write(remove_rest)
        await _remove_documents(store, plan.documents, on_step)
    finally:
        await store.close()
    await _remove_bodies(workspace, plan.bodies, on_step)
    return plan


def _find(connection: apsw.Connection, workspace: Workspace, before: float) -> _Plan:
    keep, writing = _runs_that_stay(connection, before)
    amounts = find_old_rows(connection, keep, writing, before)
    documents = find_old_documents(
        connection, iter_kept_payloads(connection), needed_items(connection), before
    )
    bodies, body_bytes = _old_bodies(workspace, documents)
    backups = _old_backups(workspace, before)
    amounts["document"] = documents.amount
    amounts["body"] = Amount(len(bodies), body_bytes)
    amounts["backup"] = Amount(
        len(backups), sum(path.stat().st_size for path in backups)
    )
    return _Plan(amounts, documents, bodies, backups, len(keep))


def _runs_that_stay(
    connection: apsw.Connection, before: float
) -> tuple[set[str], set[str]]:
    """Return the runs of which all stays, and those whose files stand now."""
    keep = {str(run) for (run,) in connection.execute(_YOUNG, (before,))}
    writing: set[str] = set()
    for (recipe,) in connection.execute(_RECIPES).fetchall():
        for query in (_NEWEST, _WHOLE):
            rows = connection.execute(query, (recipe, _LAST_RUNS))
            keep |= {str(run) for (run,) in rows}
        writing |= {str(run) for (run,) in connection.execute(_WROTE, (recipe,))}
    return keep, writing


async def _remove_documents(
    store: Store, old: OldDocuments, on_step: Callable[[str], None]
) -> None:
    for start in range(0, len(old.documents), _A_STEP):
        on_step("document")
        some = old.documents[start : start + _A_STEP]
        await store.write(partial(remove_documents, documents=some))
    for start in range(0, len(old.pages), _A_STEP):
        on_step("page")
        pages = old.pages[start : start + _A_STEP]
        await store.write(partial(remove_pages, pages=pages))
    if old.documents:
        await store.write(remove_vectors)


def _old_bodies(workspace: Workspace, old: OldDocuments) -> tuple[tuple[str, ...], int]:
    """Return the bytes that no page needs any more, and how many they are."""
    path = workspace.blobs / FILE
    if not path.exists():
        return (), 0
    database = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        query = "SELECT id, length(data) FROM body"
        rows: list[tuple[str, int]] = database.execute(query).fetchall()  # type: ignore[assignment]
    finally:
        database.close()
    gone = [(one, size) for one, size in rows if one not in old.kept_bodies]
    return tuple(one for one, _ in gone), sum(size for _, size in gone)


async def _remove_bodies(
    workspace: Workspace, bodies: tuple[str, ...], on_step: Callable[[str], None]
) -> None:
    if not bodies:
        return
    on_step("body")
    blobs = Blobs(workspace.blobs)
    for one in bodies:
        blobs.discard(one)
    await blobs.close()


def _old_backups(workspace: Workspace, before: float) -> tuple[Path, ...]:
    if not workspace.state.is_dir():
        return ()
    return tuple(
        path
        for path in sorted(workspace.state.iterdir())
        if _BACKUP.fullmatch(path.name) and path.stat().st_mtime < before
    )


def _remove_files(paths: tuple[Path, ...]) -> int:
    freed = 0
    for path in paths:
        freed += path.stat().st_size
        path.unlink()
    return freed
