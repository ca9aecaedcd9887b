"""Values of another time: former, ended, and what holds today. Figures are invented."""

from __future__ import annotations

import pytest

from subak.knowledge.facts.schema import Field
from tests.knowledge.facts.proving import find_proved, prove_text

TOLL = Field(
    "toll", "Road toll", "percent", words=("road toll", "pedaggio", "bea jalan", "Maut")
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The road toll is 9 % (before: 6 %).", 6),
        ("The road toll is 9 %, down from 12 %.", 12),
        ("The road toll used to be 6 %.", 6),
        ("The road toll is 9 %. It was 6 % when the bridge opened.", 6),
        ("From May 2019 to June 2020 the road toll was cut to 4 %.", 4),
        ("Before 2018 lorries were free and the road toll was 3 %.", 3),
        ("The road toll of 5 % for ferries was abolished.", 5),
        ("The road toll of 5 % no longer applies to buses.", 5),
        ("Il vecchio pedaggio del 7 per cento è un ricordo.", 7),
        ("Fino al 2015 il pedaggio era del 7 per cento.", 7),
        ("Il pedaggio del 7 per cento non è più in vigore.", 7),
        ("Pada tahun 2003 bea jalan masih 8 persen.", 8),
        ("Bea jalan 8 persen pernah berlaku di pelabuhan.", 8),
        ("Bea jalan adalah 10 persen, naik dari 8 persen.", 8),
    ],
)
def test_frame_refuses_what_no_longer_holds(text: str, value: float) -> None:
    """Whatever words put it into the past."""
    record = prove_text(text, {"toll": value}, TOLL)
    assert find_proved(record) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The road toll was raised by two points and is now 9 %.", 9),
        ("The road toll was raised to 9 % last spring.", 9),
        ("The road toll is 9 % (before: 6 %).", 9),
        ("The road toll is 9 %. It was 6 % when the bridge opened.", 9),
        ("Il pedaggio è dell'8 per cento (in precedenza 7 per cento).", 8),
        ("Bea jalan adalah 10 persen, naik dari 8 persen.", 10),
    ],
)
def test_frame_keeps_what_holds_beside_a_former_value(text: str, value: float) -> None:
    """The other number of the sentence is the former one."""
    record = prove_text(text, {"toll": value}, TOLL)
    fact = find_proved(record)
    assert fact is not None
    assert fact.value == value
