"""Kill -9 at random moments: nothing is lost, only calls in flight are sent again."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from subak.engine.clock import SystemClock
from subak.engine.journal import Journal
from subak.engine.store import Store
from subak.engine.workspace import Workspace
from subak.llm.model import Message, ModelId, Prompt
from subak.testing.model_server import FakeModelServer, FakeSettings
from tests.mapping.serving import read_rows, served, write_rows

ROWS = 120
LIVES = 3
PARALLEL = 4
_START_S = 30.0


def _answer(messages: Sequence[Message], _schema: str | None) -> str:
    return f"answer to {messages[-1].content}"


def _known(folder: Path, model: str) -> set[str]:
    """Return the prompts whose answers the journal of a killed map holds."""
    name = ModelId(model.replace("@http://", "@"))
    prompts = {n: Prompt((Message("user", f"Say t{n}"),)) for n in range(ROWS)}

    async def read() -> set[str]:
        store = Store.open(Workspace(folder).journal)
        try:
            journal = Journal(store, SystemClock())
            return {
                prompt.messages[0].content
                for prompt in prompts.values()
                if journal.find_call(prompt.key(name)) is not None
            }
        finally:
            await store.close()

    return asyncio.run(read())


def _live_and_die(
    command: Sequence[str], folder: Path, server: FakeModelServer, seconds: float
) -> None:
    """Run a map, kill it so long after its first request."""
    before = len(server.asked)
    life = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + _START_S
    while len(server.asked) == before and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(seconds)
    life.kill()
    life.wait(10)


def test_map_killed_at_random_moments_loses_and_doubles_nothing(
    tmp_path: Path,
) -> None:
    """Lives cut short, then a whole one: every row once, nothing kept asked again."""
    rng = random.Random(20261122)
    write_rows(
        tmp_path / "rows.jsonl", [{"id": n, "text": f"t{n}"} for n in range(ROWS)]
    )
    (tmp_path / "p.txt").write_text("Say {text}")
    server = FakeModelServer(_answer, settings=FakeSettings(slots=4, token_s=0.004))
    known: set[str] = set()
    with served(server) as model:
        command = [
            *(sys.executable, "-m", "subak", "map", "rows.jsonl"),
            *("--prompt", "p.txt", "--out", "out.jsonl", "--model", model),
            *("--max-parallel", str(PARALLEL), "--json", "-q"),
        ]
        for _ in range(LIVES):
            begin = len(server.asked)
            _live_and_die(command, tmp_path, server, rng.uniform(0, 0.15))
            assert not known & {
                each.messages[0].content for each in server.asked[begin:]
            }
            assert not (tmp_path / "out.jsonl").exists()
            known = _known(tmp_path, model)
        begin = len(server.asked)
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, timeout=50, check=True
        )
    assert known
    asked = [each.messages[0].content for each in server.asked[begin:]]
    assert len(asked) == len(set(asked)) == ROWS - len(known)
    assert not known & set(asked)
    told = json.loads(done.stdout)
    assert (told["status"], told["calls"]["repeated"]) == ("done", 0)
    # Of the last second before a kill the tally may not know, the calls do.
    assert told["tasks"]["done"] + told["tasks"]["cached"] == ROWS
    written = read_rows(tmp_path / "out.jsonl")
    assert [row["id"] for row in written] == list(range(ROWS))
    assert [row["output"] for row in written] == [
        f"answer to Say t{n}" for n in range(ROWS)
    ]
