"""Prove: what has evidence becomes a fact, everything else is refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.facts.prove import prove
from subak.knowledge.facts.schema import FactSchema, Field
from subak.knowledge.text.numbers import read_numbers
from tests.knowledge.facts.proving import find_proved, make_document, prove_text

VAT = Field(
    "vat",
    "VAT rate",
    "percent",
    words=("VAT", "GST", "standard rate", "IVA", "aliquota ordinaria", "PPN"),
    negations=("reduced rate",),
    minimum=0,
    maximum=40,
)
REDUCED = Field("reduced", "Reduced rate", "percent", words=("reduced rate",))
COMPANY = Field(
    "company", "Corporate tax", "percent", words=("corporate tax", "profits tax")
)
ALLOWANCE = Field(
    "allowance", "Tax-free allowance", "money", unit="IDR", words=("PTKP",)
)
MILITARY = Field(
    "military",
    "Military expenditures",
    "percent",
    unit="of GDP",
    words=("military expenditure",),
)
STAY = Field(
    "stay",
    "Residency for naturalization",
    "number",
    unit="years",
    words=("residency requirement", "residence", "naturalization"),
    maximum=40,
)
GDP = Field("gdp", "Real GDP", "money", unit="USD", negations=("per capita",))
POPULATION = Field("population", "Population", "number")
DUAL = Field("dual", "Dual citizenship", "boolean")
LEGAL = Field("legal", "Legal system", "text")


@pytest.mark.parametrize(
    ("text", "field", "proposed", "value", "repair"),
    [
        ("The VAT rate is 15 %.", VAT, 0.15, 15, "percent x100"),
        ("The VAT rate is 0.5 %.", VAT, 0.5, 0.5, ""),
        ("PTKP: Rp60.000.000 per tahun", ALLOWANCE, 6e6, 60_000_000, "magnitude"),
        ("PTKP is Rp 60 juta.", ALLOWANCE, 60, 60_000_000, "magnitude"),
        ("Real GDP: $5.247 trillion", GDP, 5.247, 5_247_000_000_000, "magnitude"),
        ("Real GDP: $5.247 trillion", GDP, 5247e9, 5_247_000_000_000, ""),
    ],
)
def test_prove_repairs_and_says_so(
    text: str, field: Field, proposed: float, value: float, repair: str
) -> None:
    """Lost factors are mended to what the text states, and the repair is recorded."""
    fact = find_proved(prove_text(text, {field.name: proposed}, field))
    assert fact is not None
    assert fact.value == value
    assert fact.evidence[0].repair == repair


@pytest.mark.parametrize(
    ("text", "field", "proposed", "reason"),
    [
        ("The VAT is 15 %. Insurance is 13 %.", VAT, 15.13, "no sentence about"),
        ("VAT exists. Companies pay 15 % on profits.", VAT, 15, "no sentence about"),
        ("There is no VAT, but a sales tax of 5 %.", VAT, 5, "there is no"),
        ("## VAT\n\nThere is no VAT.\n\nSalt: 15 %", VAT, 15, "there is no"),
        ("VAT: none; salt tax: 7 %", VAT, 7, "there is no"),
        ("The VAT has a reduced rate of 7 %.", VAT, 7, "there is no"),
        (
            "There is no GST here. A standard rate of 15 % holds.",
            VAT,
            15,
            "there is no",
        ),
        ("Until 30 June 2019 the VAT was 17 %.", VAT, 17, "former"),
        ("Residence: 10 years; five for spouses", STAY, 5, "only qualifies"),
        ("VAT will be 21 % in 2031.", VAT, 21, "still to come"),
        ("The VAT rate is 120 %.", VAT, 120, "above the largest"),
        ("Rainfall is 19 %.", VAT, 19, "no sentence speaks of"),
        ("VAT brings 19 billion.", VAT, 19, "no sentence about"),
        ("Residence: 3-5 years", STAY, 5, "end of a range"),
        ("Residence: 6 months", STAY, 6, "counted in months"),
        ("Real GDP: EUR 40 million", GDP, 40e6, "amount of EUR"),
        ("Real GDP per capita: $500", GDP, 500, "means another one"),
        ("| France | VAT 20 % |", VAT, 20, "another country"),
        ("The VAT rate is 19 %.", VAT, "about", "not a number"),
        ("The VAT rate is 19 %.", VAT, float("nan"), "not a number"),
    ],
)
def test_prove_refuses_with_a_reason(
    text: str, field: Field, proposed: object, reason: str
) -> None:
    """A number in the wrong role or without its words is no fact."""
    record = prove_text(text, {field.name: proposed}, field)
    assert find_proved(record) is None
    (refusal,) = record.refused
    assert reason in refusal.reason


def test_prove_reads_a_number_by_its_form_not_by_its_digits() -> None:
    """2 760,00 is 2760, never 276000."""
    text = "PTKP: Rp 2 760,00 per month"
    assert find_proved(prove_text(text, {"allowance": 276_000}, ALLOWANCE)) is None
    fact = find_proved(prove_text(text, {"allowance": 2760}, ALLOWANCE))
    assert fact is not None
    assert fact.value == 2760


def test_prove_reads_open_forms_as_the_text_writes_them() -> None:
    """1.234 is a thousand in a text that writes 5,5; else both, and it says so."""
    italian = "Residence costs 1.234 points. The fee is 5,5 points."
    field = Field("cost", "Residence", "number")
    fact = find_proved(prove_text(italian, {"cost": 1.234}, field))
    assert fact is not None
    assert (fact.value, fact.evidence[0].repair) == (1234, "magnitude")
    open_text = "Residence costs 1.234 points."
    fact = find_proved(prove_text(open_text, {"cost": 1234}, field, language=""))
    assert fact is not None
    assert fact.evidence[0].repair == "'1.234' read as 1234"


def test_prove_mends_no_factor_that_leaves_a_choice() -> None:
    """6 may stand for 6,000 or 6 million: refused."""
    text = "PTKP: 6,000 or 6 million"
    record = prove_text(text, {"allowance": 6}, ALLOWANCE)
    assert "several" in record.refused[0].reason


def test_prove_gives_a_value_to_the_field_it_stands_with() -> None:
    """Of two rates in one sentence each field gets its own."""
    text = "The standard rate is 19 %, the reduced rate 7 %, the corporate tax 15 %."
    fields = (VAT, REDUCED, COMPANY)
    right = prove_text(text, {"vat": 19, "reduced": 7, "company": 15}, *fields)
    assert [fact.value for fact in right.facts] == [19, 7, 15]
    wrong = prove_text(text, {"vat": 7, "reduced": 15, "company": 19}, *fields)
    own = {"vat": 19, "reduced": 7, "company": 15}
    assert all(own[fact.field] == fact.value for fact in wrong.facts)
    assert all(fact.level == "derived" for fact in wrong.facts)
    assert len(wrong.refused) == 3
    assert "'Corporate tax'" in wrong.refused[1].reason


@pytest.mark.parametrize("column", ["VAT", "standard rate"])
def test_prove_reads_tables_by_column(column: str) -> None:
    """The header cell above a value names it, the row's first cell the country."""
    text = (
        f"| Country | {column} | reduced rate |\n|---|---|---|\n"
        "| France | 20 % | 5 % |\n| Germany | 19 % | 7 % |"
    )
    fact = find_proved(prove_text(text, {"vat": 19}, VAT, REDUCED))
    assert fact is not None
    assert fact.evidence[0].quote == "| Germany | 19 % | 7 % |"
    for wrong in (7, 20):
        assert find_proved(prove_text(text, {"vat": wrong}, VAT, REDUCED)) is None


