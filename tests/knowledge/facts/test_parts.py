"""Shares of one side told branch by branch. Figures are invented."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.fact import Fact
from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import prove_text

STAFF = Field(
    "staff_share",
    "Employee crew dues",
    "percent",
    "crew dues borne by the employee in total, percent of pay",
    words=("employee", "dues", "lavoratore", "contributi", "pekerja", "iuran"),
)
HOUSE = Field(
    "house_share",
    "Employer crew dues",
    "percent",
    "crew dues borne by the employer in total, percent of pay",
    words=("employer", "dues", "datore di lavoro", "contributi", "pemberi kerja"),
)
_TABLE = "| Fund | Employee | Employer |\n|---|---|---|\n{}"


def _staff(text: str, value: float | None = None) -> Fact | None:
    proposed: dict[str, object] = {} if value is None else {"staff_share": value}
    facts = prove_text(text, proposed, STAFF, HOUSE).facts
    return next((each for each in facts if each.field == "staff_share"), None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The employee's dues consist of 6 % for pensions and 2 % for health.", 8),
        ("Dues of the employee are: pension fund 6 %, sickness fund 2.5 %.", 8.5),
        ("A carico del lavoratore: 6 % per la previdenza e 2 % per la sanità.", 8),
        ("Iuran pekerja terdiri atas pensiun 6%, kesehatan 2% dan JKX 1%.", 9),
        ("## Employee\n\n- Pension: 6 %\n- Health: 2 %\n", 8),
        ("**Iuran pekerja** terdiri atas:\n\n1. pensiun: 6%\n2. kesehatan: 2%\n", 8),
        (_TABLE.format("| Pension | 6 % | 9 % |\n| Health | 2 % | 3 % |\n"), 8),
    ],
)
def test_parts_add_up_where_nothing_keeps_them_apart(text: str, value: float) -> None:
    """The sum is proved by the quotes of its parts, proposed or not; no part is."""
    for proposed in (value, None):
        fact = _staff(text, proposed)
        assert fact is not None
        assert (fact.value, fact.level) == (value, "derived")
        assert fact.evidence[0].repair.startswith("sum of 6 + 2")
    wrong = _staff(text, 6)
    assert wrong is None or wrong.value == value


@pytest.mark.parametrize(
    "text",
    [
        "The employee pays 6 % for pensions or 2 % for health.",
        "Dues of the employee: pension 6 % up to a ceiling, health 2 % above it.",
        "Dues of the employee: pension 6 %, voluntary health fund 2 %.",
        "Dues of the employee: pension 6 %, health 2 %. There is no single figure for"
        " the employee.",
        "Iuran pekerja: pensiun 6% sampai batas upah, kesehatan 2%.",
        _TABLE.format(
            "| Pension (optional) | 6 % | 9 % |\n| Health, some | 2 % | 3 % |"
        ),
        _TABLE.format("| Denmark | 6 % | 9 % |\n| Norway | 2 % | 3 % |"),
        _TABLE.format("| Pension until 2020 | 6 % | 9 % |\n| Health | 2 % | 3 % |"),
    ],
)
def test_parts_are_not_added_where_the_text_keeps_them_apart(text: str) -> None:
    """Choices, ceilings, other countries and times."""
    assert _staff(text, 8) is None
    assert _staff(text) is None


def test_parts_leave_a_stated_total_alone() -> None:
    """What the text adds up itself is evidence, not a sum of ours."""
    text = "Dues of the employee: pension 6 %, health 2 %, in total 8 %."
    fact = _staff(text, 8)
    assert fact is not None
    assert not fact.evidence[0].repair
    divided = "The employee pays 8 % (6 % for pensions and 2 % for health)."
    fact = _staff(divided, 8)
    assert fact is not None
    assert not fact.evidence[0].repair


def test_parts_of_two_lists_must_agree() -> None:
    """Two sums leave a doubt."""
    first = "Dues of the employee: pension 6 %, health 2 %."
    same = f"{first}\n\nA carico del lavoratore: previdenza 6 %, sanità 2 %."
    assert _staff(same, 8) is not None
    other = f"{first}\n\nA carico del lavoratore: previdenza 7 %, sanità 2 %."
    assert _staff(other, 8) is None


def test_one_value_of_a_side_is_no_part() -> None:
    """A range beside it is another matter."""
    text = "The employee pays 6 % for pensions, and between 2 % and 4 % if he joins."
    fact = _staff(text, 6)
    assert fact is not None


def test_parts_may_be_rows_of_their_own() -> None:
    """A row for each branch and side; rows of other years are no parts."""
    text = "Pension, employee ...... 6 %\nHealth, employee ...... 2 %\n"
    fact = _staff(text, 8)
    assert fact is not None
    assert _staff(text.replace("Health", "Abroad"), 8) is None
    years = "Pension, employee, 2025 ...... 6 %\nPension, employee, 2026 ...... 7 %\n"
    fact = _staff(years, 7)
    assert fact is not None
    assert fact.value == 7


def test_total_is_not_less_than_a_part() -> None:
    """What stands alone elsewhere and is smaller is another part."""
    parts = "Dues of the employee: pension 6 %, health 2 % up to a ceiling."
    assert _staff(f"{parts}\n\nThe employee's dues are 4 %.", 4) is None
    assert _staff(f"{parts}\n\nThe employee's dues are 8 %.", 8) is not None
