"""The Source protocol and the values that pass from sources to stages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol

Way = Literal["web", "wiki", "browser", "file", "extractor"]
Reading = Literal["", "article", "forum", "service", "listing"]


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to fetch, with what the recipe already knows about it.

    Args:
        url: Absolute http(s) URL.
        entity: What it is about, "" when unknown.
        category: The source's category.
        tier: 1 official, 2 press, 3 community.
        language: BCP 47 primary tag, "" when unknown.
        licence: Licence note.
        source: Key path of the source in the recipe, for messages.
        allow_hosts: Hosts or networks this source may reach although they are
            private ("127.0.0.1", "10.0.0.0/8"), as the recipe says.
        way: How it is fetched: by HTTP, through a wiki's interface for programs, by
            a browser that runs its scripts, from this machine's disk, or through a
            content extractor.
        reader: Name of the reader in ``readers.FUNCTIONS``; "" goes by media type.
        hint: What the listing says of the page's state (its lastmod): while it
            stays the same the page need not be asked for. "" says nothing.
        published: ISO date the listing gives (a feed's), "" when it gives none.
        rest_s: Seconds to leave between two requests for it, 0 for none: the
            source's ``every``.
        reading: What kind of page it is, "" to find out.
    """

    url: str
    entity: str = ""
    category: str = ""
    tier: int = 2
    language: str = ""
    licence: str = ""
    source: str = ""
    allow_hosts: tuple[str, ...] = ()
    way: Way = "web"
    reader: str = ""
    hint: str = ""
    published: str = ""
    rest_s: float = 0.0
    reading: Reading = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched body, by reference: the bytes lie in the blob store.

    Args:
        target: What was asked for.
        url: Final URL after redirects.
        content_type: Media type without parameters.
        charset: Charset from the header, "" when none.
        body: Blob id of the bytes as received (decompressed).
    """

    target: Target
    url: str
    content_type: str
    charset: str
    body: str


class Source(Protocol):
    """Lists what there is to fetch: one file in ``sources/`` each."""

    def targets(self) -> AsyncIterator[Target]:
        """Yield targets, in a stable order.

        Raises:
            Retryable: The listing could not be read now.
            Terminal: It can never be read.
        """
        ...
