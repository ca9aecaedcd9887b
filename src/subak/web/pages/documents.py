"""Documents: every address that was read, filtered, page by page."""

from __future__ import annotations

from subak.views.document_list import (
    DocumentFilter,
    document_categories,
    list_documents,
)
from subak.views.paged import last_if_beyond
from subak.views.runs import get_run
from subak.web.page import Asked, Page, Shown

STATES = {
    "new": "new",
    "changed": "changed",
    "same": "unchanged",
    "gone": "gone",
    "failing": "could not be read",
    "missing": "never read",
}


def read_documents(asked: Asked) -> Shown:
    """Read a page of the addresses; new and changed are meant of the newest run."""
    run = get_run(asked.db)
    state = asked.query.get("state", "")
    chosen = {
        "q": asked.query.get("q", "").strip(),
        "category": asked.query.get("category", ""),
        "state": state if state in STATES else "",
    }
    wanted = DocumentFilter(
        chosen["q"], chosen["category"], chosen["state"], run.started
    )
    values = {
        "documents": last_if_beyond(
            lambda page: list_documents(asked.db, wanted, page), asked.number("page")
        ),
        "chosen": chosen,
        "categories": document_categories(asked.db),
        "states": STATES,
        "run": run,
    }
    return Shown("documents.html.j2", values)


DOCUMENTS = Page("documents", "documents", "Documents", read_documents, place=20)
