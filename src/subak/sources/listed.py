"""Listed: one page of a listing, and which of them become targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from yarl import URL

from subak.sources.address import is_same_site
from subak.sources.moment import to_date, to_hint
from subak.sources.reach import Reach
from subak.sources.request import Request
from subak.sources.robots import Robots
from subak.sources.source import Target
from subak.sources.spec import SourceSpec


@dataclass(frozen=True, slots=True)
class Listed:
    """One page with what its site says of it, times in seconds since the epoch.

    Args:
        modified: When it was changed last, 0 when not said.
        published: When it was published, 0 when not said.
    """

    url: str
    modified: float = 0.0
    published: float = 0.0

    @property
    def newest(self) -> float:
        """Return the later of the two times."""
        return max(self.modified, self.published)


@dataclass(frozen=True, slots=True)
class Listing:
    """What one address of a source lists.

    Args:
        site: Address the listing speaks for.
        pages: Its pages, the most wanted first.
        older: Pages that earlier runs knew; those no longer listed go on, behind the
            others, so that it is noticed when one of them is removed.
    """

    site: str
    entity: str
    pages: tuple[Listed, ...]
    older: tuple[Listed, ...] = ()


async def to_targets(
    listing: Listing, spec: SourceSpec, reach: Reach, limit: int
) -> list[Target]:
    """Return what the rules and robots.txt allow of a listing.

    Args:
        limit: At most that many; with pages of earlier runs, twice as many.
    """
    request = Request(listing.site, allow_hosts=spec.allow_hosts)
    door = _Door(spec, listing.site, await reach.polite.rules(request))
    taken = list(door.let_through(listing.pages, limit))
    known = {page.url for page in taken}
    older = [page for page in listing.older if page.url not in known]
    taken += door.let_through(older, 2 * limit - len(taken))
    now = reach.clock.now()
    return [
        spec.to_target(
            page.url,
            listing.entity,
            hint=to_hint(page.modified, now),
            published=to_date(page.published),
        )
        for page in taken
    ]


def known_pages(spec: SourceSpec, reach: Reach, site: str) -> list[str]:
    """Return the pages of earlier runs on this site, those found last first."""
    if reach.known is None:
        return []
    home = URL(site)
    known = reach.known.of(spec.to_target("").source)
    return [url for url in reversed(known) if is_same_site(URL(url), home)]


class _Door:
    """Rules of the recipe and of the site's robots.txt."""

    def __init__(self, spec: SourceSpec, site: str, robots: Robots) -> None:
        self._spec = spec
        self._origin = f"{URL(site).origin()}/"
        self._robots = robots

    def let_through(self, pages: Iterable[Listed], most: int) -> Iterator[Listed]:
        """Yield what may be fetched, at most that many."""
        for page in pages:
            if most <= 0:
                return
            if self._spec.selects(page.url) and self._is_allowed(page.url):
                most -= 1
                yield page

    def _is_allowed(self, url: str) -> bool:
        # Other hosts have rules of their own, which are asked when they are visited.
        return not url.startswith(self._origin) or self._robots.allows(url)
