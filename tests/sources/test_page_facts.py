"""A page's head and linked data are read, and never trusted further."""

from __future__ import annotations

import json

import pytest
from selectolax.lexbor import LexborHTMLParser
from yarl import URL

from subak.sources.page_facts import PageFacts, page_facts

PAGE_URL = "https://www.site.example/news/2026/law.html?id=4"


def facts(head: str, body: str = "", html: str = "<html>") -> PageFacts:
    """Return what a page with that head and body says of itself."""
    page = f"{html}<head>{head}</head><body>{body}</body></html>"
    return page_facts(LexborHTMLParser(page), URL(PAGE_URL))


def linked(*things: object) -> str:
    """Return JSON-LD scripts."""
    return "".join(
        f'<script type="application/ld+json">{json.dumps(thing)}</script>'
        for thing in things
    )


def test_page_facts_reads_linked_data() -> None:
    """An article in a graph gives title, author, date and language."""
    article = {
        "@type": ["NewsArticle"],
        "headline": "Rates rise &amp; fall",
        "datePublished": "2026-02-03T23:30:00-08:00",
        "author": [{"@type": "Person", "name": "Ana Ruiz"}, "Bo Li"],
        "inLanguage": "en-GB",
        "articleBody": "All of it.",
    }
    found = facts(linked({"@graph": [{"@type": "WebSite", "name": "Site"}, article]}))
    assert found.title == "Rates rise & fall"
    assert (found.author, found.published) == ("Ana Ruiz, Bo Li", "2026-02-03")
    assert (found.language, found.body) == ("en", "All of it.")


@pytest.mark.parametrize(
    "script", ["{", "[" * 50_000, '{"@type": 7, "author": {"name": {}}}', "null", '"x"']
)
def test_page_facts_broken_linked_data_is_nothing(script: str) -> None:
    """Whatever stands there, the page is read."""
    head = f'<script type="application/ld+json">{script}</script>'
    assert facts(head).author == ""


@pytest.mark.parametrize(
    ("head", "body", "date"),
    [
        ('<meta property="article:published_time" content="2026-03-04T10:00Z">', "", 4),
        ('<meta name="DC.date" content="2026-03-05">', "", 5),
        ('<meta name="date" content="Fri, 06 Mar 2026 10:00:00 GMT">', "", 6),
        ("", '<time itemprop="datePublished" datetime="2026-03-07">March</time>', 7),
        ("", '<article><time datetime="2026-03-08T01:00+09:00">x</time></article>', 8),
    ],
)
def test_page_facts_finds_the_date(head: str, body: str, date: int) -> None:
    """The usual places are looked at, the local day counts."""
    assert facts(head, body).published == f"2026-03-{date:02}"


@pytest.mark.parametrize("text", ["2026-13-45", "yesterday", "0001-01-01", ""])
def test_page_facts_impossible_date_is_none(text: str) -> None:
    """No date is better than a wrong one."""
    assert facts(f'<meta name="date" content="{text}">').published == ""


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (
            "<title>Tax law - Daily</title>",
            "<h1>Tax law changed</h1>",
            "Tax law changed",
        ),
        ("<title>Tax law - Daily</title>", "<h1>Daily</h1>", "Tax law - Daily"),
        ('<meta property="og:title" content="A law">', "<h1>Site</h1>", "A law"),
        (
            '<meta property="og:title" content="A law | Site">',
            "<h1>A law</h1>",
            "A law",
        ),
        ("<title> Only\n this </title>", "", "Only this"),
        ("", "", ""),
    ],
)
def test_page_facts_title_is_the_heading_the_page_is_named_after(
    head: str, body: str, title: str
) -> None:
    """A heading that is the page's title wins, a site's name doesn't."""
    assert facts(head, body).title == title


@pytest.mark.parametrize(
    ("head", "html", "language"),
    [
        ("", '<html lang="pt-BR">', "pt"),
        ('<meta property="og:locale" content="de_AT">', "<html>", "de"),
        ("", '<html lang="english">', ""),
        ("", "<html>", ""),
    ],
)
def test_page_facts_finds_the_language(head: str, html: str, language: str) -> None:
    """The page's own word counts, no guess."""
    assert facts(head, html=html).language == language


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/news/2026/law.html", "https://www.site.example/news/2026/law.html"),
        ("https://site.example/news/law", "https://site.example/news/law"),
        ("https://site.example/law#top", "https://site.example/law"),
        ("https://other.example/law", ""),
        ("https://site.example.evil.example/law", ""),
        ("http://www.site.example/law", ""),
        ("https://www.site.example:8443/law", ""),
        ("https://www.site.example/", ""),
        ("https://user:word@www.site.example/law", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_page_facts_canonical_address_stays_on_its_site(href: str, url: str) -> None:
    """No page claims another site's address, or its site's front."""
    assert facts(f'<link rel="canonical" href="{href}">').url == url


@pytest.mark.parametrize(
    ("head", "body", "author"),
    [
        ('<meta name="author" content="Ana Ruiz">', "", "Ana Ruiz"),
        ('<meta property="article:author" content="https://x.example/me">', "", ""),
        ('<meta name="author" content="desk@site.example">', "", ""),
        ("", '<p class="byline">By <span class="author">Bo Li</span></p>', "Bo Li"),
    ],
)
def test_page_facts_author_is_a_name(head: str, body: str, author: str) -> None:
    """Addresses of people are no names."""
    assert facts(head, body).author == author


def test_page_facts_notes_the_licence() -> None:
    """A link that says it is the licence is kept."""
    link = '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">BY</a>'
    assert facts("", link).licence == "https://creativecommons.org/licenses/by/4.0/"
