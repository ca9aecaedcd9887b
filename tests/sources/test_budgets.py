"""Budgets: what one source may take in a run."""

from __future__ import annotations

import pytest

from subak.errors import Refused, SubakError
from subak.sources.budgets import BYTES_A_PAGE, PAGES, Budgets
from subak.sources.failure import failure_reason
from subak.sources.polite import Polite
from subak.sources.request import Reply, Request
from subak.testing.clock import VirtualClock
from subak.testing.hazards import busy
from subak.testing.site import FakeSite
from tests.sources.visiting import LOOPBACK, visit


def test_budgets_admit_fifty_pages_and_no_more() -> None:
    """The next page is refused, with the key that changes it; others go on."""
    budgets = Budgets()
    for _ in range(PAGES):
        budgets.admit("source[0]")
    with pytest.raises(Refused, match="had 50 pages in this run") as caught:
        budgets.admit("source[0]")
    assert failure_reason(caught.value) == "over-budget"
    assert "limit" in caught.value.hint
    budgets.admit("source[1]")


def test_budgets_count_bytes_whatever_they_were_good_for() -> None:
    """Thirty megabytes end a source although it had few pages."""
    budgets = Budgets()
    budgets.admit("source[0]")
    budgets.spend("source[0]", PAGES * BYTES_A_PAGE)
    with pytest.raises(Refused, match="had 30 MB in this run"):
        budgets.admit("source[0]")


def test_budgets_allowance_only_raises() -> None:
    """A recipe's higher limit brings more pages and bytes, a lower one none less."""
    budgets = Budgets(pages=3)
    budgets.allow("long", 5)
    budgets.allow("long", 2)
    budgets.allow("short", 1)
    for _ in range(5):
        budgets.admit("long")
    for _ in range(3):
        budgets.admit("short")
    for source in ("long", "short"):
        with pytest.raises(Refused):
            budgets.admit(source)


def test_polite_counts_pages_and_gives_back_what_is_asked_again() -> None:
    """A page that is to be tried again costs nothing, one that is gone does."""
    site = FakeSite({"/busy": busy(), "/ok": "text"})
    clock = VirtualClock(settle_s=0.02)

    async def scenario(polite: Polite) -> list[str]:
        polite.budgets = Budgets(pages=2)
        seen: list[str] = []
        for path in ("/busy", "/gone", "/ok", "/ok"):
            try:
                page = Request(site.url(path), allow_hosts=LOOPBACK, site="source[0]")
                reply: Reply = await polite.fetch(page)
                seen.append(str(reply.status))
            except Refused as error:
                seen.append(failure_reason(error))
            except SubakError as error:
                seen.append(type(error).__name__)
            await clock.sleep(100)
        return seen

    seen = visit(scenario, site, clock=clock)
    assert seen == ["Overloaded", "Gone", "200", "over-budget"]
