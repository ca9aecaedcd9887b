"""Archive: every document ever read, and what each URL last answered.

Knows the two tables and nothing of the network. Tables (STRICT):
document(id, url, payload zstd JSON, first_seen, checksum) and
snapshot(url, final_url, document, body, content_type, charset, etag, last_modified,
first_fetched, last_fetched, links JSON).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import apsw
import msgspec
import zstandard

from subak.engine.blobs import Blobs
from subak.engine.clock import Clock, SystemClock, publication_time
from subak.engine.store import Store
from subak.errors import StorageError
from subak.knowledge.codec import JsonCodec
from subak.knowledge.document import Document
from subak.knowledge.snapshot import Snapshot

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
"""
_SNAPSHOT_COLUMNS = (
    "url, final_url, body, content_type, charset, etag, last_modified, document, "
    "links, first_fetched, last_fetched"
)
_KEEP = """
INSERT INTO document (id, url, payload, first_seen, checksum) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    payload = excluded.payload, first_seen = excluded.first_seen,
    checksum = excluded.checksum
"""
# The first fetch stays first; a document belongs to a body and goes when that changes.
_NOTE = """
INSERT INTO snapshot VALUES (?, ?, '', ?, ?, ?, ?, ?, ?, ?, '[]')
ON CONFLICT (url) DO UPDATE SET
    document = iif(body = excluded.body, document, ''),
    links = iif(body = excluded.body, links, '[]'),
    final_url = excluded.final_url, body = excluded.body,
    content_type = excluded.content_type, charset = excluded.charset,
    etag = excluded.etag, last_modified = excluded.last_modified,
    last_fetched = excluded.last_fetched
"""


class Archive:
    """Keep documents and snapshots in the workspace's database.

    Guarantees: a document has the time at which its id was first kept, for ever, so
    an unchanged page gives an equal Document; what ``keep`` returned is on the disk.
    Assumes: ``open`` was awaited once.
    """

    def __init__(self, store: Store, blobs: Blobs, clock: Clock | None = None) -> None:
        self._store = store
        self._blobs = blobs
        self._clock: Clock = clock or SystemClock()
        self._codec = JsonCodec(Document)

    async def open(self) -> None:
        """Create the tables that are missing."""
        await self._store.write(_create)

    async def keep(
        self, document: Document, *, body: str, links: Sequence[str] = ()
    ) -> Document:
        """Store a document; return it with the time of its first storage.

        Args:
            body: Blob id it was read from; snapshots of that body now name it.
            links: Pages it links to.
        """
        now = publication_time(self._clock)
        encoded_links = msgspec.json.encode(tuple(links)).decode()

        def change(connection: apsw.Connection) -> Document:
            first_seen = self._first_seen(connection, document.id)
            kept = replace(
                document, fetched_at=now if first_seen is None else first_seen
            )
            self._put(connection, kept)
            connection.execute(
                "UPDATE snapshot SET document = ?, links = ? "
                "WHERE body = ? AND final_url = ?",
                (kept.id, encoded_links, body, kept.url),
            )
            return kept

        return await self._store.write(change)

    def find(self, document_id: str) -> Document | None:
        """Return the document with this id, None when there is none.

        Raises:
            StorageError: It is damaged.
        """
        query = "SELECT payload, first_seen, checksum FROM document WHERE id = ?"
        row = self._store.read().execute(query, (document_id,)).fetchone()
        if row is None:
            return None
        payload, first_seen, checksum = row
        if _checksum(document_id, payload, first_seen) != checksum:
            raise StorageError(
                "a stored document is damaged",
                where=f"document {document_id}",
                hint="subak run RECIPE --refresh extract reads it anew",
            )
        return self._codec.decode(zstandard.ZstdDecompressor().decompress(payload))

    def find_snapshot(self, url: str) -> Snapshot | None:
        """Return what this URL last answered, None when it was never fetched."""
        query = f"SELECT {_SNAPSHOT_COLUMNS} FROM snapshot WHERE url = ?"
        row = self._store.read().execute(query, (url,)).fetchone()
        if row is None:
            return None
        named = dict(zip(_SNAPSHOT_COLUMNS.split(", "), row, strict=True))
        named["links"] = msgspec.json.decode(named["links"])
        return msgspec.convert(named, Snapshot)

    def validators(self, url: str) -> Snapshot | None:
        """Return the snapshot to make a conditional request of, None for a plain one.

        A body that is missing or damaged must be sent again, so it has no validators.
        """
        snapshot = self.find_snapshot(url)
        if snapshot is None or not (snapshot.etag or snapshot.last_modified):
            return None
        try:
            self._blobs.get(snapshot.body)
        except StorageError:
            return None
        return snapshot

    async def note_fetch(self, snapshot: Snapshot) -> None:
        """Record what a URL answered now; its times are those of the archive."""
        now = self._clock.now()
        row = (
            snapshot.url,
            snapshot.final_url,
            snapshot.body,
            snapshot.content_type,
            snapshot.charset,
            snapshot.etag,
            snapshot.last_modified,
            now,
            now,
        )

        def change(connection: apsw.Connection) -> None:
            connection.execute(_NOTE, row)

        await self._store.write(change)

    def _first_seen(
        self, connection: apsw.Connection, document_id: str
    ) -> float | None:
        query = "SELECT first_seen FROM document WHERE id = ?"
        row = connection.execute(query, (document_id,)).fetchone()
        return None if row is None else float(row[0])

    def _put(self, connection: apsw.Connection, document: Document) -> None:
        encoded = self._codec.encode(document)
        payload = zstandard.ZstdCompressor().compress(encoded)
        checksum = _checksum(document.id, payload, document.fetched_at)
        row = (document.id, document.url, payload, document.fetched_at, checksum)
        connection.execute(_KEEP, row)


def _create(connection: apsw.Connection) -> None:
    connection.execute(_TABLES)


def _checksum(document_id: str, payload: bytes, first_seen: float) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in (b"document", document_id.encode(), repr(first_seen).encode(), payload):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
