"""Article: one page of a site as it stands on one day."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Article:
    """What a page says.

    Args:
        number: Place in its site.
        path: Where it lies.
        date: ISO date of its last change.
        version: 2 once it was edited.
        marker: Occurs in it and nowhere else.
        is_pdf: Whether it is a PDF file.
    """

    number: int
    path: str
    title: str
    paragraphs: tuple[str, ...]
    date: str
    author: str
    version: int
    marker: str
    is_pdf: bool = False
