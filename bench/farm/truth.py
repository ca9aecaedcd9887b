"""Truth: what a correct crawl of the farm brings back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from bench.farm.markers import front_marker
from bench.farm.mix import DEAD, HOPELESS, HOSTILE, MIRRORED
from bench.farm.press import Press, is_hostile
from bench.farm.site import Site


@dataclass(frozen=True, slots=True)
class Truth:
    """Judges crawls of these sites."""

    sites: Sequence[Site]
    press: Press

    def markers(self, day: int) -> Mapping[str, str]:
        """Return the marker of every good page and its URL."""
        found = {}
        for site in self._good():
            found[front_marker(site, day)] = site.front_url
            for article in self.press.articles(site, day):
                if not is_hostile(site, article.number):
                    found[article.marker] = site.base + article.path
        return found

    def edited(self) -> frozenset[str]:
        """Return the markers that only day 2 has, of articles known before."""
        return self._second_day(self.press.edited)

    def added(self) -> frozenset[str]:
        """Return the markers of the second day's new articles."""
        return self._second_day(self.press.added)

    def removed(self) -> frozenset[str]:
        """Return the URLs that day 2 has no more."""
        first, second = (
            {
                site.base + article.path
                for site in self._good()
                for article in self.press.articles(site, day)
            }
            for day in (1, 2)
        )
        return frozenset(first - second)

    def copies(self, day: int = 1) -> frozenset[frozenset[str]]:
        """Return the pairs of URLs that carry the same press release."""
        urls: dict[int, list[str]] = {number: [] for number in range(MIRRORED)}
        for site in self.sites:
            if site.kind == "mirror":
                for article in self.press.articles(site, day):
                    if article.number < MIRRORED and article.version == 1:
                        urls[article.number].append(site.base + article.path)
        return frozenset(
            frozenset(pair) for same in urls.values() for pair in combinations(same, 2)
        )

    def must_fail(self) -> frozenset[str]:
        """Return the hosts of which a run must say that something failed."""
        kinds = DEAD | HOSTILE
        return frozenset(site.host for site in self.sites if site.kind in kinds)

    def may_fail(self) -> frozenset[str]:
        """Return the hosts of which it may say so.

        Without scripts their pages are empty; or their front page links to what is
        forbidden, missing or endless.
        """
        kinds = {
            "script_only",
            "forbidden_redirect",
            "robots_groups",
            "soft_missing",
            "trap_calendar",
            "trap_session",
        }
        return frozenset(site.host for site in self.sites if site.kind in kinds)

    def _good(self) -> Sequence[Site]:
        return [site for site in self.sites if site.kind not in HOPELESS]

    def _second_day(self, places: frozenset[tuple[int, int]]) -> frozenset[str]:
        return frozenset(
            article.marker
            for site in self._good()
            for article in self.press.articles(site, 2)
            if (site.number, article.number) in places
        )
