"""site/: every link leads somewhere, every sentence to its highlighted proof."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from subak.knowledge.articles.article import (
    Article,
    Citation,
    Dropped,
    Section,
    Sentence,
)
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Evidence, Fact, Record, Refusal
from subak.knowledge.results import FieldTitle, Results
from subak.outputs.paths import Paths
from subak.outputs.website import WebsiteWriter

EVIL = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "![x](https://evil.example/p.png)",
    "{{ 7*7 }}{% raw %}",
    "../../etc/passwd",
    "\u202eevil\u2066",
    "--></title></style>",
    "a" * 400,
    "",
    "\x00\x0b\ud800",
]


def write_site(results: Results, folder: Path) -> dict[str, LexborHTMLParser]:
    """Write the site and return its pages by path."""
    paths = WebsiteWriter().write(results, folder)
    return {
        path.relative_to(folder / "site").as_posix(): LexborHTMLParser(
            path.read_text(encoding="utf-8")
        )
        for path in paths
        if path.suffix == ".html"
    }


def _hrefs(page: LexborHTMLParser) -> Iterator[str]:
    for node in page.css("[href]"):
        yield str(node.attributes["href"])


def _is_outward(href: str) -> bool:
    return href.startswith(("http://", "https://"))


def _follow(name: str, href: str) -> tuple[str, str]:
    path, _, anchor = href.partition("#")
    parts = name.split("/")[:-1] if path else name.split("/")
    for part in path.split("/") if path else ():
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts), anchor


def broken_links(
    pages: dict[str, LexborHTMLParser], folder: Path
) -> list[tuple[str, str]]:
    """Return each page and link that leads to no file or anchor."""
    found = []
    for name, page in pages.items():
        for href in _hrefs(page):
            if _is_outward(href):
                continue
            target, anchor = _follow(name, href)
            exists = (folder / "site" / target).is_file()
            if not exists or (anchor and not _has_anchor(pages[target], anchor)):
                found.append((name, href))
    return found


def _has_anchor(page: LexborHTMLParser, anchor: str) -> bool:
    return any(node.attributes["id"] == anchor for node in page.css("[id]"))


def test_website_has_no_broken_link(results: Results, tmp_path: Path) -> None:
    """Every relative link names a file that is there and an anchor in it."""
    pages = write_site(results, tmp_path)
    assert len(pages) == 14
    assert broken_links(pages, tmp_path) == []


def test_website_sentences_lead_to_their_quotes(
    results: Results, tmp_path: Path
) -> None:
    """Following each marker ends on marks that hold exactly the cited quote."""
    pages = write_site(results, tmp_path)
    for article in results.articles:
        name = f"articles/{article.slug}.html"
        markers = [str(one.attributes["href"]) for one in pages[name].css(".cite a")]
        quotes = [
            one.quote
            for part in article.sections
            for sentence in part.sentences
            for one in sentence.citations
        ]
        found = [_marked(pages, *_follow(name, href)) for href in markers]
        assert found == quotes


def _marked(pages: dict[str, LexborHTMLParser], name: str, anchor: str) -> str:
    pieces = pages[name].css(f'mark[data-q="{anchor}"]')
    return "".join(piece.text() for piece in pieces)


def test_website_facts_lead_to_their_quotes(results: Results, tmp_path: Path) -> None:
    """On an entity's page each value stands with its quote and both links."""
    pages = write_site(results, tmp_path)
    name = next(one for one in pages if one.startswith("entities/germany"))
    proofs = pages[name].css(".proof")
    assert len(proofs) == 5
    for proof in proofs:
        inward, outward = (str(one.attributes["href"]) for one in proof.css("a"))
        assert outward == "https://tax.example.de/income?year=2026"
        assert _marked(pages, *_follow(name, inward))
    assert "Corporate rate" in pages[name].css(".refusals")[0].text()


def test_website_table_crosses_fields_and_entities(
    results: Results, tmp_path: Path
) -> None:
    """A category's table has a column a field, in recipe order, a row an entity."""
    page = write_site(results, tmp_path)["categories/taxation.html"]
    head, *rows = [
        [cell.text().strip() for cell in row.css("th, td")] for row in page.css("tr")
    ]
    assert head[:3] == ["Subject", "Top income tax rate", "Top rate starts at"]
    assert rows == [
        ["France", "45%", "181,917\xa0EUR", "20%", "–", "–"],
        ["Germany", "45%", "277,826\xa0EUR", "19%", "yes", "31 July"],
    ]


def test_website_counts_what_it_holds(results: Results, tmp_path: Path) -> None:
    """The first page tells the numbers."""
    page = write_site(results, tmp_path)["index.html"]
    figures = {
        one.css("dt")[0].text(): one.css("dd")[0].text()
        for one in page.css(".figures div")
    }
    assert figures == {"Articles": "2", "Facts": "10", "Sources": "4", "Refused": "3"}


def test_website_shows_every_refusal_with_its_reason(
    results: Results, tmp_path: Path
) -> None:
    """Nothing that was refused is passed over."""
    text = write_site(results, tmp_path)["refused.html"].html or ""
    for record in results.records:
        for refusal in record.refused:
            assert refusal.reason in text


def test_website_pages_are_closed_and_reachable(
    results: Results, tmp_path: Path
) -> None:
    """No script, no foreign asset; each page has its landmarks and a skip link."""
    for name, page in write_site(results, tmp_path).items():
        assert page.css("script, img, iframe, object, form, [style]") == [], name
        policy = page.css_first("meta[http-equiv]")
        assert policy is not None
        assert str(policy.attributes["content"]).startswith("default-src 'none'; ")
        assert len(page.css("main, h1")) == 2
        assert page.css("a.skip")[0].attributes["href"] == "#content"
        assert all(one.attributes.get("aria-label") for one in page.css("main nav"))


