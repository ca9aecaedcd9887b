"""SEARCH: passages of stored documents that fit a query."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from subak.knowledge.search.hit import Hit
from subak.mcp.cursor import Cursor, fill
from subak.mcp.foreign_words import NOTICE, fenced, one_line
from subak.mcp.library import Library
from subak.mcp.narrowed import Narrowed
from subak.mcp.tool import Tell, Tool

_MOST = 200
_LONGEST = 4_000


class SearchAsked(Narrowed, frozen=True, kw_only=True):
    """Arguments of search."""

    query: Annotated[
        str,
        Meta(min_length=1, max_length=500, description="Words, in any language."),
    ]
    limit: Annotated[
        int, Meta(ge=1, le=50, description="Passages in this answer at most.")
    ] = 10
    cursor: Annotated[
        str, Meta(description="next_cursor of the answer before this one.")
    ] = ""


class Passage(Struct, frozen=True):
    """A span of a stored document; start and end are offsets in its text."""

    document: str
    url: str
    title: str
    heading: str
    entity: str
    category: str
    language: str
    published: str
    tier: int
    start: int
    end: int
    text: str


class SearchAnswer(Struct, frozen=True):
    """Passages, the best first."""

    notice: str
    passages: list[Passage]
    next_cursor: str | None


async def _search(library: Library, asked: SearchAsked, _: Tell) -> SearchAnswer:
    cursor = Cursor.read(asked.cursor, "search", asked.query, asked.narrowing)
    # One more than is told, to know whether there is more.
    most = min(cursor.at + asked.limit, _MOST)
    hits = await library.search(asked.query, most + 1, asked.narrowing)
    passages, after = fill(hits[:most], cursor.at, _passage)
    if after is None and most < min(len(hits), _MOST):
        after = most
    return SearchAnswer(NOTICE, passages, cursor.on(after))


def _passage(hit: Hit) -> Passage:
    text = hit.text[:_LONGEST]
    return Passage(
        document=hit.document,
        url=one_line(hit.url, 1_000),
        title=one_line(hit.title),
        heading=one_line(hit.heading),
        entity=one_line(hit.entity),
        category=one_line(hit.category),
        language=one_line(hit.language),
        published=one_line(hit.published),
        tier=hit.tier,
        start=hit.start,
        end=hit.start + len(text),
        text=fenced(text),
    )


SEARCH = Tool(
    name="search",
    title="Search stored documents",
    text="Find passages of the documents this workspace has fetched, best first, each"
    " with its address and offsets. Nothing is fetched anew. Read more around a"
    " passage with get_document.",
    asked=SearchAsked,
    answer=SearchAnswer,
    run=_search,
)
