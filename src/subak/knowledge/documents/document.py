"""Document: text that was fetched, addressed by its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """Immutable text of one source, as stored; evidence points into ``text``.

    Args:
        id: Content hash, see ``document_id``.
        url: Where it came from.
        title: Its own title.
        text: Visible main text; headings as ``# ``, list items as ``- ``, tables as
            Markdown rows. Offsets of evidence count code points of this string.
        language: BCP 47 primary tag, "" when unknown.
        published: The page's own ISO date, "" when it has none.
        fetched_at: Seconds since the epoch when this content was first stored.
        entity: What the page is about ("Germany"), "" when the source doesn't say.
        category: The source's category.
        tier: 1 official, 2 press, 3 community.
        licence: Licence note of the source, "" when unknown.
        author: Who wrote it, "" when the page doesn't say.
        revision: The publisher's own number of this state, "" when none.
    """

    id: str
    url: str
    title: str
    text: str
    language: str = ""
    published: str = ""
    fetched_at: float = 0.0
    entity: str = ""
    category: str = ""
    tier: int = 2
    licence: str = ""
    author: str = ""
    revision: str = ""


def document_id(url: str, text: str) -> str:
    """Return the id of a text at a URL: blake2b over both, 32 hex digits."""
    digest = hashlib.blake2b(digest_size=16)
    digest.update(url.encode())
    digest.update(b"\0")
    digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
