"""SqliteWriter: results as one database that any SQLite client opens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import apsw

from subak.engine.atomic import write_atomically
from subak.knowledge.results import Results
from subak.outputs.result_tables import result_tables
from subak.outputs.table import Column, Kind, Table
from subak.outputs.times import iso_time

_VERSION = 1
_TYPES: Mapping[Kind, str] = {
    "text": "TEXT",
    "integer": "INTEGER",
    "real": "REAL",
    "boolean": "INTEGER",
    "time": "REAL",
}
_INDEXES = (
    ("facts", "category, field, entity"),
    ("facts", "entity"),
    ("evidence", "fact"),
    ("evidence", "document"),
    ("refused", "category, entity, field"),
    ("documents", "url"),
    ("sentences", "category"),
    ("citations", "article, sentence"),
    ("citations", "document"),
)
# What stands now with its first quote; numbers and texts side by side.
_VIEWS = (
    """CREATE VIEW facts_now AS
    SELECT facts.category, facts.entity, facts.field, facts.title, facts.value,
        facts.number, facts.unit, facts.status, facts.confirmed, facts.disputed,
        facts.since, proof.quote, proof.url, proof.document, facts.fact
    FROM facts LEFT JOIN evidence AS proof ON proof.rowid = (
        SELECT min(rowid) FROM evidence
        WHERE evidence.fact = facts.fact AND evidence.place = 0)""",
    """CREATE VIEW changes AS
    SELECT category, entity, field, title, status, value, was, was_until, was_seen,
        since, last_confirmed, disputed, fact
    FROM facts WHERE status <> 'same' OR disputed""",
    """CREATE VIEW proved_sentences AS
    SELECT sentences.article, sentences.sentence, sentences.text, citations.quote,
        citations.url, citations.document
    FROM sentences JOIN citations USING (article, sentence)""",
)


@dataclass(frozen=True, slots=True)
class SqliteWriter:
    """Writes ``results.sqlite``: plain tables, their indexes and views.

    Args:
        name: Of the file.
    """

    name: str = "results.sqlite"

    def write(self, results: Results, folder: Path) -> list[Path]:
        """Write the file and return its path."""
        database = apsw.Connection(":memory:")
        try:
            for statement in _setting():
                database.execute(statement)
            with database:
                _fill(database, results)
            data = database.serialize("main")
        finally:
            database.close()
        path = folder / self.name
        write_atomically(path, data)
        return [path]


def _setting() -> Iterator[str]:
    # The encoding and the page size are the file's own, so that bytes are equal
    # whatever a client's defaults are.
    yield "PRAGMA page_size = 4096"
    yield "PRAGMA encoding = 'UTF-8'"
    yield f"PRAGMA user_version = {_VERSION}"


def _fill(database: apsw.Connection, results: Results) -> None:
    for table in (_about(results), *result_tables(results)):
        database.execute(_definition(table))
        marks = ", ".join("?" * len(table.columns))
        insert = f"INSERT INTO {_quoted(table.name)} VALUES ({marks})"
        database.executemany(insert, table.rows)
    for name, columns in _INDEXES:
        label = columns.replace(", ", "_")
        database.execute(f"CREATE INDEX {name}_by_{label} ON {name} ({columns})")
    for view in _VIEWS:
        database.execute(view)


def _definition(table: Table) -> str:
    # No STRICT: clients of older SQLite open the file, too.
    columns = [f"{_quoted(one.name)} {_TYPES[one.kind]}" for one in table.columns]
    if table.key:
        columns.append(f"PRIMARY KEY ({', '.join(map(_quoted, table.key))})")
    return f"CREATE TABLE {_quoted(table.name)} ({', '.join(columns)})"


def _quoted(name: str) -> str:
    """Return a name that may be a word of SQL, such as "end"."""
    return f'"{name}"'


def _about(results: Results) -> Table:

    rows = (
        ("recipe", results.name),
        ("title", results.title),
        ("language", results.language),
        ("generated_at", iso_time(results.generated_at)),
        ("version", str(_VERSION)),
    )
    return Table("about", (Column("name"), Column("value")), rows, ("name",))
