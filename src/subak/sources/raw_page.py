"""RawPage and ReadPage: what goes into a reader in a worker, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RawPage:
    """Bytes as received, with what the server said about them.

    Args:
        reading: What kind of page its source says it is, "" to find out.
    """

    url: str
    body: bytes
    content_type: str = ""
    charset: str = ""
    reading: str = ""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What a reader found.

    Args:
        text: Visible main text, structured as a Document's.
        title: The page's own title, "" when it has none.
        language: BCP 47 primary tag the page gives, "" when it doesn't.
        published: ISO date the page gives, "" when it doesn't.
        links: Canonical URLs it links to, in order, each once.
        url: The address people should see, "" for the one it was fetched from.
        author: Who wrote it, "" when the page doesn't say.
        licence: What the page says of its licence, "" when nothing.
        revision: The publisher's own number of this state, "" when none.
    """

    text: str
    title: str = ""
    language: str = ""
    published: str = ""
    links: tuple[str, ...] = ()
    url: str = ""
    author: str = ""
    licence: str = ""
    revision: str = ""
