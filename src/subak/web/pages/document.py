"""Document: a stored text with everything that quotes it highlighted."""

from __future__ import annotations

import re

from subak.outputs.highlight import Span
from subak.outputs.snapshot import render_snapshot
from subak.views.document_story import DocumentStory, read_document_story
from subak.web.page import Asked, Page, Shown
from subak.web.pages.known_recipe import known_recipe

_AT = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
_MOST_CHARS = 200_000
_MORE_CHARS = 5_000


def read_document(asked: Asked) -> Shown:
    """Read a document; ``at`` in the query is a place to highlight besides."""
    story = read_document_story(asked.db, asked.path["document"])
    text = story.document.text
    asked_for = _asked_span(asked.query.get("at", ""), len(text))
    spans = {Span(use.start, use.end) for use in story.uses}
    if asked_for is not None:
        spans.add(asked_for)
    # Cut off at the end only: places in the text stay what they are.
    end = max(_MOST_CHARS, asked_for.end + _MORE_CHARS if asked_for else 0)
    shown = [span for span in spans if span.end <= end]
    values = {
        "story": story,
        "document": story.document,
        "text": render_snapshot(text[:end], shown),
        "asked_for": asked_for,
        "quoted": text[asked_for.start : asked_for.end] if asked_for else "",
        "hidden": max(0, len(text) - end),
        "recipe": known_recipe(asked),
    }
    return Shown("document.html.j2", values, title=_title(story))


def _asked_span(at: str, length: int) -> Span | None:
    match = _AT.fullmatch(at)
    if match is None:
        return None
    start, end = int(match[1]), int(match[2])
    return Span(start, end) if start < end <= length else None


def _title(story: DocumentStory) -> str:
    return story.document.title or story.document.url


DOCUMENT = Page(
    "document", "documents/{document}", "Document", read_document, under="documents"
)
