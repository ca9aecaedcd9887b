"""Values for one group each: what holds for all others is the rule (all invented)."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

WAIT = Field("wait", "Waiting time", "number", unit="years", words=("waiting time",))
TABLE = "| Card | |\n|---|---|\n| waiting time | {} |\n"


@pytest.mark.parametrize(
    "cell",
    [
        "3 years for sailors, 4 years for miners, 9 years for all others",
        "3 years for sailors; 9 years for everyone else",
        "9 years for others",
    ],
)
def test_value_for_all_others_is_the_rule(cell: str) -> None:
    """Those for a group are not, wherever they stand."""
    proved = find_proved(prove_text(TABLE.format(cell), {"wait": 9}, WAIT))
    assert proved is not None
    assert proved.value == 9
    for value in (3, 4):
        wrong = find_proved(prove_text(TABLE.format(cell), {"wait": value}, WAIT))
        assert wrong is None or wrong.value == 9


@pytest.mark.parametrize(
    "cell",
    [
        "9 years (3 years for sailors)",
        "9 years, 3 years for sailors and others in distress",
        "9 years for sailors and others",
    ],
)
def test_value_before_its_exception_stays(cell: str) -> None:
    """Nobody is "all others" where the first value names no group."""
    proved = find_proved(prove_text(TABLE.format(cell), {"wait": 9}, WAIT))
    assert proved is not None
    assert proved.value == 9


def test_two_groups_without_a_rest_are_no_rule() -> None:
    """A third group's value alone is not published as everybody's."""
    cell = "3 years for sailors, 9 years for all others, 12 years for all others"
    proved = prove_text(TABLE.format(cell), {"wait": 12}, WAIT)
    found = find_proved(proved)
    assert found is None or found.value != 12
