"""FeedFile: what a feed says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FeedQuery:
    """Which entries of a feed are wanted.

    Args:
        most: At most that many, in file order.
    """

    most: int


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry.

    Args:
        url: Canonical address.
        published: Seconds since the epoch, 0 when not given.
        updated: When the publisher says it was changed last, 0 when not given. An
            RSS ``pubDate`` is none: publishers leave it as it is when they correct.
    """

    url: str
    published: float = 0.0
    updated: float = 0.0


@dataclass(frozen=True, slots=True)
class FeedFile:
    """Entries in file order.

    Args:
        site: Address of the site the feed is of, "" when it doesn't say.
    """

    entries: tuple[FeedEntry, ...]
    site: str = ""
