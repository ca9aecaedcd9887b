"""Furniture: what stands around the text of a page: menus, banners, scripts."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from html import escape

from bench.farm import prose
from bench.farm.article import Article
from bench.farm.site import Site

# Replaced in each answer of a noisy site by as many other characters.
TOKEN = "token-0000-0000-0000-0000"
_STYLE = "".join(f".k{number}{{margin:{number}px;color:#246}}" for number in range(120))
_NAMES = ("render", "track", "slot", "consent", "layer", "bundle", "queue", "config")
_CALL_CHARS = 52


def script(draw: random.Random, kilobytes: int) -> str:
    """Return an inline script of that weight, as modern pages have them."""
    calls = (
        f"{draw.choice(_NAMES)}.{draw.choice(_NAMES)}_{draw.getrandbits(32):08x}"
        f"({{v:{draw.random():.6f},k:'{draw.choice(_NAMES)}'}});"
        for _ in range(kilobytes * 1024 // _CALL_CHARS)
    )
    return f"<script>{''.join(calls)}</script>"


def menu(draw: random.Random) -> str:
    """Return a menu of all categories."""
    entries = "".join(
        f'<li class="menu-item"><a href="/topics/{name}">{name.title()}</a>'
        f'<ul class="sub-menu">{_towns(draw, name)}</ul></li>'
        for name in prose.CATEGORIES
    )
    return (
        f'<nav class="site-nav" id="nav"><ul>{entries}'
        '<li><a href="/about">About</a></li><li><a href="/login">Log in</a></li>'
        "</ul></nav>"
    )


def footer(draw: random.Random, site: Site) -> str:
    """Return the foot of a page with its cookie banner."""
    columns = "".join(
        "<ul>"
        + "".join(
            f'<li><a href="/info/{draw.randrange(9_999)}">'
            f"{draw.choice(prose.PAPERS).title()}</a></li>"
            for _ in range(8)
        )
        + "</ul>"
        for _ in range(4)
    )
    return (
        '<div class="cookie-banner" role="dialog">This site and 611 partners keep '
        "cookies on your device. <button>Agree</button><button>Refuse</button></div>"
        f'<footer id="foot"><form class="newsletter"><h4>Our letter by mail</h4>'
        f'<input type="email"><button>Order</button></form>{columns}'
        f"<p>© 2026 {site.name} press. All rights reserved.</p></footer>"
    )


def teasers(draw: random.Random, others: Iterable[Article]) -> str:
    """Return links to other articles of the site."""
    entries = "".join(
        f'<li><a href="{escape(article.path)}">'
        f'<img src="/img/{draw.randrange(999)}.jpg" alt="">{escape(article.title)}</a>'
        f'<span class="date">{article.date}</span></li>'
        for article in others
    )
    return (
        f'<aside class="related sidebar"><h3>Read next</h3><ul>{entries}</ul></aside>'
    )


def comments(draw: random.Random) -> str:
    """Return what readers said."""
    said = "".join(
        f'<div class="comment"><b>{draw.choice(prose.PEOPLE)}</b>'
        f"<p>Reader's word: {prose.sentence(draw)}</p></div>"
        for _ in range(draw.randint(0, 5))
    )
    return f'<section id="comments" class="comments"><h3>Comments</h3>{said}</section>'


def head(draw: random.Random, site: Site, title: str, about: Article | None) -> str:
    """Return the head of a page."""
    charset = f'<meta charset="{site.charset}">' if site.declared != "none" else ""
    base = '<base href="/news/">' if site.kind == "base_href" else ""
    feed = {
        "rss": '<link rel="alternate" type="application/rss+xml" href="/feed.xml">',
        "atom": '<link rel="alternate" type="application/atom+xml" href="/atom.xml">',
    }.get(site.feed, "")
    return (
        f"<head>{charset}{base}<title>{escape(title)} | {site.name}</title>"
        f'<meta name="viewport" content="width=device-width">{feed}'
        f"<style>{_STYLE}</style>{script(draw, 12)}"
        f"{_about(site, about) if about else ''}</head>"
    )


def token_field(site: Site) -> str:
    """Return the hidden field of sites that put a token into each answer."""
    if not site.is_noisy:
        return ""
    return f'<input type="hidden" name="csrf" value="{TOKEN}">'


def _towns(draw: random.Random, category: str) -> str:
    return "".join(
        f'<li><a href="/topics/{category}/{town.lower().replace(" ", "-")}">{town}</a>'
        "</li>"
        for town in draw.sample(list(prose.TOWNS), 5)
    )


def _about(site: Site, article: Article) -> str:
    """Return metadata; which kinds of it depends on the template."""
    told = ""
    if site.template in {0, 3, 5}:
        data = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.title,
            "datePublished": article.date,
            "author": {"@type": "Person", "name": article.author},
        }
        told += f'<script type="application/ld+json">{json.dumps(data)}</script>'
    if site.template != 1:
        told += (
            f'<meta property="og:title" content="{escape(article.title)}">'
            '<meta property="og:type" content="article">'
            '<meta property="article:published_time" '
            f'content="{article.date}T06:00:00+08:00">'
        )
    return told
