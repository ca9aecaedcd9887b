"""Articles: what was written, a line each."""

from __future__ import annotations

from subak.views.articles import read_articles
from subak.views.paged import last_if_beyond, paged
from subak.web.page import Asked, Page, Shown

_SIZE = 50


def read_articles_page(asked: Asked) -> Shown:
    """Read a page of the articles of the newest publication."""
    found = read_articles(asked.db)
    values = {
        "run": found.run,
        "articles": last_if_beyond(
            lambda page: paged(found.articles, page, _SIZE), asked.number("page")
        ),
    }
    return Shown("articles.html.j2", values)


ARTICLES = Page("articles", "articles", "Articles", read_articles_page, place=40)
