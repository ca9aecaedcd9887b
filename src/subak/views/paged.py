"""Paged: one page of a long list, and how much there is of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    """The rows of one page.

    Args:
        total: Rows of all pages.
        page: Which one this is, from 1.
        size: Rows of a full page.
    """

    rows: tuple[T, ...]
    total: int
    page: int = 1
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    def to_json(self, row_json: Callable[[T], dict[str, object]]) -> dict[str, object]:
        """Return the page with each row as ``row_json`` tells it."""
        return {
            "total": self.total,
            "page": self.page,
            "pages": self.pages,
            "rows": [row_json(row) for row in self.rows],
        }


def paged(rows: tuple[T, ...], page: int, size: int = PAGE_SIZE) -> Paged[T]:
    """Return one page of rows that are all at hand."""
    start = (page - 1) * size
    return Paged(rows[start : start + size], len(rows), page, size)


def last_if_beyond(read: Callable[[int], Paged[T]], page: int) -> Paged[T]:
    """Return the page that ``read`` gives for a number, the last for one beyond it."""
    found = read(page)
    return found if page <= found.pages else read(found.pages)
