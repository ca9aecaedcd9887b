"""Settlement: of all that documents state for a field, the one value to publish; pure.

Sources that differ are shown and never averaged. What is no longer proved keeps its
last published value, marked as not confirmed. The same input settles to the same
values before and after its publication: what changed stays changed until something
of the category changes again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Fact, FieldValue, Record

Status = Literal["new", "changed", "same", "kept"]
Key = tuple[str, str]

_UNKNOWN_TIER = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """How much a document counts.

    Args:
        tier: 1 official, 2 press, 3 community.
        date: ISO date of its publication, else of when it was first seen.
        seen: ISO date of when this text was first seen.
    """

    tier: int = _UNKNOWN_TIER
    date: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """What was last published of a field.

    Args:
        fact: The value with its quotes; without any when it was taken from a file.
        edition: Number of the publication that brought it, 0 for one from a file.
        since: ISO date since when it is published, "" when unknown.
        confirmed: ISO date of the last publication that proved it, "" for none.
        was: The value before it, None when it is the first.
        was_unit: Unit of that.
        was_until: ISO date, "" where no text says.
        was_seen: ISO date when that one was last proved, "" when unknown.
    """

    fact: Fact
    edition: int = 0
    since: str = ""
    confirmed: str = ""
    was: FieldValue | None = None
    was_unit: str = ""
    was_until: str = ""
    was_seen: str = ""


@dataclass(frozen=True, slots=True)
class Previous:
    """What was last published of a category.

    Args:
        edition: Number of the last publication that brought anything, 0 for none.
        values: By entity and field.
    """

    edition: int = 0
    values: Mapping[Key, Past] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """The value of one field of one entity, as it is to be published.

    Args:
        fact: The value, with the quotes of all documents that state it.
        status: Against the last publication; "kept" is not confirmed now: to be
            shown as such, and never to a model.
        was: The value before this one, None when there was none.
        was_until: ISO date until which that one held, "" where no text says.
        others: What other documents state instead, the one that counts most first.
        was_unit: Unit of ``was``.
        since: ISO date since when the value is published.
        was_seen: ISO date when ``was`` was last proved, "" when unknown.
        last_confirmed: Of a kept value: ISO date when it was last proved, "" for never.
    """

    fact: Fact
    status: Status
    was: FieldValue | None = None
    was_until: str = ""
    others: tuple[Fact, ...] = ()
    was_unit: str = ""
    since: str = ""
    was_seen: str = ""
    last_confirmed: str = ""

    @property
    def is_confirmed(self) -> bool:
        """Tell whether a document of this run proves the value."""
        return self.status != "kept"

    @property
    def is_disputed(self) -> bool:
        """Tell whether documents differ."""
        return bool(self.others)

    @property
    def key(self) -> Key:
        """Return entity and field."""
        return (self.fact.entity, self.fact.field)

    @property
    def documents(self) -> tuple[str, ...]:
        """Return the ids of the documents that state the value, each once."""
        return tuple(dict.fromkeys(one.document for one in self.fact.evidence))


StandingOf = Callable[[str], Standing]


def standing(document: Document | None) -> Standing:
    """Return how much a document counts; one that is missing counts least."""
    if document is None:
        return Standing()
    seen = datetime.fromtimestamp(document.fetched_at, UTC).date().isoformat()
    return Standing(document.tier, document.published[:10] or seen, seen)


def settle(
    records: Iterable[Record],
    standing_of: StandingOf,
    previous: Previous,
    fields: Sequence[str] = (),
) -> tuple[Settled, ...]:
    """Return the values of one category to publish, by entity and field.

    Of values that differ the one of the lower tier counts, then the one stated for
    the later date, then the one of more documents.

    Args:
        records: Of one category, in any order.
        standing_of: Tells of a document's id how much it counts.
        previous: What was last published of the category.
        fields: The recipe's fields in order: what was published of others goes.
    """
    found = _found(records, standing_of)
    is_current = all(
        key in previous.values and is_same(previous.values[key].fact, choice.fact)
        for key, choice in found.items()
    )
    edition = previous.edition if is_current else 0
    settled = [
        _judged(choice, previous.values.get(key), edition)
        for key, choice in found.items()
    ]
    settled += [
        _kept(past)
        for key, past in previous.values.items()
        if key not in found and key[1] in fields
    ]
    places = {name: number for number, name in enumerate(fields)}
    return tuple(sorted(settled, key=lambda one: _place(one, places)))


def settle_all(
    records: Iterable[Record],
    standing_of: StandingOf,
    previous_of: Callable[[str], Previous],
    fields_of: Callable[[str], Sequence[str]],
    categories: Iterable[str] = (),
) -> tuple[Settled, ...]:
    """Settle the records of all categories; see ``settle``.

    Args:
        previous_of: Tells what was last published of a category.
        fields_of: Tells the recipe's fields of a category.
        categories: Those to look at although no record is of them.
    """
    parted: dict[str, list[Record]] = {category: [] for category in categories}
    for record in records:
        for category in dict.fromkeys(fact.category for fact in record.facts):
            facts = tuple(one for one in record.facts if one.category == category)
            part = replace(record, category=category, facts=facts)
            parted.setdefault(category, []).append(part)
    return tuple(
        one
        for category in sorted(parted)
        for one in settle(
            parted[category], standing_of, previous_of(category), fields_of(category)
        )
    )


def is_same(one: Fact, other: Fact) -> bool:
    """Tell whether two facts state the same value; a missing unit fits any."""
    units_fit = one.unit == other.unit or not (one.unit and other.unit)
    return units_fit and _are_equal(one.value, other.value)


@dataclass(frozen=True, slots=True)
class _Statement:
    """A value that one document states."""

    document: str
    standing: Standing
    fact: Fact

    @property
    def date(self) -> str:
        """Return the date it speaks for: of the document, or earlier as it says."""
        stated = [self.standing.date]
        if self.fact.year is not None:
            stated.append(f"{self.fact.year:04}-12-31")
        if self.fact.valid_to:
            stated.append(self.fact.valid_to)
        return min(stated) if self.standing.date else ""


@dataclass(frozen=True, slots=True)
class _Choice:
    """The value of a field that counts most, and the others."""

    fact: Fact
    seen: str
    others: tuple[Fact, ...]


def _found(records: Iterable[Record], standing_of: StandingOf) -> dict[Key, _Choice]:
    stated: dict[Key, dict[tuple[str, ...], _Statement]] = {}
    for record in records:
        for fact in record.facts:
            one = _Statement(record.document, standing_of(record.document), fact)
            stated.setdefault((fact.entity, fact.field), {})[_order(one)] = one
    return {key: _choose(list(stated[key].values())) for key in sorted(stated)}


def _choose(statements: list[_Statement]) -> _Choice:
    values: list[list[_Statement]] = []
    for one in _ranked(statements):
        same = next((each for each in values if is_same(each[0].fact, one.fact)), None)
        if same is None:
            values.append([one])
        else:
            same.append(one)
    # Stable: of values that count alike the better ranked statement decides.
    values.sort(key=lambda same: -len({one.document for one in same}))
    values.sort(key=lambda same: same[0].date, reverse=True)
    values.sort(key=lambda same: same[0].standing.tier)
    first, *rest = [_joined(same) for same in values]
    return _Choice(first, values[0][0].standing.seen, tuple(rest))


def _ranked(statements: list[_Statement]) -> list[_Statement]:
    ordered = sorted(statements, key=_order)
    ordered.sort(key=lambda one: one.date, reverse=True)
    return sorted(ordered, key=lambda one: one.standing.tier)


def _order(one: _Statement) -> tuple[str, ...]:
    """Return what tells statements apart, and orders equals however they came."""
    fact = one.fact
    value = f"{type(fact.value).__name__} {fact.value}"
    holds = f"{fact.valid_from} {fact.valid_to} {fact.year}"
    places = [
        f"{each.start:012} {each.end:012} {each.document} {each.quote} {each.repair}"
        for each in fact.evidence
    ]
    known = (fact.unit, fact.level, fact.statement, holds)
    return (one.document, value, *known, *places)


def _joined(statements: Sequence[_Statement]) -> Fact:
    """Return the best statement of a value with the quotes of all."""
    quotes = (each for one in statements for each in one.fact.evidence)
    return replace(statements[0].fact, evidence=tuple(dict.fromkeys(quotes)))


def _judged(choice: _Choice, past: Past | None, edition: int) -> Settled:
    """Compare a value with what was published.

    Args:
        edition: Number of the publication that held this very outcome, 0 for none.
    """
    if past is None:
        status: Status = "new"
        return Settled(choice.fact, status, others=choice.others, since=choice.seen)
    if not is_same(past.fact, choice.fact):
        since = max(choice.seen, past.since, past.confirmed)
        return Settled(
            fact=choice.fact,
            status="changed",
            was=past.fact.value,
            was_until=_end_of(past, choice.fact),
            was_seen=past.confirmed or past.since,
            others=choice.others,
            was_unit=past.fact.unit,
            since=since,
        )
    status = "same"
    if edition and past.edition == edition:
        status = "new" if past.was is None else "changed"
    return Settled(
        fact=choice.fact,
        status=status,
        was=past.was,
        was_until=past.was_until,
        was_seen=past.was_seen,
        others=choice.others,
        was_unit=past.was_unit,
        since=past.since,
    )


def _end_of(past: Past, now: Fact) -> str:
    """Return until when a value held, as the texts say; "" where they don't."""
    if past.fact.valid_to:
        return past.fact.valid_to
    if now.valid_from > past.since:
        return _day_before(now.valid_from)
    return ""


def _day_before(day: str) -> str:
    try:
        return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
    except ValueError:
        return day


def _kept(past: Past) -> Settled:
    return Settled(
        fact=past.fact,
        status="kept",
        was=past.was,
        was_until=past.was_until,
        was_seen=past.was_seen,
        was_unit=past.was_unit,
        since=past.since,
        last_confirmed=past.confirmed,
    )


def _place(one: Settled, places: Mapping[str, int]) -> tuple[str, int, str]:
    entity, name = one.key
    return (entity, places.get(name, len(places)), name)


def _are_equal(one: FieldValue, other: FieldValue) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, str) and isinstance(other, str):
        return _folded(one) == _folded(other)
    if isinstance(one, int | float) and isinstance(other, int | float):
        is_close = math.isclose(one, other, rel_tol=1e-9)
        return is_close or (math.isnan(one) and math.isnan(other))
    return one == other


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
