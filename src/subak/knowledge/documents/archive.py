"""Archive: every document ever read, and what each URL answered and when.

Knows its tables (archive_tables.py) and nothing of the network.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import fields, replace
from operator import attrgetter

import apsw
import msgspec
import zstandard

from subak.engine.blobs import Blobs
from subak.engine.clock import Clock, SystemClock, publication_time
from subak.engine.store import Store
from subak.errors import StorageError
from subak.knowledge.codec import JsonCodec
from subak.knowledge.documents.archive_tables import create_tables
from subak.knowledge.documents.document import Document
from subak.knowledge.documents.snapshot import Snapshot
from subak.knowledge.documents.trust import note_document, read_trust
from subak.knowledge.documents.visits import Trust

_COLUMNS = tuple(field.name for field in fields(Snapshot))
_LINKS = _COLUMNS.index("links")
_values = attrgetter(*_COLUMNS)
_FIND = f"SELECT {', '.join(_COLUMNS)} FROM snapshot WHERE url = ?"
_FIND_DOCUMENT = "SELECT payload, first_seen, checksum FROM document WHERE id = ?"
_KEEP = """
INSERT INTO document (id, url, payload, first_seen, checksum) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    payload = excluded.payload, first_seen = excluded.first_seen,
    checksum = excluded.checksum
"""
# Two targets may share a URL in one run: what a body became is not taken back.
_KEPT = {
    "first_fetched": "first_fetched",
    "document": "iif(body = excluded.body, document, excluded.document)",
    "links": "iif(body = excluded.body, links, excluded.links)",
}
_NOTE = (
    f"INSERT INTO snapshot ({', '.join(_COLUMNS)}) "
    f"VALUES ({', '.join('?' * len(_COLUMNS))}) ON CONFLICT (url) DO UPDATE SET "
    + ", ".join(f"{name} = {_KEPT.get(name, f'excluded.{name}')}" for name in _COLUMNS)
)
_VISIT = """
INSERT INTO visit (url, fetched, reason, status, body, size, etag, last_modified, hint,
                   document)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_NAME_DOCUMENT = """
UPDATE snapshot SET document = ?, links = ? WHERE body = ? AND final_url = ?
RETURNING url
"""
_SOURCES = """
SELECT copy.url FROM entry AS own
JOIN entry AS copy ON copy.number = own.number OR copy.original = own.number
WHERE own.document = ? ORDER BY copy.number <> own.number, copy.number
"""


