"""A program to kill: writes results and calls, prints what was acknowledged.

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
from subak.engine.records import CallRecord, Flight, TaskRecord
from subak.engine.store import Store
from subak.engine.workspace import Workspace

IN_FLIGHT = 16


def answered(flight: Flight, response: bytes) -> CallRecord:
    """Return the answer to a flight."""
    return CallRecord(
        key=flight.key,
        run=flight.run,
        stage=flight.stage,
        item=flight.item,
        model=flight.model,
        endpoint=flight.endpoint,
        started=flight.started,
        seconds=1.0,
        first_token_s=None,
        tokens_in=1,
        tokens_out=2,
        tokens_cached=0,
        finish="stop",
        slot=0,
        request=b"the same for all",
        response=response,
    )


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
            flight = Flight(key, run.id, "stage", str(number), "m", "e", started=1.0)
            journal.send_call(flight)
            await journal.put_result(task, f"{number} {text}".encode())
            await journal.put_call(answered(flight, f"{number} {text}".encode()))
            print(number, flush=True)  # noqa: T201 - told to the test that kills

    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(write())


if __name__ == "__main__":
    place = Workspace(Path(sys.argv[1]))
    with WorkspaceLock(place):
        asyncio.run(main(place, int(sys.argv[2]), sys.argv[3]))
