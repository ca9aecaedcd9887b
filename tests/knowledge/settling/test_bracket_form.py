"""BracketForm: ranges as files write them, there and back."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.knowledge.facts.ranges import Range
from subak.knowledge.settling.bracket_form import BracketForm, find_form

RANGES = (Range(0, 12348, 0), Range(12348, 277825, 42), Range(277825, None, 45))


@pytest.mark.parametrize(
    "form",
    [
        BracketForm(),
        BracketForm("from", "to", "percent", "absent"),
        BracketForm("lower", "upper", "value", "infinity", 1),
        BracketForm(step=1),
        BracketForm(step=0.01),
    ],
)
def test_form_is_found_in_what_it_writes(form: BracketForm) -> None:
    """Keys, open end and the gap between brackets are those of the file."""
    rows = form.write(RANGES)
    assert find_form(rows) == form
    assert form.read(rows) == RANGES


def test_form_writes_the_gap_that_the_file_has() -> None:
    """Where a bracket began one above the last, the new ones do."""
    rows = BracketForm(open_end="infinity", step=1).write(RANGES)
    assert [row["min"] for row in rows] == [0, 12349, 277826]
    assert rows[-1]["max"] == math.inf


@pytest.mark.parametrize(
    "rows",
    [
        *(None, [], "x", [1], [{"a": 1}], [{"rate": 5}], {"min": 0}),
        [{"min": 0, "max": 1}],
        [{"min": "x", "max": 1, "rate": 2}],
        [{"min": 0, "max": "x", "rate": 2}],
        [{"min": 0, "max": 1, "rate": math.nan}],
        [{"min": True, "max": 1, "rate": 2}],
    ],
)
def test_what_holds_no_ranges_gives_none(rows: object) -> None:
    """Placeholders and other lists are not read as ranges."""
    form = find_form(rows)
    assert form is None or form.read(rows) == ()


@settings(deadline=None)
@given(
    st.lists(st.integers(1, 10**9), unique=True, max_size=6).map(sorted),
    st.sampled_from(["null", "infinity", "absent"]),
    st.sampled_from([0, 1]),
)
def test_ranges_come_back_whatever_the_form(
    bounds: list[int], open_end: str, step: int
) -> None:
    """Writing and reading is the identity on brackets that join."""
    form = BracketForm(open_end=open_end, step=step)  # type: ignore[arg-type]
    edges = [0, *bounds, None]
    ranges = tuple(
        Range(lower or 0, upper, number)
        for number, (lower, upper) in enumerate(pairwise(edges))
    )
    assert form.read(form.write(ranges)) == ranges
