"""What a query names, among what documents are about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.search.named import Named

KNOWN = ("Italy", "Guinea", "Equatorial Guinea", "germany", "United States", "Tax Act")


@pytest.mark.parametrize(
    ("query", "entities", "rest"),
    [
        ("VAT in Italy", {"Italy"}, "VAT in"),
        ("Qual è l'aliquota dell'Italia?", {"Italy"}, "Qual è l aliquota dell"),
        ("pajak Jerman dan Italia", {"germany", "Italy"}, "pajak dan"),
        ("Equatorial Guinea capital", {"Equatorial Guinea"}, "capital"),
        ("US taxes", {"United States"}, "taxes"),
        ("tell us the taxes", set(), "tell us the taxes"),
        ("what does the TAX ACT say", {"Tax Act"}, "what does the say"),
        ("taxes in Spain", set(), "taxes in Spain"),
        ("", set(), ""),
    ],
)
def test_named_finds_entities_in_any_of_their_names(
    query: str, entities: set[str], rest: str
) -> None:
    """Longest name first, countries in three languages, small words left alone."""
    assert Named.read(query, KNOWN) == Named(frozenset(entities), rest)


@given(st.text(max_size=60))
def test_named_takes_any_text(query: str) -> None:
    """Nothing that is typed breaks it, and it names only what is known."""
    assert Named.read(query, KNOWN).entities <= set(KNOWN)
