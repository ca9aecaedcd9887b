"""The table of passages: which columns it has, and how an older one gains them.

passage       where each stands and what its document is; ``key`` names the text that
              is embedded, see semantic.py
passage_text  the same rows for full-text search
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import apsw

_TABLES = """
CREATE TABLE IF NOT EXISTS passage(
    id INTEGER PRIMARY KEY,
    document TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    category TEXT NOT NULL,
    entity TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS passage_document ON passage(document);
CREATE INDEX IF NOT EXISTS passage_url ON passage(url);
CREATE VIRTUAL TABLE IF NOT EXISTS passage_text USING fts5(
    title, heading, text, tokenize = 'porter unicode61 remove_diacritics 2'
);
"""
# What the first subak's table did not have, as a passage without it is shown.
ADDED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "language": ("TEXT NOT NULL DEFAULT ''", "''"),
        "published": ("TEXT NOT NULL DEFAULT ''", "''"),
        "fetched": ("REAL NOT NULL DEFAULT 0", "0.0"),
        "tier": ("INTEGER NOT NULL DEFAULT 0", "0"),
        "key": ("TEXT NOT NULL DEFAULT ''", "''"),
    }
)
_INDEXES = """
CREATE INDEX IF NOT EXISTS passage_key ON passage(key);
CREATE INDEX IF NOT EXISTS passage_entity ON passage(entity);
"""


def passage_columns(connection: apsw.Connection) -> frozenset[str]:
    """Return the columns of the table of passages, none when there is no table."""
    query = "SELECT name FROM pragma_table_info('passage')"
    return frozenset(str(name) for (name,) in connection.execute(query))


def create_passage_tables(connection: apsw.Connection) -> None:
    """Create what is missing; rows of an older table are filled in as they return."""
    columns = passage_columns(connection)
    if ADDED.keys() <= columns:
        return
    connection.execute(_TABLES)
    for name, (kind, _) in ADDED.items():
        if name not in columns:
            connection.execute(f'ALTER TABLE passage ADD COLUMN "{name}" {kind}')
    connection.execute(_INDEXES)


def shown(name: str, columns: frozenset[str]) -> str:
    """Return the SQL expression for an added column of the passage ``p``."""
    return f'p."{name}"' if name in columns else ADDED[name][1]
