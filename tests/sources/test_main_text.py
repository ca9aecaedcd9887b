"""The main text of articles, discussions, lists and firms' pages."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
import pytest
import trafilatura

from subak.sources.extract_page import extract_page
from subak.sources.raw_page import RawPage, ReadPage
from tests.sources.composed_pages import KINDS, ComposedPage, answers, cards, forum

LONG = "The council decided on {} that the fee would not change before the summer, and "
TAIL = "that every resident may ask for the old form at the office until then."
OG = '<html><head><meta property="og:type" content="article"></head>'


def read(html: str, reading: str = "") -> str:
    """Return the main text of a page."""
    raw = RawPage(
        "https://site.example/x", html.encode(), "text/html", "utf-8", reading
    )
    return msgspec.msgpack.decode(
        extract_page(msgspec.msgpack.encode(raw)), type=ReadPage
    ).text


def paragraph(name: str) -> str:
    """Return a paragraph that is told from others by a name."""
    return f"<p>{LONG.format(name)}{TAIL}</p>"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_main_text_keeps_what_a_page_is_about(
    kind: Callable[[], ComposedPage],
) -> None:
    """Nearly all content and hardly anything else, better than an article reader."""
    page = kind()
    ours = page.share_found(read(page.html))
    theirs = page.share_found(
        trafilatura.extract(page.html, include_comments=False) or ""
    )
    assert ours >= 0.93
    assert ours >= theirs


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_main_text_leaves_the_furniture(kind: Callable[[], ComposedPage]) -> None:
    """No menu, banner, sidebar or footer of any of them."""
    text = read(kind().html)
    for part in ("zzmenu", "zzcookie", "zzside", "zzfoot", "zzSubscribe"):
        assert part not in text


def test_main_text_leaves_readers_comments_below_an_article() -> None:
    """Comments are content in a discussion only."""
    comments = "".join(
        f'<div class="comment">{paragraph(f"zz{n}")}</div>' for n in range(9)
    )
    body = "".join(paragraph(f"day {n}") for n in range(4))
    page = f"{OG}<body><article>{body}</article><div>{comments}</div></body></html>"
    text = read(page)
    assert "zz" not in text
    assert text.count("the council decided".capitalize()) == 4


def test_main_text_recipe_may_say_what_kind_it_is() -> None:
    """What the recipe says wins over what the page looks like."""
    posts = "".join(
        f'<div class="comment">{paragraph(f"zz{n}")}</div>' for n in range(9)
    )
    page = f"{OG}<body><h1>Fees</h1>{paragraph('day 1')}{posts}</body></html>"
    assert "zz3" not in read(page)
    assert "zz3" in read(page, "forum")
    assert read(cards().html, "listing").count("EUR") == 12


def test_main_text_article_in_parts_stays_whole() -> None:
    """Advertisements between its parts don't end an article."""
    parts = "".join(
        f'<div class="grid"><div class="body">{paragraph(f"part {n}")}'
        f"{paragraph(f'half {n}')}</div></div><div class='ad'>zzad</div>"
        for n in range(5)
    )
    text = read(f"{OG}<body><main><h1>Fees</h1>{parts}</main></body></html>")
    assert all(f"part {n}" in text and f"half {n}" in text for n in range(5))
    assert "zzad" not in text


def test_main_text_links_to_other_articles_go() -> None:
    """Between paragraphs and at the end; links within a sentence stay."""
    link = '<p>Read more: <a href="/o">zzother The ferry line raises its fares</a></p>'
    inner = '<p>As <a href="/b">the notary of the town</a> said, ' + TAIL + "</p>"
    end = '<h3>zzRelated</h3><ul><li><a href="/a">zzone</a></li></ul>'
    body = "".join(paragraph(f"day {n}") + link for n in range(4))
    text = read(f"{OG}<body><article><h1>Fees</h1>{body}{inner}{end}</article></body>")
    assert "zz" not in text
    assert "As the notary of the town said" in text


@pytest.mark.parametrize("name", ["related", "ads", "social", "sidebar", "comments"])
def test_main_text_survives_misleading_names(name: str) -> None:
    """What holds the text is no furniture, whatever its class says."""
    body = "".join(paragraph(f"day {n}") for n in range(5))
    menu = "".join(f'<p class="x"><a href="/{n}">item {n}</a></p>' for n in range(90))
    page = f'{OG}<body><div>{menu}</div><div class="{name}">{body}</div></body></html>'
    assert read(page).count("The council decided") == 5


def test_main_text_keeps_headings_lists_and_tables_of_an_article() -> None:
    """Structure comes from our own reading, not from what an extractor left of it."""
    table = (
        "<table><tr><th>Fee</th><th>Euro</th></tr><tr><td>Copy</td><td>4</td></tr>"
        "<tr><td>Stamp</td><td>9</td></tr></table>"
    )
    items = "<ul><li>Bring the old form</li><li>Bring two copies</li></ul>"
    page = (
        f"{OG}<body><article><h1>Fees</h1>{paragraph('day 1')}<h2>Prices</h2>"
        f"{paragraph('day 2')}{table}<h2>What to bring</h2>{paragraph('day 3')}{items}"
        f"{paragraph('day 4')}</article></body></html>"
    )
    text = read(page)
    assert "## Prices\n" in text
    assert "| Fee | Euro |\n| --- | --- |\n| Copy | 4 |\n| Stamp | 9 |" in text
    assert "- Bring the old form\n- Bring two copies" in text


@pytest.mark.parametrize("kind", [forum, answers])
def test_main_text_same_page_gives_the_same_text(
    kind: Callable[[], ComposedPage],
) -> None:
    """Reading depends on the page alone."""
    html = kind().html
    assert read(html) == read(html)


@pytest.mark.parametrize(
    "html",
    [
        "<div class='nav'>" * 200 + "text " * 50_000 + "</div>" * 200,
        "<div><a href='/x'>link</a>" * 200
        + "</div>" * 200
        + "<a href='/y'>l</a>" * 20_000,
        "<div class='post'><p>" + "word " * 40 + "</p></div>" * 9_000,
        "<p>" + "a" * 100 + "</p>" + "<h2>x</h2>" * 20_000,
    ],
    ids=["deep", "links", "posts", "headings"],
)
def test_main_text_large_pages_take_bounded_time(html: str) -> None:
    """Time doesn't grow with depth times size."""
    begun = time.process_time()
    assert read(f"<body><p>Some text of the page.</p>{html}</body>")
    assert time.process_time() - begun < 10
