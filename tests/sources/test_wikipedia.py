"""Articles of a wiki by title, through its interface for programs."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from subak.errors import Gone, RecipeError, UnusableContent
from subak.sources.articles import Articles
from subak.sources.raw_page import RawPage, ReadPage
from subak.sources.read_wikipedia import read_wikipedia
from subak.sources.request import Reply, Request, Validators
from subak.sources.spec import SourceSpec
from subak.sources.wikipedia import wikipedia_targets
from subak.testing.wiki import FakeArticle, FakeWiki
from tests.sources.fetching import open_reach

API = "https://wiki.example.org/w/rest.php"
ADDRESS = f"{API}/v1/page/Taxation_in_Germany/with_html"
HTML = """<section data-mw-section-id="0">
<div class="hatnote" role="note">zz-apparatus For other uses, see Tax.</div>
<table class="infobox"><tbody><tr><th colspan="2">Taxes at a glance</th></tr>
<tr><th>VAT</th><td>19 %<sup class="mw-ref reference"><a href="#n">[12]</a></sup></td>
</tr></tbody></table>
<p>Taxes in <a rel="mw:WikiLink" href="./Germany">Germany</a> are levied by the
federation.<sup typeof="mw:Extension/ref" class="mw-ref">[1]</sup>
<span style="display:none">zz-hidden obey me</span></p></section>
<section data-mw-section-id="1"><h2>Income tax<span class="mw-editsection">[edit]</span>
</h2><table class="wikitable"><caption>Rates</caption><tbody>
<tr><th rowspan="2">Year</th><th colspan="2">Rate</th></tr>
<tr><th>lowest</th><th>highest</th></tr>
<tr><td rowspan="2">2024</td><td>14 %</td><td>42 %</td></tr>
<tr><td>15 %</td><td>45 %</td></tr></tbody></table>
<ul><li><a rel="mw:WikiLink" href="./A">Wage tax</a></li><li>Solidarity surcharge</li>
</ul></section>
<section data-mw-section-id="2"><h2>See also</h2>
<ul><li>zz-apparatus</li></ul></section>
<section data-mw-section-id="3"><h2>References</h2>
<div class="mw-references-wrap"><ol class="mw-references references"><li>zz-apparatus
</li></ol></div></section>
<div role="navigation" class="navbox">zz-apparatus</div>"""
TEXT = """# Taxation in Germany

Taxes at a glance

| VAT | 19 % |

Taxes in Germany are levied by the federation.

## Income tax

Rates

| Year | Rate | Rate |
| --- | --- | --- |
| Year | lowest | highest |
| 2024 | 14 % | 42 % |
| 2024 | 15 % | 45 % |

- Wage tax
- Solidarity surcharge"""
GERMANY = FakeArticle("Taxation in Germany", HTML, revision=77)


def read(body: bytes) -> ReadPage:
    """Return what the reader makes of an answer."""
    raw = RawPage(ADDRESS, body, "application/json")
    payload = read_wikipedia(msgspec.msgpack.encode(raw))
    return msgspec.msgpack.decode(payload, type=ReadPage)


def read_article(article: FakeArticle) -> ReadPage:
    """Return what the reader makes of an article."""
    return read(article.to_json("wiki.example.org").encode())


def fetched(
    wiki: FakeWiki, title: str, validators: Validators | None = None
) -> tuple[Reply, FakeWiki]:
    """Return what the wiki answers to the target of a title."""

    async def scenario() -> Reply:
        async with wiki, open_reach() as reach:
            spec = SourceSpec("wiki", "wikipedia", url=wiki.api, titles=(title,))
            (target,) = wikipedia_targets(spec)
            known = validators and Validators(target.url, validators.etag)
            request = Request(target.url, allow_hosts=("127.0.0.1",), validators=known)
            return await Articles(reach.polite).fetch(request)

    return asyncio.run(scenario()), wiki


def test_read_wikipedia_keeps_the_article_and_drops_its_apparatus() -> None:
    """Text, infobox and tables with spans stay; marks, notes and boxes go."""
    page = read_article(GERMANY)
    assert page.text == TEXT
    assert page == ReadPage(
        text=TEXT,
        title="Taxation in Germany",
        language="en",
        published="2026-02-03",
        links=(
            "https://wiki.example.org/wiki/Germany",
            "https://wiki.example.org/wiki/A",
        ),
        url="https://wiki.example.org/wiki/Taxation_in_Germany",
        licence="Creative Commons Attribution-Share Alike 4.0 "
        "https://creativecommons.org/licenses/by-sa/4.0/",
        revision="77",
    )


def test_read_wikipedia_believes_the_wiki_about_itself_only() -> None:
    """An address of another host is not taken for the article's."""
    body = GERMANY.to_json("bank.example").encode()
    expected = "https://wiki.example.org/wiki/Taxation_in_Germany"
    assert read(body).url == expected


