"""Published: what was published of every field, since when, and what it was before.

Knows the table published; which value to publish is the business of settlement.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import apsw
import msgspec

from subak.engine.store import Store
from subak.knowledge.codec import JsonCodec
from subak.knowledge.facts.fact import Fact, FieldValue
from subak.knowledge.settling.settlement import Key, Past, Previous, Settled, is_same

# One row for each value a field has had; ``edition`` numbers the publications of a
# category that brought something, 0 is the file the first one started from.
_TABLE = """
CREATE TABLE IF NOT EXISTS published (
    category TEXT NOT NULL,
    entity TEXT NOT NULL,
    field TEXT NOT NULL,
    edition INTEGER NOT NULL,
    fact TEXT NOT NULL,
    since TEXT NOT NULL,
    confirmed TEXT NOT NULL,
    was TEXT NOT NULL,
    was_unit TEXT NOT NULL,
    was_until TEXT NOT NULL,
    was_seen TEXT NOT NULL,
    PRIMARY KEY (category, entity, field, edition)
) STRICT, WITHOUT ROWID
"""
_LATEST = """
SELECT entity, field, edition, fact, since, confirmed, was, was_unit, was_until,
       was_seen
FROM published WHERE category = ? ORDER BY edition
"""
_EDITIONS = """
SELECT edition, fact, since, confirmed, was, was_unit, was_until, was_seen
FROM published WHERE category = ? AND entity = ? AND field = ? ORDER BY edition
"""
# An id is hex digits, so that its place in the text of a fact cannot be another.
_PROVED_BY = "SELECT fact FROM published WHERE instr(fact, ?) > 0"
_ADD = "INSERT OR IGNORE INTO published VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_CONFIRM = """
UPDATE published SET fact = ?1, confirmed = ?2
WHERE category = ?3 AND entity = ?4 AND field = ?5 AND edition = ?6
  AND (fact <> ?1 OR confirmed <> ?2)
"""


class Published:
    """Keep the history of published values in the workspace's database.

    Guarantees: what was settled and committed settles alike afterwards; a commit is
    one transaction, and the same one again changes nothing.
    """

    def __init__(
        self, store: Store, taken: Mapping[str, Mapping[Key, Past]] | None = None
    ) -> None:
        """Open the history.

        Args:
            taken: Values of a file from before the first run, by category.
        """
        self._store = store
        self._taken = dict(taken or {})

    @property
    def categories(self) -> tuple[str, ...]:
        """Return the categories of which anything was published, or taken."""
        return tuple(sorted({*self._taken, *published_categories(self._store.read())}))

    def previous(self, category: str) -> Previous:
        """Return what was last published of a category."""
        found = read_published(self._store.read(), category)
        taken = self._taken.get(category, {})
        return Previous(found.edition, {**taken, **found.values})

    async def commit(self, settled: Mapping[str, Iterable[Settled]], day: str) -> None:
        """Note that values are published now.

        Args:
            settled: Of each category all that is published.
            day: ISO date of the publication.

        Raises:
            StorageError: It could not be written.
        """
        changes = _Changes()
        for category, values in settled.items():
            changes.note(category, values, self.previous(category), day)
        if changes.are_any:
            await self._store.write(changes.apply)


def published_categories(connection: apsw.Connection) -> tuple[str, ...]:
    """Return the categories of which anything was published."""
    if not _is_there(connection):
        return ()
    rows = connection.execute("SELECT DISTINCT category FROM published").fetchall()
    return tuple(sorted(str(name) for (name,) in rows))


def read_published(connection: apsw.Connection, category: str) -> Previous:
    """Return what was last published of a category, see ``Published.previous``."""
    if not _is_there(connection):
        return Previous()
    rows = connection.execute(_LATEST, (category,)).fetchall()
    pasts = [(str(row[0]), str(row[1]), _past(row[2:])) for row in rows]
    edition = max((past.edition for *_, past in pasts), default=0)
    return Previous(edition, {(entity, name): past for entity, name, past in pasts})


def read_editions(
    connection: apsw.Connection, category: str, entity: str, name: str
) -> tuple[Past, ...]:
    """Return every value a field has had, the first one first."""
    if not _is_there(connection):
        return ()
    rows = connection.execute(_EDITIONS, (category, entity, name)).fetchall()
    return tuple(map(_past, rows))


def iter_published_with(connection: apsw.Connection, document: str) -> Iterator[Fact]:
    """Yield the published values, of any time, that a document proves."""
    if not _is_there(connection):
        return
    for (text,) in connection.execute(_PROVED_BY, (document,)).fetchall():
        yield msgspec.json.decode(str(text), type=Fact)


def _is_there(connection: apsw.Connection) -> bool:
    """Tell whether the table is there; the first commit makes it."""
    query = "SELECT 1 FROM sqlite_master WHERE name = 'published'"
    return connection.execute(query).fetchone() is not None


@dataclass(frozen=True, slots=True)
class _Changes:
    added: list[tuple[str | int, ...]] = field(default_factory=list)
    confirmed: list[tuple[str | int, ...]] = field(default_factory=list)

    @property
    def are_any(self) -> bool:
        """Tell whether anything is to be written."""
        return bool(self.added or self.confirmed)

    def note(
        self, category: str, values: Iterable[Settled], previous: Previous, day: str
    ) -> None:
        """Compare what is published now with what was."""
        for one in values:
            past = previous.values.get(one.key)
            if past is not None and past.edition == 0:
                self.added.append(_row(category, past))
            if not one.is_confirmed:
                continue
            if past is None or not is_same(past.fact, one.fact):
                fresh = _fresh(one, previous.edition + 1, day)
                self.added.append(_row(category, fresh))
            else:
                where = (category, *one.key, past.edition)
                self.confirmed.append((_text(one.fact), day, *where))

    def apply(self, connection: apsw.Connection) -> None:
        """Write it; rows that are there stay as they are."""
        connection.execute(_TABLE)
        connection.executemany(_ADD, self.added)
        connection.executemany(_CONFIRM, self.confirmed)


def _fresh(one: Settled, edition: int, day: str) -> Past:
    return Past(
        fact=one.fact,
        edition=edition,
        since=one.since,
        confirmed=day,
        was=one.was,
        was_unit=one.was_unit,
        was_until=one.was_until,
        was_seen=one.was_seen,
    )


def _row(category: str, past: Past) -> tuple[str | int, ...]:
    fact = past.fact
    was = msgspec.json.encode(past.was).decode()
    return (
        *(category, fact.entity, fact.field, past.edition, _text(fact)),
        *(past.since, past.confirmed, was, past.was_unit, past.was_until),
        past.was_seen,
    )


def _past(row: Sequence[object]) -> Past:
    edition, fact, since, confirmed, was, was_unit, was_until, was_seen = row
    return Past(
        fact=msgspec.json.decode(str(fact), type=Fact),
        edition=int(str(edition)),
        since=str(since),
        confirmed=str(confirmed),
        was=msgspec.json.decode(str(was), type=FieldValue | None),
        was_unit=str(was_unit),
        was_until=str(was_until),
        was_seen=str(was_seen),
    )


def _text(fact: Fact) -> str:
    return JsonCodec(Fact).encode(fact).decode()
