"""Ctrl-C and SIGTERM while a recipe runs; those of a map stand in tests/cli."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import pytest

from subak.testing.model_server import FakeModelServer, FakeSettings
from tests.faults.desk import Desk
from tests.job.serving import served, write_job

_START_S = 30.0


@pytest.mark.parametrize(
    ("number", "presses"),
    [(signal.SIGTERM, 1), (signal.SIGINT, 2), (signal.SIGTERM, 2)],
)
def test_signal_ends_a_recipe_resumable(
    desk: Desk, tmp_path: Path, number: signal.Signals, presses: int
) -> None:
    """The first drains, the second stops at once; the same line finishes."""
    slow = FakeSettings(slots=1, token_s=0.02)
    with served(FakeModelServer(settings=slow)) as (site, server):
        recipe = write_job(tmp_path / "job", site, f"openai:fake@{server.url}/v1")
        words = ["run", str(recipe), "--json"]
        first = desk.spawn([*words, "--max-parallel", "1"])
        deadline = time.monotonic() + _START_S
        while not server.asked and time.monotonic() < deadline:
            time.sleep(0.01)
        for _ in range(presses):
            first.send_signal(number)
            time.sleep(0.05)
        out, told = first.communicate(timeout=30)
        assert first.returncode == 130, told
        assert "stopping: what is under way is finished" in told
        assert "Traceback" not in told
        assert ("run the same command again" in told) == (presses == 2)
        assert ('"status": "interrupted"' in out) == (presses == 1)
        answered = set(server.answered)
        before = len(server.asked)
        server.settings = FakeSettings()
        done = desk.type(words)
    assert (done.code, done.summary["status"]) == (0, "done")
    assert done.summary["calls"]["repeated"] == 0
    assert not answered & {one.key for one in server.asked[before:]}
