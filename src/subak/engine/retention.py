"""Retention: which rows of a journal may go, and how they go.

What may go is found first, into temporary tables of one connection; then it goes in
small steps. A process killed between two steps leaves rows that are only fewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import apsw
import zstandard

ROWS_A_STEP = 2_000

# Tasks of kept runs tell what is needed: their keys name results, and what they are
# about names the calls that a task of tomorrow may find answered.
_NEEDED = """
CREATE TEMP TABLE needed_task AS
    SELECT DISTINCT scope.stage AS stage, task_row.item AS item, task_row.key AS key
    FROM task_row JOIN scope ON scope.id = task_row.scope
    WHERE scope.run IN (SELECT id FROM kept_run);
CREATE INDEX temp.needed_key ON needed_task(key);
CREATE INDEX temp.needed_item ON needed_task(item, stage);
CREATE TEMP TABLE old_task AS
    SELECT task_row.id AS id, scope.run AS run, scope.stage AS stage,
        task_row.item AS item, task_row.key AS key, task_row.state AS state
    FROM task_row JOIN scope ON scope.id = task_row.scope
    WHERE scope.run NOT IN (SELECT id FROM kept_run);
CREATE INDEX temp.old_item ON old_task(item, stage, id);
CREATE TEMP TABLE making_task AS
    SELECT * FROM old_task WHERE state = 'done' AND EXISTS (
        SELECT 1 FROM needed_task AS needed WHERE needed.key = old_task.key
        AND needed.stage = old_task.stage AND needed.item = old_task.item);
CREATE INDEX temp.making_item ON making_task(item, stage, run);
"""
# Why a task was done again is told by the one before it.
_TASKS = """
CREATE TEMP TABLE gone_task AS SELECT old_task.id AS id FROM old_task
WHERE id NOT IN (SELECT id FROM making_task) AND id NOT IN (
    SELECT max(old.id) FROM needed_task AS needed
    JOIN old_task AS old ON old.item = needed.item AND old.stage = needed.stage
    GROUP BY needed.item, needed.stage)
"""
_RESULTS = """
CREATE TEMP TABLE gone_result AS SELECT result.rowid AS id FROM result
WHERE result.ts < ?1 AND NOT EXISTS (
    SELECT 1 FROM needed_task AS needed WHERE needed.key = iif(
        length(result.key) % 2 = 0 AND result.key NOT GLOB '*[^0-9a-f]*',
        unhex(result.key), result.key))
AND NOT (EXISTS (SELECT 1 FROM needed_task AS needed WHERE needed.item = result.item
                 AND needed.stage = result.stage)
    AND NOT EXISTS (SELECT 1 FROM result AS newer WHERE newer.stage = result.stage
        AND newer.item = result.item AND newer.ts > result.ts))
"""
# Stages of maps keep no tasks: there all calls of the recipe may be asked for again.
_CALLS = """
CREATE TEMP TABLE gone_call AS SELECT call.id AS id
FROM call JOIN owner ON owner.id = call.owner
WHERE owner.run NOT IN (SELECT id FROM kept_run)
AND NOT EXISTS (SELECT 1 FROM needed_task AS needed WHERE needed.item = call.item
                AND needed.stage = owner.stage)
AND NOT EXISTS (SELECT 1 FROM tally WHERE tally.stage = owner.stage
                AND tally.run IN (SELECT id FROM kept_run))
"""
_EVENTS = """
CREATE TEMP TABLE gone_event AS SELECT event.id AS id FROM event
WHERE run NOT IN (SELECT id FROM kept_run)
AND kind NOT IN ('run.started', 'run.cleaned')
AND NOT (kind = 'output.written' AND run IN (SELECT id FROM writing_run))
AND NOT (kind IN ('fact.proved', 'fact.refused', 'task.retried') AND EXISTS (
    SELECT 1 FROM making_task AS making WHERE making.item = event.item
    AND making.stage = event.stage AND making.run = event.run))
"""
_ATTEMPTS = """
CREATE TEMP TABLE gone_attempt AS SELECT id FROM attempt
WHERE run NOT IN (SELECT id FROM kept_run)
"""
_RUNS = """
CREATE TEMP TABLE gone_run AS SELECT run.rowid AS id FROM run
WHERE id NOT IN (SELECT id FROM kept_run) AND id NOT IN (SELECT id FROM writing_run)
AND id NOT IN (SELECT run FROM old_task WHERE id NOT IN (SELECT id FROM gone_task))
AND id NOT IN (SELECT owner.run FROM call JOIN owner ON owner.id = call.owner
               WHERE call.id NOT IN (SELECT id FROM gone_call))
