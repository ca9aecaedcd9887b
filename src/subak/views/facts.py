"""Facts: the values that stand now, what was refused, and what changed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import apsw
import msgspec

from subak.errors import StorageError
from subak.knowledge.documents.archive import find_document
from subak.knowledge.facts.fact import Evidence, Fact, FieldValue, Record, Refusal
from subak.knowledge.settling.published import published_categories, read_published
from subak.knowledge.settling.settlement import (
    Previous,
    Settled,
    Standing,
    settle_all,
    standing,
)
from subak.views.runs import Run
from subak.views.stored_values import find_results_run, iter_values

FieldsOf = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Facts:
    """The values of a run.

    Args:
        run: Whose.
        settled: One a field of an entity, by category, entity and field; with what
            was published before where the run is the newest that published.
        refused: Proposed and not proved, in the same order.
        categories: All there are, also where only one was asked for.
        has_history: Whether ``settled`` was compared with what was published.
        refused_in_all: How many were refused in all categories.
    """

    run: Run
    settled: tuple[Settled, ...]
    refused: tuple[Refusal, ...]
    categories: tuple[str, ...]
    has_history: bool
    refused_in_all: int = 0

    @property
    def changed(self) -> tuple[Settled, ...]:
        """Return the values that are not as they were, or that sources dispute."""
        return tuple(
            one for one in self.settled if one.status != "same" or one.is_disputed
        )

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract."""
        return {
            "version": 1,
            "run": self.run.id,
            "categories": list(self.categories),
            "facts": [fact_json(one) for one in self.settled],
            "refused": [refusal_json(one) for one in self.refused],
        }


def read_facts(
    db: apsw.Connection,
    run: str = "",
    *,
    category: str | None = None,
    fields_of: FieldsOf | None = None,
) -> Facts:
    """Return the values of a run, by default of the newest that published.

    Settled as publishing does it: the same input gives the same values before and
    after its publication.

    Args:
        category: Only of this one.
        fields_of: Tells the recipe's fields of a category, in its order; by default
            all that were ever published of it.

    Raises:
        UserError: There is no such run.
    """
    record = find_results_run(db, run)
    has_history = record.id == find_results_run(db).id
    found = list(dict.fromkeys(iter_values(db, record.id, "facts", Record)))
    told = published_categories(db) if has_history else ()
    categories = {each for one in found for each in _categories(one)} | set(told)
    history = {
        name: read_published(db, name) if has_history else Previous()
        for name in sorted(categories)
        if category in (None, name)
    }

    def fields(name: str) -> Sequence[str]:
        known = [field for _, field in history[name].values]
        return (fields_of(name) if fields_of else ()) or list(dict.fromkeys(known))

    wanted = found if category is None else [_part(one, category) for one in found]
    settled = settle_all(
        wanted, _Standings(db), lambda name: history[name], fields, history
    )
    return Facts(
        run=record,
        settled=tuple(sorted(settled, key=_order)),
        refused=_refused(wanted),
        categories=tuple(sorted(categories)),
        has_history=has_history,
        refused_in_all=len(_refused(found)),
    )


def read_refused(db: apsw.Connection, run: str = "") -> Facts:
    """Return only what a run refused, in a fraction of the time: nothing is settled.

    Raises:
        UserError: There is no such run.
    """
    record = find_results_run(db, run)
    found = list(dict.fromkeys(iter_values(db, record.id, "facts", Record)))
    refused = _refused(found)
    categories = {each for one in found for each in _categories(one)}
    return Facts(record, (), refused, tuple(sorted(categories)), False, len(refused))


def stated_values(
    db: apsw.Connection, records: Iterable[Record]
) -> tuple[Settled, ...]:
    """Return what records state, each field once, whatever was published before."""
    return settle_all(records, _Standings(db), lambda _: Previous(), lambda _: ())


def fact_json(one: Settled) -> dict[str, object]:
    """Return a value with its proof, its history and what disputes it."""
    return {
        **_stated_json(one.fact),
        "status": one.status,
        "confirmed": one.is_confirmed,
        "since": one.since,
        "was": value_json(one.was),
        "was_unit": one.was_unit,
        "was_until": one.was_until,
        "was_seen": one.was_seen,
        "last_confirmed": one.last_confirmed,
        "others": [_stated_json(each) for each in one.others],
    }


def refusal_json(one: Refusal) -> dict[str, object]:
    """Return a refused value with the reason."""
    return {
        "category": one.category,
        "entity": one.entity,
        "field": one.field,
        "proposed": one.proposed,
        "reason": one.reason,
        "document": one.document,
        "url": one.url,
    }


def value_json(value: FieldValue | None) -> object:
    """Return a value as JSON can hold it: one that is no number there as text."""
    plain: object = msgspec.to_builtins(value)
    is_odd = isinstance(plain, float) and not math.isfinite(plain)
    return str(plain) if is_odd else plain


class _Standings:
    """How much each document counts, looked up once."""

    def __init__(self, db: apsw.Connection) -> None:
        self._db = db
        self._known: dict[str, Standing] = {}

    def __call__(self, document: str) -> Standing:
        if document not in self._known:
            self._known[document] = self._look_up(document)
        return self._known[document]

    def _look_up(self, document: str) -> Standing:
        try:
            return standing(find_document(self._db, document))
        except StorageError:  # damaged: a view says less, it does not fail
            return standing(None)


def _categories(record: Record) -> set[str]:
    return {fact.category for fact in record.facts} | {
        refusal.category for refusal in record.refused
    }


def _part(record: Record, category: str) -> Record:
    """Return what a record says of one category."""
    return replace(
        record,
        facts=tuple(one for one in record.facts if one.category == category),
        refused=tuple(one for one in record.refused if one.category == category),
    )


def _refused(records: Iterable[Record]) -> tuple[Refusal, ...]:
    """Return each refused value once, in order."""
    found = {refusal for record in records for refusal in record.refused}
    return tuple(sorted(found, key=_refusal_order))


def _stated_json(fact: Fact) -> dict[str, object]:
    return {
        "category": fact.category,
        "entity": fact.entity,
        "field": fact.field,
        "value": value_json(fact.value),
        "unit": fact.unit,
        "level": fact.level,
        "statement": fact.statement,
        "valid_from": fact.valid_from,
        "valid_to": fact.valid_to,
        "year": fact.year,
        "evidence": [_evidence_json(one) for one in fact.evidence],
    }


def _evidence_json(one: Evidence) -> dict[str, object]:
    return {
        "document": one.document,
        "url": one.url,
        "start": one.start,
        "end": one.end,
        "quote": one.quote,
        "repair": one.repair,
    }


def _order(one: Settled) -> tuple[str, ...]:
    return (one.fact.category, *one.key)


def _refusal_order(one: Refusal) -> tuple[str, ...]:
    where = (one.category, one.entity, one.field)
    return (*where, one.url, one.document, one.proposed, one.reason)
