"""Kill -9 at any moment: no acknowledged row is lost, the next life goes on."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
import time
from pathlib import Path

from subak.engine.clock import SystemClock
from subak.engine.journal import Journal
from subak.engine.store import Store
from subak.engine.workspace import Workspace
from tests.engine.acknowledged_writer import IN_FLIGHT

LIVES = 10
TEXT = "result " * 200
_PROGRAM = Path(__file__).parent / "acknowledged_writer.py"


def _live_and_die(workspace: Workspace, first: int, seconds: float) -> list[int]:
    """Run the writer, kill it so long after its first row; return what it printed."""
    writer = subprocess.Popen(
        [sys.executable, str(_PROGRAM), str(workspace.folder), str(first), TEXT],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout is not None
    printed = writer.stdout.readline()
    time.sleep(seconds)
    writer.kill()
    # With a timeout it would miss what readline has buffered.
    rest, _ = writer.communicate()
    whole_lines = (printed + rest).rpartition("\n")[0].split()
    return [int(number) for number in whole_lines]


def test_journal_killed_at_random_moments_loses_nothing(tmp_path: Path) -> None:
    """Ten lives on one workspace, each cut short: all that was said is there."""
    rng = random.Random(20261122)
    workspace = Workspace(tmp_path)
    acknowledged: list[int] = []
    for _ in range(LIVES):
        first = max(acknowledged, default=0) + 1_000
        life = _live_and_die(workspace, first, rng.uniform(0, 0.15))
        assert life
        acknowledged += life

    async def check() -> None:
        store = Store.open(workspace.journal)
        assert store.read().pragma("integrity_check") == "ok"
        journal = Journal(store, SystemClock())
        lost = [
            number
            for number in acknowledged
            if journal.find_result(f"{number:08x}") != f"{number} {TEXT}".encode()
        ]
        assert lost == []
        calls = journal.find_calls([f"{number:08x}" for number in acknowledged])
        assert {key: call.response for key, call in calls.items()} == {
            f"{number:08x}": f"{number} {TEXT}".encode() for number in acknowledged
        }
        # What was under way when a life ended is known: at most all that was.
        lost_calls = "SELECT count(*) FROM attempt WHERE error = 'Lost'"
        await journal.begin_run("killed", "digest", "{}")
        assert 0 < store.read().execute(lost_calls).get <= LIVES * IN_FLIGHT
        answered = "SELECT count(DISTINCT key) = count(*) FROM call"
        assert store.read().execute(answered).get == 1
        # All lives were one run, because none of them ended it.
        assert store.read().execute("SELECT count(*) FROM run").get == 1
        assert store.read().execute("SELECT count(*) FROM task").get == (
            store.read().execute("SELECT count(*) FROM result").get
        )
        await store.close()

    asyncio.run(check())
