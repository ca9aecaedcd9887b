"""Yes and no that follow from a rate or from a denial. Figures are invented."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import prove_text

RATE = Field("rate", "Window tax rate", "percent", words=("window tax", "tassa"))
HAS = Field(
    "has_window_tax", "A window tax is levied", "boolean", words=("window tax", "tassa")
)
FREE = Field("free", "Free of window tax", "boolean", words=("free of window tax",))


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("The window tax is 4 % of the rent.", True),
        ("La tassa è del 4 per cento.", True),
        ("There is no window tax in Germany.", False),
        ("Germany levies no window tax.", False),
    ],
)
def test_implied_answers_by_a_rate_or_a_denial(text: str, answer: bool) -> None:
    """As a derived fact with its place; the opposite is refused."""
    for proposed in (answer, not answer):
        record = prove_text(text, {"has_window_tax": proposed}, HAS, RATE)
        (fact,) = [each for each in record.facts if each.field == "has_window_tax"]
        assert (fact.value, fact.level) == (answer, "derived")
        assert fact.evidence
        assert bool(record.refused) == (proposed != answer)


@pytest.mark.parametrize(
    "text",
    [
        "The window tax is paid in May.",
        "There is no window tax in France.",
        "In France the window tax is 4 %.",
    ],
)
def test_implied_says_nothing_without_the_country_s_own_rate(text: str) -> None:
    """Another country's rate or denial answers nothing."""
    record = prove_text(text, {"has_window_tax": True}, HAS, RATE)
    assert not [each for each in record.facts if each.field == "has_window_tax"]


def test_implied_needs_a_field_of_the_same_words() -> None:
    """A rate says nothing of a question that is asked in other words."""
    record = prove_text("The window tax is 4 %.", {"free": True}, FREE, RATE)
    assert not [each for each in record.facts if each.field == "free"]
