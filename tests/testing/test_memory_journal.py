"""MemoryJournal keeps the promises of the real one that a runner relies on."""

from __future__ import annotations

import asyncio

from subak.engine.records import TaskRecord
from subak.testing.clock import VirtualClock
from subak.testing.journal import MemoryJournal


def _task(key: str) -> TaskRecord:
    return TaskRecord("run-1", "facts", "germany", "done", key)


def test_memory_journal_keeps_the_first_result_unless_told_to_replace_it() -> None:
    """The second result of a key is dropped, a replacing one is not."""
    journal = MemoryJournal(VirtualClock())

    async def scenario() -> None:
        await journal.put_result(_task("k"), b"first")
        await journal.put_result(_task("k"), b"second")
        assert journal.find_result("k") == b"first"
        await journal.put_result(_task("k"), b"third", replace=True)

    asyncio.run(scenario())
    assert journal.find_result("k") == b"third"
    assert journal.find_last_result("facts", "germany") == b"third"
    assert journal.find_result("other") is None
    assert journal.find_last_result("facts", "france") is None
