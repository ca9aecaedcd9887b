"""OldDocuments: which documents and pages of an archive may go, and how they go.

A document stays while a result that stays names it, while a published value or a page
that is still read stands on it, and as the state before of one that stays.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

import apsw

from subak.engine.retention import Amount
from subak.knowledge.search.index import remove_passages

_ID = re.compile(rb"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_ALL = "SELECT id, url, first_seen, length(payload) FROM document"
_PAGES = "SELECT url, document, body, max(last_fetched, last_read) FROM snapshot"
_YOUNG_BODIES = "SELECT body FROM visit WHERE fetched >= ?"
_ENTRIES = "SELECT url, document, judged FROM entry"
_HAS = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?"


@dataclass(frozen=True, slots=True)
class OldDocuments:
    """What may go.

    Args:
        documents: Ids.
        pages: Addresses.
        kept_bodies: Ids of the bytes that are young, or that pages still need; all
            others may go.
        size_bytes: About what the documents take.
    """

    documents: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    kept_bodies: frozenset[str] = frozenset()
    size_bytes: int = 0

    @property
    def amount(self) -> Amount:
        """Return how many documents, and about how many bytes they take."""
        return Amount(len(self.documents), self.size_bytes)


def find_old_documents(
    connection: apsw.Connection,
    payloads: Iterable[bytes],
    items: Collection[str],
    before: float,
) -> OldDocuments:
    """Find what may go.

    Args:
        payloads: The results that stay.
        items: What the tasks that stay are about.
        before: What was seen later stays; seconds since the epoch.
    """
    if not _has(connection, "document"):
        return OldDocuments()
    rows: list[tuple[str, str, float, int]] = connection.execute(_ALL).fetchall()  # type: ignore[assignment]
    known = {one: (url, seen, size) for one, url, seen, size in rows}
    needed = {one for one, (_, seen, _) in known.items() if seen >= before}
    needed |= _named_in(payloads, known) | _named_in(_published(connection), known)
    pages: list[str] = []
    young = connection.execute(_YOUNG_BODIES, (before,))
    bodies = {str(body) for (body,) in young}
    for url, document, body, last in connection.execute(_PAGES):
        if last < before and document not in needed and url not in items:
            pages.append(str(url))
            continue
        bodies.add(str(body))
        needed.add(str(document))
    gone_pages = set(pages)
    for url, document, judged in connection.execute(_ENTRIES):
        if url not in gone_pages:
            needed |= {str(document), str(judged)}
    needed |= _states_before(known, needed)
    gone = sorted(known.keys() - needed)
    size_bytes = sum(known[one][2] + 160 for one in gone)
    return OldDocuments(tuple(gone), tuple(pages), frozenset(bodies), size_bytes)


def remove_documents(connection: apsw.Connection, documents: Iterable[str]) -> None:
    """Remove documents, with their passages and their places in the catalogue."""
    for document in documents:
        query = "SELECT number FROM entry WHERE document = ?"
        for (number,) in connection.execute(query, (document,)).fetchall():
            connection.execute("DELETE FROM mark WHERE number = ?", (number,))
            connection.execute("DELETE FROM entry WHERE number = ?", (number,))
        if _has(connection, "passage"):
            remove_passages(connection, url="", document=document)
        connection.execute("DELETE FROM document WHERE id = ?", (document,))


def remove_pages(connection: apsw.Connection, pages: Iterable[str]) -> None:
    """Forget what addresses answered."""
    for url in pages:
        connection.execute("DELETE FROM visit WHERE url = ?", (url,))
        connection.execute("DELETE FROM snapshot WHERE url = ?", (url,))


def remove_vectors(connection: apsw.Connection) -> None:
    """Remove the vectors of texts that stand in no passage any more."""
    if _has(connection, "vector") and _has(connection, "passage"):
        connection.execute(
            "DELETE FROM vector WHERE key NOT IN (SELECT key FROM passage)"
        )


def _has(connection: apsw.Connection, table: str) -> bool:
    return bool(connection.execute(_HAS, (table,)).get)


def _named_in(texts: Iterable[bytes], known: Collection[str]) -> set[str]:
    """Return the known ids that stand anywhere in texts."""
    named: set[str] = set()
    for text in texts:
        named |= {found.decode() for found in _ID.findall(text)} & set(known)
    return named


def _published(connection: apsw.Connection) -> Iterator[bytes]:
    if _has(connection, "published"):
        for (fact,) in connection.execute("SELECT fact FROM published"):
            yield str(fact).encode()


def _states_before(
    known: dict[str, tuple[str, float, int]], needed: Collection[str]
) -> set[str]:
    """Return of each address the newest document that is not needed otherwise.

    It tells what changed, and facts of unchanged passages are taken over from it.
    """
    urls = {known[one][0] for one in needed if one in known}
    newest: dict[str, str] = {}
    for one in sorted(known.keys() - set(needed), key=lambda name: known[name][1]):
        if known[one][0] in urls:
            newest[known[one][0]] = one
    return set(newest.values())