class Archive:
    """Keep documents and snapshots in the workspace's database.

    Guarantees: a document has the time at which its id was first kept, for ever, so
    an unchanged page gives an equal Document; what ``keep`` returned is on the disk,
    with every snapshot noted before it.
    Assumes: ``open`` was awaited once.
    """

    def __init__(self, store: Store, blobs: Blobs, clock: Clock | None = None) -> None:
        self._store = store
        self._blobs = blobs
        self._clock: Clock = clock or SystemClock()
        self._codec = JsonCodec(Document)
        self._compressor = zstandard.ZstdCompressor()

    async def open(self) -> None:
        """Create the tables that are missing."""
        await self._store.write(create_tables)

    async def keep(
        self,
        document: Document,
        *,
        body: str,
        fetched_from: str = "",
        links: Sequence[str] = (),
    ) -> Document:
        """Store a document; return it with the time of its first storage.

        Args:
            body: Blob id it was read from; snapshots of that body now name it.
            fetched_from: Final URL of the body, where the document names another.
            links: Pages it links to.
        """
        now = publication_time(self._clock)
        encoded_links = msgspec.json.encode(tuple(links)).decode()
        place = fetched_from or document.url

        def change(connection: apsw.Connection) -> tuple[Document, set[str]]:
            first_seen = self._first_seen(connection, document.id)
            kept = replace(
                document, fetched_at=now if first_seen is None else first_seen
            )
            self._put(connection, kept)
            named = connection.execute(
                _NAME_DOCUMENT, (kept.id, encoded_links, body, place)
            ).fetchall()
            noted = {
                note_document(connection, str(url), body, kept.id, now)
                for (url,) in named
            }
            return kept, noted - {""}

        kept, superseded = await self._store.write(change, patience="long")
        for each in superseded:
            self._blobs.discard(each)
        return kept

    def find(self, document_id: str) -> Document | None:
        """Return the document with this id, None when there is none.

        Raises:
            StorageError: It is damaged.
        """
        return find_document(self._store.read(), document_id)

    def find_snapshot(self, url: str) -> Snapshot | None:
        """Return the present state of this URL, None when it was never asked for."""
        return find_snapshot(self._store.read(), url)

    def has_body(self, snapshot: Snapshot) -> bool:
        """Tell whether the bytes of a snapshot are at hand."""
        return self._blobs.has(snapshot.body)

    def trust(self, snapshot: Snapshot) -> Trust:
        """Return what of the page's site may be believed."""
        return read_trust(self._store.read(), snapshot, self._clock.now())

    def of(self, source: str) -> tuple[str, ...]:
        """Return the pages a source named that are still there, oldest first."""
        rows = self._store.read().execute(
            "SELECT url FROM snapshot WHERE source = ? AND status = 200 "
            "AND body <> '' ORDER BY first_fetched, url",
            (source,),
        )
        return tuple(str(url) for (url,) in rows)

    def sources_of(self, document_id: str) -> tuple[str, ...]:
        """Return the addresses that carry a document: its own first, then copies."""
        if urls := find_sources(self._store.read(), document_id):
            return urls
        found = self.find(document_id)
        return () if found is None else (found.url,)

    def previous(self, document: Document) -> Document | None:
        """Return the document that stood at the same address before, if one did."""
        row = (
            self._store.read()
            .execute(
                "SELECT id FROM document WHERE url = ? AND id <> ? "
                "ORDER BY first_seen DESC LIMIT 1",
                (document.url, document.id),
            )
            .fetchone()
        )
        return None if row is None else self.find(str(row[0]))

    def note(
        self,
        snapshot: Snapshot,
        known: Snapshot | None,
        *,
        reason: str = "",
        size: int = 0,
    ) -> None:
        """Record a URL's state after a visit, and the visit if something was new.

        It is on the disk before whatever is written later.

        Args:
            known: Its state before.
            reason: Why it was visited.
            size: Bytes of the body.
        """
        row = _row(snapshot)
        before = (known.body, known.status) if known else ("", 0)
        visit = (
            snapshot.url,
            snapshot.last_fetched,
            reason,
            snapshot.status,
            snapshot.body,
            size,
            snapshot.etag,
            snapshot.last_modified,
            snapshot.hint,
            snapshot.document,
        )

        def change(connection: apsw.Connection) -> None:
            connection.execute(_NOTE, row)
            if (snapshot.body, snapshot.status) != before:
                connection.execute(_VISIT, visit)

        self._store.post(change)

    def _first_seen(
        self, connection: apsw.Connection, document_id: str
    ) -> float | None:
        query = "SELECT first_seen FROM document WHERE id = ?"
        row = connection.execute(query, (document_id,)).fetchone()
        return None if row is None else float(row[0])

    def _put(self, connection: apsw.Connection, document: Document) -> None:
        encoded = self._codec.encode(document)
        payload = self._compressor.compress(encoded)
        checksum = _checksum(document.id, payload, document.fetched_at)
        row = (document.id, document.url, payload, document.fetched_at, checksum)
        connection.execute(_KEEP, row)


def find_document(connection: apsw.Connection, document_id: str) -> Document | None:
    """Return a document of a workspace's database; see ``Archive.find``."""
    row = connection.execute(_FIND_DOCUMENT, (document_id,)).fetchone()
    if row is None:
        return None
    payload, first_seen, checksum = row
    if _checksum(document_id, payload, first_seen) != checksum:
        raise StorageError(
            "a stored document is damaged",
            where=f"document {document_id}",
            hint="subak run RECIPE --refresh extract reads it anew",
        )
    data = zstandard.ZstdDecompressor().decompress(payload)
    return msgspec.json.decode(data, type=Document)


def find_sources(connection: apsw.Connection, document_id: str) -> tuple[str, ...]:
    """Return the addresses that the catalogue has for a document, its own first."""
    query = "SELECT count(*) FROM sqlite_schema WHERE name = 'entry'"
    if not connection.execute(query).get:
        return ()
    rows = connection.execute(_SOURCES, (document_id,)).fetchall()
    return tuple(str(url) for (url,) in rows)


def find_snapshot(connection: apsw.Connection, url: str) -> Snapshot | None:
    """Return the present state of a URL; see ``Archive.find_snapshot``."""
    row = connection.execute(_FIND, (url,)).fetchone()
    if row is None:
        return None
    named = dict(zip(_COLUMNS, row, strict=True))
    named["links"] = msgspec.json.decode(named["links"])
    return msgspec.convert(named, Snapshot)


def _row(snapshot: Snapshot) -> tuple[str | float, ...]:
    values = list(_values(snapshot))
    values[_LINKS] = msgspec.json.encode(snapshot.links).decode()
    return tuple(values)


def _checksum(document_id: str, payload: bytes, first_seen: float) -> bytes:
    digest = hashlib.blake2b(digest_size=16)
    for part in (b"document", document_id.encode(), repr(first_seen).encode(), payload):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
