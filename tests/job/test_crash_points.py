"""kill -9 at fifty points: nothing lost, nothing paid twice, every byte the same."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from subak.demo.crash import differing_files
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.errors import StorageError
from subak.testing.model_server import FakeModelServer
from subak.testing.site import FakeSite
from tests.job.serving import served, write_job

POINTS = 50
PROCESSORS = 2
IN_FLIGHT = 4
ROOT = Path(__file__).parents[2]


class Lives:
    """The program that lives and dies on our behalf."""

    def __init__(self) -> None:
        self._program = subprocess.Popen(
            [sys.executable, "-m", "tests.job.lives"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def __enter__(self) -> Lives:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._program.communicate(timeout=20)

    def live(self, folder: Path, crash_at: int = 0) -> int:
        """Run the folder's recipe in a process of its own; return its exit code."""
        stdin, stdout = self._program.stdin, self._program.stdout
        assert stdin is not None
        assert stdout is not None
        order = [str(folder / "recipe.toml"), crash_at, str(folder / "report.json")]
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()
        return int(stdout.readline())


def _kept_calls(folder: Path) -> int:
    """Return how many answers the journal holds: those must not be asked for again."""
    try:
        database = open_reader(Workspace(folder).journal)
    except StorageError:  # killed before there was a journal
        return 0
    with closing(database):
        return int(database.execute("SELECT count(*) FROM call").get)


def _report(folder: Path) -> dict[str, int | dict[str, int]]:
    report: dict[str, int | dict[str, int]] = json.loads(
        (folder / "report.json").read_text()
    )
    return report


def _prepare(folder: Path, site: FakeSite, server: FakeModelServer) -> Path:
    write_job(folder, site, f"openai:fake@{server.url}/v1")
    return folder


@pytest.mark.timeout(240)
def test_run_killed_anywhere_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    """SIGKILL at fifty seeded events; the next run completes it as if undisturbed."""
    seeds = [range(first, POINTS, PROCESSORS) for first in range(PROCESSORS)]
    folders = [tmp_path / f"world-{each.start}" for each in seeds]
    with ThreadPoolExecutor(PROCESSORS) as both:
        assert sum(both.map(_live_and_die, folders, seeds)) == POINTS


def _live_and_die(world: Path, seeds: range) -> int:
    """Kill a run for each seed, in a world of its own; return how many were."""
    world.mkdir()
    with served() as (site, server), Lives() as lives:
        whole = _prepare(world / "whole", site, server)
        assert lives.live(whole) == 0
        events = _report(whole)["events"]
        assert isinstance(events, int)
        needed = len(server.asked)
        for seed in seeds:
            folder = _prepare(world / f"life-{seed}", site, server)
            before = len(server.asked)
            point = random.Random(seed).randint(1, events - 1)
            assert lives.live(folder, point) == -signal.SIGKILL, f"seed {seed}"
            kept, asked = _kept_calls(folder), len(server.asked)
            assert lives.live(folder) == 0, f"seed {seed}"
            assert len(server.asked) - asked == needed - kept, f"seed {seed}"
            report = _report(folder)
            calls = report["calls"]
            assert isinstance(calls, dict)
            assert calls["repeated"] == 0, f"seed {seed}, event {point}"
            extra = len(server.asked) - before - needed
            assert 0 <= extra <= IN_FLIGHT, f"seed {seed}, event {point}"
            differing = differing_files(whole / "out", folder / "out")
            assert differing == (), f"seed {seed}, event {point}"
    return len(seeds)
