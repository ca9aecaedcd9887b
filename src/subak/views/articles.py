"""Articles: what was written and checked in a run, sentence by sentence."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import apsw
import msgspec

from subak.errors import UserError
from subak.knowledge.articles.article import Article, Citation
from subak.views.runs import Run
from subak.views.stored_values import find_results_run, has_stage, iter_values


@dataclass(frozen=True, slots=True)
class Articles:
    """The articles that a run left published, by slug; each slug stands once."""

    run: Run
    articles: tuple[Article, ...]

    def get(self, slug: str) -> Article:
        """Return the article of that slug.

        Raises:
            UserError: There is none.
        """
        found = next((one for one in self.articles if one.slug == slug), None)
        if found is not None:
            return found
        slugs = [one.slug for one in self.articles]
        close = difflib.get_close_matches(slug, slugs, n=1, cutoff=0.5)
        raise UserError(
            f"run {self.run.id} has no article '{slug}'",
            hint=f"did you mean '{close[0]}'?" if close else "see the list of articles",
        )

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract, without the sentences."""
        rows = [
            {
                "slug": one.slug,
                "title": one.title,
                "category": one.category,
                "language": one.language,
                "generated_at": one.generated_at,
                "is_kept": one.is_kept,
                "sentences": sum(len(part.sentences) for part in one.sections),
                "sources": len({each.document for each in iter_citations(one)}),
            }
            for one in self.articles
        ]
        return {"version": 1, "run": self.run.id, "articles": rows}


@dataclass(frozen=True, slots=True)
class _Publication:
    kept: tuple[Article, ...] = ()


def read_articles(db: apsw.Connection, run: str = "") -> Articles:
    """Return the articles of a run, by default of the newest that published.

    Raises:
        UserError: There is no such run.
    """
    record = find_results_run(db, run)
    last = "review" if has_stage(db, record.id, "review") else "verify"
    made = iter_values(db, record.id, last, Article)
    found = dict.fromkeys((*made, *read_kept(db, record.id)))
    ordered = sorted(found, key=lambda one: (one.slug, one.title))
    return Articles(record, tuple(_named_apart(ordered)))


def read_kept(db: apsw.Connection, run: str) -> tuple[Article, ...]:
    """Return the articles of earlier runs that a run published once more."""
    found = iter_values(db, run, "publish", _Publication)
    return tuple(article for one in found for article in one.kept)


def iter_citations(article: Article) -> Iterator[Citation]:
    """Yield every citation of an article, in reading order."""
    for section in article.sections:
        for sentence in section.sentences:
            yield from sentence.citations


def article_json(article: Article) -> dict[str, object]:
    """Return an article with its sentences and their proof."""
    data = msgspec.to_builtins(article)
    assert isinstance(data, dict), "a dataclass becomes a mapping"
    return {"version": 1, **data}


def _named_apart(articles: list[Article]) -> Iterator[Article]:
    """Yield articles with a slug of their own each, numbered as the files are."""
    seen: dict[str, int] = {}
    for article in articles:
        number = seen[article.slug] = seen.get(article.slug, 0) + 1
        slug = article.slug if number == 1 else f"{article.slug} #{number}"
        yield replace(article, slug=slug)
