"""From schema 2 to 3: tasks in small rows, what many of them share told once.

A released upgrade never changes, so it shares no code with today's rows.
"""

from __future__ import annotations

import hashlib
import json

import apsw

_TABLES = """
CREATE TABLE scope(
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, stage TEXT NOT NULL,
    parts TEXT NOT NULL, labels TEXT NOT NULL) STRICT;
CREATE INDEX scope_run ON scope(run);
CREATE TABLE task_row(
    id INTEGER PRIMARY KEY, scope INTEGER NOT NULL, item TEXT NOT NULL,
    key ANY NOT NULL, input ANY, state TEXT NOT NULL, started REAL NOT NULL,
    seconds REAL NOT NULL, attempts INTEGER NOT NULL) STRICT;
CREATE INDEX task_row_scope ON task_row(scope);
CREATE INDEX task_row_item ON task_row(item);
CREATE TABLE begun(
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, stage TEXT NOT NULL,
    item TEXT NOT NULL, started REAL NOT NULL) STRICT;
ALTER TABLE task RENAME TO task_2;
CREATE VIEW task AS SELECT
    scope.run AS run, scope.stage AS stage, task_row.item AS item,
    CASE typeof(task_row.key) WHEN 'blob' THEN lower(hex(task_row.key))
        ELSE task_row.key END AS key,
    task_row.state AS state,
    CASE typeof(task_row.input) WHEN 'null' THEN scope.parts
        WHEN 'blob' THEN json_set(scope.parts, '$.input', lower(hex(task_row.input)))
        ELSE json_set(scope.parts, '$.input', task_row.input) END AS parts,
    task_row.started AS started, task_row.seconds AS seconds,
    task_row.attempts AS attempts, scope.labels AS labels, task_row.id AS rowid
FROM task_row JOIN scope ON scope.id = task_row.scope;
"""
_OLD = (
    "SELECT run, stage, item, key, state, parts, started, seconds, attempts, labels"
    " FROM task_2 ORDER BY rowid"
)
_OLD_EVENTS = """
DELETE FROM event
    WHERE kind IN ('task.started', 'task.done', 'task.cached', 'task.skipped')
"""


def upgrade_to_3(connection: apsw.Connection) -> None:
    """Move tasks into their new rows; their events are told by these."""
    connection.execute(_TABLES)
    for run, stage, item, key, state, parts, *measures, labels in connection.execute(
        _OLD
    ):
        shared: dict[str, str] = json.loads(parts)
        digest = shared.pop("input", None)
        texts = (run, stage, json.dumps(shared, sort_keys=True), labels)
        number = _scope_id(texts)
        connection.execute(
            "INSERT OR IGNORE INTO scope VALUES(?, ?, ?, ?, ?)", (number, *texts)
        )
        short = None if digest is None else _stored(digest)
        connection.execute(
            "INSERT INTO task_row VALUES(NULL, ?, ?, ?, ?, ?, ?, ?, ?)",
            (number, item, _stored(key), short, state, *measures),
        )
    connection.execute("DROP TABLE task_2")
    connection.execute(_OLD_EVENTS)


def _scope_id(texts: tuple[str, ...]) -> int:
    digest = hashlib.blake2b(digest_size=8)
    for text in texts:
        data = text.encode()
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return int.from_bytes(digest.digest(), "big", signed=True)


def _stored(key: str) -> str | bytes:
    try:
        data = bytes.fromhex(key)
    except ValueError:
        return key
    return data if data.hex() == key else key
