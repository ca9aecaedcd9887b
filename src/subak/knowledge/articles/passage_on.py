"""passage_on: what a document says of a field, though it proves no value of it."""

from __future__ import annotations

from subak.knowledge.articles.article import Citation
from subak.knowledge.documents.document import Document
from subak.knowledge.text.orders import gives_orders
from subak.knowledge.text.units import Unit, units
from subak.knowledge.text.words import content_words, read_words

_MOST_CHARS = 100_000
_LEAST_SHARE = 0.5


def passage_on(document: Document, title: str) -> Citation | None:
    """Return the unit that speaks most of a field, None where none does.

    Half of the title's words must stand in it or in the heading right above it; a
    unit with a figure is preferred, for values are looked for.
    """
    wanted = _stems(title)
    best: tuple[int, bool, int] = (0, False, 0)
    found: Unit | None = None
    for unit in units(document.text[:_MOST_CHARS]):
        if unit.kind in ("heading", "header"):
            continue
        own = len(wanted & _stems(unit.text))
        above = wanted & _stems(unit.headings[-1].text if unit.headings else "")
        if own + len(above) < _LEAST_SHARE * len(wanted) or not own + len(above):
            continue
        rank = (own, any(map(str.isdigit, unit.text)), len(above))
        if rank > best and not gives_orders(unit.text):
            best, found = rank, unit
    if found is None:
        return None
    return Citation(
        document.id,
        document.url,
        document.title,
        found.start,
        found.end,
        document.text[found.start : found.end],
    )


def _stems(text: str) -> set[str]:
    return {word.stem for word in content_words(read_words(text))}
