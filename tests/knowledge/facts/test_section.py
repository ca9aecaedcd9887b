"""What stands above or beside a value tells its time. Figures are invented."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

TOLL = Field("toll", "Road toll", "percent", words=("road toll", "pedaggio", "bea"))

_ROWS = "| Charge | {title} | Now |\n|---|---|---|\n| Road toll | 7 % | 9 % |\n"


@pytest.mark.parametrize(
    "text",
    [
        "## What the bill would change\n\nThe road toll: 7 %.",
        "## Proposals\n\n- Road toll: 7 %",
        "# Roads\n\n**Under discussion**\n\nThe road toll is 7 %.",
        "## History\n\nThe road toll: 7 %.",
        "## Com'era\n\nIl pedaggio: 7 %.",
        "## Tarif lama\n\nBea: 7 %.",
        "| Charge | Rate |\n|---|---|\n| Former road toll | 7 % |\n",
        _ROWS.format(title="Before"),
        _ROWS.format(title="Until 2024"),
        _ROWS.format(title="Prima"),
        _ROWS.format(title="Proposed"),
    ],
)
def test_section_takes_values_out_of_the_present(text: str) -> None:
    """Headings, titles and labels of plans and of the past."""
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is None


@pytest.mark.parametrize(
    "text",
    [
        "## What the bill would change\n\nThe road toll stays at 7 %.",
        "## Then and now\n\nThe road toll: 7 %.",
        "## Rates in force, not those proposed\n\nThe road toll: 7 %.",
        "## How much would I pay?\n\nThe road toll is 7 %.",
        "# A history of roads\n\n## Charges\n\nThe road toll is 7 %.",
        "| Charge | Until 2024 | Now |\n|---|---|---|\n| Road toll | 9 % | 7 % |\n",
        "| Charge | Rate |\n|---|---|\n| Old-age road toll | 7 % |\n",
    ],
)
def test_section_leaves_present_values_alone(text: str) -> None:
    """The sentence itself, or the title, may say that it is today's."""
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is not None


def test_section_of_the_past_takes_rows_of_ended_periods() -> None:
    """Rows with years of their own speak for themselves unless these are over."""
    table = (
        "## {}\n\n| Charge | Rate | Time |\n|---|---|---|\n| Road toll | 7 % | {} |\n"
    )
    for period in ("2011 – 2019", "2011 – June 2019", "until 2019"):
        text = table.format("Old rates (no longer in force)", period)
        assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is None
    text = table.format("History", "since 2019")
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is not None


def test_section_of_exercises_states_nothing() -> None:
    """Nor do myths; questions that readers ask are answered there."""
    for title in ("Exercises", "Common mistakes", "Latihan", "Esercizi"):
        text = f"## {title}\n\nThe road toll is 7 %."
        assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is None
    text = "## Questions\n\nThe road toll is 7 %."
    assert find_proved(prove_text(text, {"toll": 7}, TOLL)) is not None
