"""Reading: what one design says of one document."""

from __future__ import annotations

from dataclasses import dataclass

from subak.evaluation.bill import Bill
from subak.knowledge.facts.fact import Evidence, FieldValue, Record


@dataclass(frozen=True, slots=True)
class Asserted:
    """A value that would be published.

    Args:
        level: How well it is proved, "" where nobody proves anything.
        evidence: The places it is said to stand at.
    """

    field: str
    value: FieldValue
    level: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """A value that was proposed and is not published."""

    field: str
    proposed: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a design found in a document, and what that took.

    Args:
        problem: Why there is no answer, "" when there is one.
    """

    asserted: tuple[Asserted, ...] = ()
    refused: tuple[Refused, ...] = ()
    bill: Bill = Bill()  # noqa: RUF009 - a frozen value
    problem: str = ""


def reading_of(record: Record, bill: Bill) -> Reading:
    """Return a record of the facts stage as a reading."""
    return Reading(
        tuple(
            Asserted(fact.field, fact.value, fact.level, fact.evidence)
            for fact in record.facts
        ),
        tuple(
            Refused(each.field, each.proposed, each.reason) for each in record.refused
        ),
        bill,
    )
