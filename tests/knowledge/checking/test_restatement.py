"""Restatements: the same phrases in another order pass, their untrue twins don't."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.knowledge.checking.support import check

_FILE = Path(__file__).parent / "data" / "restatements.jsonl"
PAIRS: list[dict[str, str]] = [
    json.loads(line) for line in _FILE.read_text("utf-8").splitlines()
]
PLAIN = [pair for pair in PAIRS if pair["kind"] == "plain"]
TWINS = [pair for pair in PAIRS if pair["kind"] == "twin"]
LEAST_PLAIN = 0.93


def is_supported(pair: dict[str, str]) -> bool:
    """Check one pair."""
    return check(pair["sentence"], pair["source"], names=()).supported


def test_restatements_are_many() -> None:
    """The set holds more untrue twins than restatements."""
    assert len(TWINS) > len(PLAIN) > 90


def test_no_untrue_twin_passes() -> None:
    """Swapped parties, figures, labels, rows, times and dropped conditions fail."""
    assert [pair for pair in TWINS if is_supported(pair)] == []


def test_most_restatements_pass() -> None:
    """Moved phrases, turned voice, table rows and number words are understood."""
    assert sum(map(is_supported, PLAIN)) >= LEAST_PLAIN * len(PLAIN)


ACCEPTED = [pair for pair in PLAIN if is_supported(pair)]
ADDED = (
    *("not", "never", "only", "some", "formerly", "almost", "twice", "without"),
    *("at least", "reportedly", "unless", "foreign", "10%", "from Peru"),
)


@settings(max_examples=80, deadline=None)
@given(
    pair=st.sampled_from(ACCEPTED),
    word=st.sampled_from(ADDED),
    place=st.integers(min_value=1, max_value=12),
)
def test_no_word_can_be_put_into_a_restatement(
    pair: dict[str, str], word: str, place: int
) -> None:
    """What passes does not pass any more with a word that says something put in."""
    words = pair["sentence"].rstrip(".").split()
    if word in pair["sentence"].lower() or word in pair["source"].lower():
        return
    words.insert(min(place, len(words)), word)
    changed = {**pair, "sentence": f"{' '.join(words)}."}
    assert not is_supported(changed)


@settings(max_examples=80, deadline=None)
@given(pair=st.sampled_from(ACCEPTED), digit=st.integers(min_value=1, max_value=9))
def test_no_figure_of_a_restatement_can_be_changed(
    pair: dict[str, str], digit: int
) -> None:
    """What passes does not pass with another first digit."""
    sentence = pair["sentence"]
    at = next((at for at, char in enumerate(sentence) if char.isdigit()), -1)
    if at < 0 or sentence[at] == str(digit):
        return
    changed = {**pair, "sentence": f"{sentence[:at]}{digit}{sentence[at + 1 :]}"}
    assert not is_supported(changed)


@pytest.mark.parametrize("condition", ["if their pay is low", "except in May"])
def test_a_condition_of_the_source_cannot_be_left_out(condition: str) -> None:
    """One statement of several may stand alone, but not without what limits it."""
    source = f"Workers in Chile pay 5% and receive a card, {condition}."
    assert not check("Workers in Chile pay 5%.", source, names=()).supported
