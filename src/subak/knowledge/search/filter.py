"""Filter: which passages a search may find; decided before any of them is ranked."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypedDict

from subak.errors import UserError

Binding = str | int | float


class Narrowing(TypedDict, total=False):
    """The keyword arguments by which a search is narrowed; None narrows nothing."""

    category: str | None
    entity: str | None
    tier: int | None
    language: str | None
    since: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What a passage's document must be.

    Args:
        category: Of this category.
        entity: About this; case doesn't matter.
        tier: Of this tier or a better one; 1 is official.
        language: In this language; "en" takes "en-GB" too.
        since: Published on this ISO date or later; a page without a date of its own
            counts by the day on which this text was first fetched.
    """

    category: str | None = None
    entity: str | None = None
    tier: int | None = None
    language: str | None = None
    since: str | None = None

    def condition(self, columns: Container[str]) -> tuple[str, dict[str, Binding]]:
        """Return an SQL condition on the passage ``p``, and its bindings.

        Args:
            columns: What the table of passages has.

        Raises:
            UserError: The index is older than the filter, or ``since`` is no date.
        """
        parts = ["1"]
        bindings: dict[str, Binding] = {}
        for name, value, test in (
            ("category", self.category, "p.category = :category"),
            ("entity", self.entity, "lower(p.entity) = lower(:entity)"),
            ("tier", self.tier, "p.tier <= :tier"),
            ("language", self.language, _LANGUAGE),
            ("published", self.since, _SINCE),
        ):
            if value is None:
                continue
            if name not in columns:
                raise _too_old(name)
            parts.append(f"({test})")
            bindings[name] = value
        if self.since is not None:
            bindings["fetched"] = _seconds(self.since)
        return " AND ".join(parts), bindings


_LANGUAGE = (
    "lower(p.language) = lower(:language)"
    " OR lower(p.language) LIKE lower(:language) || '-%'"
)
_SINCE = "iif(p.published = '', p.fetched >= :fetched, p.published >= :published)"


def _seconds(since: str) -> float:
    try:
        moment = datetime.fromisoformat(since)
    except ValueError as error:
        raise UserError(
            f"'{since}' is no date", where="since", hint="write it as 2026-01-31"
        ) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _too_old(name: str) -> UserError:
    return UserError(
        f"this workspace was indexed by an earlier subak, without '{name}'",
        hint="subak run RECIPE brings the index up to date",
    )
