"""Narrowed: the arguments by which a search or a question is narrowed."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from subak.knowledge.search.filter import Narrowing


class Narrowed(Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """What the documents must be; None narrows nothing."""

    category: Annotated[str | None, Meta(description="Of this category.")] = None
    entity: Annotated[
        str | None, Meta(description='About this, as documents name it: "Italy".')
    ] = None
    tier: (
        Annotated[
            int,
            Meta(ge=1, le=3, description="Of this tier or better; 1 is official."),
        ]
        | None
    ) = None
    language: Annotated[
        str | None, Meta(description='In this language: "en", "id".')
    ] = None
    since: Annotated[
        str | None, Meta(description="Published on this ISO date or later.")
    ] = None

    @property
    def narrowing(self) -> Narrowing:
        """Return them as searches take them."""
        return Narrowing(
            category=self.category,
            entity=self.entity,
            tier=self.tier,
            language=self.language,
            since=self.since,
        )
