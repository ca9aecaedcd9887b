"""Globs, dates and points: the small rules listings go by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from subak.sources.address import find_address
from subak.sources.globs import Globs
from subak.sources.link_score import ARTICLE, Place, link_score
from subak.sources.moment import read_moment, to_date, to_hint
from subak.sources.period import period_seconds

NOW = 1_795_000_000.0


@pytest.mark.parametrize(
    ("include", "exclude", "url", "is_taken"),
    [
        ((), (), "https://a.example/x", True),
        (("/x*",), (), "https://b.example/x/y", True),
        (("//a.example/*",), (), "https://a.example/x", True),
        (("//a.example",), (), "https://a.example/x", True),
        (("//*.a.example/x",), (), "https://b.a.example/x", True),
        (("//a.example/*",), (), "https://b.example/x", False),
        (("https://a.example:8080/*",), (), "https://a.example:8080/x", True),
        (("//a.example/*",), ("/x",), "https://a.example/x", False),
        (("/x",), ("//b.example/*",), "https://b.example/x", False),
    ],
)
def test_globs_take_by_path_and_by_host(
    include: tuple[str, ...], exclude: tuple[str, ...], url: str, is_taken: bool
) -> None:
    """A rule that begins with two slashes names a host; exclude wins."""
    globs = Globs(include, exclude)
    assert globs.take(URL(url)) == is_taken
    assert globs.take_host(URL(url)) <= is_taken


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("2026-01-05", "2026-01-05"),
        ("2026-01-05T00:00:00+08:00", "2026-01-04T16:00:00Z"),
        ("Mon, 05 Jan 2026 07:08:09 GMT", "2026-01-05T07:08:09Z"),
        (" 2026-01-05T07:08:09Z\n", "2026-01-05T07:08:09Z"),
        ("2999-01-01", ""),
        ("yesterday", ""),
        ("", ""),
        ("0000-00-00", ""),
        ("1899-12-30", ""),
        ("99999999999999", ""),
    ],
)
def test_dates_become_hints(text: str, hint: str) -> None:
    """ISO 8601 and RFC 822 are read; what is no past date says nothing."""
    assert to_hint(read_moment(text), NOW) == hint


@given(st.text(max_size=60))
def test_read_moment_never_fails(text: str) -> None:
    """Whatever a feed calls a date, it is a time or nothing."""
    moment = read_moment(text)
    assert moment >= 0.0
    assert bool(to_date(moment)) == bool(moment)


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 0), ("90m", 5_400), ("6h", 21_600), ("2w", 1_209_600)]
)
def test_period_is_read(text: str, seconds: float) -> None:
    """Minutes, hours, days and weeks."""
    assert period_seconds(text) == seconds


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("/news/visa-rules-change", "Visa rules change for all", "text"),
        ("/2026/11/22/x/", "Short", "heading"),
        ("/news/read.php?id=7", "Visa rules change for all visitors", "heading"),
        ("/artikel/123456.html", "签证规定将于下月起全面修订", "text"),
    ],
)
def test_link_score_knows_articles(path: str, text: str, place: Place) -> None:
    """What is written to be read."""
    assert link_score(path, text, place) >= ARTICLE


@pytest.mark.parametrize(
    ("path", "text", "place"),
    [
        ("/category/taxes-of-all-kinds", "Everything about the taxes here", "text"),
        ("/news/visa-rules-change", "Visa rules change for all", "furniture"),
        ("/calendar/2026-11-22", "What is on this very day of the year", "text"),
        ("/a-b-c?PHPSESSID=12ab", "Everything about the taxes here", "text"),
        ("/contact", "How you can reach our editors by mail", "text"),
        ("/tax", "Tax", "text"),
    ],
)
def test_link_score_knows_navigation(path: str, text: str, place: Place) -> None:
    """What is there to find one's way."""
    assert link_score(path, text, place) < ARTICLE


@given(
    st.text("abc/.?#&=% éß", max_size=40),
    st.sampled_from(["https://a.example/b/c", "http://a.example:8080/?x=1"]),
)
def test_canonical_address_stays_as_it_is(link: str, base: str) -> None:
    """The canonical spelling of a canonical address is itself."""
    found = find_address(link, URL(base))
    if found is not None:
        assert find_address(found, URL(base)) == found
        assert "#" not in found
