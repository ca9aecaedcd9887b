"""Servers that turn calls away: waiting costs time, never a row or a second answer."""

from __future__ import annotations

import pytest

from subak.testing.model_faults import FaultPlan
from subak.testing.model_server import FakeModelServer, FakeSettings
from tests.faults.desk import ROWS, Desk, answer
from tests.faults.servers import Servers


@pytest.mark.parametrize("retry_after", ["", "1"])
def test_requests_a_minute_are_kept_to(
    desk: Desk, servers: Servers, retry_after: str
) -> None:
    """429, with the time to wait or without: every row is answered, once."""
    settings = FakeSettings(per_minute=300, burst=8, owner="vllm")
    server = FakeModelServer(answer, FaultPlan(retry_after=retry_after), settings)
    model = servers.start(server)
    told = desk.map(model)
    assert told.code == 0, told.err
    assert (told.summary["tasks"]["done"], desk.errors()) == (ROWS, {})
    calls = told.summary["calls"]
    assert (calls["succeeded"], calls["repeated"]) == (ROWS, 0)
    assert calls["rejected"] == server.refused > 0
    assert server.duplicates() == {}
    desk.check_finished(desk.map(model), 0)


@pytest.mark.parametrize("status", [429, 503])
def test_requests_in_flight_are_kept_to(
    desk: Desk, servers: Servers, status: int
) -> None:
    """A server that refuses above three at once gets that many, and loses no row."""
    settings = FakeSettings(
        max_in_flight=3, busy_status=status, token_s=0.002, owner="vllm"
    )
    server = FakeModelServer(answer, settings=settings)
    desk.rows([{"id": n, "text": f"t{n}"} for n in range(60)])
    model = servers.start(server)
    told = desk.map(model)
    assert told.code == 0, told.err
    assert (told.summary["tasks"]["done"], desk.errors()) == (60, {})
    calls = told.summary["calls"]
    assert (calls["succeeded"], calls["repeated"]) == (60, 0)
    assert calls["rejected"] == server.refused > 0
    assert calls["rejected"] < 60
    assert server.peak <= 3
    assert server.duplicates() == {}
