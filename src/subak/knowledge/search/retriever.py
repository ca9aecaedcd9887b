"""Retriever: the passages that answer a query best, by words and by meaning."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Unpack

import apsw

from subak.knowledge.documents.archive import find_sources
from subak.knowledge.search.filter import Filter, Narrowing
from subak.knowledge.search.fusion import fuse
from subak.knowledge.search.hit import Hit
from subak.knowledge.search.lexical import Lexical, find_by_words
from subak.knowledge.search.named import Named
from subak.knowledge.search.passage_table import passage_columns, shown
from subak.knowledge.search.query import Query
from subak.knowledge.search.semantic import MODEL, embed_query, encodable, is_installed
from subak.knowledge.search.vector_table import VectorTable
from subak.knowledge.search.vectors import Nearest, Vectors

_CANDIDATES = 60
_ROW = """
SELECT p.document, p.url, p.title, p.start, p."end", t.text, t.heading, p.category,
       p.entity, {language}, {published}, {tier}
FROM passage AS p JOIN passage_text AS t ON t.rowid = p.id WHERE p.id = ?
"""
_ENTITIES = "SELECT DISTINCT entity FROM passage WHERE entity <> ''"
_ABOUT = """
SELECT id, entity FROM passage WHERE id IN (SELECT value FROM json_each(?))
"""
_TELLING = 200  # a shorter text may well say the same of something else


@dataclass(frozen=True, slots=True)
class Retriever:
    """Finds passages in a workspace's database.

    Guarantees: without vectors it finds by words alone; text carried by several
    documents is one hit with all its sources; equal searches give equal hits.

    Args:
        connection: Need not be able to write.
        vectors: Where the meaning of passages is looked up, None for nowhere.
        embed: Makes the vector of a query, for searches that bring none.
    """

    connection: apsw.Connection
    vectors: Vectors | None = None
    embed: Callable[[str], bytes] | None = None

    @classmethod
    def open(
        cls, connection: apsw.Connection, *, is_semantic: bool = True
    ) -> Retriever:
        """Return one that goes by meaning too, where the extra is installed.

        The query is embedded in this process: about a tenth of a second.

        Args:
            is_semantic: False goes by words alone.
        """
        if not (is_semantic and is_installed()):
            return cls(connection)
        vectors = VectorTable(connection, MODEL)
        return cls(connection, vectors, lambda text: embed_query(encodable(text)))

    def search(
        self,
        query: str,
        limit: int = 10,
        *,
        vector: bytes | None = None,
        **only: Unpack[Narrowing],
    ) -> list[Hit]:
        """Return the passages that fit a free-text query best, the best first.

        Args:
            vector: The query's own vector, where the caller has made it.
            only: Narrow the search, see ``Filter``; that comes first.

        Raises:
            UserError: The index is too old for a filter, or a date is none.
        """
        if limit < 1 or not passage_columns(self.connection):
            return []
        search = _Search(
            self.connection,
            Filter(**only),
            self._named(query),
            max(_CANDIDATES, 2 * limit),
        )
        lexical = search.lexical(query)
        nearest = self._nearest(search, query, vector)
        candidates = {each.passage for each in lexical}
        candidates.update(nearest.cosines if nearest else ())
        return self._hits(fuse(nearest, lexical, search.about(candidates)), limit)

    def _named(self, query: str) -> Named:
        rows = self.connection.execute(_ENTITIES).fetchall()
        return Named.read(query, [str(entity) for (entity,) in rows])

    def _nearest(
        self, search: _Search, query: str, vector: bytes | None
    ) -> Nearest | None:
        if self.vectors is None or not query.strip():
            return None
        if vector is None and self.embed is not None:
            vector = self.embed(query)
        return None if vector is None else search.nearest(self.vectors, vector)

    def _hits(self, scores: Mapping[int, float], limit: int) -> list[Hit]:
        """Read the best passages; equal texts become one hit."""
        order = sorted(scores, key=lambda number: (-scores[number], number))
        hits: dict[tuple[str, str], Hit] = {}
        for number in order:
            hit = self._read(number, scores[number])
            same = _sameness(hit)
            known = hits.get(same)
            if known is None and len(hits) == limit:
                break
            sources = (*(known.sources if known else ()), *hit.sources)
            hits[same] = replace(known or hit, sources=tuple(dict.fromkeys(sources)))
        return list(hits.values())

    def _read(self, number: int, score: float) -> Hit:
        columns = passage_columns(self.connection)
        added = {name: shown(name, columns) for name in ("language", "published")}
        statement = _ROW.format(tier=shown("tier", columns), **added)
        row = self.connection.execute(statement, (number,)).fetchone()
        assert row is not None  # it was found in this very file
        document, url, title, start, end, text, heading, *about, tier = row
        category, entity, language, published = map(str, about)
        return Hit(
            document=str(document),
            url=str(url),
            title=str(title),
            start=int(start),
            end=int(end),
            text=str(text),
            score=score,
            heading=str(heading),
            category=category,
            entity=entity,
            language=language,
            published=published,
            tier=int(tier),
            sources=find_sources(self.connection, str(document)) or (str(url),),
        )


def _sameness(hit: Hit) -> tuple[str, str]:
    """Return what hits have in common that say the same of the same."""
    folded = " ".join(hit.text.casefold().split())
    return folded, hit.entity or ("" if len(folded) >= _TELLING else hit.url)


@dataclass(frozen=True, slots=True)
class _Search:
    """One search: everywhere, and again among what is about an entity it names.

    Knowing the entity is worth more than any fusion, and its name in the query's
    language need not stand in the text.
    """

    connection: apsw.Connection
    only: Filter
    named: Named
    room: int

    def lexical(self, query: str) -> list[Lexical]:
        """Return what is found by words; of two findings the fuller one counts."""
        found = find_by_words(self.connection, Query.read(query), self.only, self.room)
        best = {each.passage: each for each in found}
        rest = Query.read(self.named.rest)
        for only in self._narrower():
            for each in find_by_words(self.connection, rest, only, self.room):
                known = best.get(each.passage)
                if known is None or known.coverage < each.coverage:
                    best[each.passage] = each
        return list(best.values())

    def nearest(self, vectors: Vectors, vector: bytes) -> Nearest:
        """Return what is found by meaning; the mean is that of everything."""
        found = vectors.search(vector, self.only, self.room)
        cosines = dict(found.cosines)
        for only in self._narrower():
            cosines |= vectors.search(vector, only, self.room).cosines
        return replace(found, cosines=cosines)

    def about(self, passages: Collection[int]) -> frozenset[int]:
        """Return those of the passages that are about what the query names."""
        rows = self.connection.execute(_ABOUT, (json.dumps(list(passages)),))
        return frozenset(
            int(str(number))
            for number, entity in rows
            if str(entity) in self.named.entities
        )

    def _narrower(self) -> Iterator[Filter]:
        if self.only.entity is None:
            for entity in sorted(self.named.entities):
                yield replace(self.only, entity=entity)
