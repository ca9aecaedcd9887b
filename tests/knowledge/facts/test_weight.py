"""Which of several values a text means. Figures are invented."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

FEE = Field("fee", "Ferry fee", "percent", words=("ferry fee", "tariffa"))
TOP = Field("top", "Top ferry fee", "percent", words=("ferry fee", "tariffa"))


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("## Ferry fee\n\nTourists pay 20 %.\n\nThe ferry fee is 15 %.", 15, 20),
        ("The ferry fee is 15 %, or 9 % where the ship is empty.", 15, 9),
        ("The ferry fee is 15 %. Operators also pay a ferry fee of 2 %.", 15, 2),
        ("Fishing boats alone pay a ferry fee of 2 %. The ferry fee is 15 %.", 15, 2),
        ("La tariffa è del 15 per cento, o del 9 per cento la notte.", 15, 9),
    ],
)
def test_weight_prefers_the_rule_to_its_exceptions(
    text: str, right: float, wrong: float
) -> None:
    """The named, first and general value outweighs what qualifies it."""
    assert find_proved(prove_text(text, {"fee": right}, FEE)) is not None
    record = prove_text(text, {"fee": wrong}, FEE)
    assert find_proved(record) is None
    assert record.refused[0].reason


def test_weight_takes_the_highest_where_it_is_asked_for() -> None:
    """Of alternatives in one sentence; the field's own title asks."""
    text = "The ferry fee is 5 %, 15 % or 20 %, depending on the season."
    assert find_proved(prove_text(text, {"top": 20}, TOP)) is not None
    assert find_proved(prove_text(text, {"top": 15}, TOP)) is None


def test_weight_refuses_equals_of_two_sections() -> None:
    """Nothing tells which of the two is meant."""
    text = "The ferry fee is 15 %.\n\n## Night\n\nThe ferry fee is 9 %."
    assert find_proved(prove_text(text, {"fee": 15}, FEE)) is None
    assert find_proved(prove_text(text, {"fee": 9}, FEE)) is None


def test_weight_takes_the_first_of_equals_in_one_section() -> None:
    """The main one comes first; the same value twice is no choice."""
    text = "- ferry fee: 15 % by day\n- ferry fee: 9 % by night\n"
    assert find_proved(prove_text(text, {"fee": 15}, FEE)) is not None
    assert find_proved(prove_text(text, {"fee": 9}, FEE)) is None
    text = "The ferry fee is 15 %.\n\n## Night\n\nThe ferry fee is 15 %."
    assert find_proved(prove_text(text, {"fee": 15}, FEE)) is not None
