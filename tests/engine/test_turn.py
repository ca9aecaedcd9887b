"""A run's turn: one holds the workspace, one waits, others stand back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from subak.engine.control import Control
from subak.engine.lock import WorkspaceLock
from subak.engine.turn import turn
from subak.engine.workspace import Workspace
from subak.errors import Interrupted, WorkspaceBusy
from subak.testing.clock import VirtualClock


def test_turn_on_a_free_workspace_comes_at_once(tmp_path: Path) -> None:
    """Nobody is told of a wait, and the workspace is free again afterwards."""
    workspace, clock = Workspace(tmp_path), VirtualClock()

    async def scenario() -> float:
        async with turn(workspace, clock) as waited_s:
            with pytest.raises(WorkspaceBusy), WorkspaceLock(workspace):
                pass
            return waited_s

    assert asyncio.run(scenario()) == 0.0
    with WorkspaceLock(workspace):
        pass


def test_turn_waits_until_the_other_run_has_finished(tmp_path: Path) -> None:
    """It says by whom the workspace is held, and takes it over when that ends."""
    workspace, clock = Workspace(tmp_path), VirtualClock()
    told: list[WorkspaceBusy] = []

    async def scenario() -> float:
        other = WorkspaceLock(workspace)
        other.__enter__()

        async def finish() -> None:
            await clock.sleep(90)
            other.__exit__(None, None, None)

        async with asyncio.TaskGroup() as group:
            group.create_task(finish())
            async with turn(workspace, clock, on_wait=told.append) as waited_s:
                return waited_s
        raise AssertionError

    assert 90 <= asyncio.run(scenario()) <= 95
    (busy,) = told
    assert "holds this workspace" in busy.message


def test_turn_has_one_place_to_wait(tmp_path: Path) -> None:
    """A third run is told that another one waits already."""
    workspace, clock = Workspace(tmp_path), VirtualClock()

    async def scenario() -> None:
        with WorkspaceLock(workspace), WorkspaceLock(workspace, is_queue=True):
            async with turn(workspace, clock):
                pass

    with pytest.raises(WorkspaceBusy, match="waits for this workspace"):
        asyncio.run(scenario())


def test_turn_does_not_wait_for_ever(tmp_path: Path) -> None:
    """After a day the other run is told as the reason."""
    workspace, clock = Workspace(tmp_path), VirtualClock(spins=1)

    async def scenario() -> None:
        with WorkspaceLock(workspace):
            async with turn(workspace, clock):
                pass

    with pytest.raises(WorkspaceBusy, match="holds this workspace"):
        asyncio.run(scenario())
    assert clock.monotonic() == pytest.approx(86_400, abs=5)


def test_turn_that_is_stopped_waits_no_longer(tmp_path: Path) -> None:
    """A drain ends the waiting, and its place is free for another."""
    workspace, clock, control = Workspace(tmp_path), VirtualClock(), Control()

    async def scenario() -> None:
        with WorkspaceLock(workspace):
            async with turn(
                workspace, clock, control, on_wait=lambda _: control.drain()
            ):
                pass

    with pytest.raises(Interrupted):
        asyncio.run(scenario())
    with WorkspaceLock(workspace, is_queue=True):
        pass
