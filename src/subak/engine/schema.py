"""The journal's tables, and how an older file becomes a newer one.

Views and users read these tables with SQL. Times are seconds since the epoch (UTC),
durations are seconds, JSON is text, blobs are zstd frames. A call's key is a BLOB
where it is hex digits, else TEXT:

meta        key -> value, small facts about the file
run         one row an execution; ``ended`` is NULL while it runs or after a kill
task        what became of a stage on an item in a run; ``parts`` names what its key
            was made of (JSON), ``labels`` what it inherited (JSON). A view: what many
            tasks share is kept once, in ``scope``, the rest in ``task_row``
begun       a task that is being done for more than a moment, or one that a killed
            process left so
tally       how many tasks of a stage that keeps no row for each ended how;
            ``before`` counts those done before the run was resumed
result      the packed output of a task, by key, kept for all later runs
owner       whose calls: run, stage, model and server, named by number in other rows
call        a model call that was answered: request, response and their measures. Rows
            are only added: ``again`` is 0 for a key's first answer, 1 for one that
            counts from then on, 2 for one that is history only
dictionary  what the frames of calls were packed with (0: nothing); two copies each
flight      a model call under way, or one that a killed process left so
attempt     a failure: of a task, a call or a fetch; never read as a result
event       what happened, in order; ``data`` is JSON. What the other rows tell
            (task.done, call.sent ...) is not repeated there
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import apsw

from subak.engine.upgrade_to_2 import upgrade_to_2
from subak.engine.upgrade_to_3 import upgrade_to_3
from subak.errors import StorageError

APPLICATION_ID = 0x5375424B
"""Marks the file as subak's ("SuBK"), so that no foreign database is touched."""

Migration = str | Callable[[apsw.Connection], None]

_VERSION_1 = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE run(
    id TEXT PRIMARY KEY, recipe TEXT NOT NULL, recipe_digest TEXT NOT NULL,
    started REAL NOT NULL, ended REAL, status TEXT NOT NULL,
    options TEXT NOT NULL, summary TEXT NOT NULL) STRICT;
CREATE TABLE task(
    run TEXT NOT NULL, stage TEXT NOT NULL, item TEXT NOT NULL, key TEXT NOT NULL,
    state TEXT NOT NULL, parts TEXT NOT NULL, started REAL NOT NULL,
    seconds REAL NOT NULL, attempts INTEGER NOT NULL, labels TEXT NOT NULL,
    PRIMARY KEY(run, stage, item, key)) STRICT;
CREATE INDEX task_item ON task(stage, item);
CREATE TABLE result(
    key TEXT PRIMARY KEY, stage TEXT NOT NULL, item TEXT NOT NULL, run TEXT NOT NULL,
    ts REAL NOT NULL, payload BLOB NOT NULL, checksum BLOB NOT NULL) STRICT;
CREATE INDEX result_item ON result(stage, item, ts);
CREATE TABLE call(
    key TEXT PRIMARY KEY, run TEXT NOT NULL, stage TEXT NOT NULL, item TEXT NOT NULL,
    model TEXT NOT NULL, endpoint TEXT NOT NULL, started REAL NOT NULL,
    seconds REAL NOT NULL, first_token_s REAL, tokens_in INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL, tokens_cached INTEGER NOT NULL,
    finish TEXT NOT NULL, slot INTEGER NOT NULL, request BLOB NOT NULL,
    response BLOB NOT NULL, checksum BLOB NOT NULL) STRICT;
CREATE INDEX call_run ON call(run, started);
CREATE TABLE attempt(
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, stage TEXT NOT NULL,
    item TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL,
    number INTEGER NOT NULL, ts REAL NOT NULL, error TEXT NOT NULL,
    message TEXT NOT NULL, place TEXT NOT NULL, hint TEXT NOT NULL,
    retryable INTEGER NOT NULL, detail TEXT NOT NULL) STRICT;
CREATE INDEX attempt_run ON attempt(run, stage, item);
CREATE TABLE event(
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, ts REAL NOT NULL, kind TEXT NOT NULL,
    stage TEXT NOT NULL, item TEXT NOT NULL, data TEXT NOT NULL) STRICT;
CREATE INDEX event_run ON event(run, kind);
"""

MIGRATIONS: tuple[Migration, ...] = (_VERSION_1, upgrade_to_2, upgrade_to_3)
"""How schema n becomes n + 1; a released entry never changes."""

_IDENTITY = """
SELECT (SELECT user_version FROM pragma_user_version),
       (SELECT application_id FROM pragma_application_id),
       (SELECT count(*) FROM sqlite_schema)
"""


def find_version(connection: apsw.Connection, path: Path, known: int) -> int:
    """Return the file's schema version, 0 for an empty file.

    Raises:
        StorageError: It belongs to another program or to a newer subak.
    """
    version, application, tables = connection.execute(_IDENTITY).get
    if tables and application != APPLICATION_ID:
        raise StorageError(
            "the file is a database of another program",
            where=str(path),
            hint="move it away, then run the same command again",
        )
    if version > known:
        raise StorageError(
            f"the journal has schema {version}, this subak knows up to {known}",
            where=str(path),
            hint="pip install --upgrade subak, or use another workspace folder",
        )
    return int(version)


def migrate(
    connection: apsw.Connection,
    path: Path,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> None:
    """Bring the file to the newest schema: a backup first, then one transaction."""
    newest = len(migrations)
    found = find_version(connection, path, newest)
    if found == newest:
        return
    if found:
        _back_up(connection, path.with_name(f"{path.name}.v{found}.backup"))
    connection.transaction_mode = "IMMEDIATE"
    with connection:
        # Read again: another process may have been first while this one waited.
        for migration in migrations[find_version(connection, path, newest) :]:
            if isinstance(migration, str):
                connection.execute(migration)
            else:
                migration(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {newest}")


def _back_up(connection: apsw.Connection, backup: Path) -> None:
    unfinished = backup.with_name(f"{backup.name}.tmp")
    unfinished.unlink(missing_ok=True)
    connection.execute("VACUUM INTO ?", (str(unfinished),))
    with unfinished.open("rb") as written:
        os.fsync(written.fileno())
    unfinished.replace(backup)
