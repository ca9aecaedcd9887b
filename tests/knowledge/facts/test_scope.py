"""The sentence around a value, and the stretches beside it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.facts.scope import alike, before, behind, sentence_of
from subak.knowledge.text.reading import read
from subak.knowledge.text.words import Span
from tests.knowledge.facts.proving import make_document


def test_scope_parts_the_numbers_of_a_sentence() -> None:
    """A stretch ends at the next number of the same sort; years don't count."""
    (unit,) = read(make_document("- Fares: 5 % in 2020, 7 % by night.")).units
    places = [Span(each.start, each.end) for each in alike(unit, Span(9, 12))]
    assert [unit.text[each.start : each.end] for each in places] == ["5 %", "7 %"]
    assert behind(unit, places[0]) == before(unit, places[1]) == " in 2020, "


@given(st.text(alphabet="ab. A1%|!?", max_size=60), st.integers(0, 60))
def test_scope_sentence_holds_its_position(text: str, position: int) -> None:
    """Whatever the marks, the sentence lies around the position."""
    position = min(position, len(text))
    sentence = sentence_of(text, position)
    assert sentence.start <= position <= sentence.end <= len(text)
