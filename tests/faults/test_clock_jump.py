"""Somebody sets the machine's clock while a map or a run is on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from subak.api import RunRequest, arun
from subak.engine.clock import SystemClock
from subak.engine.control import Control
from subak.engine.events import Event
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.mapping.map_request import MapRequest
from subak.mapping.map_result import MapResult
from subak.mapping.run_map import run_map
from subak.testing.model_server import FakeModelServer, FakeSettings
from subak.views.runs import get_run, read_sessions
from subak.views.stored_events import iter_events
from subak.views.summary import run_summary
from tests.faults.servers import Servers
from tests.job.serving import served, write_job
from tests.mapping.serving import answer, numbered, read_rows, write_rows

_HOUR_S = 3_600.0
_ROWS = 60


class _Jumping(SystemClock):
    """A machine's clock that is set an hour back, then forth, then back ...

    Args:
        count: Tells how much was done, which says how often it was set by now.
    """

    def __init__(self, count: Callable[[], int], first: int) -> None:
        self._count = count
        self._first = first

    def now(self) -> float:
        """Return the wall time, wrong by nothing, an hour less, or one more."""
        jump = (0, -1, 1)[self._count() // self._first % 3]
        return super().now() + jump * _HOUR_S


class _Drainer(Control):
    """Drains after so many answers."""

    def __init__(self, answers: int) -> None:
        super().__init__()
        self._left = answers

    def __call__(self, event: Event) -> None:
        """Count answers."""
        if event.kind == "call.done":
            self._left -= 1
            if not self._left:
                self.drain()


def _request(folder: Path, model: str) -> MapRequest:
    return MapRequest(
        rows=write_rows(folder / "rows.jsonl", numbered(_ROWS)),
        prompt="Say {text}",
        model=model,
        out=folder / "out.jsonl",
        folder=folder,
    )


def _mapped(
    request: MapRequest, clock: SystemClock, answers: int = 0
) -> tuple[MapResult, float]:
    drainer = _Drainer(answers)
    begun = time.monotonic()
    result = asyncio.run(
        run_map(request, clock=clock, listeners=[drainer], control=drainer)
    )
    return result, time.monotonic() - begun


def test_map_keeps_durations_order_and_answers(
    tmp_path: Path, servers: Servers
) -> None:
    """Jumps within each session and between them; nothing is asked twice."""
    server = FakeModelServer(answer, settings=FakeSettings(slots=4, token_s=0.002))
    request = _request(tmp_path, servers.start(server))
    first, first_s = _mapped(request, _Jumping(lambda: len(server.answered), 6), 24)
    assert first.summary.status == "interrupted"
    assert first.summary.seconds <= first_s
    second, second_s = _mapped(request, _Jumping(lambda: len(server.answered), 7))
    summary = second.summary
    assert (summary.run, summary.status) == (first.summary.run, "done")
    assert (summary.tasks.done, summary.calls.repeated) == (_ROWS, 0)
    assert server.duplicates() == {}
    assert len(server.asked) == _ROWS
    assert 0 < summary.seconds <= first_s + second_s
    assert 1 <= summary.parallel.peak <= 8
    assert summary.parallel.mean <= summary.parallel.peak
    assert [row["id"] for row in read_rows(tmp_path / "out.jsonl")] == [
        f"r{n}" for n in range(_ROWS)
    ]
    third, _ = _mapped(request, _Jumping(lambda: 1, 1))
    assert (third.summary.status, third.summary.calls.sent) == ("done", 0)
    assert third.summary.run != second.summary.run


def test_newest_run_is_the_last_one_whatever_the_clock_says(
    tmp_path: Path, servers: Servers
) -> None:
    """A clock set back by an hour makes no earlier run of a later one."""
    server = FakeModelServer(answer)
    request = _request(tmp_path, servers.start(server))
    first, _ = _mapped(request, _Jumping(lambda: 0, 1))
    other = replace(request, rows=numbered(_ROWS + 1))
    second, _ = _mapped(other, _Jumping(lambda: 1, 1))
    assert (first.summary.calls.sent, second.summary.calls.sent) == (_ROWS, 1)
    assert second.summary.outputs == (str(tmp_path / "out.jsonl"),)
    reader = open_reader(Workspace(tmp_path).journal)
    try:
        assert get_run(reader).id == second.summary.run
    finally:
        reader.close()


@pytest.mark.parametrize("jump", [-_HOUR_S, _HOUR_S])
def test_run_keeps_durations_order_and_answers(tmp_path: Path, jump: float) -> None:
    """A recipe's run is interrupted, the clock is set, the run goes on."""
    server = FakeModelServer(settings=FakeSettings(slots=1, token_s=0.002))
    with served(server) as (site, _):
        recipe = write_job(tmp_path, site, f"openai:fake@{server.url}/v1")
        request = RunRequest(str(recipe), workers=0, max_parallel=1)
        drainer = _Drainer(1)
        begun = time.monotonic()
        first = asyncio.run(arun(request, listeners=[drainer], control=drainer))
        assert first.status == "interrupted"
        clock = _Jumping(lambda: len(server.answered) + (1 if jump < 0 else 2), 1)
        done = asyncio.run(arun(request, clock=clock))
        took_s = time.monotonic() - begun
        again = asyncio.run(arun(request, clock=_Jumping(lambda: 1, 1)))
    assert (again.status, again.calls.sent) == ("done", 0)
    assert again.outputs == done.outputs != ()
    assert (done.run, done.status) == (first.run, "done")
    assert (done.calls.repeated, done.tasks.failed) == (0, 0)
    assert server.duplicates() == {}
    assert 0 < done.seconds <= took_s
    assert done.parallel.serial_seconds <= took_s
    reader = open_reader(Workspace(tmp_path).journal)
    try:
        assert get_run(reader).id == again.run
        sessions = read_sessions(reader, get_run(reader, done.run))
        assert len(sessions) == 2
        assert 0 < run_summary(reader, done.run).seconds <= took_s
        kinds = [one.event.kind for one in iter_events(reader, done.run)]
    finally:
        reader.close()
    assert kinds.count("run.finished") == 2
    assert {"run.started", "run.resumed"} < set(kinds)
