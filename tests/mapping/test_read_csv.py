"""CSV: records as RFC 4180 has them, numbered by the line they begin at."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.errors import UserError
from subak.mapping.read_csv import CsvParser
from subak.mapping.row import BadRow, InputRow, Row

_CELL = st.text("ab ,;\"\n\r'äé", max_size=8)


def _parse(data: bytes, step: int = 9) -> list[Row]:
    parser = CsvParser("rows.csv")
    rows: list[Row] = []
    for begin in range(0, len(data), step):
        rows += parser.feed(data[begin : begin + step])
    return rows + parser.finish()


@settings(deadline=None)
@given(st.lists(st.tuples(_CELL, _CELL), max_size=8), st.integers(1, 30))
def test_cells_survive_quoting_and_any_cut_into_blocks(
    cells: list[tuple[str, str]], step: int
) -> None:
    """Delimiters, quotes and line feeds in cells come back as they were."""
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=csv.QUOTE_ALL)
    writer.writerows([("one", "two"), *cells])
    rows = _parse(table.getvalue().encode(), step)
    read = [row.values for row in rows if isinstance(row, InputRow)]
    assert read == [{"one": one, "two": two} for one, two in cells]


def test_number_is_the_line_a_record_begins_at() -> None:
    """Records of several lines don't shift the others; empty lines are no rows."""
    rows = _parse(b'id,text\r\n,"a\nb\nc"\n\nx,"d"\n,e')
    assert [(row.number, row.id) for row in rows] == [(2, 2), (6, "x"), (7, 7)]


def test_bad_records_are_told_alone() -> None:
    """Too many cells, bytes that are no UTF-8 and stray quotes stop no other row."""
    rows = _parse(b'a,b\n1,2,3\n\xff,2\n"x"y,2\n4,5\n6\n')
    bad = {row.number: row.problem for row in rows if isinstance(row, BadRow)}
    assert set(bad) == {2, 3, 4}
    assert bad[2] == "3 cells, but the header has 2"
    assert bad[3] == "the row is not UTF-8"
    good = [row.values for row in rows if isinstance(row, InputRow)]
    assert good == [{"a": "4", "b": "5"}, {"a": "6"}]


def test_quote_that_is_never_closed_is_one_bad_row() -> None:
    """The end of the file ends it."""
    rows = _parse(b'a,b\n1,2\n"3,4\n5,6\n')
    assert [isinstance(row, BadRow) for row in rows] == [False, True]
    assert rows[1].number == 3


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiter_is_the_headers(delimiter: str) -> None:
    """Spreadsheets of other countries write semicolons."""
    data = f"name{delimiter}rate\nKenya{delimiter}0.3\n".encode()
    (row,) = _parse(data)
    assert isinstance(row, InputRow)
    assert row.values == {"name": "Kenya", "rate": "0.3"}


@pytest.mark.parametrize("header", [b"a,b,a\n", b",,\n", b"\xff,b\n"])
def test_useless_header_is_told_with_its_place(header: bytes) -> None:
    """Columns that can't be told apart end it before anything is asked."""
    with pytest.raises(UserError) as told:
        _parse(header + b"1,2,3\n")
    assert told.value.where == "rows.csv:1"
    assert told.value.hint
