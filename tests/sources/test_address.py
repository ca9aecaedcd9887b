"""Which URLs are asked for, and how they are spelled."""

from __future__ import annotations

import pytest
from yarl import URL

from subak.errors import Refused
from subak.sources.address import (
    check_address,
    find_address,
    find_port,
    is_same_site,
)

BASE = URL("https://site.example/tax/index.html")


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "ftp://site.example/",
        "gopher://site.example/",
        "site.example/page",
        "//site.example/",
        "http://",
        "http:///path",
        "http://xn--a/",
        "http://xn--/",
        "http://user@site.example/",
        "http://user:pass@site.example/",
        "http://site.example:22/",
        "http://site.example:8400/",
        "http://[::1/",
        "http://site.example:99999/",
        "",
        "http://site.example/" + "a" * 3_000,
    ],
)
def test_check_address_refuses_what_is_no_page(address: str) -> None:
    """Other schemes, ports, user names and broken URLs are refused with a hint."""
    with pytest.raises(Refused) as caught:
        check_address(address)
    assert caught.value.hint


def test_check_address_takes_the_sources_own_port() -> None:
    """A port named in the recipe is as good as 80 and 443."""
    address = "http://site.example:8400/a#part"
    assert find_port(address) == 8400
    assert str(check_address(address, port=8400)) == "http://site.example:8400/a"
    assert find_port("http://[::1/") is None


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("a.html", "https://site.example/tax/a.html"),
        ("../b/./c#top", "https://site.example/b/c"),
        (" /d ", "https://site.example/d"),
        ("HTTPS://SITE.example:443/e", "https://site.example/e"),
        ("//other.example/f", "https://other.example/f"),
        ("/g?utm_source=x&page=2&fbclid=1", "https://site.example/g?page=2"),
        ("/h?utm_medium=x", "https://site.example/h"),
        ("mailto:someone@site.example", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://user@site.example/", None),
        ("http://[bad", None),
    ],
)
def test_find_address_gives_one_spelling(link: str, expected: str | None) -> None:
    """The same page has one URL; what is no page has none."""
    assert find_address(link, BASE) == expected


def test_is_same_site_ignores_www_only() -> None:
    """A site is its host, with or without www."""
    assert is_same_site(BASE, URL("http://www.site.example/"))
    assert not is_same_site(BASE, URL("https://blog.site.example/"))
    assert not is_same_site(BASE, URL("https://site.example.evil.example/"))
