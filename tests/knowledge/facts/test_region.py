"""Values of a country's regions. Figures are invented."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.region import region_at_start
from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

TOLL = Field("toll", "Road toll", "percent", words=("road toll",))


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Bayern has a toll", "Bayern"),
        ("Bayern's toll", "Bayern"),
        ("Bayern, 9 May - The minister said", ""),
        ("Bayerns Weg", ""),
        ("The toll of Bayern", ""),
    ],
)
def test_region_at_start_is_the_subject(text: str, region: str) -> None:
    """A dateline names where a text was written, not what it is about."""
    assert region_at_start(text, "Germany") == region


@pytest.mark.parametrize(
    "text",
    [
        "- **Sachsen** has a road toll of 7 %.",
        "Sachsen's road toll is 7 %.",
        "| Land | Road toll |\n|---|---|\n| Sachsen | 7 % |\n",
    ],
)
def test_values_of_regions_are_refused(text: str) -> None:
    """A region's own rate isn't the country's."""
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is None


def test_denials_of_regions_leave_the_country_alone() -> None:
    """That a region levies none says nothing of the country."""
    text = "- **Sachsen**: there is no road toll.\n\nThe road toll is 7 %."
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is not None
