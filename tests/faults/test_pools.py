"""Several servers for one model: they stand in for each other."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from subak.engine.clock import Alarm, SystemClock
from subak.errors import Unreachable
from subak.mapping.map_request import MapRequest
from subak.mapping.run_map import run_map
from subak.testing.model_server import FakeModelServer, FakeSettings
from tests.faults.desk import ROWS, Desk, Told, answer
from tests.faults.servers import Servers
from tests.mapping.serving import numbered, read_rows, write_rows

_FASTER = 20.0
_MANY = 150
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
    a, b = (
        FakeModelServer(answer, settings=_SLOW),
        FakeModelServer(answer, settings=_SLOW),
    )
    c = FakeModelServer(answer, settings=_OTHER)
    first = f"{servers.start(a)} + {servers.start(b)}"
    return _Pool(a, b, c, f"{first} | {servers.start(c, 'other')}")


def _request(folder: Path, model: str, rows: int) -> MapRequest:
    return MapRequest(
        rows=write_rows(folder / "rows.jsonl", numbered(rows)),
        prompt="Say {text}",
        model=model,
        out=folder / "out.jsonl",
        folder=folder,
    )


def _check_done(desk: Desk, told: Told, rows: int) -> None:
    """Assert that all rows are there; a copy of a late call is no repetition."""
    assert told.code == 0, told.err
    assert (told.summary["tasks"]["done"], desk.errors()) == (rows, {})
    assert told.summary["calls"]["repeated"] == 0


class _FastClock(SystemClock):
    """Time that runs twenty times as fast, so that a minute's patience is 3 s."""

    def now(self) -> float:
        """Return a time of day that runs as fast."""
        return self.monotonic()

    def monotonic(self) -> float:
        """Return a time that runs fast."""
        return super().monotonic() * _FASTER

    async def sleep(self, seconds: float) -> None:
        """Sleep that much less."""
        await super().sleep(seconds / _FASTER)

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Alarm:
        """Call back that much earlier."""
        return super().call_later(seconds / _FASTER, callback)


def test_all_share_and_the_fallback_rests(desk: Desk, pool: _Pool) -> None:
    """While the first tier is there, nothing goes to the second."""
    desk.rows(numbered(40))
    told = desk.map(pool.model)
    _check_done(desk, told, 40)
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
    _check_done(desk, told, 40)
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
    _check_done(desk, desk.map(pool.model), ROWS)


def test_fallback_takes_over_and_gives_back(
    tmp_path: Path, pool: _Pool, servers: Servers
) -> None:
    """Both die for more than a minute, the third goes on; one returns and is asked."""
    servers.when(lambda: len(pool.a.answered) >= 5, pool.a.stop, pool.b.stop)
    servers.when(lambda: len(pool.c.answered) >= 5, pool.a.start)
    request = _request(tmp_path, pool.model, _MANY)
    result = asyncio.run(run_map(request, clock=_FastClock()))
    assert (result.summary.status, result.summary.tasks.done) == ("done", _MANY)
    assert result.summary.calls.repeated == 0
    assert all(row["output"] for row in read_rows(tmp_path / "out.jsonl"))
    assert len(pool.c.answered) >= 5
    assert len(pool.a.answered) > 3 + _MANY // 10


def test_lone_server_that_goes_for_good_ends_with_unreachable(
    tmp_path: Path, servers: Servers
) -> None:
    """A minute later the map ends; what was answered is kept and not asked again."""
    server = FakeModelServer(answer, settings=_SLOW)
    request = _request(tmp_path, servers.start(server), 20)
    servers.when(lambda: len(server.answered) >= 5, server.stop)
    with pytest.raises(Unreachable) as told:
        asyncio.run(run_map(request, clock=_FastClock()))
    assert told.value.where.startswith(server.url)
    assert "the same command goes on" in told.value.hint
    assert not (tmp_path / "out.jsonl").exists()
    servers.start(server)
    result = asyncio.run(run_map(request, clock=_FastClock()))
    assert (result.summary.status, result.summary.calls.repeated) == ("done", 0)
    assert all(row["output"] for row in read_rows(tmp_path / "out.jsonl"))


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
