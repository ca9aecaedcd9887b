"""Desk: a real journal with all that a test wants to turn and see."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from subak.engine.events import Event
from subak.engine.journal import Journal
from subak.engine.store import Store


class HandClock:
    """A clock that stands until it is set."""

    def __init__(self, now: float) -> None:
        self.time = now

    def now(self) -> float:
        """Return the time it was set to."""
        return self.time

    def monotonic(self) -> float:
        """Return the time it was set to."""
        return self.time

    async def sleep(self, seconds: float) -> None:
        """Go on by that many seconds."""
        self.time += seconds


class Desk:
    """A journal with all that a test wants to turn and see."""

    def __init__(self, path: Path) -> None:
        self.store = Store.open(path)
        self.clock = HandClock(1_795_327_200.0)  # 2026-11-22 06:00:00 UTC
        self.journal = Journal(self.store, self.clock, learn_from=200)
        self.events: list[Event] = []
        self.journal.subscribe(self.events.append)

    async def execute(self, statement: str, *values: str | bytes | float) -> None:
        """Change the tables behind the journal's back."""
        await self.store.write(lambda writer: writer.execute(statement, values).close())

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Return what a query finds."""
        return self.store.read().execute(statement).fetchall()

    def kinds(self) -> list[str]:
        """Return what was told, in order."""
        return [event.kind for event in self.events]


def sit(path: Path, scenario: Callable[[Desk], Awaitable[None]]) -> None:
    """Play the scenario at a new desk in that folder."""

    async def run() -> None:
        desk = Desk(path / "journal.db")
        await scenario(desk)
        await desk.store.close()

    asyncio.run(run())
