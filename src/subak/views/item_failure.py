"""ItemFailure: one item that could not be done, with its reason and a way out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemFailure:
    """One item that could not be done.

    Args:
        kind: Class of the error.
        source: Name of the source it came from, "" when it came from none.
        where: The page or host the error names.
        reason: The kind of failure in a word of a closed set ("dns", "gone"), "" where
            nobody told it.
    """

    item: str
    stage: str
    error: str
    hint: str
    kind: str = ""
    source: str = ""
    where: str = ""
    reason: str = ""
