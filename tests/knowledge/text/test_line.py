"""Lines whose dots lead from a name to its value. Figures are invented."""

from __future__ import annotations

import pytest

from subak.knowledge.text.line import read_lines
from subak.knowledge.text.units import cells, units


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("Ferry fare ........ 7 %", ["Ferry fare", "7 %"]),
        ("   Ferry fare……… 7,5 %", ["Ferry fare", "7,5 %"]),
        ("Ferry fare . . . . . 7 %", ["Ferry fare", "7 %"]),
        ("Ferry fare ____ 7 %", ["Ferry fare", "7 %"]),
    ],
)
def test_led_line_is_a_row_of_two_cells(line: str, parts: list[str]) -> None:
    """Whatever the dots are."""
    assert [each.kind for each in read_lines(line)] == ["row"]
    unit = units(line)[0]
    assert [unit.text[each.start : each.end] for each in cells(unit.text)] == parts


@pytest.mark.parametrize(
    "line",
    [
        "Wait ... 7 % may be too much.",
        "And so on ......",
        "...... 7 %",
        "Ferry ........ by day      7 %      9 %",
    ],
)
def test_dots_that_lead_nowhere_make_no_row(line: str) -> None:
    """An ellipsis, a line without name or value, a table of several columns."""
    assert [each.kind for each in read_lines(line)] == ["plain"]


def test_led_name_may_begin_a_line_before() -> None:
    """Where it leaves a bracket open; so may titles lead to each other."""
    text = "Fares (adults,\n  children) ...... 7 %\n"
    assert [(each.kind, each.text) for each in read_lines(text)] == [("row", text)]
    closed = "Fares (adults)\nchildren ...... 7 %\n"
    assert [each.kind for each in read_lines(closed)] == ["plain", "row"]
    titled = "Distance ...... Fare\n0 - 5 km ...... 7 %\n"
    assert [each.kind for each in read_lines(titled)] == ["row", "row"]


def test_question_line_is_the_heading_of_its_answer() -> None:
    """In plain text, too; a question nobody answers is none."""
    text = "Q: Is there a fare?\nA: Yes, 7 %.\n\nQ: Who pays?\nEverybody pays 7 %.\n"
    kinds = [each.kind for each in units(text)]
    assert kinds == ["heading", "sentence", "sentence", "sentence"]