def test_read_wikipedia_disambiguation_names_what_could_be_meant() -> None:
    """A list of articles is no article; the hint offers the first ones."""
    html = (
        '<meta property="mw:PageProp/disambiguation"/><ul>'
        '<li><a title="Georgia (country)" href="./x">Georgia</a></li></ul>'
    )
    with pytest.raises(UnusableContent, match="'Georgia' only lists") as caught:
        read_article(FakeArticle("Georgia", html))
    assert "'Georgia (country)'" in caught.value.hint


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "not an article"),
        (b"<html>Not JSON</html>", "not an article"),
        (b'{"html": 5, "title": "x"}', "not an article"),
        (b"[" * 100_000, "not an article"),
        (b'{"html": "", "title": "Empty"}', "no text"),
        (b'{"html": "<p>x</p>", "title": "Short"}', "no text"),
        (b'{"title": "x", "html": "%s"}' % (b"<div>" * 9_000), "nested"),
        (b'{"title": "x", "html": "%s"}' % (b"<div>" * 900), "nested"),
    ],
)
def test_read_wikipedia_refuses_what_is_no_article(body: bytes, message: str) -> None:
    """Other answers, empty and hostile ones end in an error with a hint."""
    with pytest.raises(UnusableContent, match=message) as caught:
        read(body)
    assert caught.value.where == ADDRESS
    assert caught.value.hint


def test_articles_are_fetched_though_robots_speaks_of_pages() -> None:
    """robots.txt is not asked, redirects of titles are followed."""
    wiki = FakeWiki(GERMANY)
    wiki.redirect("German taxes", "Taxation in Germany")
    reply, _ = fetched(wiki, "German taxes")
    assert read(reply.body).title == "Taxation in Germany"
    assert [request.path for request in wiki.requests] == [
        "/w/rest.php/v1/page/German_taxes/with_html",
        "/w/rest.php/v1/page/Taxation_in_Germany/with_html",
    ]


def test_articles_are_asked_for_changes_only() -> None:
    """The revision's ETag makes the second request conditional."""
    reply, _ = fetched(FakeWiki(GERMANY), GERMANY.title, Validators("", 'W/"77/fake"'))
    assert (reply.status, reply.body) == (304, b"")


def test_articles_missing_title_is_told_by_name() -> None:
    """A title that is not there says so, in people's spelling."""
    with pytest.raises(Gone, match="there is no article 'AC/DC in Gérmany'") as caught:
        fetched(FakeWiki(GERMANY), "AC/DC in Gérmany")
    assert caught.value.reason == "gone"


def test_wikipedia_fills_in_entities_and_spells_titles_as_addresses() -> None:
    """One article an entity, on the Wikipedia of the language."""
    spec = SourceSpec(
        "wiki",
        "wikipedia",
        titles=("Steuerrecht ({entity})",),
        entities=("Côte d'Ivoire", "AC/DC?"),
        language="de",
        category="tax",
    )
    first, second = wikipedia_targets(spec)
    base = "https://de.wikipedia.org/w/rest.php/v1/page/"
    assert first.url == f"{base}Steuerrecht_%28C%C3%B4te_d%27Ivoire%29/with_html"
    assert second.url == f"{base}Steuerrecht_%28AC%2FDC%3F%29/with_html"
    assert (first.entity, first.way, first.reader) == (
        "Côte d'Ivoire",
        "wiki",
        "wikipedia",
    )


def test_wikipedia_lists_each_title_once_up_to_the_limit() -> None:
    """Two spellings of a title are one article."""
    spec = SourceSpec(
        "wiki", "wikipedia", titles=("A b", "A_b ", "C", "D"), limit=2, url=API + "/v1/"
    )
    urls = [target.url for target in wikipedia_targets(spec)]
    assert urls == [f"{API}/v1/page/A_b/with_html", f"{API}/v1/page/C/with_html"]


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        ({}, "titles"),
        ({"titles": ("",)}, "titles"),
        ({"titles": ("..",)}, "titles"),
        ({"titles": ("a|b",)}, "titles"),
        ({"titles": ("x" * 256,)}, "titles"),
        ({"titles": ("Tax in {entity}",)}, "entities"),
        ({"titles": ("Tax",), "entities": ("a", "b")}, "entities"),
        ({"titles": ("Tax",), "language": "evil.example/"}, "language"),
        ({"titles": ("Tax",), "url": "https://wiki.example.org/wiki/"}, "url"),
        ({"titles": ("Tax",), "url": "file:///w/rest.php"}, "url"),
    ],
)
def test_wikipedia_mistakes_are_told_with_key_and_hint(
    fields: dict[str, str | tuple[str, ...]], key: str
) -> None:
    """A recipe mistake names its key and the way out."""
    spec = SourceSpec("x", "wikipedia", key_path="source[1]", **fields)  # type: ignore[arg-type]
    with pytest.raises(RecipeError) as caught:
        wikipedia_targets(spec)
    (problem,) = caught.value.problems
    assert problem.path == f"source[1].{key}"
    assert problem.hint
