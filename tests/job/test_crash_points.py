"""kill -9 at fifty points: nothing lost, nothing paid twice, every byte the same."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from subak.demo.crash import differing_files
from subak.testing.model_server import FakeModelServer
from subak.testing.site import FakeSite
from tests.job.lives import PRELOADED, live
from tests.job.test_main_job import COUNTRIES, FACTS, _pages, _source

POINTS = 50
IN_FLIGHT = 4


@contextmanager
def _served() -> Iterator[tuple[FakeSite, FakeModelServer]]:
    """Serve site and model from a thread, so that they outlive every crash."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def wait(coroutine: object) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, loop).result(20)  # type: ignore[arg-type]

    site, server = FakeSite(_pages()), FakeModelServer()
    wait(site.__aenter__())
    wait(server.__aenter__())
    try:
        yield site, server
    finally:
        wait(server.__aexit__(None, None, None))
        wait(site.__aexit__(None, None, None))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


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
    folder.mkdir()
    sources = "".join(_source(site.url(f"/{name.lower()}"), name) for name in COUNTRIES)
    model = f"openai:fake@{server.url}/v1"
    recipe = f'name = "job"\n[model]\nuse = "{model}"\n{sources}{FACTS}'
    (folder / "recipe.toml").write_text(recipe)
    return folder


@pytest.mark.timeout(240)
def test_run_killed_anywhere_resumes_to_the_same_bytes(tmp_path: Path) -> None:
    """SIGKILL at fifty seeded events; the next run completes it as if undisturbed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    with _served() as (site, server):
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
