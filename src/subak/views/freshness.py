"""Freshness: in one sentence, how much of what is published is of a run."""

from __future__ import annotations

from collections.abc import Sequence

import apsw

from subak.views.category_state import (
    OF_CATEGORIES,
    CategoryState,
    read_category_states,
)
from subak.views.tasks import Task
from subak.views.wording import count, shorten

_TASKS = (
    "SELECT stage, item, state FROM task WHERE run = ? AND stage IN ({marks})"
    " ORDER BY started, rowid"
)


def freshness(states: Sequence[CategoryState], *, is_whole: bool) -> str:
    """Return how many categories are of a run, and which stand as they were.

    Args:
        is_whole: Nothing else of the run needs a person.
    """
    fresh = sum(state.is_fresh for state in states)
    if states and fresh < len(states):
        of = count(len(states), "category", "categories")
        told = f"{count(fresh)} of {of} {'is' if fresh == 1 else 'are'} fresh"
        return f"{told}{_older_words(states)}."
    return "Everything is fresh." if is_whole else "What could be had is fresh."


def read_freshness(db: apsw.Connection, run: str, *, is_whole: bool) -> str:
    """Return the same of a run that has ended, "" of one without categories.

    Reads of its tasks only those about a category.

    Args:
        is_whole: Nothing of it failed.
    """
    query = _TASKS.format(marks=", ".join("?" * len(OF_CATEGORIES)))
    tasks = [Task(*row) for row in db.execute(query, (run, *OF_CATEGORIES))]
    states = read_category_states(db, run, tasks, ())
    return freshness(states, is_whole=is_whole) if states else ""


def _older_words(states: Sequence[CategoryState]) -> str:
    older = [state.name for state in states if state.article == "kept"]
    named = " and ".join(shorten(name, 40) for name in older[:2])
    if not older:
        return ""
    if len(older) > 2:
        return f"; {count(len(older))} stand as they were"
    are = "stands as it was" if len(older) == 1 else "stand as they were"
    return f"; {named} {are}"
