"""DocumentDiff: what of a page's text changed between two days."""

from __future__ import annotations

from subak.errors import UserError
from subak.views.document_story import get_document, read_document_story
from subak.views.text_changes import text_changes
from subak.web.page import Asked, Page, Shown


def read_document_diff(asked: Asked) -> Shown:
    """Read two texts; by default a document and the one before it at its address."""
    story = read_document_story(asked.db, asked.path["document"])
    against = asked.query.get("against", "")
    if not against:
        if story.before is None:
            raise UserError(
                "this is the first text that was read at its address",
                hint="there is nothing to compare it with yet",
            )
        against = story.before.document
    before = get_document(asked.db, against)
    values = {
        "story": story,
        "after": story.document,
        "before": before,
        "changes": text_changes(before.text, story.document.text),
    }
    title = f"What changed: {story.document.title or story.document.url}"
    return Shown("document_diff.html.j2", values, title=title)


DOCUMENT_DIFF = Page(
    "document_diff",
    "documents/{document}/diff",
    "What changed",
    read_document_diff,
    under="documents",
)
