"""ListingMemory: what listings keep from run to run, in the workspace's database.

Knows keys and bytes; what they mean is the business of the sources. Table (STRICT):
listing_memory(key, kept, value zstd).
"""

from __future__ import annotations

import apsw
import zstandard

from subak.engine.clock import Clock, SystemClock
from subak.engine.store import Store

_TABLE = """
CREATE TABLE IF NOT EXISTS listing_memory (
    key TEXT PRIMARY KEY,
    kept REAL NOT NULL,
    value BLOB NOT NULL
) STRICT;
"""
_KEEP = """
INSERT INTO listing_memory VALUES (?, ?, ?)
ON CONFLICT (key) DO UPDATE SET kept = excluded.kept, value = excluded.value
"""
# A source that left the recipe leaves its listings behind; longer than any period
# a recipe is likely to name.
_FORGOTTEN_S = 400 * 86_400.0
_MAX_BYTES = 64_000_000


class ListingMemory:
    """Keep small values by key; the newest one of a key counts.

    Guarantees: what ``keep`` was given is found in the next run, unless this one is
    killed within moments of it.
    Assumes: ``open`` was awaited once.
    """

    def __init__(self, store: Store, clock: Clock | None = None) -> None:
        self._store = store
        self._clock: Clock = clock or SystemClock()

    async def open(self) -> None:
        """Create the table if it is missing, and forget what nobody asks for."""
        oldest = self._clock.now() - _FORGOTTEN_S

        def change(connection: apsw.Connection) -> None:
            connection.execute(_TABLE)
            connection.execute("DELETE FROM listing_memory WHERE kept < ?", (oldest,))

        await self._store.write(change)

    def find(self, key: str) -> tuple[float, bytes] | None:
        """Return when a value was kept, in seconds since the epoch, and the value."""
        query = "SELECT kept, value FROM listing_memory WHERE key = ?"
        row = self._store.read().execute(query, (key,)).fetchone()
        if row is None:
            return None
        kept, value = row
        try:
            inflated = zstandard.ZstdDecompressor().decompress(
                value, max_output_size=_MAX_BYTES
            )
        except zstandard.ZstdError:  # damaged: it is only read anew
            return None
        return float(kept), inflated

    def keep(self, key: str, value: bytes) -> None:
        """Keep a value instead of the one there; on the disk in a moment."""
        row = (key, self._clock.now(), zstandard.ZstdCompressor().compress(value))

        def change(connection: apsw.Connection) -> None:
            connection.execute(_KEEP, row)

        self._store.post(change)
