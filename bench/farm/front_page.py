"""front_html: a site's front page: its articles, and the traps of its kind."""

from __future__ import annotations

import random
from collections.abc import Sequence
from html import escape

from bench.farm.article import Article
from bench.farm.furniture import footer, head, menu, script, token_field
from bench.farm.markers import front_marker
from bench.farm.planned import SEED
from bench.farm.site import Site

_ODD_LINKS = (
    '<a href="/private/members.html">Members</a><a href="/img/harbour.jpg">Picture</a>'
    '<a href="mailto:desk@example.org">Mail</a><a href="javascript:void(0)">Up</a>'
    '<a href="http://[wrong">Broken</a>'
)
_TRAPS = {
    "trap_calendar": '<a href="/news/calendar-2026-01">Calendar</a>',
    "trap_session": '<a href="/news/index.php?sid=1000">All news</a>',
    "robots_groups": '<a href="/news/secret-for-members">Archive of members</a>',
    "soft_missing": "".join(
        f'<a href="/news/missing-{number}">Older story {number}</a>'
        for number in range(4)
    ),
    "forbidden_redirect": "".join(
        f'<a href="/news/partner-{number}">Partner {number}</a>' for number in range(6)
    ),
}


def front_html(site: Site, articles: Sequence[Article], day: int) -> str:
    """Return the front page of a day, newest article first."""
    draw = random.Random(f"{SEED}/front/{site.number}")
    cards = "".join(
        f'<div class="card"><h2><a href="{escape(_link(site, article))}">'
        f"{escape(article.title)}</a></h2><p>{escape(article.paragraphs[0][:140])}"
        "…</p></div>"
        for article in reversed(articles)
    )
    title = f"{site.category.title()} news"
    return (
        f'<!doctype html><html lang="en">{head(draw, site, title, None)}<body>'
        f"{token_field(site)}{menu(draw)}<main><h1>{site.name} {site.category}</h1>"
        f"<p>Issue {front_marker(site, day)}</p>{cards}{_ODD_LINKS}"
        f"{_TRAPS.get(site.kind, '')}</main>{footer(draw, site)}{script(draw, 14)}"
        "</body></html>"
    )


def script_only_html(site: Site, path: str) -> str:
    """Return a page that a browser's scripts must fill."""
    draw = random.Random(f"{SEED}/script only/{site.number}")
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{site.name}</title>'
        f'{script(draw, 10)}</head><body><div id="root"></div><noscript>Please turn '
        f"JavaScript on.</noscript><script>fetch('/api?path={path}').then(r=>r.json())"
        ".then(d=>{document.getElementById('root').innerHTML=d.html});</script>"
        "</body></html>"
    )


def _link(site: Site, article: Article) -> str:
    """Write a link absolute, with a fragment, or relative to the page's base."""
    path = article.path
    if site.kind == "base_href" and not article.is_pdf:
        path = path.removeprefix("/news/")
    elif article.number % 4 == 1:
        path = site.base + path
    return f"{path}#read" if article.number % 3 == 0 else path
