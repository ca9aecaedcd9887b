"""Article: its sentences, each citation a link to the sentence it stands on."""

from __future__ import annotations

from collections.abc import Mapping

from subak.knowledge.articles.article import Article, Citation
from subak.views.articles import iter_citations, read_articles
from subak.web.page import Asked, Page, Shown


def read_article(asked: Asked) -> Shown:
    """Read an article of the newest publication."""
    found = read_articles(asked.db)
    article = found.get(asked.path["slug"])
    numbers = _numbers(article)
    values = {
        "run": found.run,
        "article": article,
        "numbers": numbers,
        "sources": _sources(numbers),
        "sentences": sum(len(part.sentences) for part in article.sections),
        "rewritten": sum(
            one.is_worded for part in article.sections for one in part.sentences
        ),
    }
    return Shown("article.html.j2", values, title=article.title)


def _numbers(article: Article) -> dict[Citation, int]:
    """Return the number of each quote, in the order in which they are met."""
    quotes = dict.fromkeys(iter_citations(article))
    return {quote: number for number, quote in enumerate(quotes, start=1)}


def _sources(numbers: Mapping[Citation, int]) -> list[tuple[Citation, list[Citation]]]:
    """Return the quotes by document, each document with its first quote."""
    by_document: dict[str, list[Citation]] = {}
    for quote in numbers:
        by_document.setdefault(quote.document, []).append(quote)
    return [(quotes[0], quotes) for quotes in by_document.values()]


ARTICLE = Page(
    "article", "articles/{slug:path}", "Article", read_article, under="articles"
)
