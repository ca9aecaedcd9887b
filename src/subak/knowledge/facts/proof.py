"""Proof: a value and the places of a document that prove it."""

from __future__ import annotations

from dataclasses import dataclass

from subak.knowledge.facts.candidates import Candidate
from subak.knowledge.facts.fact import FieldValue


@dataclass(frozen=True, slots=True)
class Proof:
    """A value and the place that proves it.

    Args:
        value: The value as the document states it.
        candidate: Where it stands.
        repair: What was mended, in words.
        others: Where the further ranges of a list stand.
        is_derived: True when a sum or the like made a part of the value.
        currency: Of the bounds of ranges, "" when they name none.
    """

    value: FieldValue
    candidate: Candidate
    repair: str = ""
    others: tuple[Candidate, ...] = ()
    is_derived: bool = False
    currency: str = ""
