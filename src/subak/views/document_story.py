"""DocumentStory: a stored text, what cites it, and what stood there on other days."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

import apsw

from subak.errors import UserError
from subak.knowledge.documents.archive import (
    find_document,
    find_snapshot,
    find_sources,
)
from subak.knowledge.documents.document import Document
from subak.views.tables import has_table
from subak.views.uses import Use, read_uses

_VERSIONS = """
SELECT id, first_seen FROM document WHERE url = ? ORDER BY first_seen, rowid
"""
_ADDRESSES = "SELECT DISTINCT url FROM visit WHERE document = ?"
_VISITS = """
SELECT url, fetched, reason, status, size, document FROM visit
WHERE url IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?
"""
_MOST_VISITS = 50


@dataclass(frozen=True, slots=True)
class Version:
    """A text that stood at an address.

    Args:
        document: Id of the text.
        first_seen: When it was first read.
    """

    document: str
    first_seen: float


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit at which something was new; see ``knowledge.documents.visits``."""

    url: str
    fetched: float
    reason: str
    status: int
    size: int
    document: str


@dataclass(frozen=True, slots=True)
class DocumentStory:
    """A document with all that is known of it.

    Args:
        addresses: Who carries the same text, its own address first.
        versions: All texts of this address, the oldest first.
        visits: Of its addresses, the newest first; not all of very many.
        uses: Values and sentences that quote it, in the order of the text.
    """

    document: Document
    addresses: tuple[str, ...]
    versions: tuple[Version, ...]
    visits: tuple[Visit, ...]
    uses: tuple[Use, ...]

    @property
    def before(self) -> Version | None:
        """Return the text that stood there before, None for the first one."""
        ids = [one.document for one in self.versions]
        if self.document.id not in ids:
            return None
        place = ids.index(self.document.id)
        return self.versions[place - 1] if place else None

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract."""
        return {
            "version": 1,
            **asdict(self.document),
            "addresses": list(self.addresses),
            "versions": [asdict(one) for one in self.versions],
            "visits": [asdict(one) for one in self.visits],
            "uses": [one.to_json() for one in self.uses],
        }


def get_document(db: apsw.Connection, wanted: str) -> Document:
    """Return a stored document.

    Args:
        wanted: Its id, or an address: what stands there now.

    Raises:
        UserError: There is none.
        StorageError: It is damaged.
    """
    found = None
    if has_table(db, "document"):
        found = find_document(db, wanted)
        if found is None and (snapshot := find_snapshot(db, wanted)) is not None:
            found = find_document(db, snapshot.document)
    if found is None:
        raise UserError(
            f"no document '{wanted}' is stored here",
            hint='`subak search "..."` finds documents and tells their ids',
        )
    return found


def read_document_story(db: apsw.Connection, wanted: str) -> DocumentStory:
    """Return a document with its history and its uses; see ``get_document``.

    Raises:
        UserError: There is none.
        StorageError: It is damaged.
    """
    document = get_document(db, wanted)
    versions = [Version(*row) for row in db.execute(_VERSIONS, (document.url,))]
    urls = {document.url}
    urls.update(str(url) for (url,) in db.execute(_ADDRESSES, (document.id,)))
    visits = db.execute(_VISITS, (json.dumps(sorted(urls)), _MOST_VISITS))
    return DocumentStory(
        document=document,
        addresses=find_sources(db, document.id) or (document.url,),
        versions=tuple(versions),
        visits=tuple(Visit(*row) for row in visits),
        uses=read_uses(db, document),
    )
