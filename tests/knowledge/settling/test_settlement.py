"""Settlement: which value counts, what became of the last one, and nothing invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Fact, FieldValue, Record
from subak.knowledge.facts.ranges import Range
from subak.knowledge.settling.settlement import (
    Previous,
    Settled,
    Standing,
    is_same,
    settle_all,
    standing,
)
from tests.knowledge.settling.stated_facts import (
    NOW,
    fact,
    published,
    record,
    refused,
    settled_by,
    stated,
)

OLD, RECENT = "2025-06-01", "2026-01-01"


def _only(settled: tuple[Settled, ...]) -> Settled:
    (one,) = settled
    return one


@pytest.mark.parametrize(
    ("standings", "value"),
    [
        ({"a": Standing(1, OLD), "b": Standing(2, RECENT)}, 20),
        ({"a": Standing(2, OLD), "b": Standing(1, RECENT)}, 22),
        ({"a": Standing(2, OLD), "b": Standing(2, RECENT)}, 22),
        ({"a": Standing(2, RECENT), "b": Standing(2, OLD)}, 20),
        ({"a": Standing(2, ""), "b": Standing(2, OLD)}, 22),
        ({"a": Standing(3, RECENT), "b": Standing(2, "")}, 22),
        ({"a": Standing(2, OLD), "b": Standing(2, OLD)}, 20),
        ({}, 20),
    ],
)
def test_settle_takes_the_lower_tier_then_the_newer_date(
    standings: dict[str, Standing], value: int
) -> None:
    """An official page beats a newer article; of equals the newer one counts."""
    one = _only(settled_by([stated(20, "a"), stated(22, "b")], standings))
    assert one.fact.value == value
    assert [other.value for other in one.others] == [42 - value]
    assert one.is_disputed


def test_settle_takes_what_more_documents_say_of_equals() -> None:
    """Two documents outweigh one of the same tier and date; all quotes are kept."""
    records = [stated(20, "a"), stated(22, "b"), stated(22.0, "c"), stated(23, "d")]
    one = _only(settled_by(records))
    assert one.fact.value == 22
    assert one.documents == ("b", "c")
    assert [other.value for other in one.others] == [20, 23]


def test_settle_goes_by_the_year_a_text_states() -> None:
    """A fresh page about an old year is older than an older page about a later one."""
    old = replace(fact(20, "a"), year=2023)
    ended = replace(fact(21, "c"), valid_to="2024-12-31")
    standings = {"a": Standing(2, NOW), "b": Standing(2, OLD), "c": Standing(2, NOW)}
    one = _only(settled_by([record(old), record(ended), stated(22, "b")], standings))
    assert [one.fact.value, *(other.value for other in one.others)] == [22, 21, 20]


def test_settle_never_averages() -> None:
    """Of 10 and 20 one is published and one is shown, and nothing between."""
    one = _only(settled_by([stated(10, "a"), stated(20, "b")]))
    assert {one.fact.value, one.others[0].value} == {10, 20}


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        (19, 19.0, True),
        (0.1 + 0.2, 0.3, True),
        (19, 19.01, False),
        (True, 1, False),
        (False, 0.0, False),
        ("Euro  zone", "euro zone", True),
        ("19", 19, False),
        ((Range(0, None, 5),), (Range(0.0, None, 5.0),), True),
        ((Range(0, None, 5),), (Range(0, 10, 5), Range(10, None, 6)), False),
    ],
)
def test_values_are_the_same_by_what_they_mean(
    one: FieldValue, other: FieldValue, are_same: bool
) -> None:
    """The form of a number or the case of a text make no conflict."""
    assert is_same(fact(one), fact(other)) is are_same


def test_a_missing_unit_fits_any_and_another_does_not() -> None:
    """5 USD and 5 EUR differ; a file that names no currency contradicts neither."""
    assert is_same(fact(5, unit="USD"), fact(5, unit=""))
    assert not is_same(fact(5, unit="USD"), fact(5, unit="EUR"))


def test_first_values_are_new() -> None:
    """What was never published is new since its document was seen."""
    standings = {"a": Standing(1, OLD, RECENT)}
    one = _only(settled_by([stated(22)], standings))
    assert (one.status, one.was, one.since) == ("new", None, RECENT)
    assert one.is_confirmed


def test_a_changed_value_says_what_it_was_until_something_changes_again() -> None:
    """22 -> 24 reads the same after its publication, and is "same" a change later."""
    first = published(settled_by([stated(22)]), Previous(), "2026-01-04")
    changed = settled_by([stated(24)], previous=first)
    one = _only(changed)
    assert (one.status, one.was, one.was_until) == ("changed", 22, "")
    assert one.was_seen == "2026-01-04"
    second = published(changed, first)
    assert settled_by([stated(24)], previous=second) == changed
    later = {"b": Standing(2, "2026-02-01", "2026-02-01")}
    both = [stated(24), stated(15, "b", field="corporate")]
    vat, corporate = settled_by(both, later, second)
    assert (vat.status, vat.was, vat.was_seen) == ("same", 22, "2026-01-04")
    assert (corporate.status, corporate.since) == ("new", "2026-02-01")


def test_the_end_of_a_value_is_what_texts_say() -> None:
    """The new text says from when, or the old one until when it holds."""
    first = published(settled_by([stated(22)]), Previous(), "2025-12-20")
    later = {"b": Standing(2, "2026-01-20", "2026-01-20")}
    from_new = replace(fact(24, "b"), valid_from="2026-01-10")
    one = _only(settled_by([record(from_new)], later, first))
    assert (one.was_until, one.since) == ("2026-01-09", "2026-01-20")
    long_ago = replace(fact(24, "b"), valid_from="2001-01-01")
    assert _only(settled_by([record(long_ago)], later, first)).was_until == ""
    until = record(replace(fact(22), valid_to="2025-12-31"))
    told = published(settled_by([until]), Previous(), "2025-12-20")
    assert _only(settled_by([stated(24, "b")], later, told)).was_until == "2025-12-31"


@pytest.mark.parametrize(
    "today", [[], [refused()], [stated(15, "b", field="corporate")]]
)
def test_what_is_not_proved_now_is_kept(today: list[Record]) -> None:
    """A refused or missing field keeps its value, its quotes and its own date."""
    first = published(settled_by([stated(22)]), Previous(), "2026-01-04")
    kept = next(
        one for one in settled_by(today, previous=first) if not one.is_confirmed
    )
    assert (kept.status, kept.last_confirmed) == ("kept", "2026-01-04")
    assert kept.fact == fact(22)
    assert kept.others == ()


def test_a_lost_value_makes_nothing_else_old() -> None:
    """What was new stays new while a page is only missing."""
    both = [stated(22), stated(15, "b", field="corporate")]
    first = published(settled_by(both), Previous())
    vat, corporate = settled_by([stated(22)], previous=first)
    assert (vat.status, corporate.status) == ("new", "kept")
    assert published((vat, corporate), first) == first


def test_values_of_fields_that_left_the_recipe_go() -> None:
    """Nobody asks for them any more, so nothing is kept of them."""
    gone = settled_by([stated(5, field="gone")])
    first = published(gone, Previous())
    assert settled_by([], previous=first) == ()


def test_settled_values_stand_by_entity_in_the_order_of_the_recipe() -> None:
    """Fields the recipe doesn't know come last, by name."""
    names = ("other", "corporate", "vat", "another")
    records = [
        stated(1, field=name, entity=entity)
        for name in names
        for entity in ("Kenya", "Italy")
    ]
    order = [one.key for one in settled_by(records)]
    expected = ["vat", "corporate", "another", "other"]
    assert order == [
        (entity, name) for entity in ("Italy", "Kenya") for name in expected
    ]


