"""Several servers for one model: they stand in for each other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from subak.engine.clock import SystemClock
from subak.mapping.map_request import MapRequest
from subak.mapping.run_map import run_map
from subak.testing.model_server import FakeModelServer, FakeSettings
from tests.faults.desk import ROWS, Desk, answer
from tests.faults.servers import Servers, pause
from tests.mapping.serving import numbered, read_rows, write_rows

_FASTER = 20.0
_SLOW = FakeSettings(slots=2, token_s=0.002)
_OTHER = FakeSettings(models=("other",), slots=2, token_s=0.002)


@dataclass(frozen=True, slots=True)
class _Pool:
    a: FakeModelServer
    b: FakeModelServer
    c: FakeModelServer
    model: str


@pytest.fixture
def pool(servers: Servers) -> _Pool:
    """Serve two servers of one model, and one of another behind them."""
    a, b = FakeModelServer(answer, settings=_SLOW), FakeModelServer(answer, settings=_SLOW)
    c = FakeModelServer(answer, settings=_OTHER)
    first = f"{servers.start(a)} + {servers.start(b)}"
    return _Pool(a, b, c, f"{first} | {servers.start(c, 'other')}")


class _FastClock(SystemClock):
    """Time that runs twenty times as fast, so that a minute's patience is 3 s."""

    def monotonic(self) -> float:
        return super().monotonic() * _FASTER

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds / _FASTER)

    def call_later(self, seconds: float, callback):  # type: ignore[no-untyped-def]
        return super().call_later(seconds / _FASTER, callback)


def test_all_share_and_the_fallback_rests(desk: Desk, pool: _Pool) -> None:
    """While the first tier is there, nothing goes to the second."""
    desk.rows(numbered(40))
    told = desk.map(pool.model)
    desk.check_finished(told, 40)
    assert pool.a.answered
    assert pool.b.answered
    assert not pool.c.asked


def test_one_dies_and_the_other_goes_on(
    desk: Desk, pool: _Pool, servers: Servers
) -> None:
    """Calls it took with it go to the other; the fallback is not needed."""
    desk.rows(numbered(40))
    servers.when(lambda: len(pool.b.answered) >= 3, pool.b.stop)
    told = desk.map(pool.model)
    assert told.code == 0, told.err
    assert (told.summary["tasks"]["done"], desk.errors()) == (40, {})
    assert told.summary["calls"]["repeated"] == 0
    assert not pool.c.asked
    desk.check_finished(desk.map(pool.model), 0)


def test_none_of_the_first_tier_there_means_the_fallback_at_once(
    desk: Desk, pool: _Pool, servers: Servers
) -> None:
    """Nobody waits a minute for servers that were never there."""
    servers.stop(pool.a)
    servers.stop(pool.b)
    desk.check_finished(desk.map(pool.model), ROWS)
    assert len(pool.c.answered) == ROWS
    servers.start(pool.a)
    desk.check_finished(desk.map(pool.model), 0)


def test_no_server_of_any_tier_ends_with_4(
    desk: Desk, pool: _Pool, servers: Servers
) -> None:
    """The first one is named; any of them finishes the job later."""
    for server in (pool.a, pool.b, pool.c):
        servers.stop(server)
    desk.check_refused(desk.type(desk.words(pool.model)), 4, pool.a.url)
    servers.start(pool.b)
    desk.check_finished(desk.map(pool.model), ROWS)


def test_fallback_takes_over_and_gives_back(
    tmp_path: Path, pool: _Pool, servers: Servers
) -> None:
    """Both die for more than a minute, the third goes on; one returns and is asked."""
    servers.when(lambda: len(pool.a.answered) >= 5, pool.a.stop, pool.b.stop)
    back: list[int] = []

    async def note() -> None:
        back.append(len(pool.c.answered))

    servers.when(lambda: len(pool.c.answered) >= 5, pool.a.start, note)
    rows = write_rows(tmp_path / "rows.jsonl", numbered(400))
    request = MapRequest(
        rows=rows,
        prompt="Say {text}",
        model=pool.model,
        out=tmp_path / "out.jsonl",
        folder=tmp_path,
    )
    result = asyncio.run(run_map(request, clock=_FastClock()))
    assert (result.summary.status, result.summary.tasks.done) == ("done", 400)
    assert result.summary.calls.repeated == 0
    assert all(row["output"] for row in read_rows(tmp_path / "out.jsonl"))
    before = len(pool.a.answered)
    assert back
    assert len(pool.c.answered) + before + len(pool.b.answered) >= 400
    assert before > 20


def test_lone_server_that_goes_for_good_ends_with_unreachable(desk: Desk) -> None:
    """A minute later the map ends; what was answered is kept."""


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("openai:fake@http://127.0.0.1:1/v1 + ollma:x", "part 2 of 2"),
        ("openai:fake@http://127.0.0.1:1/v1 | ", "part 2 of 2"),
        ("openai:fake@http://127.0.0.1:1/v1 + + echo", "part 2 of 3"),
        ("openai:@http://127.0.0.1:1/v1 | echo", "part 1 of 2"),
        ("openai:f@http://127.0.0.1:1/v1 + openai:f@http://127.0.0.1:1/v1", "twice"),
    ],
)
def test_bad_part_of_a_pool_is_named(desk: Desk, model: str, said: str) -> None:
    """Nothing is begun; the screen tells which part, and how to write it."""
    desk.check_refused(desk.type(desk.words(model)), 2, said)
