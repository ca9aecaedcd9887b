"""VectorTable: vectors as float16 BLOBs beside the passages, scanned with numpy.

A scan of 50,000 passages takes as long as reading their 38 MB. Needs numpy, which
comes with the extra ``semantic``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import apsw

from subak.engine.store import Store
from subak.errors import StorageError
from subak.knowledge.search.filter import Filter
from subak.knowledge.search.passage_table import passage_columns
from subak.knowledge.search.vectors import Nearest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TABLE = """
CREATE TABLE IF NOT EXISTS vector(
    key TEXT NOT NULL,
    model TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY(key, model)
) STRICT
"""
_PUT = "INSERT INTO vector VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_KNOWN = """
SELECT key FROM vector
WHERE model = ? AND key IN (SELECT value FROM json_each(?))
"""
_SCAN = """
SELECT p.id, v.vector FROM passage AS p JOIN vector AS v ON v.key = p.key
WHERE v.model = :model AND length(v.vector) = :size AND {condition}
"""
_CHUNK = 8_192
_NONE = Nearest({}, 0.0, 0.0)


class VectorTable:
    """Vectors of one model in a workspace's database.

    Guarantees: a vector is on the disk when ``add`` returns; vectors of another model
    or size are never compared.

    Args:
        connection: Reads what is committed.
        model: Who made the vectors, and how.
        store: Where to write; None for a table that is only read.
    """

    def __init__(
        self, connection: apsw.Connection, model: str, store: Store | None = None
    ) -> None:
        self._connection = connection
        self._model = model
        self._store = store

    def missing(self, keys: Sequence[str]) -> list[str]:
        """Return those of the keys that have no vector yet, each once."""
        wanted = dict.fromkeys(keys)
        if self._is_there():
            names = json.dumps(list(wanted))
            for (key,) in self._connection.execute(_KNOWN, (self._model, names)):
                del wanted[key]
        return list(wanted)

    async def add(self, vectors: Mapping[str, bytes]) -> None:
        """Keep vectors by the key of their wording; a known key changes nothing.

        Raises:
            StorageError: They could not be written.
        """
        if self._store is None:
            raise StorageError(
                "the vectors are open for reading only",
                hint="open the table with a store",
            )
        rows = [(key, self._model, vector) for key, vector in vectors.items()]

        def change(connection: apsw.Connection) -> None:
            connection.execute(_TABLE)
            connection.executemany(_PUT, rows)

        await self._store.write(change, patience="long")

    def search(self, query: bytes, only: Filter, limit: int) -> Nearest:
        """Return the passages nearest to a query's vector, the filter first."""
        import numpy as np  # 11 MB that a run, which only adds vectors, does without

        columns = passage_columns(self._connection)
        if "key" not in columns or not self._is_there():
            return _NONE
        condition, bindings = only.condition(columns)
        about = {"model": self._model, "size": len(query), **bindings}
        ids, cosines = self._scan(_SCAN.format(condition=condition), about, query)
        if not len(ids):
            return _NONE
        best = np.lexsort((ids, -cosines))[:limit]
        found = {int(ids[place]): float(cosines[place]) for place in best}
        return Nearest(found, float(cosines.mean()), float(cosines.std()))

    def _scan(
        self, statement: str, bindings: Mapping[str, str | int | float], query: bytes
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Return the ids and likenesses of all that pass, read in pieces."""
        import numpy as np

        wanted = np.frombuffer(query, np.float16).astype(np.float32)
        ids: list[int] = []
        cosines: list[NDArray[np.float32]] = [np.empty(0, np.float32)]
        rows = self._connection.execute(statement, bindings)
        while chunk := list(islice(rows, _CHUNK)):
            ids += [int(str(number)) for number, _ in chunk]
            data = b"".join(bytes(vector) for _, vector in chunk)
            matrix = np.frombuffer(data, np.float16).reshape(len(chunk), -1)
            cosines.append(matrix.astype(np.float32) @ wanted)
        return np.array(ids, np.int64), np.concatenate(cosines)

    def _is_there(self) -> bool:
        query = "SELECT count(*) FROM sqlite_schema WHERE name = 'vector'"
        return bool(self._connection.execute(query).get)
