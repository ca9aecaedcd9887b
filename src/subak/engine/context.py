"""Which task is running here: set by the runner, read by limiters and journals."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TaskContext:
    """The task on whose behalf code is running.

    Args:
        run: Id of the run.
        stage: Name of the stage.
        item: Id of the item.
        priority: Waiters with a smaller tuple are served first: later stages, then
            recipe order.
        refresh: True while answers must be made anew instead of read from the cache.
    """

    run: str = ""
    stage: str = ""
    item: str = ""
    priority: tuple[int, int] = (0, 0)
    refresh: bool = False


_NONE = TaskContext()
_current: ContextVar[TaskContext] = ContextVar("subak_task", default=_NONE)


def current_task() -> TaskContext:
    """Return the running task, or an empty one outside of any run."""
    return _current.get()


def set_current_task(task: TaskContext) -> None:
    """Make ``task`` the running task of this asyncio task and its children."""
    _current.set(task)
