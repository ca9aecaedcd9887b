"""What a percentage is a part of. Figures are invented."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

PROFIT = Field(
    "profit",
    "Profit tax",
    "percent",
    words=("profit tax", "imposta sugli utili", "PPh"),
)
TURNOVER = Field("sales", "Turnover tax", "percent", words=("turnover tax",))
PENSION = Field("pension", "Employer pension share", "percent", words=("pension",))


@pytest.mark.parametrize(
    "text",
    [
        "Small traders may pay a profit tax of 3 % of turnover.",
        "L'imposta sugli utili è del 3 % dei ricavi.",
        "PPh dikenakan 3 % dari omzet.",
        "Together with local surcharges the profit tax is 3 %.",
        "The profit tax is 3 %, including municipal surcharges.",
        "The effective profit tax is 3 %.",
        "Il carico effettivo dell'imposta sugli utili è del 3 %.",
        "For the profit tax, one includes 3 % of the gain.",
        "Firms put 3 % of a gain into taxable income, under the profit tax.",
        "Under the profit tax, firms pay 3 % on dividends.",
        "Who is late with the profit tax pays a penalty of 3 %.",
    ],
)
def test_base_refuses_shares_of_something_else(text: str) -> None:
    """Turnover, several taxes at once, effective rates, the share that is counted."""
    assert find_proved(prove_text(text, {"profit": 3}, PROFIT)) is None


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("The profit tax is 3 % of the profit.", PROFIT),
        ("The profit tax is 3 %. Turnover is not taxed.", PROFIT),
        ("The turnover tax is 3 % of turnover.", TURNOVER),
        ("The profit tax takes 3 % of the gain.", PROFIT),
        ("Together with health the employer's pension share is 3 %.", PENSION),
    ],
)
def test_base_keeps_shares_of_the_field_s_own(text: str, field: Field) -> None:
    """What the field itself speaks of may be the base."""
    assert find_proved(prove_text(text, {field.name: 3}, field)) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Profit tax is 7 % on the first 50,000 of profit.",
        "Small yards pay a profit tax of 7 % on profits up to 50,000 crowns.",
        "Imposta sugli utili, fino a 200.000 euro: 7 %.",
        "PPh 7% atas laba 50.000.000 pertama.",
    ],
)
def test_base_of_a_slice_is_no_general_rate(text: str) -> None:
    """What holds for a part of the amounts only."""
    assert find_proved(prove_text(text, {"profit": 7}, PROFIT)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Profit tax is 7 % on profits from the first year on.",
        "The profit tax of 7 % is paid in up to 4 instalments.",
        "Since the first of May profit tax is 7 %.",
    ],
)
def test_base_of_first_things_is_no_slice(text: str) -> None:
    """The same words without an amount."""
    assert find_proved(prove_text(text, {"profit": 7}, PROFIT)) is not None
