"""Words are compared without case, accents, plural and spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.text.words import (
    content_words,
    find_spans,
    read_words,
    stem,
    stems,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("expenditure", "Expenditures"),
        ("rate", "rates"),
        ("tax", "taxes"),
        ("country", "countries"),
        ("aliquota", "aliquote"),
        ("defence", "defense"),
        ("recognised", "recognized"),
        ("naturalisation", "naturalization"),
        ("labour", "labor"),
        ("tarif", "tarifnya"),
        ("città", "citta"),
    ],
)
def test_stem_joins_forms_of_a_word(one: str, other: str) -> None:
    """English, Italian and Indonesian endings are taken off."""
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("citizen", "citizenship"), ("law", "lawn"), ("birth", "berth")]
)
def test_stem_keeps_words_apart(one: str, other: str) -> None:
    """Different words stay different."""
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the rate of unemployment", "rate of unemployment"),
        ("Unemployment rates rose", "Unemployment rates"),
        ("unemployment was low; the rate of tax", None),
        ("| unemployment | rate |", None),
        ("unemployment and a very long list of other things rate", None),
    ],
)
def test_find_spans_wants_the_words_together(text: str, found: str | None) -> None:
    """Order and small words don't matter, distance and separators do."""
    words = content_words(read_words(text))
    spans = find_spans(text, words, stems("unemployment rate"))
    assert [text[span.start : span.end] for span in spans] == ([found] if found else [])


@given(st.text(max_size=60))
def test_words_are_exact(text: str) -> None:
    """Each word is the text at its offsets."""
    for word in read_words(text):
        assert text[word.start : word.end] == word.text
