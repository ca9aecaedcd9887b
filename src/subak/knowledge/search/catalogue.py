"""Catalogue: which documents are read, and which only carry one that is.

One entry an address. A copy's entry names the original's; its text is neither indexed
nor read again, its address is kept as a further source.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

import apsw

from subak.engine.store import Store
from subak.knowledge.documents.copies import COMMON_FROM, Bearer, find_original, marks
from subak.knowledge.documents.document import Document
from subak.knowledge.search.index import Index, put_passages, remove_passages
from subak.knowledge.search.passage import Passage, passages

Standing = Literal["same", "new", "changed", "copy"]

_OWN = """
SELECT own.number, own.document, own.title, own.category, own.entity, own.original,
       own.judged, first.url, first.document
FROM entry AS own LEFT JOIN entry AS first ON first.number = own.original
WHERE own.url = ?
"""
_ENTER = """
INSERT INTO entry (url, host, document, title, category, entity, original, judged)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (url) DO UPDATE SET
    document = excluded.document, title = excluded.title,
    category = excluded.category, entity = excluded.entity,
    original = excluded.original, judged = excluded.judged
RETURNING number
"""
_BEARERS = """
SELECT mark.mark, entry.number, entry.host, entry.category, entry.entity
FROM mark JOIN entry ON entry.number = mark.number
WHERE mark.mark IN (SELECT value FROM json_each(?)) AND entry.url <> ?
"""


@dataclass(frozen=True, slots=True)
class Place:
    """What a document is in the catalogue.

    Args:
        standing: "same" when nothing is new about it; a copy is always "copy".
        of: Address of the original of a copy, else "".
    """

    standing: Standing
    of: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    number: int
    labels: tuple[str, str, str, str]
    original: int
    judged: str
    original_url: str
    original_document: str

    def place(self, document: Document) -> Place | None:
        """Return the place of a document that needs no new look, else None."""
        if self.labels != _labels(document):
            return None
        if not self.original:
            return Place("same")
        is_valid = bool(self.judged) and self.judged == self.original_document
        return Place("copy", self.original_url) if is_valid else None


class Catalogue:
    """Enter documents and find out which of them are copies.

    Guarantees: of documents that are copies of each other the first committed is the
    original, until it is removed or its text becomes another; only a document of the
    same category and entity can be an original. What ``enter`` returned is on the
    disk, in the index too. A document that was entered before costs no write.
    """

    def __init__(self, store: Store, index: Index) -> None:
        self._store = store
        self._index = index

    async def enter(self, document: Document) -> Place:
        """Enter the document that stands at its address now.

        Raises:
            StorageError: It could not be written.
        """
        known = _find(self._store.read(), document.url)
        place = known.place(document) if known else None
        if place is not None and self._is_indexed(place, document):
            return place
        own = marks(document.text)
        cut = passages(document.text)

        def change(connection: apsw.Connection) -> Place:
            return _enter(connection, document, own, cut)

        return await self._store.write(change, patience="long")

    async def remove(self, document: str) -> None:
        """Forget the document of this id; copies of it will be looked at anew."""

        def change(connection: apsw.Connection) -> None:
            query = "SELECT number FROM entry WHERE document = ?"
            for (number,) in connection.execute(query, (document,)).fetchall():
                connection.execute("DELETE FROM mark WHERE number = ?", (number,))
                connection.execute("DELETE FROM entry WHERE number = ?", (number,))
            remove_passages(connection, url="", document=document)

        await self._store.write(change)

    def _is_indexed(self, place: Place, document: Document) -> bool:
        return place.standing == "copy" or self._index.has(document)


def _enter(
    connection: apsw.Connection,
    document: Document,
    own: Mapping[int, int],
    cut: Iterable[Passage],
) -> Place:
    known = _find(connection, document.url)
    place = known.place(document) if known else None
    if place is None:
        place = _judge(connection, document, own, known)
    if place.standing == "copy":
        remove_passages(connection, url=document.url, document=document.id)
    elif not put_passages(connection, document, cut) and known is None:
        return Place("same")  # indexed by a subak that had no catalogue yet
    return place


def _judge(
    connection: apsw.Connection,
    document: Document,
    own: Mapping[int, int],
    known: _Entry | None,
) -> Place:
    host = urlsplit(document.url).netloc
    if known is not None:
        connection.execute("DELETE FROM mark WHERE number = ?", (known.number,))
    is_original = known is not None and not known.original
    bearers = _bearers(connection, document, own)
    number = 0 if is_original else find_original(own, host, bearers)
    of, judged = _original(connection, number)
    row = (document.url, host, *_labels(document), number, judged)
    entered = connection.execute(_ENTER, row).get
    if number:
        return Place("copy", of)
    counted = [
        (mark, entered)
        for mark in own
        if sum(each.host == host for each in bearers.get(mark, ())) < COMMON_FROM
    ]
    connection.executemany("INSERT INTO mark VALUES (?, ?)", counted)
    if known is None or known.original:
        return Place("new")
    return Place("same" if known.labels[0] == document.id else "changed")


def _bearers(
    connection: apsw.Connection, document: Document, own: Mapping[int, int]
) -> Mapping[int, list[Bearer]]:
    found: defaultdict[int, list[Bearer]] = defaultdict(list)
    wanted = (document.category, document.entity)
    query = (json.dumps(list(own)), document.url)
    for mark, number, host, *labels in connection.execute(_BEARERS, query):
        found[mark].append(Bearer(number, host, tuple(labels) == wanted))
    return found


def _original(connection: apsw.Connection, number: int) -> tuple[str, str]:
    if not number:
        return "", ""
    query = "SELECT url, document FROM entry WHERE number = ?"
    url, document = connection.execute(query, (number,)).get
    return str(url), str(document)


def _find(connection: apsw.Connection, url: str) -> _Entry | None:
    row = connection.execute(_OWN, (url,)).fetchone()
    if row is None:
        return None
    number, document, title, category, entity, original, judged, *first = row
    return _Entry(
        number=int(number),
        labels=(str(document), str(title), str(category), str(entity)),
        original=int(original),
        judged=str(judged),
        original_url=str(first[0] or ""),
        original_document=str(first[1] or ""),
    )


def _labels(document: Document) -> tuple[str, str, str, str]:
    return document.id, document.title, document.category, document.entity
