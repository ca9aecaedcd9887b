"""kill -9 at fifty points: nothing lost, nothing paid twice, every byte the same."""

from __future__ import annotations

import json
import multiprocessing
import random
import signal
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from subak.demo.crash import differing_files
from subak.testing.model_server import FakeModelServer
from subak.testing.site import FakeSite
from tests.job.lives import PRELOADED, live
from tests.job.serving import served, write_job

POINTS = 50
IN_FLIGHT = 4


def _live(context: ForkServerContext, folder: Path, crash_at: int = 0) -> int | None:
    process = context.Process(
        target=live,
        args=(str(folder / "recipe.toml"), crash_at, str(folder / "report.json")),
    )
    process.start()
    process.join(60)
    code = process.exitcode
    process.close()
    return code


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
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    with served() as (site, server):
        whole = _prepare(tmp_path / "whole", site, server)
        assert _live(context, whole) == 0
        events = _report(whole)["events"]
        assert isinstance(events, int)
        needed = len(server.asked)
        for seed in range(POINTS):
            folder = _prepare(tmp_path / f"life-{seed}", site, server)
            before = len(server.asked)
            point = random.Random(seed).randint(1, events - 1)
            assert _live(context, folder, point) == -signal.SIGKILL, f"seed {seed}"
            assert _live(context, folder) == 0, f"seed {seed}"
            report = _report(folder)
            calls = report["calls"]
            assert isinstance(calls, dict)
            assert calls["repeated"] == 0, f"seed {seed}, event {point}"
            extra = len(server.asked) - before - needed
            assert 0 <= extra <= IN_FLIGHT, f"seed {seed}, event {point}"
            differing = differing_files(whole / "out", folder / "out")
            assert differing == (), f"seed {seed}, event {point}"
