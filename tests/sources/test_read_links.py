"""Links of an index page: articles told from navigation, whatever the page does."""

from __future__ import annotations

import msgspec
import pytest

from subak.errors import UnusableContent
from subak.sources.globs import Globs
from subak.sources.index_file import IndexFile, IndexQuery
from subak.sources.raw_page import RawPage
from subak.sources.read_links import MAX_PAGES, read_links

BASE = "https://news.example"
TITLE = "Stricter visa rules reach the island"


def read(html: str | bytes, query: IndexQuery | None = None) -> IndexFile:
    """Return what an index page at the site's front says."""
    body = html.encode() if isinstance(html, str) else html
    page = RawPage(f"{BASE}/", body, "text/html")
    answer = read_links(msgspec.msgpack.encode((page, query or IndexQuery())))
    return msgspec.msgpack.decode(answer, type=IndexFile)


def paths(html: str | bytes, query: IndexQuery | None = None) -> list[str]:
    """Return the paths of the pages an index page is taken to list."""
    return [url.removeprefix(BASE) for url in read(html, query).pages]


def cards(*links: str) -> str:
    """Return a list of headlines."""
    return "".join(f'<h2><a href="{link}">{TITLE}</a></h2>' for link in links)


ARTICLES = ("/news/visa-rules-1", "/2026/11/tax/", "/news/read.php?id=7")


@pytest.mark.parametrize(
    "furniture",
    [
        '<nav><a href="/category/tax/income-tax-and-more">Everything on income tax</a>'
        "</nav>",
        '<footer><a href="/page/4711">Terms of business and of use</a></footer>',
        '<ul class="main-menu"><li><a href="/2026/11/x">Archive of this month</a></ul>',
        '<a href="/login">Sign in with your subscription number</a>',
        '<a href="/about">About us</a><a href="/tag/visa">visa</a>',
        '<a href="/news/calendar-2026-01">The calendar of all hearings</a>',
        '<a href="/news/index.php?sid=1000">All the news of this session</a>',
        '<a href="/">Back to the front page of this newspaper</a>',
        '<a href="/img/photo-of-the-day.jpg">A photograph of the harbour</a>',
        '<a href="https://other.example/news/visa-rules-1">The same one elsewhere</a>',
        '<a href="mailto:x@news.example">Write us a letter by mail if you like</a>',
        '<a href="javascript:void(0)">Show all the articles there are</a>',
        '<a href="http://[bad">A link that is broken beyond repair</a>',
        '<a href="">The page itself, once more and again</a>',
        '<a href="#top">Back to the top of this long page</a>',
        '<a href="//user:pass@news.example/a-b-c">A link with a password in it</a>',
    ],
)
def test_read_links_takes_articles_not_furniture(furniture: str) -> None:
    """What surrounds the headlines is left out, before them and behind."""
    assert paths(furniture + cards(*ARTICLES)) == list(ARTICLES)
    assert paths(cards(*ARTICLES) + furniture) == list(ARTICLES)


def test_read_links_takes_what_there_is_where_nothing_looks_like_an_article() -> None:
    """A plain list of short names is taken as it stands, menus left out."""
    html = '<nav><a href="/x">x</a></nav><a href="/de">Germany</a><a href="/fr">F</a>'
    assert paths(html) == ["/de", "/fr"]


def test_read_links_looks_into_menus_where_the_whole_page_is_one() -> None:
    """A site that marks everything as navigation still has articles."""
    assert paths(f"<nav>{cards(*ARTICLES)}</nav>") == list(ARTICLES)


def test_read_links_names_each_page_once_by_its_canonical_address() -> None:
    """Fragments, trackers, the host written out and dots make no second page."""
    html = cards(
        *ARTICLES,
        "/news/visa-rules-1#comments",
        "/news/visa-rules-1?utm_source=front",
        f"{BASE}:443/news/visa-rules-1",
        f"{BASE.replace('https', 'http')}/news/visa-rules-1",
        "/news/../news/visa-rules-1",
    )
    assert paths(html) == list(ARTICLES)


def test_read_links_follow_the_base_of_the_page() -> None:
    """``base href`` counts for relative links, and only on the site itself."""
    link = cards("visa-rules-now-in-force", "tax-rules-now-in-force", "a-b-c-1999")
    assert paths(f'<base href="/news/">{link}')[0] == "/news/visa-rules-now-in-force"
    assert paths(f'<base href="https://evil.example/">{link}') == []
    assert paths(f'<base href="javascript:">{link}')[0] == "/visa-rules-now-in-force"


