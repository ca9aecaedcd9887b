"""What the farm holds: the same by seed, and countable."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.farm.markers import find_markers, find_pdf_markers
from bench.farm.mix import KINDS, SITES
from bench.farm.pages import Pages
from bench.farm.planned import CONTROL_HOST, NETWORK, plan_sites
from bench.farm.press import Press
from bench.farm.truth import Truth
from subak.sources.decode_text import decode_text
from subak.sources.guard import Guard

PORT = 8410


@pytest.fixture(scope="module", name="whole")
def _whole() -> Truth:
    sites = plan_sites(PORT)
    return Truth(sites, Press(sites))


@pytest.fixture(scope="module", name="small")
def _small() -> Truth:
    sites = plan_sites(PORT, 60)
    return Truth(sites, Press(sites))


def test_farm_has_the_mix_of_sites_and_pages(whole: Truth) -> None:
    """518 sites, of which 460 have eleven good pages but for three hostile ones."""
    kinds = Counter(site.kind for site in whole.sites)
    assert len(whole.sites) == SITES
    assert all(kinds[kind] == count for kind, count in KINDS.items())
    assert (whole.sites[0].host, whole.sites[-1].host) == ("127.21.0.1", "127.21.2.18")
    assert len(whole.markers(1)) == 5_057


def test_second_day_has_edits_new_and_removed_pages(whole: Truth) -> None:
    """The figures of the second day are those of the whole farm."""
    assert (len(whole.edited()), len(whole.added()), len(whole.removed())) == (
        290,
        146,
        55,
    )
    assert len(whole.markers(2)) == 5_057 + 146 - 55
    assert len(whole.copies()) == 3 * 8 * 7 // 2


def test_plan_is_the_same_each_time(small: Truth) -> None:
    """Sites and articles come from the seed alone."""
    again = Truth(plan_sites(PORT, 60), Press(plan_sites(PORT, 60)))
    assert again.sites == small.sites
    assert again.markers(2) == small.markers(2)


def test_small_farm_has_some_of_each_kind(small: Truth) -> None:
    """A tenth of the sites still tries every hazard."""
    assert {site.kind for site in small.sites} == {*KINDS, "plain"}
    assert small.copies()


def test_every_good_page_holds_its_marker_and_no_other(small: Truth) -> None:
    """Each page proves itself, also in an old charset and in PDF."""
    pages = Pages(small.press)
    sizes = []
    by_name = {site.name: site for site in small.sites}
    for day in (1, 2):
        for mark, url in small.markers(day).items():
            site = by_name[mark[2:].partition(":")[0]]
            stored = pages.find(site, url.removeprefix(site.base), day)
            assert stored is not None
            if not stored.is_html:
                assert find_pdf_markers(stored.body) == {mark}
                continue
            assert find_markers(stored.body.decode(site.charset)) == {mark}
            sizes.append(len(stored.body))
    assert 35_000 < sum(sizes) / len(sizes) < 50_000


def test_pages_change_between_the_days_only_where_they_should(small: Truth) -> None:
    """An article that was not edited has the same bytes and the same tag."""
    pages = Pages(small.press)
    changed = 0
    for site in small.sites:
        first = {each.number: each for each in small.press.articles(site, 1)}
        for article in small.press.articles(site, 2):
            before = first.get(article.number)
            if before is None:
                continue
            assert article.path == before.path
            old = pages.find(site, before.path, 1)
            new = pages.find(site, article.path, 2)
            assert old is not None
            assert new is not None
            is_edited = (site.number, article.number) in small.press.edited
            assert (old.tag != new.tag) == (is_edited and site.kind != "script_only")
            changed += old.tag != new.tag
    assert changed == len(small.press.edited)


def test_forbidden_address_lies_outside_the_farm(small: Truth) -> None:
    """A recipe that may reach the sites may not reach the control address."""
    guard = Guard.parse([NETWORK])
    assert all(guard.permits(site.host) for site in small.sites)
    assert not guard.permits(CONTROL_HOST)


def test_charsets_can_be_told_from_the_bytes_with_a_declaration(small: Truth) -> None:
    """A site's declared charset is the one its bytes are in."""
    site = next(each for each in small.sites if each.kind == "charset")
    stored = Pages(small.press).find(site, "/", 1)
    assert stored is not None
    assert find_markers(decode_text(stored.body, site.charset, where=site.base))
