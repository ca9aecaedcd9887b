"""Tables set with blanks. All figures are invented."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.text.plain_table import read_plain_table

_SCALE = """\
   Base in crowns                         Charge due
   over            up to
                   30,000                 0%  (free)
   30,000          120,000                12%
   120,000                                32%  of the rest
"""


def _cells(text: str) -> list[list[str]]:
    lines = text.splitlines()
    table = read_plain_table(lines)
    assert table is not None
    return [
        [line[cell.start : cell.end] for cell in row]
        for line, row in zip(lines[table.title_lines :], table.rows, strict=True)
    ]


def test_plain_table_keeps_empty_cells_in_their_column() -> None:
    """Cells above each other are of one column; titles join, the lowest line first."""
    assert [row[:3] for row in _cells(_SCALE)] == [
        ["", "30,000", "0%"],
        ["30,000", "120,000", "12%"],
        ["120,000", "", "32%"],
    ]
    table = read_plain_table(_SCALE.splitlines())
    assert table is not None
    assert table.titles[:2] == ("over Base in crowns", "up to")


def test_plain_table_is_told_from_prose() -> None:
    """Two columns with figures in two rows at least."""
    assert read_plain_table(["The toll is 7 %.", "The fee is 5 %."]) is None
    assert read_plain_table(["Toll      7 %"]) is None
    assert read_plain_table(["Toll      7 %", "and nothing else"]) is None


@given(st.lists(st.text(alphabet="ab 12|\t%", max_size=30), max_size=8))
def test_plain_table_cells_lie_inside_their_lines(lines: list[str]) -> None:
    """Whatever the lines hold."""
    table = read_plain_table(lines)
    if table is None:
        return
    for line, row in zip(lines[table.title_lines :], table.rows, strict=True):
        assert all(0 <= each.start <= each.end <= len(line) for each in row)


def test_plain_table_passes_drawn_lines_over() -> None:
    """A rule of dashes is no cell, and dots lead to one value, not to columns."""
    lines = ["Name      Due", "-------------", "Boat      7 %", "Raft      9 %"]
    table = read_plain_table(lines)
    assert table is not None
    assert table.titles == ("Name", "Due")
    assert read_plain_table(["Boat ......  7 %", "Raft ......  9 %"]) is None
