"""ClaimsPlan: what to take of the documents of one category."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClaimsPlan:
    """What to take of the documents of one category.

    Args:
        category: Category it applies to; "" serves all that have neither facts nor a
            plan of their own.
        topics: Topics to choose from; none: as the documents call them.
        max_claims: Sentences of one document at most.
        max_chars: Longest text to show.
    """

    category: str = ""
    topics: tuple[str, ...] = ()
    max_claims: int = 6
    max_chars: int = 6000