def test_prove_takes_percent_from_the_column_title() -> None:
    """A bare number below "Rate (%)" is a percentage."""
    text = "| Tax | Rate (%) |\n|---|---|\n| VAT | 19 |"
    fact = find_proved(prove_text(text, {"vat": 19}, VAT))
    assert fact is not None
    assert (fact.value, fact.unit) == (19, "%")


SERIES = (
    "## Military expenditures\n\n"
    "Military Expenditures 2023: 1.6% of GDP (2023 est.)\n"
    "Military Expenditures 2025: 2.4% of GDP (2025 est.)\n"
    "Military Expenditures 2024: 2% of GDP (2024 est.)\n"
)


def test_prove_wants_the_newest_of_a_series() -> None:
    """An older year's value is refused; the newest is read by rule instead."""
    record = prove_text(SERIES, {"military": 2}, MILITARY)
    assert "value of 2024" in record.refused[0].reason
    (fact,) = record.facts
    assert (fact.value, fact.level, fact.unit) == (2.4, "derived", "% of GDP")


def test_prove_agrees_when_the_rule_reader_does() -> None:
    """The same value from both readers is the highest level."""
    (fact,) = prove_text(SERIES, {"military": 2.4}, MILITARY).facts
    assert fact.level == "agreed"
    assert fact.statement == "Military expenditures of Germany: 2.4% of GDP."


