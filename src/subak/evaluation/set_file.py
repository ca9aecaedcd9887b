"""SetFile: the shape of a labelled set's ``gold.json``."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field


class CaseSection(Struct, forbid_unknown_fields=True, frozen=True):
    """One document and what it says.

    Args:
        gold: Value by field; null where the document says nothing, ``{"any": [...]}``
            where several values are right.
        traps: Values that stand in the document and would be wrong, by field.
        previous: An older record, as a program that updates one would have it.
        long: Counted apart from the short ones.
    """

    file: Annotated[str, Meta(min_length=1)]
    gold: dict[str, object]
    entity: str = ""
    language: str = ""
    about: str = ""
    long: bool = False
    traps: dict[str, list[object]] = field(default_factory=dict)
    previous: dict[str, object] = field(default_factory=dict)


class SetFile(Struct, forbid_unknown_fields=True, frozen=True):
    """All documents of a set."""

    documents: Annotated[tuple[CaseSection, ...], Meta(min_length=1)]
    title: str = ""
    note: str = ""
