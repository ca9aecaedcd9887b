"""RobotsMemory: robots.txt files that need not be asked for again today.

Knows the table robots(origin, status, body, fetched) and nothing of their grammar.
"""

from __future__ import annotations

import apsw

from subak.engine.clock import Clock
from subak.engine.store import Store

KEPT_S = 86_400.0  # RFC 9309, section 2.4: a cached copy is used no longer than a day
_TABLE = """
CREATE TABLE IF NOT EXISTS robots (
    origin TEXT PRIMARY KEY,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    fetched REAL NOT NULL
) STRICT
"""
_KEEP = """
INSERT INTO robots VALUES (?, ?, ?, ?)
ON CONFLICT (origin) DO UPDATE SET
    status = excluded.status, body = excluded.body, fetched = excluded.fetched
"""


class RobotsMemory:
    """Keep answers to robots.txt in the workspace's database for a day.

    Assumes: ``open`` was awaited once.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def open(self) -> None:
        """Create the table if it is missing."""
        await self._store.write(_create)

    def find(self, origin: str) -> tuple[int, bytes] | None:
        """Return status and body of an answer of the last day, None without one."""
        query = "SELECT status, body, fetched FROM robots WHERE origin = ?"
        row = self._store.read().execute(query, (origin,)).fetchone()
        if row is None:
            return None
        status, body, fetched = row
        age_s = self._clock.now() - fetched
        return (status, body) if 0.0 <= age_s < KEPT_S else None

    def keep(self, origin: str, status: int, body: bytes) -> None:
        """Remember an answer that came now; on the disk soon."""
        row = (origin, status, body, self._clock.now())

        def change(connection: apsw.Connection) -> None:
            connection.execute(_KEEP, row)

        self._store.post(change)


def _create(connection: apsw.Connection) -> None:
    connection.execute(_TABLE)
