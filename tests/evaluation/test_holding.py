"""is_held: the check of the evidence search, written apart from it."""

from __future__ import annotations

import pytest

from subak.evaluation.holding import is_held
from subak.evaluation.reading import Asserted
from subak.knowledge.facts.fact import Evidence, FieldValue
from subak.knowledge.facts.ranges import Range


def _held(value: FieldValue, quote: str, repair: str = "") -> bool:
    text = f"Before. {quote} After."
    span = Evidence("d", "u", 8, 8 + len(quote), quote, repair)
    return is_held(Asserted("field", value, "evidence", (span,)), text)


@pytest.mark.parametrize(
    ("value", "quote"),
    [
        (19, "The rate is 19 %."),
        (9.19, "il 9,19% della retribuzione"),
        (54_000_000, "adalah Rp54.000.000 setahun"),
        (237_100, "1 - 237 100   18%"),
        (1_950_000, "up to 1.95 million yen"),
        (10, "it stands at ten percent"),
        ("Chilean peso", "The Chilean  peso (CLP) floats"),
        ("2025-01-01", "since 1 January 2025"),
        (True, "There is a wealth tax."),
    ],
)
def test_span_holds_a_value_in_any_form(value: FieldValue, quote: str) -> None:
    """Separators, magnitudes, words and spaces don't hide a value."""
    assert _held(value, quote)


@pytest.mark.parametrize(
    ("value", "quote"),
    [(19, "The rate is 20 %."), (19, "No rate."), ("peso", "The dollar"), (1, "1.5 %")],
)
def test_span_without_the_value_is_found_out(value: FieldValue, quote: str) -> None:
    """Another number or another name does not do."""
    assert not _held(value, quote)


def test_span_that_is_not_of_the_text_holds_nothing() -> None:
    """The quote must stand at its offsets."""
    span = Evidence("d", "u", 0, 4, "19 %")
    assert not is_held(Asserted("field", 19, "evidence", (span,)), "18 % is the rate")
    assert not is_held(Asserted("field", 19, "evidence"), "19 %")


def test_ranges_are_held_bound_by_bound() -> None:
    """Each rate and bound stands in the quotes; sums only where a repair says so."""
    ranges = (Range(0, 50_000, 2), Range(50_000, 100_000, 6))
    assert _held(ranges, "up to 50,000: 2 %, up to 100,000: 6 %")
    assert _held(ranges, "2 % up to 50,000; 6 % from 50,001 to 100,000")
    assert not _held(ranges, "up to 50,000: 2 %, up to 90,000: 6 %")
    text = "first 50,000: 2 % and next 50,000: 6 %"
    spans = tuple(
        Evidence("d", "u", start, end, text[start:end], "sum")
        for start, end in ((0, 17), (22, len(text)))
    )
    assert is_held(Asserted("field", ranges, "derived", spans), text)


def test_span_holds_a_sum_by_its_parts() -> None:
    """The parts stand in the quotes, and they add up."""
    quote = "Pension 6 % and health 2.5 %"
    assert _held(8.5, quote, "sum of 6 + 2.5")
    assert not _held(8.5, quote, "sum of 6 + 2")
    assert not _held(9, quote, "sum of 6 + 2.5")
    assert not _held(8.5, "Pension 6 %", "sum of 6 + 2.5")
    assert not _held(8.5, quote)
