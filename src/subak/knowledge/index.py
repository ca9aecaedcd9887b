"""Index: full-text search over the passages of documents, in the journal's file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import apsw

from subak.engine.store import Store
from subak.knowledge.document import Document
from subak.knowledge.passage import Passage, passages
from subak.knowledge.words import STOPWORDS, fold

_TABLES = """
CREATE TABLE IF NOT EXISTS passage(
    id INTEGER PRIMARY KEY,
    document TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    category TEXT NOT NULL,
    entity TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS passage_document ON passage(document);
CREATE INDEX IF NOT EXISTS passage_url ON passage(url);
CREATE VIRTUAL TABLE IF NOT EXISTS passage_text USING fts5(
    title, heading, text, tokenize = 'porter unicode61 remove_diacritics 2'
);
"""
_INSERT = "INSERT INTO passage VALUES(NULL, ?, ?, ?, ?, ?, ?, ?) RETURNING id"
_SEARCH = """
SELECT p.document, p.url, p.title, p.start, p."end", t.text,
       bm25(passage_text, 4.0, 3.0, 1.0) AS cost
FROM passage_text AS t JOIN passage AS p ON p.id = t.rowid
WHERE passage_text MATCH ?1
  AND (?2 IS NULL OR p.category = ?2)
  AND (?3 IS NULL OR lower(p.entity) = lower(?3))
ORDER BY cost, p.document, p.start
LIMIT ?4
"""
_WORD = re.compile(r"[^\W_]+")
_QUESTION_TEXT = (
    "what which who when where why how does do did can many much "
    "che cosa quale quali chi quando dove perché come quanto quanti sono "
    "apa siapa kapan mana mengapa bagaimana berapa apakah"
)
_QUESTION = frozenset(_QUESTION_TEXT.split())
_MOST_WORDS = 64


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found; ``score`` is higher for better ones."""

    document: str
    url: str
    title: str
    start: int
    end: int
    text: str
    score: float


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
        return _has_tables(reader) and _is_current(reader, document)

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        category: str | None = None,
        entity: str | None = None,
    ) -> list[Hit]:
        """Return the passages that fit a free-text query best.

        Passages with all of its words come first, then those with any.
        """
        return search(
            self._store.read(), query, limit=limit, category=category, entity=entity
        )


def put_passages(
    connection: apsw.Connection, document: Document, cut: Iterable[Passage]
) -> bool:
    """Make a document findable in a transaction; tell whether it was not yet.

    See ``Index.add``.
    """
    if not _has_tables(connection):
        connection.execute(_TABLES)
    if _is_current(connection, document):
        return False
    _remove(connection, document.url, document.id)
    labels = (document.title, document.category, document.entity)
    for passage in cut:
        row = (document.id, document.url, *labels, passage.start, passage.end)
        number = connection.execute(_INSERT, row).get
        connection.execute(
            "INSERT INTO passage_text(rowid, title, heading, text) VALUES(?, ?, ?, ?)",
            (number, document.title, passage.heading, passage.text),
        )
    return True


def remove_passages(connection: apsw.Connection, *, url: str, document: str) -> None:
    """Let nothing at this address and of this document be found any more."""
    if _has_tables(connection):
        _remove(connection, url, document)


def search(
    connection: apsw.Connection,
    query: str,
    *,
    limit: int = 10,
    category: str | None = None,
    entity: str | None = None,
) -> list[Hit]:
    """Return the passages in a workspace's database that fit a query best.

    See ``Index.search``; the connection need not be able to write.
    """
    if limit < 1 or not _has_tables(connection):
        return []
    hits: dict[tuple[str, int], Hit] = {}
    for match in _matches(query):
        for hit in _find(connection, (match, category, entity, limit)):
            hits.setdefault((hit.document, hit.start), hit)
        if len(hits) >= limit:
            break
    return list(hits.values())[:limit]


def _find(
    connection: apsw.Connection, bindings: Sequence[str | int | None]
) -> Iterator[Hit]:
    for row in connection.execute(_SEARCH, bindings).fetchall():
        document, url, title, start, end, text, cost = row
        yield Hit(
            str(document),
            str(url),
            str(title),
            int(str(start)),
            int(str(end)),
            str(text),
            -float(str(cost)),
        )


def _has_tables(connection: apsw.Connection) -> bool:
    query = "SELECT count(*) FROM sqlite_schema WHERE name = 'passage_text'"
    return bool(connection.execute(query).get)


def _is_current(connection: apsw.Connection, document: Document) -> bool:
    """Tell whether exactly this document, with these labels, is what is stored."""
    rows = connection.execute(
        "SELECT DISTINCT document, title, category, entity FROM passage WHERE url = ?",
        (document.url,),
    ).fetchall()
    own = (document.id, document.title, document.category, document.entity)
    return rows == [own]


def _remove(connection: apsw.Connection, url: str, document: str) -> None:
    old = "SELECT id FROM passage WHERE url = ? OR document = ?"
    names = (url, document)
    connection.execute(f"DELETE FROM passage_text WHERE rowid IN ({old})", names)
    connection.execute(f"DELETE FROM passage WHERE id IN ({old})", names)


def _matches(query: str) -> Iterator[str]:
    """Yield safe FTS5 expressions: all words, then any; words are quoted strings."""
    words = list(dict.fromkeys(_WORD.findall(query.casefold())))[:_MOST_WORDS]
    small = STOPWORDS | _QUESTION
    words = [word for word in words if fold(word) not in small] or words
    if not words:
        return
    quoted = [f'"{word}"' for word in words]
    yield " AND ".join(quoted)
    if len(quoted) > 1:
        yield " OR ".join(quoted)
