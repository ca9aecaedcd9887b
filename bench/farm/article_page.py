"""article_html: an article in one of six page templates, 40 KB with its furniture."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from bench.farm.article import Article
from bench.farm.furniture import (
    comments,
    footer,
    head,
    menu,
    script,
    teasers,
    token_field,
)
from bench.farm.planned import SEED
from bench.farm.site import Site

_TEASERS = 5


@dataclass(frozen=True, slots=True)
class _Parts:
    """The pieces that templates arrange; all HTML."""

    title: str
    byline: str
    text: str
    menu: str
    related: str
    comments: str
    footer: str
    extra: str


def article_html(site: Site, article: Article, others: Sequence[Article]) -> str:
    """Return the whole page."""
    draw = random.Random(f"{SEED}/page/{site.number}/{article.number}")
    related = [other for other in others if other.path != article.path][:_TEASERS]
    parts = _Parts(
        title=escape(article.title),
        byline=(
            f'<div class="byline">By <span class="author">{article.author}</span>, '
            f'<time datetime="{article.date}">{article.date}</time></div>'
        ),
        text="".join(_paragraph(draw, text) for text in article.paragraphs),
        menu=menu(draw),
        related=teasers(draw, related),
        comments=comments(draw),
        footer=footer(draw, site),
        extra=_fees(draw),
    )
    return (
        f'<!doctype html><html lang="en">{head(draw, site, article.title, article)}'
        f"<body>{token_field(site)}{_TEMPLATES[site.template](parts)}"
        f"{script(draw, 14)}</body></html>"
    )


def _paragraph(draw: random.Random, text: str) -> str:
    shown = f"<p>{escape(text, quote=False)}</p>"
    if draw.random() < 0.3:
        number = draw.randrange(999)
        shown += f'<div class="ad" id="ad-{number}">{script(draw, 1)}</div>'
    return shown


def _fees(draw: random.Random) -> str:
    """Return a small table, as offices publish them."""
    rows = "".join(
        f"<tr><td>{name}</td><td>{draw.randint(10, 99)} crowns</td></tr>"
        for name in ("Copy", "Stamp", "Post")
    )
    return f"<table><tr><th>Service</th><th>Fee</th></tr>{rows}</table>"


def _journal(parts: _Parts) -> str:
    return (
        f'<header>{parts.menu}</header><main><article class="post"><h1>{parts.title}'
        f'</h1>{parts.byline}<div class="entry-content">{parts.text}</div></article>'
        f"{parts.related}{parts.comments}</main>{parts.footer}"
    )


def _tables(parts: _Parts) -> str:
    text = parts.text.replace("<p>", "<br><br>").replace("</p>", "")
    return (
        f'<table width="100%"><tr><td colspan="2">{parts.menu}</td></tr><tr>'
        f'<td valign="top">{parts.related}</td><td><font size="5">{parts.title}</font>'
        f'<br>{parts.byline}{text}</td></tr><tr><td colspan="2">{parts.footer}</td>'
        "</tr></table>"
    )


def _nested(parts: _Parts) -> str:
    return (
        f'<div id="page"><div id="top">{parts.menu}</div><div class="row">'
        f'<div class="wide"><div class="in"><h2>{parts.title}</h2>{parts.byline}'
        f'<div class="deep"><div class="deeper"><div>{parts.text}</div></div></div>'
        f'</div>{parts.comments}</div><div class="narrow">{parts.related}</div></div>'
        f"{parts.footer}</div>"
    )


def _application(parts: _Parts) -> str:
    state = json.dumps({"props": {"title": parts.title, "build": "5f3c1a"}})
    return (
        f'<div id="__next"><div class="css-a1">{parts.menu}</div><main class="css-b2">'
        f"<section><h1>{parts.title}</h1>{parts.byline}</section>"
        f'<section data-part="body">{parts.text}</section>'
        f"<section>{parts.related}</section></main>{parts.footer}</div>"
        f'<script id="__STATE__" type="application/json">{state}</script>'
    )


def _office(parts: _Parts) -> str:
    return (
        f'<div class="portal-head">{parts.menu}</div><div class="crumbs">'
        '<a href="/">Home</a> / <a href="/news">News</a></div><div class="content">'
        f'<div class="page-title">{parts.title}</div><div class="content-body">'
        f"{parts.text}{parts.extra}</div></div>{parts.related}{parts.footer}"
    )


def _hero(parts: _Parts) -> str:
    return (
        f'{parts.menu}<section class="hero"><h1>{parts.title}</h1></section>'
        f'<div itemprop="articleBody" class="story">{parts.byline}{parts.text}</div>'
        f"{parts.related}{parts.comments}{parts.footer}"
    )


_TEMPLATES: Sequence[Callable[[_Parts], str]] = (
    _journal,
    _tables,
    _nested,
    _application,
    _office,
    _hero,
)
