"""Articles: the list, and every citation opened at its sentence."""

from __future__ import annotations

import re

from subak.knowledge.articles.article import Article
from subak.views.articles import iter_citations
from tests.web.pages.looking import Look, Looker


def _article(looker: Looker) -> Look:
    return looker.follow(next(iter(looker.look("articles").links("article"))))


def test_articles_lead_to_each_article(looker: Looker) -> None:
    """The list names every article with its headline sentence."""
    look = looker.look("articles")
    assert "1 article" in look.text
    assert "Taxes" in look.text


def test_article_citations_open_the_sentence_that_proves_them(looker: Looker) -> None:
    """Each small number leads to the document, where the mark equals the quote."""
    look = _article(looker)
    article = look.shown.values["article"]
    assert isinstance(article, Article)
    quotes = {one.quote for one in iter_citations(article)}
    opened = set()
    for address in look.links("document"):
        if "#q" in address:
            opened.add(str(looker.follow(address).shown.values["quoted"]))
    assert opened == quotes
    assert len(quotes) >= 4


def test_article_numbers_its_sentences_as_documents_name_them(looker: Looker) -> None:
    """A document's link to sentence 3 of an article finds that anchor."""
    look = _article(looker)
    numbers = sorted(int(one[1:]) for one in look.ids if re.fullmatch(r"s\d+", one))
    assert numbers == list(range(1, len(numbers) + 1))
