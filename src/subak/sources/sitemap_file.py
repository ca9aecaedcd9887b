"""SitemapFile: what one sitemap file says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One address with the time it was last changed, 0 when not given."""

    location: str
    modified: float = 0.0


@dataclass(frozen=True, slots=True)
class SitemapFile:
    """Entries in file order: pages, or further sitemaps when it is an index."""

    entries: tuple[Entry, ...]
    is_index: bool = False
