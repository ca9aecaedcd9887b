"""Comparison: two runs side by side, and the values that differ between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Literal

import apsw

from subak.knowledge.facts.fact import Fact, Record
from subak.knowledge.settling.settlement import Settled, is_same
from subak.views.costs import StageCosts, read_costs
from subak.views.facts import stated_values, value_json
from subak.views.past_runs import PastRun, read_past_run
from subak.views.runs import get_run
from subak.views.stored_values import read_values, result_keys

Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class FactChange:
    """A field whose value differs between two runs.

    Args:
        before: In the earlier run, None where it had none.
        after: In the later run, None where it has none.
    """

    category: str
    entity: str
    field: str
    before: Fact | None
    after: Fact | None

    @property
    def kind(self) -> Literal["new", "changed", "gone"]:
        """Tell what happened to it."""
        if self.before is None:
            return "new"
        return "gone" if self.after is None else "changed"

    def to_json(self) -> dict[str, object]:
        """Return the change with the names of the outer contract."""
        return {
            "kind": self.kind,
            "category": self.category,
            "entity": self.entity,
            "field": self.field,
            "before": _value_json(self.before),
            "after": _value_json(self.after),
        }


@dataclass(frozen=True, slots=True)
class StagePair:
    """One stage of both runs."""

    stage: str
    earlier: StageCosts
    later: StageCosts


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs.

    Args:
        changes: By category, entity and field.
        is_whole: Both came to their end. Of a run that did not, a value that is
            missing may only not have been reached, and is left out.
    """

    earlier: PastRun
    later: PastRun
    stages: tuple[StagePair, ...]
    changes: tuple[FactChange, ...]
    is_whole: bool

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract."""
        return {
            "version": 1,
            "earlier": self.earlier.to_json(),
            "later": self.later.to_json(),
            "stages": [
                {
                    "stage": pair.stage,
                    "earlier": asdict(pair.earlier),
                    "later": asdict(pair.later),
                }
                for pair in self.stages
            ],
            "changes": [change.to_json() for change in self.changes],
            "whole": self.is_whole,
        }


def compare_runs(db: apsw.Connection, earlier: str, later: str) -> Comparison:
    """Return two runs side by side.

    Raises:
        UserError: There is no such run.
    """
    first, second = get_run(db, earlier), get_run(db, later)
    ended = [run.status in ("done", "partial") for run in (first, second)]
    values = _differing_values(db, first.id, second.id)
    kinds = {"changed"}
    kinds |= {"new"} if ended[0] else set()
    kinds |= {"gone"} if ended[1] else set()
    return Comparison(
        earlier=read_past_run(db, first),
        later=read_past_run(db, second),
        stages=_stages(read_costs(db, first.id), read_costs(db, second.id)),
        changes=tuple(one for one in _changes(*values) if one.kind in kinds),
        is_whole=all(ended),
    )


def _differing_values(
    db: apsw.Connection, first: str, second: str
) -> tuple[dict[Place, Fact], dict[Place, Fact]]:
    """Return what the documents of both runs state of the entities that may differ.

    A document that both runs read alike differs in nothing, but may dispute what
    another one says of the same entity.
    """
    keys = [set(result_keys(db, run, "facts").values()) for run in (first, second)]
    both = keys[0] & keys[1]
    own = [_records(db, mine - both) for mine in keys]
    touched = {_entity(fact) for record in chain(*own) for fact in record.facts}
    shared = [
        record
        for record in (_records(db, both) if touched else ())
        if any(_entity(fact) in touched for fact in record.facts)
    ]
    one, other = (_by_place(stated_values(db, [*mine, *shared])) for mine in own)
    return one, other


def _records(db: apsw.Connection, keys: set[str]) -> list[Record]:
    return list(read_values(db, sorted(keys), Record))


def _entity(fact: Fact) -> tuple[str, str]:
    return (fact.category, fact.entity)


def _by_place(settled: Iterable[Settled]) -> dict[Place, Fact]:
    return {(one.fact.category, *one.key): one.fact for one in settled}


def _changes(old: Mapping[Place, Fact], new: Mapping[Place, Fact]) -> list[FactChange]:
    found = []
    for place in sorted({*old, *new}):
        before, after = old.get(place), new.get(place)
        if before is None or after is None or not is_same(before, after):
            found.append(FactChange(*place, before, after))
    return found


def _stages(
    first: tuple[StageCosts, ...], second: tuple[StageCosts, ...]
) -> tuple[StagePair, ...]:
    one = {bill.stage: bill for bill in first}
    other = {bill.stage: bill for bill in second}
    names = dict.fromkeys([*other, *one])
    return tuple(
        StagePair(
            name, one.get(name, StageCosts(name)), other.get(name, StageCosts(name))
        )
        for name in names
    )


def _value_json(fact: Fact | None) -> dict[str, object] | None:
    if fact is None:
        return None
    return {"value": value_json(fact.value), "unit": fact.unit}