def test_settle_all_parts_the_categories() -> None:
    """The same field of two categories is two fields, each with its own history."""
    tax, visa = fact(22), replace(fact(3, "b"), category="visa")
    first = published(settled_by([record(tax)]), Previous())
    histories = {"tax": first, "gone": published(settled_by([stated(9)]), Previous())}
    settled = settle_all(
        [record(tax), record(visa)],
        lambda _: Standing(),
        lambda category: histories.get(category, Previous()),
        lambda category: ["vat"] if category != "gone" else [],
        ("gone", "tax"),
    )
    assert [(one.fact.category, one.fact.value) for one in settled] == [
        ("tax", 22),
        ("visa", 3),
    ]


def test_a_document_stands_by_its_own_date_else_by_when_it_was_seen() -> None:
    """A missing document counts least."""
    document = Document("d", "u", "t", "x", published="2025-03-04T10:00Z", tier=1)
    seen = replace(document, published="", fetched_at=1_767_571_200.0)
    assert standing(document) == Standing(1, "2025-03-04", "1970-01-01")
    assert standing(seen) == Standing(1, "2026-01-05", "2026-01-05")
    assert standing(None) == Standing(3, "", "")


_VALUES = st.sampled_from(
    [10, 20, 20.0, 30, "Euro", "euro", True, (Range(0, None, 5),)]
)
_FACTS = st.builds(
    fact,
    _VALUES,
    st.sampled_from("abcde"),
    field=st.sampled_from(["vat", "corporate", "unknown"]),
    entity=st.sampled_from(["Italy", "Kenya"]),
    unit=st.sampled_from(["%", ""]),
)
_DAYS = st.lists(st.lists(_FACTS.map(record), max_size=8), min_size=1, max_size=4)
_STANDINGS = st.dictionaries(
    st.sampled_from("abcde"),
    st.builds(
        Standing,
        st.sampled_from([1, 2, 3]),
        st.sampled_from(["", OLD, RECENT]),
        st.sampled_from([OLD, RECENT, NOW]),
    ),
)


def _stated_in(days: list[list[Record]]) -> Iterator[Fact]:
    for records in days:
        for one in records:
            yield from one.facts


@settings(deadline=None, max_examples=150)
@given(_DAYS, _STANDINGS, st.randoms(use_true_random=False))
def test_settling_invents_nothing_and_stays_as_it_is(
    days: list[list[Record]], standings: dict[str, Standing], random: object
) -> None:
    """Each value and quote is some input's; the order of records doesn't matter."""
    previous = Previous()
    so_far: list[list[Record]] = []
    for records in days:
        so_far.append(records)
        settled = settled_by(records, standings, previous)
        turned = list(records)
        random.shuffle(turned)  # type: ignore[attr-defined]
        assert settled_by([*turned, *records], standings, previous) == settled
        after = published(settled, previous)
        assert settled_by(records, standings, after) == settled
        assert published(settled_by(records, standings, after), after) == after
        _check_inputs(settled, list(_stated_in(so_far)))
        previous = after


def _check_inputs(settled: tuple[Settled, ...], inputs: list[Fact]) -> None:
    values = {(one.entity, one.field, repr(one.value)) for one in inputs}
    quotes = {quote for one in inputs for quote in one.evidence}
    for one in settled:
        for shown in (one.fact, *one.others):
            assert (shown.entity, shown.field, repr(shown.value)) in values
            assert set(shown.evidence) <= quotes
        if one.was is not None:
            assert (*one.key, repr(one.was)) in values
        distinct = [one.fact, *one.others]
        for number, left in enumerate(distinct):
            assert not any(is_same(left, right) for right in distinct[number + 1 :])
