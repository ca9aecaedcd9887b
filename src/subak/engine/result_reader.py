"""ResultReader: results looked up by key, each checked against its checksum."""

from __future__ import annotations

from dataclasses import dataclass

import apsw
import zstandard

from subak.engine.rows import Found
from subak.engine.seal import Column, seal

_RESULT = (
    "SELECT key, stage, item, run, ts, payload, checksum FROM result WHERE key = ?"
)
_KEYS = (
    "SELECT CAST(key AS BLOB) FROM result WHERE stage = ? AND item = ?"
    " ORDER BY ts DESC, rowid DESC"
)


@dataclass(frozen=True, slots=True)
class StoredResult:
    """A result and whose it is."""

    stage: str
    item: str
    payload: bytes


_NONE: Found[StoredResult] = Found()
_DAMAGED: Found[StoredResult] = Found(is_damaged=True)


class ResultReader:
    """Finds results.

    Guarantees: what is found is what was put; a damaged row is told as such.
    Assumes: used by one thread.
    """

    def __init__(self, connection: apsw.Connection) -> None:
        self._connection = connection
        self._decompressor = zstandard.ZstdDecompressor()

    def find(self, key: str) -> Found[StoredResult]:
        """Look a result up."""
        try:
            row: tuple[Column, ...] | None = self._connection.execute(
                _RESULT, (key,)
            ).fetchone()
        except UnicodeDecodeError:  # a flipped bit in a text column
            return _DAMAGED
        if row is None:
            return _NONE
        if row[0] != key or row[6] != seal("result", row[:6]):
            return _DAMAGED
        payload = row[5]
        assert isinstance(payload, bytes), "a sealed row keeps its types"
        expanded = self._decompressor.decompress(payload)
        return Found(StoredResult(str(row[1]), str(row[2]), expanded))

    def find_keys(self, stage: str, item: str) -> list[str]:
        """Return the keys of all results of an item, newest first."""
        cursor = self._connection.execute(_KEYS, (stage, item))
        return [key.decode("utf-8", "replace") for (key,) in cursor]
