"""A program to kill: writes results of a journal and prints what was acknowledged.

Usage: acknowledged_writer.py WORKSPACE FIRST_NUMBER TEXT
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path

from subak.engine.clock import SystemClock
from subak.engine.journal import Journal
from subak.engine.lock import WorkspaceLock
from subak.engine.records import TaskRecord
from subak.engine.store import Store
from subak.engine.workspace import Workspace

IN_FLIGHT = 16


async def main(workspace: Workspace, first: int, text: str) -> None:
    """Write until killed, 16 at a time."""
    store = Store.open(workspace.journal)
    journal = Journal(store, SystemClock())
    run = await journal.begin_run("killed", "digest", "{}")
    numbers = itertools.count(first)

    async def write() -> None:
        for number in numbers:
            key = f"{number:08x}"
            task = TaskRecord(run.id, "stage", str(number), "done", key)
            await journal.put_result(task, f"{number} {text}".encode())
            print(number, flush=True)  # noqa: T201 - told to the test that kills

    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(write())


if __name__ == "__main__":
    place = Workspace(Path(sys.argv[1]))
    with WorkspaceLock(place):
        asyncio.run(main(place, int(sys.argv[2]), sys.argv[3]))
