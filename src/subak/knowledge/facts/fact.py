"""Fact, Evidence, Refusal, Record: what a document was found to state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from subak.knowledge.facts.ranges import Range

Level = Literal["agreed", "evidence", "derived", "conflict", "given"]
FieldValue = str | float | int | bool | tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The proof of a value: ``document.text[start:end] == quote``, always.

    Args:
        document: Id of the document.
        url: Its address, for people.
        start: Offset of the quote's first code point.
        end: Offset after its last one.
        quote: The text itself.
        repair: What was mended to match the value ("unit x100", ""), in words.
    """

    document: str
    url: str
    start: int
    end: int
    quote: str
    repair: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A value with its proof.

    Args:
        entity: What it is about ("Germany").
        category: Category of the schema.
        field: Name of the field in the recipe.
        value: The typed value.
        unit: Unit of a number ("%", "USD", "years"), of ranges those of values and
            bounds ("% by EUR"), else "".
        level: How well it is proved; "given" for a value taken from a file, unproved.
        evidence: One or more quotes.
        statement: The fact as one literal sentence, made by code.
        valid_from: ISO date since when it holds, where the text says so.
        valid_to: ISO date of the last day, where the text says so.
        year: The year the text states it for, None when it names none.
    """

    entity: str
    category: str
    field: str
    value: FieldValue
    unit: str
    level: Level
    evidence: tuple[Evidence, ...]
    statement: str = ""
    valid_from: str = ""
    valid_to: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A value that was proposed and could not be proved; never published.

    Args:
        proposed: What the model said, as text.
        reason: Why it was refused, in words for a person.
    """

    entity: str
    category: str
    field: str
    proposed: str
    reason: str
    document: str
    url: str


@dataclass(frozen=True, slots=True)
class Record:
    """All that one document gave for one schema."""

    document: str
    url: str
    entity: str
    category: str
    facts: tuple[Fact, ...] = ()
    refused: tuple[Refusal, ...] = ()