def test_website_links_outward_only_to_sources(
    results: Results, tmp_path: Path
) -> None:
    """Links that leave the site go to documents, without a referrer or a vote."""
    sources = {document.url for document in results.documents}
    for page in write_site(results, tmp_path).values():
        for node in page.css("a[href]"):
            href = str(node.attributes["href"])
            if _is_outward(href):
                assert href in sources
                assert node.attributes["rel"] == "noopener nofollow"


def _hostile(text: str) -> Results:
    document = Document(text, text, text, f"# {text}\n\n{text}!", text, text, 1.0, text)
    document = replace(document, category=text, licence=text, text=document.text or "x")
    start, end = 0, len(document.text)
    evidence = Evidence(text, text, start, end, document.text, text)
    citation = Citation(text, text, text, start, end, document.text)
    fact = Fact(text, text, text, text, text, "conflict", (evidence,), text)
    refusal = Refusal(text, text, text, text, text, text, text)
    section = Section(text, (Sentence(text, "rewritten", (citation,), text, text),))
    article = Article(
        slug=text,
        title=text,
        category=text,
        language=text,
        generated_at=1.0,
        model=text,
        sections=(section, replace(section, kind="list")),
        dropped=(Dropped(text, text),),
    )
    return Results(
        name=text,
        title=text,
        language=text,
        generated_at=1.0,
        base_url=text,
        records=(Record(text, text, text, text, (fact,), (refusal,)),),
        articles=(article,),
        documents=(document,),
        fields=(FieldTitle(text, text, text),),
        copies={document.id: (text,)},
    )


def test_website_names_all_addresses_of_a_copied_document(
    tmp_path: Path, results: Results
) -> None:
    """Whoever looks at a source sees where else its text stands."""
    document = results.documents[0]
    copies = {document.id: ("https://copy.example/page",)}
    pages = write_site(replace(results, copies=copies), tmp_path)
    found = [page for page in pages.values() if "copy.example" in (page.html or "")]
    assert len(found) == 1
    assert "The same text also at" in (found[0].html or "")


@pytest.mark.parametrize("text", EVIL, ids=lambda text: ascii(text[:20]))
def test_website_resists_hostile_text_everywhere(tmp_path: Path, text: str) -> None:
    """The same text in every place neither injects, escapes nor breaks a link."""
    pages = write_site(_hostile(text), tmp_path)
    assert broken_links(pages, tmp_path) == []
    for name, page in pages.items():
        tags = {node.tag for node in page.css("*")}
        assert not tags & {"script", "img", "style", "iframe"}, name
        for node in page.css("*"):
            assert not any(key.startswith("on") for key in node.attributes)
        assert not any(_is_outward(href) for href in _hrefs(page))
    inside = (tmp_path / "site").resolve()
    for path in tmp_path.rglob("*"):
        assert path.resolve().is_relative_to(inside)


def test_website_without_results_is_a_site(results: Results, tmp_path: Path) -> None:
    """A run that published nothing still gives pages that say so."""
    nothing = replace(results, records=(), articles=(), documents=(), fields=())
    pages = write_site(nothing, tmp_path)
    assert sorted(pages) == ["index.html", "refused.html", "sources.html"]
    assert broken_links(pages, tmp_path) == []


def test_website_keeps_nameless_things_apart(results: Results, tmp_path: Path) -> None:
    """Facts without entity and facts without category share no page."""
    fact = results.records[0].facts[0]
    facts = (
        replace(fact, entity="", field="nowhere"),
        replace(fact, category="", field="uncategorised"),
    )
    record = replace(results.records[0], facts=facts, refused=())
    pages = write_site(replace(results, records=(record,), articles=()), tmp_path)
    titles = {
        name: [one.text() for one in page.css("thead th, .answer h3")]
        for name, page in pages.items()
    }
    assert titles[Paths.entity("")] == ["Nowhere"]
    assert titles[Paths.category("")] == ["Subject", "Uncategorised"]


def test_website_shows_sources_that_differ(results: Results, tmp_path: Path) -> None:
    """Two values of one field stand side by side, marked as a difference."""
    record = results.records[2]
    other = replace(record.facts[0], value=47.0)
    records = (*results.records, replace(record, facts=(other,)))
    pages = write_site(replace(results, records=records), tmp_path)
    name = next(one for one in pages if one.startswith("entities/france"))
    values = [one.text(separator=" ").split() for one in pages[name].css(".value")]
    assert values[:2] == [["45%", "sources", "differ"], ["47%", "sources", "differ"]]
    table = pages["categories/taxation.html"].css("tbody td")[0].text()
    assert table == "45% or 47%"


def test_website_never_highlights_what_is_not_the_quote(
    results: Results, tmp_path: Path
) -> None:
    """A quote whose offsets are wrong leads to the page, not to a wrong sentence."""
    record = results.records[0]
    moved = replace(record.facts[0].evidence[0], start=3)
    facts = (replace(record.facts[0], evidence=(moved,)),)
    only = replace(results, records=(replace(record, facts=facts),), articles=())
    pages = write_site(only, tmp_path)
    assert broken_links(pages, tmp_path) == []
    assert all(page.css("article mark") == [] for page in pages.values())


def test_website_works_without_a_document(results: Results, tmp_path: Path) -> None:
    """A document that is missing leaves its quotes and the links to the source."""
    pages = write_site(replace(results, documents=()), tmp_path)
    assert broken_links(pages, tmp_path) == []
    markers = pages["articles/taxation.html"].css(".cite a")
    assert len(markers) == 8
    assert all(_is_outward(str(one.attributes["href"])) for one in markers)
