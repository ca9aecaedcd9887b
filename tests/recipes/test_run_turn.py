"""A scheduled run: begun when it is due, made up for once, never beside another."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from subak.engine.lock import WorkspaceLock
from subak.engine.workspace import Workspace
from subak.errors import NotNow, WorkspaceBusy
from subak.recipes.due import find_due
from subak.recipes.load import parse_recipe
from subak.recipes.run_turn import run_turn
from subak.recipes.schema import Recipe
from subak.testing.clock import VirtualClock
from tests.views.sample import BASE, SampleJournal

TEXT = """
name = "intel"
[[source]]
kind = "page"
url = "http://example.org/"
[schedule]
at = "06:00"
timezone = "UTC"
"""
# The sample's time 0 is six in the morning.
assert datetime.fromtimestamp(BASE, UTC).hour == 6
HOUR_S = 3_600.0
DAY_S = 24 * HOUR_S


def _recipe(overlap: str = "wait") -> Recipe:
    return parse_recipe(f'{TEXT}overlap = "{overlap}"\n')


@pytest.mark.parametrize(
    ("began_at", "status", "now", "is_due"),
    [
        (0.0, "done", 2 * HOUR_S, False),  # it ran at six
        (0.0, "done", DAY_S - 1, False),
        (0.0, "done", DAY_S, True),  # six again
        (0.0, "done", 5 * DAY_S, True),  # five missed: due, and once
        (-HOUR_S, "done", HOUR_S, True),  # somebody ran it at five
        (HOUR_S, "done", 2 * HOUR_S, False),  # somebody ran it at seven
        (0.0, "partial", 2 * HOUR_S, False),
        (0.0, "interrupted", 2 * HOUR_S, True),  # cut off: it goes on
        (0.0, "running", 2 * HOUR_S, True),  # killed
    ],
)
def test_find_due_goes_by_the_newest_run(
    tmp_path: Path, began_at: float, status: str, now: float, *, is_due: bool
) -> None:
    """Due is what has come since the newest run began, however often it came."""
    journal = SampleJournal(tmp_path)
    journal.begin(at=began_at, ended=began_at + 60, status=status)
    journal.save()
    due = find_due(_recipe(), Workspace(tmp_path), BASE + now, is_held=False)
    assert due.is_due == is_due
    assert due.next.timestamp() > BASE + now


def test_find_due_of_a_recipe_that_never_ran(tmp_path: Path) -> None:
    """Its time has come before, so it is due; runs of other recipes don't count."""
    workspace = Workspace(tmp_path)
    assert find_due(_recipe(), workspace, BASE, is_held=False).is_due
    journal = SampleJournal(tmp_path)
    journal.begin(recipe="tax", at=1, ended=2, status="done")
    journal.save()
    assert find_due(_recipe(), workspace, BASE + 60, is_held=False).is_due


def test_find_due_of_a_run_at_work_is_not(tmp_path: Path) -> None:
    """What another process is doing right now has not been cut off."""
    journal = SampleJournal(tmp_path)
    journal.begin(at=0.0)
    journal.save()
    due = find_due(_recipe(), Workspace(tmp_path), BASE + HOUR_S, is_held=True)
    assert not due.is_due


def _take(
    recipe: Recipe, folder: Path, clock: VirtualClock, *, is_scheduled: bool = True
) -> float:
    async def scenario() -> float:
        turn = run_turn(recipe, Workspace(folder), clock, is_scheduled=is_scheduled)
        async with turn as waited_s:
            return waited_s

    return asyncio.run(scenario())


def test_scheduled_run_that_is_not_due_does_not_begin(tmp_path: Path) -> None:
    """It says when the next one is; by hand it may begin at any time."""
    journal = SampleJournal(tmp_path)
    journal.begin(at=0.0, ended=60.0, status="done")
    journal.save()
    clock = VirtualClock(BASE + HOUR_S)
    with pytest.raises(NotNow, match="nothing is due before 2026-11-23 06:00 UTC"):
        _take(_recipe(), tmp_path, clock)
    assert _take(_recipe(), tmp_path, clock, is_scheduled=False) == 0.0


def test_second_scheduled_run_is_skipped_where_the_recipe_says_so(
    tmp_path: Path,
) -> None:
    """It names the process that is at work; one by hand is refused as ever."""
    with WorkspaceLock(Workspace(tmp_path)):
        with pytest.raises(NotNow, match="skipped: another run, process"):
            _take(_recipe("skip"), tmp_path, VirtualClock(BASE))
        with pytest.raises(WorkspaceBusy):
            _take(_recipe("skip"), tmp_path, VirtualClock(BASE), is_scheduled=False)


def _wait_for_another(folder: Path, began_at: float) -> float:
    """Wait for a run that began at a time and ends after 30 seconds."""
    workspace, clock = Workspace(folder / "own"), VirtualClock(BASE)
    done = SampleJournal(folder)
    done.begin(at=began_at, ended=30.0, status="done")
    written = done.save()

    async def scenario() -> float:
        other = WorkspaceLock(workspace)
        other.__enter__()

        async def finish() -> None:
            await clock.sleep(30)
            written.rename(workspace.journal)
            other.__exit__(None, None, None)

        async with asyncio.TaskGroup() as group:
            group.create_task(finish())
            turn = run_turn(_recipe(), workspace, clock, is_scheduled=True)
            async with turn as waited_s:
                return waited_s
        raise AssertionError

    return asyncio.run(scenario())


def test_second_scheduled_run_waits_and_looks_again(tmp_path: Path) -> None:
    """What the other run has done meanwhile is not done a second time."""
    with pytest.raises(ExceptionGroup) as caught:
        _wait_for_another(tmp_path, began_at=1.0)
    assert isinstance(caught.value.exceptions[0], NotNow)


def test_second_scheduled_run_begins_once_the_other_has_ended(tmp_path: Path) -> None:
    """The other one began before six, so today's is still to be done."""
    assert 30 <= _wait_for_another(tmp_path, began_at=-60.0) <= 35
