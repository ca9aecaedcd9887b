"""Validity: since when and until when a value holds, in three languages."""

from __future__ import annotations

import pytest

from subak.knowledge.documents.document import Document
from subak.knowledge.facts.schema import Field
from subak.knowledge.facts.validity import Validity, read_validity
from subak.knowledge.text.reading import read
from subak.knowledge.text.words import Span
from tests.knowledge.facts.proving import find_proved, prove_text

VAT = Field("vat", "VAT rate", "percent", words=("VAT", "IVA", "PPN"))


def _validity(text: str) -> Validity:
    document = Document("d", "u", "Page", text, language="en")
    unit = read(document).units[-1]
    number = next(each for each in reversed(unit.numbers) if each.percent)
    return read_validity(unit, Span(number.start, number.end))


@pytest.mark.parametrize(
    ("text", "valid_from", "valid_to"),
    [
        ("From 1 January 2025, the VAT rate is 19 %.", "2025-01-01", ""),
        ("The VAT rate is 19 % with effect from 1 July 2024.", "2024-07-01", ""),
        ("Since 2007 the VAT rate is 19 %.", "2007", ""),
        ("The VAT rate is 19 % until 31 December 2026.", "", "2026-12-31"),
        ("VAT: 19 % (from 2024-01-01 to 2026-06-30)", "2024-01-01", "2026-06-30"),
        ("Before 1 March 2025 the VAT rate was 19 %.", "", "2025-02-28"),
        ("Before March 2025 the VAT rate was 19 %.", "", "2025-02"),
        ("Before January 2025 the VAT rate was 19 %.", "", "2024-12"),
        ("Before 2025 the VAT rate was 19 %.", "", "2024"),
        ("Dal 1° gennaio 2025 l'IVA è al 22 %.", "2025-01-01", ""),
        ("L'IVA è al 22 % fino al 31 dicembre 2026.", "", "2026-12-31"),
        ("Mulai 1 Januari 2025 tarif PPN adalah 12 %.", "2025-01-01", ""),
        ("PPN 12 % berlaku sampai dengan 31 Desember 2026.", "", "2026-12-31"),
        ("## Rates from 1 January 2025\n\nThe VAT rate is 19 %.", "2025-01-01", ""),
        ("| Tax | from 1 May 2025 |\n|---|---|\n| VAT | 19 % |", "2025-05-01", ""),
        ("VAT is 16 %; from 1 July 2026 it is 19 %.", "2026-07-01", ""),
        ("From 1 July 2026 VAT is 16 %; the fee is 19 %.", "", ""),
        ("The office reported in January 2025 a VAT of 19 %.", "", ""),
        ("The VAT rate is 19 % from 03/04/2025.", "", ""),
    ],
)
def test_validity_is_read_where_the_text_says_it(
    text: str, valid_from: str, valid_to: str
) -> None:
    """Of its own clause, an opening phrase, the column's title or the heading."""
    assert _validity(text) == Validity(valid_from, valid_to)


def test_facts_carry_validity_and_year() -> None:
    """Whoever compares facts later sees when each holds."""
    text = "From 1 January 2025 until 31 December 2026 the VAT rate is 19 %."
    fact = find_proved(prove_text(text, {"vat": 19}, VAT, published="2026-05-01"))
    assert fact is not None
    assert (fact.valid_from, fact.valid_to) == ("2025-01-01", "2026-12-31")
    years = "| Tax | 2024 | 2025 |\n|---|---|---|\n| VAT | 18 % | 19 % |"
    fact = find_proved(prove_text(years, {"vat": 19}, VAT))
    assert fact is not None
    assert fact.year == 2025


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("VAT is 21 % from 1 July 2026.", 21, "holds from 2026-07-01"),
        ("VAT was 17 % until 31 March 2026.", 17, "held until 2026-03-31"),
    ],
)
def test_values_of_another_time_are_refused(
    text: str, value: float, reason: str
) -> None:
    """Within the document's own year too, when its day is known."""
    record = prove_text(text, {"vat": value}, VAT, published="2026-05-01")
    assert reason in record.refused[0].reason


def test_a_value_between_two_dates_is_the_present_one() -> None:
    """What follows the semicolon is another value's time."""
    text = "The VAT rate is 19 %; from 1 July 2026 it is 21 %."
    fact = find_proved(prove_text(text, {"vat": 19}, VAT, published="2026-05-01"))
    assert fact is not None
    assert fact.valid_from == ""


def test_validity_compares_as_precisely_as_the_text() -> None:
    """A month is over when the day's month is a later one."""
    assert Validity(valid_to="2026-03").is_over("2026-04-01")
    assert not Validity(valid_to="2026-03").is_over("2026-03-31")
    assert Validity(valid_from="2027").is_future("2026-12-31")
    assert not Validity(valid_from="2026").is_future("2026-05-01")
    assert not Validity("2030", "2000").is_future("")
    assert not Validity("2030", "2000").is_over("")
