"""Due: whether a recipe's time has come since it last ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from subak.engine.store import open_reader
from subak.engine.workspace import Workspace
from subak.errors import StorageError
from subak.recipes.schema import Recipe
from subak.recipes.timing import timetable_of
from subak.views.runs import Run, list_runs

_UNFINISHED = frozenset({"running", "interrupted"})


@dataclass(frozen=True, slots=True)
class Due:
    """What the timetable says now.

    Args:
        is_due: A time has come since the newest run began, or that one didn't end.
        since: The newest time that has come, None before the first.
        next: The time that comes next.
    """

    is_due: bool
    since: datetime | None
    next: datetime


def find_due(recipe: Recipe, workspace: Workspace, now: float, *, is_held: bool) -> Due:
    """Return whether a recipe is to run now.

    However many times were missed, that is one run.

    Args:
        is_held: Another run is at work there; so the newest one is not forsaken.

    Raises:
        UserError: The recipe doesn't say when it is to run.
    """
    timetable = timetable_of(recipe.schedule)
    since = timetable.last_until(now)
    newest = _newest_run(recipe, workspace)
    is_behind = since is not None and (
        newest is None
        or newest.started < since.timestamp()
        or (newest.status in _UNFINISHED and not is_held)
    )
    return Due(is_behind, since, next(timetable.after(now)))


def _newest_run(recipe: Recipe, workspace: Workspace) -> Run | None:
    try:
        database = open_reader(workspace.journal)
    except StorageError:
        return None  # none yet, or one that the run itself brings up to date
    try:
        return next(iter(list_runs(database, recipe=recipe.name, limit=1)), None)
    finally:
        database.close()
