"""Dates, values and names as the language of an article has them."""

from __future__ import annotations

import pytest

from subak.knowledge.articles.entity_name import entity_name
from subak.knowledge.articles.spoken_day import spoken_day
from subak.knowledge.articles.spoken_value import spoken_value
from subak.knowledge.facts.fact import FieldValue
from subak.knowledge.facts.ranges import Range


@pytest.mark.parametrize(
    ("iso", "language", "said"),
    [
        ("2025-06-01", "en", "1 June 2025"),
        ("2025-06-01", "it", "1 giugno 2025"),
        ("2025-08-17", "id-ID", "17 Agustus 2025"),
        ("2025-06", "fr", "June 2025"),
        ("2025", "it", "2025"),
        ("2025-13-01", "en", "2025-13-01"),
        ("soon", "en", "soon"),
        ("", "en", ""),
    ],
)
def test_spoken_day_is_a_date_in_words(iso: str, language: str, said: str) -> None:
    """As precise as it is; what is no date stays."""
    assert spoken_day(iso, language) == said


@pytest.mark.parametrize(
    ("value", "unit", "language", "said"),
    [
        (22.5, "%", "it", "22,5%"),
        (True, "", "id", "ya"),
        (8, "years", "it", "8 anni"),
        (74.7, "% of GDP", "id", "74,7% dari PDB"),
        ("koruna.", "", "it", "koruna"),
        ((Range(0, 28000, 23), Range(28000, None, 43)), "% by EUR", "it", "oltre"),
        ((Range(0, 28000, 23), Range(28000, None, 43)), "% by EUR", "en", "above"),
    ],
)
def test_spoken_value_has_the_languages_words(
    value: FieldValue, unit: str, language: str, said: str
) -> None:
    """Marks of numbers, the usual units, and what stands between bounds."""
    assert said in spoken_value(value, unit, language)


def test_entity_name_translates_countries_only() -> None:
    """A firm keeps its name, and English is what the registry speaks."""
    assert entity_name("Germany", "it") == "Germania"
    assert entity_name("Germany", "id") == "Jerman"
    assert entity_name("Germany", "en") == "Germany"
    assert entity_name("Germany Ltd", "it") == "Germany Ltd"
