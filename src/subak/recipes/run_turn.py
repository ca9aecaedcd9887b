"""A run's turn on its workspace; of a scheduled one also whether it has come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from subak.engine.clock import Clock
from subak.engine.control import Control
from subak.engine.holder import find_holder
from subak.engine.lock import WorkspaceLock
from subak.engine.turn import turn
from subak.engine.workspace import Workspace
from subak.errors import NotNow, WorkspaceBusy
from subak.recipes.due import find_due
from subak.recipes.schema import Recipe


@asynccontextmanager
async def run_turn(
    recipe: Recipe,
    workspace: Workspace,
    clock: Clock,
    *,
    is_scheduled: bool = False,
    control: Control | None = None,
    on_wait: Callable[[WorkspaceBusy], None] | None = None,
) -> AsyncIterator[float]:
    """Hold the workspace for the block; give the seconds that were waited for it.

    A run that somebody started is refused at once where another one is on. A
    scheduled one waits or stands back, as its recipe says.

    Raises:
        WorkspaceBusy: Another run holds the workspace.
        NotNow: None is due, or another one is on that does its work.
        Interrupted: The waiting was ended from outside.
    """
    if not is_scheduled:
        with WorkspaceLock(workspace):
            yield 0.0
        return
    _check(recipe, workspace, clock, is_held=find_holder(workspace) is not None)
    async with AsyncExitStack() as stack:
        waited_s = 0.0
        try:
            if recipe.schedule.overlap == "skip":
                stack.enter_context(WorkspaceLock(workspace))
            else:
                waiting = turn(workspace, clock, control, on_wait)
                waited_s = await stack.enter_async_context(waiting)
        except WorkspaceBusy as busy:
            raise NotNow(
                f"skipped: {busy.message}",
                where=busy.where,
                hint=f"subak status --dir {workspace.folder}",
            ) from busy
        if waited_s:  # the other one may have done what this one was to do
            _check(recipe, workspace, clock, is_held=False)
        yield waited_s


def _check(
    recipe: Recipe, workspace: Workspace, clock: Clock, *, is_held: bool
) -> None:
    due = find_due(recipe, workspace, clock.now(), is_held=is_held)
    if not due.is_due:
        raise NotNow(
            f"nothing is due before {due.next:%Y-%m-%d %H:%M} {due.next.tzinfo}",
            where=str(workspace.folder),
            hint="to run it now, leave --scheduled out",
        )
