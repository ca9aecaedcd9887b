"""SitemapFile: what one sitemap file says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SitemapQuery:
    """Which entries of a sitemap are wanted.

    Args:
        site: Address of the site it speaks for, "" for its own.
        most: At most that many, the newest ones.
    """

    site: str
    most: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One address with the time it was last changed, 0 when not given."""

    location: str
    modified: float = 0.0


@dataclass(frozen=True, slots=True)
class SitemapFile:
    """Canonical addresses of its own site, the newest first, then in file order.

    Args:
        entries: Pages, or further sitemaps when it is an index.
    """

    entries: tuple[Entry, ...]
    is_index: bool = False
