"""What the tests of settlement share: facts, records, and a history to go on from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from subak.knowledge.facts.fact import Evidence, Fact, FieldValue, Record, Refusal
from subak.knowledge.settling.settlement import (
    Past,
    Previous,
    Settled,
    Standing,
    is_same,
    settle,
)

FIELDS = ("vat", "corporate", "name")
NOW = "2026-01-05"


def fact(
    value: FieldValue,
    document: str = "a",
    *,
    field: str = "vat",
    entity: str = "Italy",
    unit: str = "%",
) -> Fact:
    """Make a fact that a document proves by one quote."""
    quote = f"{field} {value}"
    proof = Evidence(document, f"https://{document}.example/", 0, len(quote), quote)
    return Fact(entity, "tax", field, value, unit, "evidence", (proof,))


def record(*facts: Fact, document: str = "") -> Record:
    """Make the record of the document that the first fact is proved by."""
    name = document or facts[0].evidence[0].document
    entity = facts[0].entity if facts else "Italy"
    return Record(name, f"https://{name}.example/", entity, "tax", facts)


def stated(value: FieldValue, document: str = "a", **wanted: str) -> Record:
    """Make a record of one fact."""
    return record(fact(value, document, **wanted))


def refused(field: str = "vat", entity: str = "Italy", document: str = "a") -> Record:
    """Make a record that proves nothing and refuses one value."""
    url = f"https://{document}.example/"
    one = Refusal(entity, "tax", field, "21.5", "no quote", document, url)
    return Record(document, url, entity, "tax", (), (one,))


def published(
    settled: Iterable[Settled], previous: Previous, day: str = NOW
) -> Previous:
    """Return the history after a publication, as a pure twin of ``Published``."""
    values = dict(previous.values)
    edition = previous.edition
    for one in settled:
        past = values.get(one.key)
        if not one.is_confirmed:
            continue
        if past is not None and is_same(past.fact, one.fact):
            values[one.key] = replace(past, fact=one.fact, confirmed=day)
            continue
        edition = previous.edition + 1
        values[one.key] = Past(
            fact=one.fact,
            edition=edition,
            since=one.since,
            confirmed=day,
            was=one.was,
            was_unit=one.was_unit,
            was_until=one.was_until,
            was_seen=one.was_seen,
        )
    return Previous(edition, values)


def settled_by(
    records: Iterable[Record],
    standings: Mapping[str, Standing] | None = None,
    previous: Previous | None = None,
) -> tuple[Settled, ...]:
    """Settle with the standings given; others are press of today."""
    known = standings or {}
    return settle(
        records,
        lambda document: known.get(document, Standing(2, NOW, NOW)),
        previous or Previous(),
        FIELDS,
    )
