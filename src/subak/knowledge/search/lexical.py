"""Lexical: passages found by their words, with FTS5."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import apsw

from subak.knowledge.search.filter import Filter
from subak.knowledge.search.passage_table import passage_columns
from subak.knowledge.search.query import Query

# Weights: title 4, heading 3, text 1.
_SEARCH = """
SELECT p.id, bm25(passage_text, 4.0, 3.0, 1.0) AS cost,
       t.title || ' ' || t.heading || ' ' || t.text
FROM passage_text AS t JOIN passage AS p ON p.id = t.rowid
WHERE passage_text MATCH :match AND {condition}
ORDER BY cost, p.document, p.start
LIMIT :limit
"""


@dataclass(frozen=True, slots=True)
class Lexical:
    """A passage found by words.

    Args:
        passage: Its number.
        score: BM25, higher is better.
        coverage: Share of the query's words that stand in it; 1.0 is all of them.
    """

    passage: int
    score: float
    coverage: float


def find_by_words(
    connection: apsw.Connection, query: Query, only: Filter, limit: int
) -> list[Lexical]:
    """Return the passages with all words of a query, then those with some.

    At most ``limit`` of each.
    """
    columns = passage_columns(connection)
    if not (query.words and columns):
        return []
    condition, bindings = only.condition(columns)
    statement = _SEARCH.format(condition=condition)
    about = {"limit": limit, **bindings}

    def rows(match: str) -> Iterator[tuple[int, float, str]]:
        for number, cost, text in connection.execute(
            statement, {"match": match, **about}
        ).fetchall():
            yield int(str(number)), -float(str(cost)), str(text)

    found = {
        number: Lexical(number, score, 1.0) for number, score, _ in rows(query.all_of)
    }
    if len(query.words) > 1:
        for number, score, text in rows(query.any_of):
            if number not in found:
                found[number] = Lexical(number, score, min(_MOST, query.coverage(text)))
    return list(found.values())


_MOST = 0.99  # of a passage that FTS5 does not count as one with all words
