"""DocumentRow: what became of each address at its last visit, page by page."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Literal

import apsw

from subak.views.paged import PAGE_SIZE, Paged
from subak.views.tables import has_table

DocumentState = Literal["new", "changed", "same", "gone", "failing", "missing"]

# The two tables are made together, but a workspace may be older than the second.
_STATE = """CASE WHEN s.status IN (404, 410) THEN 'gone'
    WHEN s.failures > 0 THEN 'failing' WHEN s.document = '' THEN 'missing'
    WHEN s.first_fetched >= :since THEN 'new'
    WHEN s.last_changed >= :since THEN 'changed' ELSE 'same' END"""
_FROM = f"""FROM (SELECT s.url, s.document, s.source, s.last_fetched, s.last_changed,
    s.failure, {_STATE} AS state, coalesce(e.title, '') AS title,
    coalesce(e.category, '') AS category, coalesce(e.entity, '') AS entity,
    coalesce(e.original, 0) AS original
FROM snapshot AS s LEFT JOIN entry AS e ON e.document = s.document
    AND s.document <> '')
WHERE (:text = '' OR instr(lower(url || char(10) || title || char(10) || entity),
        lower(:text)) > 0)
    AND (:category = '' OR category = :category) AND (:state = '' OR state = :state)"""
_ROWS = f"""SELECT url, document, title, category, entity, source, state, last_fetched,
    last_changed, failure, original <> 0 {_FROM}
ORDER BY last_changed DESC, url LIMIT :size OFFSET :skipped"""
_COUNT = f"SELECT count(*) {_FROM}"


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents to list.

    Args:
        text: Stands in the address, the title or the entity; case does not matter.
        since: What counts as new and changed: at that moment or later.
    """

    text: str = ""
    category: str = ""
    state: str = ""
    since: float = 0.0


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One address.

    Args:
        document: Id of what it says now, "" where nothing was ever read.
        source: Key path of the source that named it.
        failure: What the last visit failed with, "" when it did not.
        is_copy: Another address says the same.
    """

    url: str
    document: str
    title: str
    category: str
    entity: str
    source: str
    state: DocumentState
    last_fetched: float
    last_changed: float
    failure: str
    is_copy: bool

    def to_json(self) -> dict[str, object]:
        """Return the row with the names of the outer contract."""
        return asdict(self)


def list_documents(
    db: apsw.Connection,
    wanted: DocumentFilter,
    page: int = 1,
    size: int = PAGE_SIZE,
) -> Paged[DocumentRow]:
    """Return a page of the addresses, those that changed last first."""
    if not (has_table(db, "snapshot") and has_table(db, "entry")):
        return Paged((), 0, page, size)
    values: dict[str, str | int | float] = asdict(wanted)
    total = int(db.execute(_COUNT, values).get)
    values |= {"size": size, "skipped": (page - 1) * size}
    rows = [
        replace(DocumentRow(*row), is_copy=bool(row[-1]))
        for row in db.execute(_ROWS, values)
    ]
    return Paged(tuple(rows), total, page, size)


def document_categories(db: apsw.Connection) -> tuple[str, ...]:
    """Return the categories documents have."""
    if not has_table(db, "entry"):
        return ()
    query = "SELECT DISTINCT category FROM entry WHERE category <> '' ORDER BY 1"
    return tuple(str(name) for (name,) in db.execute(query))
