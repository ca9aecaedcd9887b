"""Ranges: a list is published when each bracket and its structure is proved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subak.knowledge.facts.prove import prove
from subak.knowledge.facts.ranges import Range
from subak.knowledge.facts.schema import FactSchema
from subak.knowledge.text.numbers import read_numbers
from tests.knowledge.facts.proving import make_document
from tests.knowledge.facts.ranges_sample import (
    INCOME,
    LAYOUTS,
    THREE,
    WIDTHS,
    as_answer,
    as_ranges,
    prove_ranges_in,
)

_TABLE = LAYOUTS["table"]


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_ranges_are_proved_in_every_layout(name: str) -> None:
    """Tables, lists and prose of three languages, by model and by rule alike."""
    (fact,) = prove_ranges_in(LAYOUTS[name], as_answer(*THREE)).facts
    assert fact.value == as_ranges(*THREE)
    assert fact.level == "agreed"
    (derived,) = prove_ranges_in(LAYOUTS[name], None).facts
    assert (derived.value, derived.level) == (as_ranges(*THREE), "derived")


@pytest.mark.parametrize("name", sorted(WIDTHS))
def test_ranges_add_widths_up_and_say_so(name: str) -> None:
    """ "The next 22,000" ends at 50,000: derived, and the repair tells."""
    (fact,) = prove_ranges_in(WIDTHS[name], as_answer(*THREE)).facts
    assert fact.value == as_ranges(*THREE)
    assert (fact.level, fact.evidence[0].repair) == ("derived", "sums")


def test_ranges_have_a_quote_each_then_the_heading() -> None:
    """The evidence stands in the ranges' order."""
    (fact,) = prove_ranges_in(_TABLE, as_answer(*THREE)).facts
    assert [each.quote for each in fact.evidence] == [
        "| up to 28,000 | 23 % |",
        "| 28,001 to 50,000 | 35 % |",
        "| over 50,000 | 43 % |",
        "## Income tax",
    ]
    assert fact.unit == "% by EUR"
    assert fact.statement == (
        "Income tax of Germany: 23% up to EUR 28,000, 35% up to EUR 50,000, 43% above."
    )


@pytest.mark.parametrize(
    ("answer", "repair"),
    [
        (as_answer((0, 28e3, 0.23), (28e3, 50e3, 0.35), (50e3, None, 0.43)), "x100"),
        (as_answer((0, 28, 23), (28, 50, 35), (50, None, 43)), "magnitude"),
        (as_answer((0, 28e3, 23), (28_001, 50e3, 35), (50_001, None, 43)), ""),
        (as_answer((50e3, None, 43), (0, 28e3, 23), (28e3, 50e3, 35)), ""),
    ],
)
def test_ranges_are_mended_by_one_common_factor(answer: object, repair: str) -> None:
    """Shares for percent, lost zeros, bounds one step up, any order."""
    (fact,) = prove_ranges_in(_TABLE, answer).facts
    assert fact.value == as_ranges(*THREE)
    assert fact.evidence[0].repair.endswith(repair)
    assert bool(fact.evidence[0].repair) == bool(repair)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (as_answer((0, 28e3, 23), (28e3, 50e3, 43)), "no range of the text is 43%"),
        (as_answer((0, 28e3, 23), (28e3, 50e3, 35)), "the last range ends at 50,000"),
        (as_answer((0, 28e3, 23), (50e3, None, 43)), "nothing is said from 28,000"),
        (as_answer((28e3, 50e3, 35), (50e3, None, 43)), "begins at 28,001"),
        (as_answer((0, 28e3, 35), (28e3, 50e3, 23), (50e3, None, 43)), "no range"),
        (as_answer((0, 55e3, 23), (55e3, None, 43)), "no range of the text is 23%"),
        (as_answer((0, 2800, 23), (28e3, 50e3, 35), (50e3, None, 43)), "no range"),
        ("23 %", "not a list"),
        ([{"from": 0, "to": None}], "range 1 of the answer lacks a number"),
        ([1], "range 1"),
        ([], "empty"),
        (as_answer((0, None, 1)) * 61, "more than 60"),
    ],
)
def test_ranges_that_are_not_stated_are_refused(answer: object, reason: str) -> None:
    """One wrong bracket or a broken structure refuses the whole list, with why."""
    record = prove_ranges_in(_TABLE, answer)
    assert [fact.level for fact in record.facts] == ["derived"]
    (refusal,) = record.refused
    assert reason in refusal.reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (_TABLE.replace("Income tax", "Income tax 2031"), "still to come"),
        (_TABLE.replace("Income tax", "Income tax in France"), "another country"),
        (_TABLE.replace("Income tax", "State income tax"), "gives it for 'State"),
        (_TABLE.replace("Income tax", "Corporate tax").replace("income", "x"), "speak"),
        ("", "no list of ranges speaks"),
    ],
)
def test_ranges_of_something_else_are_refused(text: str, reason: str) -> None:
    """Another time, country, level or tax, though the numbers are right."""
    record = prove_ranges_in(text, as_answer(*THREE))
    assert record.facts == ()
    assert reason in record.refused[0].reason


def test_ranges_are_those_of_the_newest_year() -> None:
    """An older year's list gives way to the newer one."""
    old = _TABLE.replace("Income tax", "Income tax 2024").replace("50,000", "48,000")
    text = f"{_TABLE.replace('Income tax', 'Income tax 2025')}\n{old}"
    record = prove_ranges_in(
        text, as_answer((0, 28e3, 23), (28e3, 48e3, 35), (48e3, None, 43))
    )
    assert "the list is of 2024" in record.refused[0].reason
    (fact,) = record.facts
    assert (fact.value, fact.year) == (as_ranges(*THREE), 2025)


