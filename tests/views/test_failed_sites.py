"""Failures of pages, told site by site."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subak.views.failed_sites import PAGE_STAGES, failed_sites
from subak.views.item_failure import ItemFailure


def _page(url: str, reason: str = "refused", stage: str = "fetch") -> ItemFailure:
    error = f"it was {reason}"
    return ItemFailure(url, stage, error, "wait", "Refused", "daily", url, reason)


def test_host_that_rests_is_one_line() -> None:
    """Eleven pages and their list fail for one reason: that is one site."""
    pages = [_page(f"http://daily.example/{number}") for number in range(11)]
    (site,) = failed_sites([_page("http://daily.example/", stage="listing"), *pages])
    assert (site.source, site.reason, site.error) == (
        "daily",
        "refused",
        "it was refused",
    )
    assert (site.pages, site.is_unlisted, site.kinds) == (11, True, 1)
    assert site.url == "http://daily.example/"


def test_most_common_reason_stands_for_a_site() -> None:
    """One page that is gone does not hide that the host is slow; others are counted."""
    reasons = ("gone", "read-timeout", "read-timeout")
    (site,) = failed_sites(_page(f"http://a.example/{r}", r) for r in reasons)
    assert (site.reason, site.kinds, site.pages) == ("read-timeout", 2, 3)


def test_hosts_of_one_source_are_sites_of_their_own() -> None:
    """A list of pages leads to several hosts; each has its own reason."""
    urls = ("http://a.example/1", "http://b.example/1", "http://a.example/2")
    sites = failed_sites(map(_page, urls))
    assert [(site.url, site.pages) for site in sites] == [
        ("http://a.example/1", 2),
        ("http://b.example/1", 1),
    ]


def test_place_that_is_no_address_is_a_site_of_its_own() -> None:
    """A key path, a bare host, an address amid words, one that is malformed."""
    wheres = ("source[3]", "a.example", "extract http://a.example/x", "http://[::1/")
    sites = failed_sites(
        ItemFailure(where, "fetch", "no", "", source="s", where=where)
        for where in wheres
    )
    assert {site.url for site in sites} == {
        "source[3]",
        "http://a.example/x",
        "http://[::1/",
    }


def test_other_failures_are_of_no_site() -> None:
    """An answer that is invalid, and a page of no source, have no site."""
    facts = ItemFailure("germany", "facts", "invalid", "", source="daily")
    lone = ItemFailure("germany", "fetch", "no answer", "")
    assert failed_sites([facts, lone]) == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from(PAGE_STAGES),
            st.sampled_from("abc"),
            st.sampled_from("xyz"),
            st.sampled_from(("gone", "dns", "")),
        )
    )
)
def test_no_failure_is_lost(drawn: list[tuple[str, str, str, str]]) -> None:
    """Sites are distinct, and their pages are all that failed."""
    failures = [
        ItemFailure(
            f"i{n}", stage, "no", "", "Refused", source, f"http://{host}/{n}", r
        )
        for n, (stage, source, host, r) in enumerate(drawn)
    ]
    sites = failed_sites(failures)
    assert sum(site.pages for site in sites) == sum(d[0] != "listing" for d in drawn)
    assert len(sites) == len({drawn[1:3] for drawn in drawn})
    unlisted = {(d[1], d[2]) for d in drawn if d[0] == "listing"}
    assert sum(site.is_unlisted for site in sites) == len(unlisted)
