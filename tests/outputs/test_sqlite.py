"""results.sqlite: tables and views that the standard library's SQLite reads."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from subak.knowledge.facts.ranges import Range
from subak.knowledge.results import Results
from subak.outputs.result_tables import result_tables
from subak.outputs.sqlite import SqliteWriter
from tests.outputs.settled_results import second_day


@contextmanager
def _opened(results: Results, folder: Path) -> Iterator[sqlite3.Connection]:
    (path,) = SqliteWriter().write(results, folder)
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        yield database


def test_sqlite_holds_every_row(results: Results, tmp_path: Path) -> None:
    """Each table has its rows, and the file is sound."""
    with _opened(results, tmp_path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        for table in result_tables(results):
            count = database.execute(f"SELECT count(*) FROM {table.name}").fetchone()
            assert count == (len(table.rows),), table.name


def test_sqlite_facts_now_gives_value_and_quote(
    results: Results, tmp_path: Path
) -> None:
    """One row a fact: text for people, number for sums, its first quote."""
    query = (
        "SELECT value, number, unit, quote FROM facts_now"
        " WHERE entity = 'Germany' AND field = 'vat'"
    )
    with _opened(results, tmp_path) as database:
        (row,) = database.execute(query).fetchall()
        total = database.execute("SELECT count(*) FROM facts_now").fetchone()
    assert row == ("19%", 19.0, "%", "The standard rate of VAT is 19%.")
    assert total == (10,)


def test_sqlite_changes_tells_what_moved(results: Results, tmp_path: Path) -> None:
    """Changed, new, kept and disputed values, with what was there before."""
    query = "SELECT entity, field, status, was FROM changes ORDER BY fact"
    with _opened(second_day(results), tmp_path) as database:
        found = database.execute(query).fetchall()
    assert ("Germany", "vat", "changed", "16%") in found
    assert ("France", "top_rate", "same", None) in found
    assert {status for *_, status, _ in found} == {"changed", "same", "kept", "new"}


def test_sqlite_quotes_stand_in_their_documents(
    results: Results, tmp_path: Path
) -> None:
    """Each proof and citation is found in its document at the place it names."""
    with _opened(results, tmp_path) as database:
        for name in ("evidence", "citations"):
            query = (
                f'SELECT quote, substr(text, "start" + 1, "end" - "start") FROM {name}'
                " JOIN documents USING (document)"
            )
            found = database.execute(query).fetchall()
            assert found
            assert all(quote == place for quote, place in found)


def test_sqlite_finds_by_index(results: Results, tmp_path: Path) -> None:
    """The look-ups people make do not read whole tables."""
    with _opened(results, tmp_path) as database:
        for query in (
            "SELECT * FROM facts WHERE category = 'x' AND field = 'y'",
            "SELECT * FROM evidence WHERE document = 'x'",
            "SELECT * FROM documents WHERE url = 'x'",
        ):
            plan = database.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
            assert "USING INDEX" in str(plan), query


def test_sqlite_answers_the_questions_of_the_docs(
    results: Results, tmp_path: Path
) -> None:
    """What the page of exports shows can be typed, and finds something."""
    page = Path(__file__).parents[2] / "docs" / "exports.md"
    block = page.read_text("utf-8").partition("```sql\n")[2].partition("```")[0]
    with _opened(second_day(results), tmp_path) as database:
        queries = block.splitlines()
        assert len(queries) == 3
        for query in queries:
            assert database.execute(query).fetchall(), query


def test_sqlite_keeps_ranges_as_rows(results: Results, tmp_path: Path) -> None:
    """Brackets can be joined and summed; an open one has no upper bound."""
    fact = replace(
        results.records[0].facts[0],
        value=(Range(0.0, 10.0, 5.0), Range(10.0, None, 20.0)),
        unit="% by EUR",
    )
    record = replace(results.records[0], facts=(fact,))
    with _opened(replace(results, records=(record,)), tmp_path) as database:
        found = database.execute("SELECT lower, upper, value FROM ranges").fetchall()
    assert found == [(0.0, 10.0, 5.0), (10.0, None, 20.0)]


@pytest.mark.parametrize(
    "evil", ["'); DROP TABLE facts;--", "\x00\x0b\ud800", "=1+1"], ids=ascii
)
def test_sqlite_takes_any_text_as_text(
    results: Results, tmp_path: Path, evil: str
) -> None:
    """What a page says is stored, never executed; the impossible is shown as U+FFFD."""
    fact = replace(results.records[0].facts[0], value=evil, unit="")
    record = replace(results.records[0], facts=(fact,))
    with _opened(replace(results, records=(record,)), tmp_path) as database:
        ((value, number),) = database.execute("SELECT value, number FROM facts")
    assert len(value) == len(evil)
    assert number is None