def test_ranges_may_begin_where_the_tax_free_part_ends() -> None:
    """A list begins at zero, or above what the text calls free."""
    text = (
        "Income tax: the first 5,000 EUR are exempt. 10 % applies from 5,000 to 20,000 "
        "EUR and 20 % above 20,000 EUR."
    )
    answer = as_answer((5_000, 20_000, 10), (20_000, None, 20))
    (fact,) = prove_ranges_in(text, answer).facts
    assert fact.value == as_ranges((5_000, 20_000, 10), (20_000, None, 20))


def test_ranges_read_no_tax_as_nothing_and_say_so() -> None:
    """The words stand for 0 %."""
    text = "Income tax: up to 11,604 EUR no tax, 14 % from 11,605 EUR."
    answer = as_answer((0, 11_604, 0), (11_604, None, 14))
    (fact,) = prove_ranges_in(text, answer).facts
    assert fact.value == as_ranges((0, 11_604, 0), (11_604, None, 14))
    assert fact.evidence[0].repair == "'no tax' read as 0"


def test_ranges_tell_an_amount_from_a_year() -> None:
    """ "Up to 2000 EUR" is no former value."""
    text = "Income tax: 10 % up to 2000 EUR, 20 % above."
    answer = as_answer((0, 2000, 10), (2000, None, 20))
    (fact,) = prove_ranges_in(text, answer).facts
    assert fact.value == as_ranges((0, 2000, 10), (2000, None, 20))


def test_ranges_are_more_than_one() -> None:
    """A flat rate is no list, however it is put."""
    for answer in (as_answer((0, None, 15)), None):
        record = prove_ranges_in("Income tax is a flat 15 % for all.", answer)
        assert record.facts == ()


def test_ranges_keep_the_structure_the_field_asks_for() -> None:
    """A list whose values fall is refused, unless the field allows it."""
    text = "Income tax: 20 % up to 9,000 EUR and 10 % above 9,000 EUR."
    answer = as_answer((0, 9_000, 20), (9_000, None, 10))
    assert "doesn't rise" in prove_ranges_in(text, answer).refused[0].reason
    falling = replace(INCOME, structure=("starts", "joins", "open"))
    (fact,) = prove_ranges_in(text, answer, falling).facts
    assert fact.value == as_ranges((0, 9_000, 20), (9_000, None, 10))


def test_ranges_hold_other_values_than_percentages() -> None:
    """Points by years of work, read from a table of plain numbers."""
    text = """## Points
| Years of work | Rate (points) |
|---|---|
| up to 3 | 5 |
| over 3 | 9 |
"""
    points = replace(INCOME, words=("points",), unit="years", rate_unit="points")
    (fact,) = prove_ranges_in(text, as_answer((0, 3, 5), (3, None, 9)), points).facts
    assert fact.statement == (
        "Income tax of Germany: 5 points up to 3 years, 9 points above."
    )


def test_ranges_take_the_proposal_of_an_earlier_fact() -> None:
    """What was published before is proved again as it was."""
    (fact,) = prove_ranges_in(_TABLE, as_ranges(*THREE)).facts
    assert fact.level == "agreed"


_BOUNDS = st.lists(st.integers(1, 900), min_size=1, max_size=4, unique=True)
_RATES = st.lists(st.integers(1, 60), min_size=5, max_size=5, unique=True)
_FORMS = st.sampled_from(
    ["| {low} to {high} | {rate} % |", "- {low} – {high} EUR: {rate} %"]
)


@given(
    _BOUNDS,
    _RATES,
    _FORMS,
    st.lists(st.tuples(st.integers(0, 4), st.floats(-9, 9)), max_size=2),
)
def test_ranges_published_are_those_of_the_text(
    bounds: list[int], rates: list[int], form: str, damage: list[tuple[int, float]]
) -> None:
    """However a proposal is damaged: exact quotes, and every number inside one."""
    ends = [1000.0 * each for each in sorted(bounds)]
    stated = list(zip([0.0, *ends], [*ends, None], sorted(rates), strict=False))
    lines = [
        form.format(low=f"{low:,.0f}", high=f"{high:,.0f}", rate=rate)
        if high is not None
        else form.replace("{low} to {high}", "over {low}")
        .replace("{low} – {high}", "over {low}")
        .format(low=f"{low:,.0f}", rate=rate)
        for low, high, rate in stated
    ]
    text = "\n".join(["## Income tax", *lines])
    answer = as_answer(*stated)
    for index, factor in damage:
        each = answer[index % len(answer)]
        each["value"] = float(str(each["value"])) * factor
    document = make_document(text)
    schema = FactSchema("test", "country", (INCOME,))
    for fact in prove({"income": answer}, schema, document).facts:
        quotes = " ".join(each.quote for each in fact.evidence)
        for each_ in fact.evidence:
            assert document.text[each_.start : each_.end] == each_.quote
        numbers = {v for number in read_numbers(quotes) for v in number.values}
        assert isinstance(fact.value, tuple)
        for range_ in fact.value:
            assert range_.value in numbers
            assert range_.lower == 0 or range_.lower in numbers
            assert range_.upper is None or range_.upper in numbers
        assert fact.value == tuple(Range(*each) for each in stated)
