"""verify: is what somebody extracted from a document proved by it? No model needed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeGuard

from subak.errors import UserError
from subak.evaluation.gold import agrees
from subak.knowledge.documents.document import Document
from subak.knowledge.facts.fact import Evidence, Fact, FieldValue
from subak.knowledge.facts.prove import prove
from subak.knowledge.facts.ranges import Range, show_ranges
from subak.knowledge.facts.schema import FactSchema, Field
from subak.recipes.check import find_near

Ruling = Literal["proved", "repaired", "refused", "absent"]
_LOWER = ("from", "lower", "min")
_UPPER = ("to", "upper", "max")
_VALUES = ("value", "rate")
# The same number in another unit of writing: 0.15 for 15 %.
_HARMLESS = ("percent x100",)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is thought of one value.

    Args:
        ruling: "repaired" where the value stands in the document written otherwise,
            "absent" where the record gives none.
        given: The record's value.
        level: How well it is proved, "" unless it is.
        evidence: Its quotes, or those of what the document says instead.
        reason: Why it is refused, or what was repaired.
        says: What the document says, where that is another value.
    """

    field: str
    ruling: Ruling
    given: object
    level: str = ""
    evidence: tuple[Evidence, ...] = ()
    reason: str = ""
    says: FieldValue | None = None

    def to_json(self) -> dict[str, object]:
        """Return the judgement with the names of the outer contract."""
        return {
            "field": self.field,
            "ruling": self.ruling,
            "given": self.given,
            "level": self.level,
            "reason": self.reason,
            "says": None if self.says is None else plain(self.says),
            "evidence": [
                {
                    "start": each.start,
                    "end": each.end,
                    "quote": each.quote,
                    "repair": each.repair,
                }
                for each in self.evidence
            ],
        }


@dataclass(frozen=True, slots=True)
class Verification:
    """What is thought of a whole record."""

    document: str
    url: str
    judgements: tuple[Judgement, ...]

    @property
    def is_proved(self) -> bool:
        """Tell whether no value had to be refused."""
        return not any(each.ruling == "refused" for each in self.judgements)

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of `subak verify --json`."""
        return {
            "version": 1,
            "document": self.document,
            "url": self.url,
            "proved": self.is_proved,
            "values": [each.to_json() for each in self.judgements],
        }


def verify(
    record: Mapping[str, object], document: Document, schema: FactSchema
) -> Verification:
    """Judge a record against the document it was taken from.

    Args:
        record: Value by field; a list of ranges as ``[from, to, value]`` each, or as
            tables with these keys.

    Raises:
        UserError: A key is no field of the schema.
    """
    names = [field.name for field in schema.fields]
    unknown = [key for key in record if key not in names]
    if unknown:
        raise UserError(
            f"'{unknown[0]}' is no field of the schema",
            where="record",
            hint=find_near(unknown[0], names),
        )
    given = {name: _ranged(value) for name, value in record.items()}
    proposed = {name: value for name, value in given.items() if value is not None}
    found = prove(proposed, schema, document)
    facts = {fact.field: fact for fact in found.facts}
    reasons = {each.field: each.reason for each in found.refused}
    judgements = tuple(
        _judge(
            field,
            given.get(field.name),
            facts.get(field.name),
            reasons.get(field.name, ""),
        )
        for field in schema.fields
    )
    return Verification(document.id, document.url, judgements)


def plain(value: FieldValue) -> object:
    """Return a value as JSON holds it."""
    if isinstance(value, tuple):
        return [[each.lower, each.upper, each.value] for each in value]
    return value


def show(value: object) -> str:
    """Return a value as a person would write it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        ranges = _as_ranges(value)
        return show_ranges(ranges, "%") if ranges else str(value)
    if isinstance(value, tuple):
        return show_ranges(value, "%")
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _judge(field: Field, given: object, fact: Fact | None, reason: str) -> Judgement:
    evidence = fact.evidence if fact else ()
    says = fact.value if fact else None
    if given is None:
        return Judgement(field.name, "absent", None, evidence=evidence, says=says)
    if fact is None or reason:
        reason = reason or "the document doesn't say so"
        return Judgement(
            field.name, "refused", given, evidence=evidence, reason=reason, says=says
        )
    repair = next((each.repair for each in evidence if each.repair), "")
    if _is_as_given(given, fact.value):
        return Judgement(field.name, "proved", given, fact.level, evidence, repair)
    if repair in _HARMLESS or isinstance(fact.value, str):
        return Judgement(
            field.name, "repaired", given, fact.level, evidence, repair, fact.value
        )
    reason = f"the document says {show(fact.value)}"
    reason += f" ({repair})" if repair else ""
    return Judgement(
        field.name, "refused", given, evidence=evidence, reason=reason, says=fact.value
    )


def _is_as_given(given: object, value: FieldValue) -> bool:
    if isinstance(given, list):
        ranges = _as_ranges(given)
        return bool(ranges) and agrees(ranges, value)
    return isinstance(given, str | int | float | bool) and agrees(given, value)


def _ranged(value: object) -> object:
    """Return a list of ranges as the evidence search takes it, else the value."""
    ranges = _as_ranges(value) if isinstance(value, list) else ()
    if not ranges:
        return value
    return [
        {"from": each.lower, "to": each.upper, "value": each.value} for each in ranges
    ]


def _as_ranges(rows: list[object]) -> tuple[Range, ...]:
    """Return a list as ranges, empty if it is anything else."""
    found: list[Range] = []
    for row in rows:
        cells = row if isinstance(row, list) else _cells(row)
        amounts = [cell for cell in cells if _is_amount(cell)]
        if len(amounts) != 3 or len(cells) != 3 or amounts[2] is None:
            return ()
        lower, upper, value = amounts
        found.append(Range(float(lower or 0), _float(upper), float(value or 0)))
    return tuple(found)


def _cells(row: object) -> list[object]:
    if not isinstance(row, dict):
        return []
    return [
        next((row[key] for key in keys if key in row), None)
        for keys in (_LOWER, _UPPER, _VALUES)
    ]


def _float(number: float | None) -> float | None:
    return None if number is None else float(number)


def _is_amount(cell: object) -> TypeGuard[float | None]:
    return cell is None or (isinstance(cell, int | float) and cell is not True)
