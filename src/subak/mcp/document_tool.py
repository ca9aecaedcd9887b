"""GET_DOCUMENT: a stored document, part by part."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, Struct

from subak.knowledge.documents.document import Document
from subak.mcp.cursor import Cursor
from subak.mcp.foreign_words import NOTICE, fenced, one_line
from subak.mcp.library import Library
from subak.mcp.tool import Tell, Tool
from subak.views.document_story import get_document

_PART = 16_000
_BREAK = 400


class DocumentAsked(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """Arguments of get_document."""

    document: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=2_000,
            description="Its id, or an address: what stands there now.",
        ),
    ]
    start: Annotated[
        int,
        Meta(ge=0, description="Offset to begin at, as that of a passage or quote."),
    ] = 0
    cursor: Annotated[
        str, Meta(description="next_cursor of the answer before this one.")
    ] = ""


class DocumentAnswer(Struct, frozen=True):
    """A part of a document's text, from start to end of total characters."""

    notice: str
    document: str
    url: str
    title: str
    author: str
    licence: str
    language: str
    entity: str
    category: str
    tier: int
    published: str
    fetched: str
    start: int
    end: int
    total: int
    text: str
    next_cursor: str | None


async def _get(library: Library, asked: DocumentAsked, _: Tell) -> DocumentAnswer:
    cursor = Cursor.read(asked.cursor, "get_document", asked.document, asked.start)
    # A page may change meanwhile: the cursor goes on in the text it began with.
    wanted = cursor.run or asked.document
    document = await library.read(lambda db: get_document(db, wanted))
    total = len(document.text)
    start = min(cursor.at or asked.start, total)
    end = _end_of_part(document.text, start)
    following = cursor.on(end if end < total else None, document.id)
    return _answer(document, start, end, following)


def _end_of_part(text: str, start: int) -> int:
    """Return where a part ends: behind a line or a word where one ends near."""
    end = start + _PART
    if end >= len(text):
        return len(text)
    for mark in ("\n", " "):
        found = text.rfind(mark, end - _BREAK, end)
        if found > start:
            return found + 1
    return end


def _answer(
    document: Document, start: int, end: int, following: str | None
) -> DocumentAnswer:
    fetched = datetime.fromtimestamp(document.fetched_at, UTC)
    return DocumentAnswer(
        notice=NOTICE,
        document=document.id,
        url=one_line(document.url, 1_000),
        title=one_line(document.title),
        author=one_line(document.author),
        licence=one_line(document.licence),
        language=one_line(document.language),
        entity=one_line(document.entity),
        category=one_line(document.category),
        tier=document.tier,
        published=one_line(document.published),
        fetched=fetched.isoformat(timespec="seconds"),
        start=start,
        end=end,
        total=len(document.text),
        text=fenced(document.text[start:end]),
        next_cursor=following,
    )


GET_DOCUMENT = Tool(
    name="get_document",
    title="Read a stored document",
    text="Return the stored text of a document with its address, dates and licence, in"
    " parts of about 16,000 characters. Offsets are those of passages and quotes.",
    asked=DocumentAsked,
    answer=DocumentAnswer,
    run=_get,
)