"""
_SIZES: Mapping[str, str] = MappingProxyType(
    {
        "task": "SELECT count(*), 90 * count(*) FROM gone_task",
        "result": "SELECT count(*), coalesce(sum(length(payload)), 0) + 180 * count(*)"
        " FROM result WHERE rowid IN (SELECT id FROM gone_result)",
        "call": "SELECT count(*), coalesce(sum(length(request) + length(response)), 0)"
        " + 160 * count(*) FROM call WHERE id IN (SELECT id FROM gone_call)",
        "event": "SELECT count(*), coalesce(sum(length(data)), 0) + 110 * count(*)"
        " FROM event WHERE id IN (SELECT id FROM gone_event)",
        "attempt": "SELECT count(*), coalesce(sum(length(message) + length(detail)), 0)"
        " + 200 * count(*) FROM attempt WHERE id IN (SELECT id FROM gone_attempt)",
        "run": "SELECT count(*), coalesce(sum(length(summary) + length(options)), 0)"
        " FROM run WHERE rowid IN (SELECT id FROM gone_run)",
    }
)
# In this order: nothing that stays points to what has gone.
_TABLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "event": ("event", "id"),
        "attempt": ("attempt", "id"),
        "call": ("call", "id"),
        "task": ("task_row", "id"),
        "result": ("result", "rowid"),
    }
)
# A run of which something stays is told to have been cleaned, once.
_MARK = """
INSERT INTO event SELECT NULL, id, ?1, 'run.cleaned', '', '', '{}' FROM run
WHERE id NOT IN (SELECT id FROM kept_run)
AND rowid NOT IN (SELECT id FROM gone_run)
AND id NOT IN (SELECT run FROM event WHERE kind = 'run.cleaned')
"""
_REST = """
DELETE FROM tally WHERE run NOT IN (SELECT id FROM kept_run);
DELETE FROM event WHERE run IN (
    SELECT run.id FROM run WHERE run.rowid IN (SELECT id FROM gone_run));
DELETE FROM run WHERE rowid IN (SELECT id FROM gone_run);
DELETE FROM scope WHERE id NOT IN (SELECT scope FROM task_row);
DELETE FROM owner WHERE id NOT IN (SELECT owner FROM call)
    AND id NOT IN (SELECT owner FROM flight);
"""


@dataclass(frozen=True, slots=True)
class Amount:
    """Some rows, and about how many bytes they take."""

    rows: int = 0
    size_bytes: int = 0


def find_old_rows(
    connection: apsw.Connection,
    keep: Iterable[str],
    writing: Iterable[str],
    before: float,
) -> dict[str, Amount]:
    """Find what may go; return how much, by table.

    Args:
        keep: Runs of which everything stays.
        writing: Runs that wrote the files which stand now.
        before: Results that are newer stay; seconds since the epoch.
    """
    connection.execute("CREATE TEMP TABLE kept_run(id TEXT PRIMARY KEY)")
    connection.execute("CREATE TEMP TABLE writing_run(id TEXT PRIMARY KEY)")
    put = "INSERT OR IGNORE INTO temp.{} VALUES(?)"
    connection.executemany(put.format("kept_run"), [(run,) for run in keep])
    connection.executemany(put.format("writing_run"), [(run,) for run in writing])
    connection.execute(_NEEDED)
    connection.execute(_TASKS)
    connection.execute(_RESULTS, (before,))
    for statement in (_CALLS, _EVENTS, _ATTEMPTS, _RUNS):
        connection.execute(statement)
    return {name: Amount(*connection.execute(sql).get) for name, sql in _SIZES.items()}


def remove_step(connection: apsw.Connection, table: str) -> int:
    """Remove some of the rows of one table that were found; return how many."""
    name, column = _TABLES[table]
    gone = f"SELECT id FROM temp.gone_{table} LIMIT {ROWS_A_STEP}"
    connection.execute(f"DELETE FROM {name} WHERE {column} IN ({gone})")
    connection.execute(f"DELETE FROM temp.gone_{table} WHERE id IN ({gone})")
    return connection.changes()


def removal_order() -> tuple[str, ...]:
    """Return the tables in the order in which their rows may go."""
    return tuple(_TABLES)


def mark_cleaned(connection: apsw.Connection, now: float) -> None:
    """Note in runs of which only a part stays that they were cleaned."""
    connection.execute(_MARK, (now,))


def remove_rest(connection: apsw.Connection) -> None:
    """Remove runs, and what belongs to nothing any more."""
    connection.execute(_REST)


def needed_items(connection: apsw.Connection) -> set[str]:
    """Return the items of runs that stay."""
    return {str(item) for (item,) in connection.execute("SELECT item FROM needed_task")}


def iter_kept_payloads(connection: apsw.Connection) -> Iterator[bytes]:
    """Yield what the results that stay say, damaged ones left out."""
    decompressor = zstandard.ZstdDecompressor()
    query = "SELECT payload FROM result WHERE rowid NOT IN (SELECT id FROM gone_result)"
    for (payload,) in connection.execute(query):
        try:
            yield decompressor.decompress(payload)
        except zstandard.ZstdError:
            continue
