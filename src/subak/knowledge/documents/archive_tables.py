"""The archive's tables, and how those of an earlier subak become them (STRICT).

document    id, url, payload (zstd JSON), first_seen, checksum: every text ever read
snapshot    the present state of each URL; ``links`` is JSON
visit       what was new at a URL, in order: other bytes, another status. Rows are only
            added; ``document`` is filled in once the bytes are read
distrust    sites whose validators or hints called something unchanged that was not
entry       the current document of each address in the index; ``original`` is the
            number of the entry it is a copy of, 0 for none, and ``judged`` the document
            it was compared with
mark        the sentences of entries that are no copies, as numbers
"""

from __future__ import annotations

import apsw

_TABLES = """
CREATE TABLE IF NOT EXISTS document (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    payload BLOB NOT NULL,
    first_seen REAL NOT NULL,
    checksum BLOB NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS document_url ON document (url);
CREATE TABLE IF NOT EXISTS snapshot (
    url TEXT PRIMARY KEY,
    final_url TEXT NOT NULL,
    document TEXT NOT NULL,
    body TEXT NOT NULL,
    content_type TEXT NOT NULL,
    charset TEXT NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    first_fetched REAL NOT NULL,
    last_fetched REAL NOT NULL,
    links TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS snapshot_body ON snapshot (body);
CREATE TABLE IF NOT EXISTS visit (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    fetched REAL NOT NULL,
    reason TEXT NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    size INTEGER NOT NULL,
    etag TEXT NOT NULL,
    last_modified TEXT NOT NULL,
    hint TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS visit_url ON visit (url);
CREATE TABLE IF NOT EXISTS distrust (
    origin TEXT NOT NULL,
    what TEXT NOT NULL,
    since REAL NOT NULL,
    PRIMARY KEY (origin, what)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS entry (
    number INTEGER PRIMARY KEY,
    url TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    document TEXT NOT NULL,
    title TEXT NOT NULL,
    category TEXT NOT NULL,
    entity TEXT NOT NULL,
    original INTEGER NOT NULL,
    judged TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS entry_document ON entry (document);
CREATE INDEX IF NOT EXISTS entry_original ON entry (original) WHERE original <> 0;
CREATE TABLE IF NOT EXISTS mark (
    mark INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (mark, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mark_number ON mark (number);
"""
# What the first subak's snapshot did not have.
_ADDED = (
    ("last_read", "REAL NOT NULL DEFAULT 0"),
    ("last_changed", "REAL NOT NULL DEFAULT 0"),
    ("source", "TEXT NOT NULL DEFAULT ''"),
    ("hint", "TEXT NOT NULL DEFAULT ''"),
    ("published", "TEXT NOT NULL DEFAULT ''"),
    ("unchanged_streak", "INTEGER NOT NULL DEFAULT 0"),
    ("status", "INTEGER NOT NULL DEFAULT 200"),
    ("failures", "INTEGER NOT NULL DEFAULT 0"),
    ("failure", "TEXT NOT NULL DEFAULT ''"),
    ("next_due", "REAL NOT NULL DEFAULT 0"),
    ("run", "TEXT NOT NULL DEFAULT ''"),
)
_TAKE_OVER = """
UPDATE snapshot SET last_read = last_fetched, last_changed = first_fetched;
INSERT INTO visit (url, fetched, reason, status, body, size, etag, last_modified, hint,
                   document)
SELECT url, first_fetched, 'new', 200, body, 0, etag, last_modified, '', document
FROM snapshot WHERE url NOT IN (SELECT url FROM visit);
"""
_INDEXES = """
CREATE INDEX IF NOT EXISTS snapshot_etag ON snapshot (etag) WHERE etag <> '';
CREATE INDEX IF NOT EXISTS snapshot_source ON snapshot (source);
"""


def create_tables(connection: apsw.Connection) -> None:
    """Create what is missing; what there is keeps its rows."""
    connection.execute(_TABLES)
    query = "SELECT name FROM pragma_table_info('snapshot')"
    there = {str(name) for (name,) in connection.execute(query)}
    missing = [(name, kind) for name, kind in _ADDED if name not in there]
    for name, kind in missing:
        connection.execute(f"ALTER TABLE snapshot ADD COLUMN {name} {kind}")
    if missing:
        connection.execute(_TAKE_OVER)
    connection.execute(_INDEXES)