def test_read_links_leaves_out_the_page_itself_by_its_canonical_name() -> None:
    """A front page that calls itself otherwise is no article of its own."""
    own = f'<link rel="canonical" href="{BASE}/home-of-all-news">'
    assert paths(own + cards("/home-of-all-news", *ARTICLES)) == list(ARTICLES)


@pytest.mark.parametrize(
    ("globs", "expected"),
    [
        (Globs(include=("/about*",)), ["/about"]),
        (Globs(include=("/news/*",), exclude=("*.php",)), ["/news/visa-rules-1"]),
        (Globs(exclude=("/news/*",)), ["/2026/11/tax/"]),
        (
            Globs(include=("//press.example/*", "/about")),
            ["/about", "https://press.example/a"],
        ),
        (Globs(include=("https://press.example/b*",)), []),
    ],
)
def test_read_links_obeys_the_rules_of_the_recipe(
    globs: Globs, expected: list[str]
) -> None:
    """With ``include`` the rules alone decide, and may name further hosts."""
    html = (
        '<nav><a href="/about">About</a><a href="https://press.example/a">P</a>'
        f'<a href="https://evil.example/news/x">E</a></nav>{cards(*ARTICLES)}'
    )
    assert paths(html, IndexQuery(globs)) == expected


def test_read_links_selector_picks_the_part_that_counts() -> None:
    """The recipe may point to the list, or to the links themselves."""
    aside = f'<aside id="most-read">{cards("/news/most-read-of-all")}</aside>'
    html = f'{aside}<div class="list">{cards(*ARTICLES)}</div>'
    for selector in (".list", ".list a"):
        assert paths(html, IndexQuery(selector=selector)) == list(ARTICLES)


def test_read_links_selector_that_is_none_is_a_clear_error() -> None:
    """The recipe's mistake is told with the selector."""
    with pytest.raises(UnusableContent, match=r"'a\[\[' is no CSS selector") as caught:
        read(cards(*ARTICLES), IndexQuery(selector="a[["))
    assert "selector" in caught.value.hint


def test_read_links_is_bounded() -> None:
    """A page of a hundred thousand links costs what a large one costs."""
    html = cards(*(f"/news/visa-rules-of-day-{n}" for n in range(100_000)))
    assert len(read(html).pages) == MAX_PAGES


@pytest.mark.parametrize(
    "path",
    [
        "/a" * 11,
        "/news/x/news/x/news/x-y-z",
        "/list-of-all-pages?a=1&b=2&c=3&d=4&e=5&f=6",
        "/list-of-all-pages?filter=" + "x" * 300,
    ],
)
def test_read_links_leaves_traps_alone(path: str) -> None:
    """Addresses made up without end are not pages."""
    assert paths(cards(*ARTICLES, path)) == list(ARTICLES)


def test_read_links_few_of_many_that_differ_in_their_query_only() -> None:
    """A filter's combinations don't fill the listing."""
    many = (f"/search-all-the-pages?offset={n}" for n in range(200))
    assert len(paths(cards(*many))) == 50


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"\x00\x01\x02\x03" * 200, "not text"),
        (b"<div>" * 20_000, "nested without end"),
        (b"<div>" * 2_500 + b"<a href=/x>x</a>" * 12_000, "nested without end"),
    ],
)
def test_read_links_hostile_page_is_a_clear_error(body: bytes, message: str) -> None:
    """Garbage and depth are refused before they cost anything."""
    with pytest.raises(UnusableContent, match=message) as caught:
        read(body)
    assert caught.value.hint


@pytest.mark.parametrize("html", ["", "<", "<a href=", "<a href='/x'", "plain text"])
def test_read_links_broken_page_has_no_links(html: str) -> None:
    """What is no page lists nothing."""
    assert read(html).pages == ()


def test_read_links_tells_feeds_and_sections() -> None:
    """Feeds in order; sections are what may list more, not articles or calendars."""
    html = (
        '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
        '<link rel="alternate" type="application/atom+xml" href="atom.xml">'
        '<link rel="alternate" hreflang="id" href="/id/">'
        '<nav><a href="/tax">Tax</a><a href="/calendar/2026/11">Calendar</a></nav>'
        + cards(*ARTICLES)
    )
    found = read(html, IndexQuery(with_sections=True))
    assert found.feeds == (f"{BASE}/feed.xml", f"{BASE}/atom.xml")
    assert found.sections == (f"{BASE}/tax",)
    assert read(html).sections == ()
