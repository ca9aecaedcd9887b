"""Words of one root meet, those that only begin alike do not."""

from __future__ import annotations

import pytest

from subak.knowledge.checking.derivation import is_derived


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("commercial", "commercially", "en"),
        ("independence", "independent", "en"),
        ("election", "elect", "en"),
        ("producer", "production", "en"),
        ("importazioni", "importato", "it"),
        ("stagionale", "stagionali", "it"),
        ("memproduksi", "produksi", "id"),
        ("menurun", "turun", "id"),
    ],
)
def test_words_of_one_root_are_derived(one: str, other: str, code: str) -> None:
    """Endings and beginnings that only change the kind of word don't count."""
    assert is_derived(one, other, code)
    assert is_derived(other, one, code)


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("internal", "international", "en"),
        ("country", "county", "en"),
        ("coal", "coat", "en"),
        ("tax", "taxi", "en"),
        ("comune", "comodo", "it"),
        ("turun", "tahun", "id"),
    ],
)
def test_words_that_only_look_alike_are_not(one: str, other: str, code: str) -> None:
    """Short words and other roots stay apart."""
    assert not is_derived(one, other, code)
