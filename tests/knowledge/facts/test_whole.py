"""Parts against totals, and additions. Figures are invented."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

LEVY = Field("levy", "Harbour levy", "percent", words=("harbour levy", "diritti"))
EMPLOYER = Field(
    "employer", "Employer contribution", "percent", words=("employer", "majikan")
)
EMPLOYEE = Field(
    "employee", "Employee contribution", "percent", words=("employee", "pekerja")
)
_PARTS = "The harbour levy is 12 % of freight: 7 % goes to dredging and 5 % to pilots."
_AFTER = "Pilots take 5 % and dredging 7 %; in all the harbour levy is 12 %."
_SHARED = "The fund takes 18 % in total: employee 7 %, employer 11 %."
_TABLE = (
    "| Fund | Employer | Employee |\n|---|---|---|\n| Old age | 6 % | 4 % |\n"
    "| Sickness | 3 % | 2 % |\n| Total | 9 % | 6 % |\n"
)


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        (_PARTS, LEVY, 7),
        (_PARTS, LEVY, 5),
        (_AFTER, LEVY, 5),
        (_SHARED, EMPLOYER, 18),
        (_SHARED, EMPLOYEE, 18),
        (_TABLE, EMPLOYER, 6),
        (_TABLE, EMPLOYER, 3),
        (_TABLE, EMPLOYEE, 4),
        ("A surcharge of 3 % is added to the harbour levy.", LEVY, 3),
        ("I diritti comprendono un'addizionale del 3 per cento.", LEVY, 3),
        ("The harbour levy of 3 % for boats is not part of the total.", LEVY, 3),
    ],
)
def test_whole_refuses_a_part(text: str, field: Field, value: float) -> None:
    """Also the whole, where the field asks for one side's share of it."""
    assert find_proved(prove_text(text, {field.name: value}, field)) is None


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        (_PARTS, LEVY, 12),
        (_AFTER, LEVY, 12),
        (_SHARED, EMPLOYER, 11),
        (_SHARED, EMPLOYEE, 7),
        (_TABLE, EMPLOYER, 9),
        (_TABLE, EMPLOYEE, 6),
        ("Pekerja dan majikan masing-masing membayar 5 persen.", EMPLOYER, 5),
        ("Employer and employee each pay 5 %.", EMPLOYEE, 5),
    ],
)
def test_whole_keeps_the_total_and_a_side_s_share(
    text: str, field: Field, value: float
) -> None:
    """The parts that add up to it say which number is the whole."""
    record = prove_text(text, {field.name: value}, EMPLOYER, EMPLOYEE, LEVY)
    assert [fact.value for fact in record.facts if fact.field == field.name] == [value]


def test_whole_keeps_numbers_that_only_happen_to_add_up() -> None:
    """Without a colon or a word for a sum nothing is a part."""
    text = "The harbour levy is 5 % at night and 7 % by day, 12 % on Sundays."
    assert find_proved(prove_text(text, {"levy": 5}, LEVY)) is not None
