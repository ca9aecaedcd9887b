"""Hit: a passage that was found, with where it stands and who else carries it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found.

    Args:
        document: Id of its document.
        url: Address of the document.
        title: Title of the document.
        start: Offset of its first code point in the document's text.
        end: Offset after its last one.
        text: Exactly ``document.text[start:end]``.
        score: Higher is better; comparable within one search only.
        heading: What it stands under, outermost first, joined by " > ".
        category: The source's category.
        entity: What the document is about, "" when the source doesn't say.
        language: BCP 47 tag, "" when unknown.
        published: The page's own ISO date, "" when it has none.
        tier: 1 official, 2 press, 3 community; 0 when an old index doesn't tell.
        sources: Every address that carries it, the document's own first.
    """

    document: str
    url: str
    title: str
    start: int
    end: int
    text: str
    score: float
    heading: str = ""
    category: str = ""
    entity: str = ""
    language: str = ""
    published: str = ""
    tier: int = 0
    sources: tuple[str, ...] = ()
