"""Index: the passages of documents in the journal's file, by words and by meaning."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

import apsw

from subak.engine.store import Store
from subak.knowledge.documents.document import Document
from subak.knowledge.search.filter import Narrowing
from subak.knowledge.search.hit import Hit as Hit
from subak.knowledge.search.passage import Passage, passages
from subak.knowledge.search.passage_table import (
    ADDED,
    create_passage_tables,
    passage_columns,
)
from subak.knowledge.search.retriever import Retriever
from subak.knowledge.search.wording_key import wording_key

_INSERT = """
INSERT INTO passage(document, url, title, category, entity, language, published,
                    fetched, tier, start, "end", key)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
"""
_PRESENT = """
SELECT DISTINCT document, title, category, entity, language, published, tier
FROM passage WHERE url = ?
"""


class Index:
    """Passages of documents, searchable by their words.

    Guarantees: adding a document twice changes nothing; of the documents at one URL
    only the last added is found; a hit's text is the document's own at its offsets.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def add(self, document: Document) -> None:
        """Make a document findable, in place of an earlier one at its URL.

        Raises:
            StorageError: It could not be written.
        """
        cut = passages(document.text)

        def change(connection: apsw.Connection) -> None:
            put_passages(connection, document, cut)

        await self._store.write(change)

    def has(self, document: Document) -> bool:
        """Tell whether exactly this document, with these labels, can be found."""
        reader = self._store.read()
        return _is_present(reader) and _is_current(reader, document)

    def search(
        self, query: str, *, limit: int = 10, **only: Unpack[Narrowing]
    ) -> list[Hit]:
        """Return the passages whose words fit a free-text query best.

        Passages with all of its words come first, then those with any.
        """
        return Retriever(self._store.read()).search(query, limit, **only)


def put_passages(
    connection: apsw.Connection, document: Document, cut: Iterable[Passage]
) -> bool:
    """Make a document findable in a transaction; tell whether it was not yet.

    See ``Index.add``.
    """
    create_passage_tables(connection)
    if _is_current(connection, document):
        return False
    _remove(connection, document.url, document.id)
    _, *about, tier = _labels(document)
    named = (document.id, document.url, *about, document.fetched_at, tier)
    for passage in cut:
        key = wording_key(document.title, passage)
        row = (*named, passage.start, passage.end, key)
        number = connection.execute(_INSERT, row).get
        connection.execute(
            "INSERT INTO passage_text(rowid, title, heading, text) VALUES(?, ?, ?, ?)",
            (number, document.title, passage.heading, passage.text),
        )
    return True


def remove_passages(connection: apsw.Connection, *, url: str, document: str) -> None:
    """Let nothing at this address and of this document be found any more."""
    if passage_columns(connection):
        _remove(connection, url, document)


def _is_present(connection: apsw.Connection) -> bool:
    return ADDED.keys() <= passage_columns(connection)


def _is_current(connection: apsw.Connection, document: Document) -> bool:
    """Tell whether exactly this document, with these labels, is what is stored."""
    rows = connection.execute(_PRESENT, (document.url,)).fetchall()
    return rows == [_labels(document)]


def _labels(document: Document) -> tuple[str, str, str, str, str, str, int]:
    return (
        document.id,
        document.title,
        document.category,
        document.entity,
        document.language,
        document.published,
        document.tier,
    )


def _remove(connection: apsw.Connection, url: str, document: str) -> None:
    old = "SELECT id FROM passage WHERE url = ? OR document = ?"
    names = (url, document)
    connection.execute(f"DELETE FROM passage_text WHERE rowid IN ({old})", names)
    connection.execute(f"DELETE FROM passage WHERE id IN ({old})", names)
