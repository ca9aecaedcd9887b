"""sentences: an article for programs: each sentence, its proof and its standing."""

from __future__ import annotations

from subak.knowledge.articles.article import Article, Section, Sentence
from subak.outputs.json_text import json_text
from subak.outputs.times import iso_time


def sentences_json(article: Article) -> str:
    """Return an article as JSON: ``{"sections": [{"heading", "sentences": [...]}]}``.

    Each sentence has its text, verdict, status and citations; the offsets count code
    points of the stored document, ``text[start:end] == quote``.
    """
    data = {
        "version": 1,
        "slug": article.slug,
        "title": article.title,
        "headline": article.headline.shown if article.headline else "",
        "category": article.category,
        "language": article.language,
        "generated_at": iso_time(article.generated_at),
        "model": article.model,
        "kept": article.is_kept,
        "sections": [_section(one) for one in article.sections],
        "review": _review(article),
    }
    return json_text(data, indent=2) + "\n"


def _section(section: Section) -> dict[str, object]:
    return {
        "heading": section.heading,
        "note": section.note,
        "sentences": [_sentence(one) for one in section.sentences],
    }


def _sentence(sentence: Sentence) -> dict[str, object]:
    return {
        "text": sentence.text,
        "verdict": sentence.verdict,
        "judge": sentence.judge,
        "status": sentence.status,
        "note": sentence.note,
        "flag": sentence.flag,
        "entity": sentence.entity,
        "field": sentence.field,
        "statement": sentence.statement,
        "citations": [
            {
                "document": one.document,
                "url": one.url,
                "title": one.title,
                "quote": one.quote,
                "start": one.start,
                "end": one.end,
            }
            for one in sentence.citations
        ],
    }


def _review(article: Article) -> dict[str, object] | None:
    if article.review is None:
        return None
    flags = [
        {"text": one.text, "problem": one.problem, "outcome": one.outcome}
        for one in article.review.flags
    ]
    return {
        "model": article.review.model,
        "sentences": article.review.sentences,
        "flags": flags,
    }
