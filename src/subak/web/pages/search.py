"""Search: the passages of stored documents that fit some words best."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from subak.api import search
from subak.errors import SubakError
from subak.knowledge.search.filter import Narrowing
from subak.knowledge.search.query import Query
from subak.knowledge.text.words import stem
from subak.views.document_list import document_categories
from subak.web.page import Asked, Page, Shown

_LIMIT = 20
_MOST_CHARS = 400
_SHOWN_CHARS = 700
_HEADING = re.compile(r"^#{1,6} +", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")


def read_search(asked: Asked) -> Shown:
    """Search for what ``q`` says; without it only the form is shown."""
    words = asked.query.get("q", "").strip()[:_MOST_CHARS]
    category = asked.query.get("category", "")
    problem: SubakError | None = None
    hits = []
    if words:
        only = Narrowing(category=category or None)
        try:
            folder = asked.workspace.folder
            hits = search(words, folder=folder, limit=_LIMIT, **only)
        except SubakError as error:
            problem = error
    values = {
        "words": words,
        "category": category,
        "categories": document_categories(asked.db),
        "hits": hits,
        "problem": problem,
        "marked": lambda text: marked(text, words),
    }
    title = f"Search: {words}" if words else ""
    return Shown("search.html.j2", values, title=title)


def marked(text: str, words: str) -> Markup:
    """Return the beginning of a passage with the words that were looked for marked."""
    wanted = Query.read(words).stems
    shown = _HEADING.sub("", text[:_SHOWN_CHARS])
    parts: list[Markup] = []
    place = 0
    for found in _WORD.finditer(shown):
        if stem(found.group().casefold()) in wanted:
            parts.append(escape(shown[place : found.start()]))
            parts.append(Markup("<mark>{}</mark>").format(found.group()))
            place = found.end()
    more = "…" if len(text) > _SHOWN_CHARS else ""
    return Markup("").join([*parts, escape(shown[place:] + more)])


SEARCH = Page("search", "search", "Search", read_search, place=50)
