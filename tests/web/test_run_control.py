"""Runs started, stopped and repeated from outside: real processes, small recipes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from subak.engine.clock import SystemClock
from subak.engine.holder import find_holder
from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.errors import UserError, WorkspaceBusy
from subak.testing.model_server import FakeModelServer
from subak.testing.model_settings import FakeSettings
from subak.views.runs import list_runs, read_sessions
from subak.views.summary import run_summary
from subak.views.tasks import read_tasks
from subak.web.run_control import RunControl, find_command
from tests.job.serving import served, write_job

_PATIENCE_S = 30.0


def _control(folder: Path) -> RunControl:
    return RunControl(Workspace(folder), SystemClock())


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(_PATIENCE_S):
        while not is_so():  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.02)


async def _end(folder: Path) -> None:
    await _until(lambda: find_holder(Workspace(folder)) is None)


def test_runs_are_started_stopped_gone_on_with_and_repeated(tmp_path: Path) -> None:
    """A session of its own; a stop keeps what is paid; one item alone is made anew."""

    async def scenario(server: FakeModelServer) -> None:
        control = _control(tmp_path)
        command = find_command(tmp_path, None)
        assert command is not None
        await control.start(command)
        pid = find_holder(Workspace(tmp_path))
        assert pid is not None
        assert os.getsid(pid) == pid != os.getsid(0)
        with pytest.raises(WorkspaceBusy, match=str(pid)):
            await control.start(command)
        await _until(lambda: len(server.asked) > 0)
        control.stop(at_once=False)
        control.stop(at_once=False)  # a second click is no second signal
        await _end(tmp_path)
        await control.start(command)
        await _end(tmp_path)
        await control.again(command, "facts", "Italy")
        await _end(tmp_path)
        await _until(lambda: not control.has_child)
        assert control.ended() is None

    slow = FakeModelServer(settings=FakeSettings(token_s=0.005, slots=1))
    with served(slow) as (site, server):
        write_job(tmp_path, site, f"openai:fake@{server.url}/v1")
        asyncio.run(scenario(server))
    db = open_reader(Workspace(tmp_path).journal)
    again, first = list_runs(db)
    assert (first.status, again.status) == ("done", "done")
    assert len(read_sessions(db, first)) == 2
    assert run_summary(db, first.id).calls.repeated == 0
    tasks = read_tasks(db, again.id)
    db.close()
    made = {one.item: one.state for one in tasks if one.stage == "facts"}
    assert made == {"Germany": "cached", "Italy": "done", "Kenya": "cached"}


def test_run_that_cannot_begin_is_told_with_its_last_words(tmp_path: Path) -> None:
    """A recipe with mistakes has no journal to tell of them; its log does."""
    (tmp_path / "recipe.toml").write_text('name = "x"\nnonsense = 1\n')

    async def scenario() -> None:
        control = _control(tmp_path)
        command = find_command(tmp_path, None)
        assert command is not None
        await control.start(command)
        await _until(lambda: not control.has_child)
        ended = control.ended()
        assert ended is not None
        assert ended.code == 2
        assert "nonsense" in ended.tail

    asyncio.run(scenario())


def test_stop_where_nothing_runs_is_told(tmp_path: Path) -> None:
    """A page that was open for long may offer what is past."""
    with pytest.raises(UserError, match="nothing is running"):
        _control(tmp_path).stop(at_once=False)


def test_again_without_an_item_is_told(tmp_path: Path) -> None:
    """An empty field would mean everything."""
    (tmp_path / "recipe.toml").write_text('name = "x"')
    command = find_command(tmp_path, None)
    assert command is not None
    with pytest.raises(UserError, match="no item"):
        asyncio.run(_control(tmp_path).again(command, "facts", ""))


def test_command_is_found_by_recipe_file_or_shipped_name(tmp_path: Path) -> None:
    """The folder's recipe, the file the last run names, or the shipped recipe."""
    assert find_command(tmp_path, None) is None
    (tmp_path / "recipe.toml").touch()
    command = find_command(tmp_path, None)
    assert command is not None
    assert (command.recipe, command.folder, command.flags) == (".", tmp_path, ())