def test_prove_prefers_the_labelled_value() -> None:
    """A number near the words gives way to the one the text labels with them."""
    text = "## Population\n\n- total: 84,012,284\n- male: 41,517,301"
    record = prove_text(text, {"population": 41_517_301}, POPULATION)
    assert "labels 84012284" in record.refused[0].reason
    (fact,) = record.facts
    assert (fact.value, fact.level) == (84_012_284, "derived")


def test_prove_marks_a_conflict_between_two_labels() -> None:
    """Two labelled values that differ are published as a conflict, with all quotes."""
    text = "Military expenditures: 2% of GDP\n\nMilitary expenditures 2025: 3% of GDP"
    (fact,) = prove_text(text, {"military": 2}, MILITARY).facts
    assert (fact.value, fact.level) == (2, "conflict")
    assert [each.quote for each in fact.evidence] == text.split("\n\n")


@pytest.mark.parametrize(
    "text", ["", "VAT", "VAT: 19 % or 7 %", "## VAT\n\nIt is 19 %."]
)
def test_prove_derives_nothing_that_leaves_a_choice(text: str) -> None:
    """Without a label, or with two values, the rule reader stays silent."""
    assert prove_text(text, {}, VAT).facts == ()


def test_prove_fills_a_gap_with_what_is_stated_beyond_doubt() -> None:
    """A rate nobody proposed, named by the field's own words, the only one."""
    (fact,) = prove_text("The VAT is 19 %.", {}, VAT).facts
    assert (fact.value, fact.level) == (19, "derived")
    for text in ("The VAT was 19 %.", "The VAT is 19 %.\n\nThe VAT is 7 %."):
        assert prove_text(text, {}, VAT).facts == ()


def test_prove_quotes_at_most_a_window_of_a_long_unit() -> None:
    """The quote stays near 400 characters, exact, with the value in it."""
    text = "The VAT rate, " + "as is known, " * 80 + "is 19 % " + "of it all " * 80
    fact = find_proved(prove_text(text, {"vat": 19}, VAT))
    assert fact is not None
    quote = fact.evidence[0]
    assert len(quote.quote) <= 420
    assert "19 %" in quote.quote
    assert text[quote.start : quote.end] == quote.quote


def test_prove_names_entity_and_category() -> None:
    """Facts and refusals say whose they are, and how a person would read the value."""
    record = prove_text("The VAT rate is 19 %.", {"vat": 19, "dual": True}, VAT, DUAL)
    assert (record.entity, record.category) == ("Germany", "test")
    assert record.facts[0].statement == "VAT rate of Germany: 19%."
    assert record.refused[0].proposed == "yes"


_RATES = st.integers(1, 39)
_PIECES = st.sampled_from(
    [
        "The VAT rate is {} %.",
        "## VAT",
        "| VAT | {} % |",
        "- VAT: {},5 %",
        "| Kind | Rate |\n|---|---|\n| standard rate | {} % |",
        "Legal system\ncivil law and {} others",
        "Ünïcödé 🍚 text about {}.",
        "",
        "dual citizenship: yes",
    ]
)


@given(
    st.lists(st.tuples(_PIECES, _RATES), max_size=8),
    st.floats(0, 40) | _RATES.map(float),
    st.text(max_size=20),
    st.booleans(),
)
def test_prove_never_publishes_a_value_outside_its_quote(
    pieces: list[tuple[str, int]], rate: float, words: str, answer: bool
) -> None:
    """Quotes are exact, and every published number or text lies inside its own."""
    text = "\n".join(piece.format(number) for piece, number in pieces)
    document = make_document(text)
    schema = FactSchema("test", "country", (VAT, LEGAL, DUAL))
    proposed = {"vat": rate, "legal": words or None, "dual": answer}
    record = prove(proposed, schema, document)
    for fact in record.facts:
        for each in fact.evidence:
            assert document.text[each.start : each.end] == each.quote
        quote = fact.evidence[0].quote
        if fact.field == "vat":
            stated = [value for each in read_numbers(quote) for value in each.values]
            assert fact.value in stated
        if fact.field == "legal":
            assert str(fact.value) in " ".join(quote.split())
