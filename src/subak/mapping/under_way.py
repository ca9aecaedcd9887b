"""UnderWay: whether a row has a request at a server right now.

A job that drains lets such rows finish and gives up those that only wait for a slot.
"""

from __future__ import annotations

import asyncio
from contextvars import ContextVar


class UnderWay:
    """One row's task and how many of its requests are under way."""

    __slots__ = ("calls", "task")

    def __init__(self, task: asyncio.Task[None]) -> None:
        self.task = task
        self.calls = 0

    def enter(self) -> None:
        """Make this the row of the running task and its children."""
        _row.set(self)

    @staticmethod
    def current() -> UnderWay | None:
        """Return the row on whose behalf code is running."""
        return _row.get()


_row: ContextVar[UnderWay | None] = ContextVar("subak_row", default=None)
