"""kept_note: what is said of an article that stays because none newer could be made."""

from __future__ import annotations

from subak.knowledge.articles.article import Article
from subak.knowledge.articles.phrases import phrases_of
from subak.knowledge.articles.spoken_day import spoken_day
from subak.outputs.times import iso_time


def kept_note(article: Article) -> str:
    """Return it in the article's language, "" for one of the last run."""
    if not article.is_kept:
        return ""
    day = spoken_day(iso_time(article.generated_at)[:10], article.language)
    return phrases_of(article.language).older.format(date=day)
