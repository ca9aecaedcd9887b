"""Fields and texts that speak of the highest."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.extreme import asks_for_highest, says_highest
from subak.knowledge.facts.mention import topics
from subak.knowledge.facts.schema import Field


@pytest.mark.parametrize(
    ("title", "meaning", "expected"),
    [
        ("Top fare", "", True),
        ("Fare", "the highest where there are several", True),
        ("Tariffa", "aliquota più alta", True),
        ("Fare", "what a seat costs", False),
    ],
)
def test_extreme_fields_say_so(title: str, meaning: str, expected: bool) -> None:
    """By their name, title or meaning."""
    (topic,) = topics([Field("fare", title, "percent", meaning)])
    assert asks_for_highest(topic) is expected


@pytest.mark.parametrize("text", ["the top fare is", "tarif tertinggi ialah"])
def test_extreme_texts_say_so(text: str) -> None:
    """In the words before a value."""
    assert says_highest(text)
    assert not says_highest("the fare is")
