"""A map that is stopped: drained, cancelled, out of disk; and what goes on then."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from subak.engine.control import Control
from subak.engine.events import Event
from subak.errors import StorageError
from subak.mapping.map_result import MapResult
from subak.mapping.row_source import CHUNK
from subak.mapping.run_map import run_map
from subak.testing.model_server import FakeModelServer, FakeSettings
from tests.mapping.serving import (
    answer,
    read_rows,
    request_for,
    run_maps,
    spec,
)


class _Drainer(Control):
    """Drains a map when its server has answered so often."""

    def __init__(self, server: FakeModelServer, after: int) -> None:
        super().__init__()
        self._server = server
        self._after = after

    def __call__(self, event: Event) -> None:
        """Look at the server whenever a call is done."""
        if event.kind == "call.done" and len(self._server.answered) >= self._after:
            self.drain()


@pytest.mark.parametrize("after", [1, 17, 60])
def test_drained_map_goes_on_where_it_stopped(tmp_path: Path, after: int) -> None:
    """What was under way is kept, nothing is sent twice, no half file stands."""
    server = FakeModelServer(answer, settings=FakeSettings(slots=3, token_s=0.0005))
    request = replace(request_for(tmp_path, server, 80), max_parallel=3)

    async def scenario() -> tuple[MapResult, int, MapResult]:
        async with server:
            asked = replace(request, model=spec(server))
            drainer = _Drainer(server, after)
            first = await run_map(asked, listeners=[drainer], control=drainer)
            assert not (tmp_path / "out.jsonl").exists()
            sent = len(server.asked)
            return first, sent, await run_map(asked)

    first, sent, second = asyncio.run(scenario())
    assert first.summary.status == "interrupted"
    assert after <= sent < 80
    assert first.summary.tasks.done == sent
    assert second.summary.run == first.summary.run
    assert (second.summary.status, second.summary.calls.repeated) == ("done", 0)
    assert (second.summary.tasks.done, second.summary.tasks.cached) == (80, 0)
    assert server.duplicates() == {}
    assert len(server.asked) == 80
    assert len(read_rows(tmp_path / "out.jsonl")) == 80


def test_cancelled_map_stops_at_once_and_goes_on(tmp_path: Path) -> None:
    """A second Ctrl-C cancels: finished calls are kept, no file stands."""
    server = FakeModelServer(answer, settings=FakeSettings(slots=2, token_s=0.002))
    request = replace(request_for(tmp_path, server, 40), max_parallel=2)

    async def scenario() -> MapResult:
        async with server:
            asked = replace(request, model=spec(server))
            map_task = asyncio.ensure_future(run_map(asked))
            while len(server.answered) < 5:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.001)
            map_task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await map_task
            assert not (tmp_path / "out.jsonl").exists()
            return await run_map(asked)

    result = asyncio.run(scenario())
    assert (result.summary.status, result.summary.calls.repeated) == ("done", 0)
    assert len(server.asked) <= 40 + 2


def test_output_that_breaks_ends_it_resumable(tmp_path: Path) -> None:
    """A disk that fills up is told; the answers so far are kept."""
    server = FakeModelServer(answer)

    class Broken:
        def write(self, data: bytes) -> int:
            if data:
                raise StorageError("cannot write", where="out", hint="make room")
            return 0

        def flush(self) -> None:
            pass

    request = replace(
        request_for(tmp_path, server, 3),
        out=None,
        stream=Broken(),  # type: ignore[arg-type]  # all that a stream needs
    )
    with pytest.raises(StorageError):
        run_maps(server, request)


def test_rows_are_pulled_as_they_are_needed(tmp_path: Path) -> None:
    """Rows without end don't fill the memory: some chunks ahead, then it waits."""
    server = FakeModelServer(answer, settings=FakeSettings(slots=2, token_s=0.001))
    pulled = 0

    def endless() -> Iterator[Mapping[str, object]]:
        nonlocal pulled
        while True:
            pulled += 1
            yield {"text": f"t{pulled}"}

    async def scenario() -> MapResult:
        async with server:
            request = replace(
                request_for(tmp_path, server), rows=endless(), model=spec(server)
            )
            drainer = _Drainer(server, 20)
            return await run_map(request, listeners=[drainer], control=drainer)

    result = asyncio.run(scenario())
    assert result.summary.status == "interrupted"
    assert result.summary.tasks.done >= 20
    assert pulled <= 2 * CHUNK
