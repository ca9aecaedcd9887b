"""has_table: whether a journal has a table; those of the archive come with a run."""

from __future__ import annotations

import apsw


def has_table(db: apsw.Connection, name: str) -> bool:
    """Tell whether the journal has a table of that name."""
    query = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?"
    return bool(db.execute(query, (name,)).get)
