"""Budgets: how many pages and bytes one source may take in a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from subak.errors import Refused
from subak.sources.reason import because

PAGES = 50
BYTES_A_PAGE = 600_000  # 30 MB for 50 pages: a site of long pages still fits


@dataclass(slots=True)
class _Spent:
    pages: int = 0
    size_bytes: int = 0


class Budgets:
    """Count what each source has taken; a hostile one can't starve the others.

    Args:
        pages: For a source that is not in ``allowances``.
        allowances: Source -> pages it may take, as the recipe asks for them.
    """

    def __init__(
        self, pages: int = PAGES, allowances: Mapping[str, int] | None = None
    ) -> None:
        self._pages = pages
        self._allowances = dict(allowances or {})
        self._spent: dict[str, _Spent] = {}

    def allow(self, site: str, pages: int) -> None:
        """Let a source take that many pages, where that is more than it may now."""
        self._allowances[site] = max(pages, self._pages_of(site))

    def admit(self, site: str) -> None:
        """Count one more page.

        Raises:
            Refused: The source has had its pages or its bytes.
        """
        spent = self._spent.setdefault(site, _Spent())
        pages = self._pages_of(site)
        if spent.pages >= pages:
            raise _over(site, f"{pages:,} pages")
        if spent.size_bytes >= pages * BYTES_A_PAGE:
            raise _over(site, f"{pages * BYTES_A_PAGE / 1e6:,.0f} MB")
        spent.pages += 1

    def give_back(self, site: str) -> None:
        """Uncount a page that did not come and will be asked for again."""
        self._spent[site].pages -= 1

    def spend(self, site: str, size_bytes: int) -> None:
        """Count bytes that came, whatever they were good for."""
        self._spent.setdefault(site, _Spent()).size_bytes += size_bytes

    def _pages_of(self, site: str) -> int:
        return self._allowances.get(site, self._pages)


def _over(site: str, what: str) -> Refused:
    refused = Refused(
        f"its source has had {what} in this run, and no more is asked for",
        where=site,
        hint="raise limit = ... at the source if its pages are worth it",
    )
    return because("over-budget", refused)
