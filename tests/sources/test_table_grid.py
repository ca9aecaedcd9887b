"""Tables with spans: every row stands on its own."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from subak.sources.table_grid import GridRow, table_grid


def grid(rows: str) -> list[GridRow]:
    """Return the rows of a table written as HTML."""
    table = LexborHTMLParser(f"<table>{rows}</table>").css_first("table")
    assert table is not None
    return list(table_grid(table, lambda cell: cell.text(strip=True)))


def test_table_grid_fills_in_what_spans_rows() -> None:
    """A cell over two rows stands in both; the others keep their columns."""
    assert grid(
        "<tr><td rowspan=3>2024</td><td>14</td><td rowspan=2>EUR</td></tr>"
        "<tr><td>42</td></tr><tr><td>45</td><td>USD</td></tr><tr><td>x<td>y</tr>"
    ) == [
        GridRow(("2024", "14", "EUR")),
        GridRow(("2024", "42", "EUR")),
        GridRow(("2024", "45", "USD")),
        GridRow(("x", "y")),
    ]


def test_table_grid_repeats_wide_headings_and_marks_the_first_header() -> None:
    """A heading belongs to each column below it; a wide value stands once."""
    assert grid(
        "<tr><th>Year</th><th colspan=2>Rate</th></tr>"
        "<tr><th></th><th>low</th><th>high</th></tr>"
        "<tr><td>2024</td><td colspan=2>none</td></tr>"
        "<tr><th colspan=3>Later</th></tr>"
    ) == [
        GridRow(("Year", "Rate", "Rate"), is_header=True),
        GridRow(("", "low", "high")),
        GridRow(("2024", "none", "")),
        GridRow(("Later",)),
    ]


def test_table_grid_is_bounded_against_absurd_spans() -> None:
    """Millions of columns or rows are not believed."""
    rows = grid(
        "<tr><td rowspan=999999999 colspan=9999>a</td><td>b</td></tr>"
        "<tr><td colspan=-1>c</td><td rowspan='x'>d</td></tr>" * 3
    )
    assert max(len(row.cells) for row in rows) <= 200


@given(
    st.lists(
        st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), max_size=4),
        max_size=5,
    )
)
def test_table_grid_keeps_every_cell_in_its_row(
    spans: list[list[tuple[int, int]]],
) -> None:
    """Whatever the spans, a cell's text is in its own row."""
    html = ""
    for number, row in enumerate(spans):
        cells = "".join(
            f"<td rowspan={down} colspan={wide}>r{number}c{place}</td>"
            for place, (down, wide) in enumerate(row)
        )
        html += f"<tr>{cells}</tr>"
    rows = grid(html)
    assert len(rows) == len(spans)
    for number, row in enumerate(spans):
        for place in range(len(row)):
            assert f"r{number}c{place}" in rows[number].cells
