"""A server that is not there, is not the right one, or goes away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from subak.testing.model_faults import FaultPlan
from subak.testing.model_server import FakeModelServer, FakeSettings
from tests.faults.desk import ROWS, Desk, answer
from tests.faults.servers import Servers, pause
from tests.job.serving import served, write_job


def test_no_server_ends_the_map_with_4_and_loses_nothing(
    desk: Desk, servers: Servers
) -> None:
    """What was answered is kept; once it is there, only the rest is asked."""
    server = FakeModelServer(answer)
    model = servers.start(server)
    some = desk.map(model, "--limit", "5", "--out", str(desk.folder / "some.jsonl"))
    assert some.code == 0
    servers.stop(server)
    told = desk.type(desk.words(model))
    desk.check_refused(told, 4, server.url, "cannot connect")
    servers.start(server)
    desk.check_finished(desk.map(model), ROWS - 5)
    assert server.duplicates() == {}


def test_no_server_ends_a_recipe_with_4_and_it_goes_on(
    desk: Desk, tmp_path: Path
) -> None:
    """Pages are fetched before; once the model is there the same line finishes."""
    server = FakeModelServer()
    with served(server) as (site, _):
        model = f"openai:fake@{server.url}/v1"
        recipe = write_job(tmp_path / "job", site, "openai:fake@http://127.0.0.1:9/v1")
        told = desk.type(["run", str(recipe), "--json"])
        desk.check_refused(told, 4, "127.0.0.1:9")
        done = desk.type(["run", str(recipe), "--model", model, "--json"])
    assert (done.code, done.summary["status"]) == (0, "done")
    assert done.summary["calls"]["repeated"] == 0


def test_wrong_model_name_is_told_with_those_there_are(
    desk: Desk, servers: Servers
) -> None:
    """Nothing is asked; the right name does the work."""
    settings = FakeSettings(models=("fake", "other"))
    server = FakeModelServer(answer, settings=settings)
    model = servers.start(server)
    told = desk.type(desk.words(model.replace("fake", "fkae")))
    desk.check_refused(told, 2, "fkae", "fake", "other")
    assert server.asked == []
    desk.check_finished(desk.map(model), ROWS)


def test_wrong_model_name_ends_a_recipe_with_2(
    desk: Desk, servers: Servers, tmp_path: Path
) -> None:
    """The same for a run."""
    server = FakeModelServer()
    with served(server) as (site, _):
        model = f"openai:fkae@{server.url}/v1"
        recipe = write_job(tmp_path / "job", site, model)
        told = desk.type(["run", str(recipe), "--json"])
        desk.check_refused(told, 2, "fkae", "fake")
        assert server.asked == []


def test_server_that_dies_mid_answer_and_comes_back_costs_no_row(
    desk: Desk, servers: Servers
) -> None:
    """Calls it took with it are sent again, answers that were whole are not."""
    server = FakeModelServer(answer, settings=FakeSettings(slots=2, token_s=0.002))
    model = servers.start(server)
    servers.when(
        lambda: len(server.answered) >= 3 and server.in_flight > 0,
        server.stop,
        pause(0.3),
        server.start,
    )
    told = desk.map(model)
    assert told.code == 0, told.err
    assert told.summary["tasks"]["done"] == ROWS
    calls = told.summary["calls"]
    assert (calls["succeeded"], calls["repeated"]) == (ROWS, 0)
    assert calls["retried"] >= 1
    assert desk.errors() == {}
    desk.check_finished(desk.map(model), 0)


def test_address_that_redirects_is_told(desk: Desk, servers: Servers) -> None:
    """The run ends and shows where to; no row is blamed for it."""
    server = FakeModelServer(answer, FaultPlan(shares={"redirect": 1.0}))
    model = servers.start(server)
    told = desk.type(desk.words(model))
    desk.check_refused(told, 2, server.url, "redirects to http://elsewhere/")
    server.faults = FaultPlan()
    done = desk.map(model)
    assert (done.code, done.summary["calls"]["repeated"]) == (0, 0)
    assert desk.errors() == {}


def test_key_that_is_not_accepted_ends_it(desk: Desk, servers: Servers) -> None:
    """The variable to set is named; no row is blamed."""
    server = FakeModelServer(answer, settings=FakeSettings(api_key="secret"))
    model = servers.start(server)
    told = desk.type(desk.words(model))
    desk.check_refused(told, 2, "API key", "export ")
    server.settings = replace(server.settings, api_key="")
    done = desk.map(model)
    assert (done.code, done.summary["calls"]["repeated"]) == (0, 0)
