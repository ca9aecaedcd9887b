"""FailedSite: the failures of one site as one thing, for people to read.

A host that rests fails each of its pages; that is one fact, not eleven.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from subak.views.item_failure import ItemFailure

LISTING = "listing"
PAGE_STAGES = (LISTING, "fetch", "extract")

_ADDRESS = re.compile(r"\w+://\S+")


@dataclass(frozen=True, slots=True)
class FailedSite:
    """What went wrong at one host of one source.

    Args:
        url: The first address that failed.
        reason: What most of its failures have in common, in a word.
        error: The first error of that reason, in words.
        pages: Pages that could not be had.
        is_unlisted: Its list of pages could not be read.
        kinds: How many different reasons there were.
    """

    source: str
    url: str
    reason: str
    error: str
    hint: str
    pages: int
    is_unlisted: bool
    kinds: int = 1

    def to_json(self) -> dict[str, object]:
        """Return the site with the names of the outer contract."""
        return {
            "source": self.source,
            "url": self.url,
            "reason": self.reason,
            "error": self.error,
            "hint": self.hint,
            "pages": self.pages,
            "unlisted": self.is_unlisted,
        }


def failed_sites(failures: Iterable[ItemFailure]) -> tuple[FailedSite, ...]:
    """Return the sites behind the failures of pages, alike reasons together.

    Failures of other stages, and those of no source, are none of a site.
    """
    places: dict[tuple[str, str], list[ItemFailure]] = {}
    for failure in failures:
        if is_of_a_site(failure):
            host = _host(failure.where)
            places.setdefault((failure.source, host), []).append(failure)
    sites = [_site(source, mine) for (source, _), mine in places.items()]
    return tuple(sorted(sites, key=_alike))


def is_of_a_site(failure: ItemFailure) -> bool:
    """Tell whether a page or a list of pages failed."""
    return bool(failure.source) and failure.stage in PAGE_STAGES


def _site(source: str, failures: Sequence[ItemFailure]) -> FailedSite:
    reasons = Counter(_reason(failure) for failure in failures)
    (reason, _), *_others = reasons.most_common(1)  # the earliest of equals
    first = next(failure for failure in failures if _reason(failure) == reason)
    urls = [found[0] for one in failures if (found := _ADDRESS.search(one.where))]
    return FailedSite(
        source=source,
        url=urls[0] if urls else first.where,
        reason=reason,
        error=first.error,
        hint=first.hint,
        pages=sum(failure.stage != LISTING for failure in failures),
        is_unlisted=any(failure.stage == LISTING for failure in failures),
        kinds=len(reasons),
    )


def _alike(site: FailedSite) -> tuple[str, str, str, str]:
    return site.reason, site.hint, site.error, site.source


def _reason(failure: ItemFailure) -> str:
    return failure.reason or failure.kind


def _host(where: str) -> str:
    address = _ADDRESS.search(where)
    try:
        return urlsplit(address[0]).hostname or where if address else where
    except ValueError:  # it only looks like an address
        return where
