"""What listings keep from run to run."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from subak.engine.store import Store
from subak.knowledge.documents.listing_memory import ListingMemory
from subak.testing.clock import VirtualClock

DAY_S = 86_400.0


def in_run(
    folder: Path, clock: VirtualClock, act: Callable[[ListingMemory], Awaitable[None]]
) -> None:
    """Open the memory as a run does, act, and close it."""

    async def scenario() -> None:
        store = Store.open(folder / "journal.db")
        memory = ListingMemory(store, clock)
        await memory.open()
        await act(memory)
        await store.close()

    asyncio.run(scenario())


def test_listing_memory_is_found_by_the_next_run(tmp_path: Path) -> None:
    """The newest value of a key, with the time it was kept at."""
    clock = VirtualClock()

    async def first(memory: ListingMemory) -> None:
        memory.keep("a", b"old")
        memory.keep("a", b"new" * 1_000)
        memory.keep("b", b"")

    async def second(memory: ListingMemory) -> None:
        assert memory.find("a") == (clock.now(), b"new" * 1_000)
        assert memory.find("b") == (clock.now(), b"")
        assert memory.find("c") is None

    in_run(tmp_path, clock, first)
    in_run(tmp_path, clock, second)


def test_listing_memory_forgets_what_nobody_asked_for_in_a_year(
    tmp_path: Path,
) -> None:
    """A source that left the recipe leaves nothing behind for ever."""

    async def keep(memory: ListingMemory) -> None:
        memory.keep("a", b"x")

    async def look(memory: ListingMemory) -> None:
        assert memory.find("a") is None

    in_run(tmp_path, VirtualClock(0.0), keep)
    in_run(tmp_path, VirtualClock(401 * DAY_S), look)


def test_listing_memory_that_is_damaged_says_nothing(tmp_path: Path) -> None:
    """Losing a listing costs a request; it must not end a run."""

    async def scenario() -> None:
        store = Store.open(tmp_path / "journal.db")
        memory = ListingMemory(store)
        await memory.open()
        memory.keep("a", b"x")
        await store.write(
            lambda connection: (
                connection.execute("UPDATE listing_memory SET value = x'00'") and None
            )
        )
        assert memory.find("a") is None
        await store.close()

    asyncio.run(scenario())
