"""Snapshot: what a URL answered the last time it was fetched."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The last answer of one URL; what a conditional request needs.

    Args:
        url: What was asked for.
        final_url: Where redirects led; the validators belong to it.
        body: Blob id of the bytes.
        content_type: Media type without parameters.
        charset: Charset from the header, "" when none.
        etag: The server's validator, "" when none.
        last_modified: The server's date as it wrote it, "" when none.
        document: Id of the document made of it, "" before there is one.
        links: Pages it links to.
        first_fetched: Seconds since the epoch.
        last_fetched: Seconds since the epoch, also when nothing had changed.
    """

    url: str
    final_url: str
    body: str
    content_type: str = ""
    charset: str = ""
    etag: str = ""
    last_modified: str = ""
    document: str = ""
    links: tuple[str, ...] = ()
    first_fetched: float = 0.0
    last_fetched: float = 0.0
