"""CategoryState: what a run made of a category, and how old is what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import apsw

from subak.knowledge.settling.settlement import Settled
from subak.views.articles import read_kept
from subak.views.item_failure import ItemFailure
from subak.views.stored_values import iter_values
from subak.views.tasks import Task

ArticleState = Literal["written", "unchanged", "kept", "failed", "none"]

OF_CATEGORIES = ("settle", "draft", "verify", "review")
"""Stages whose items are categories."""

_NAMES = (
    "SELECT DISTINCT json_extract(labels, '$.category') FROM scope WHERE run = ?"
    " AND json_extract(labels, '$.category') <> ''"
)
_WRITTEN = (
    "SELECT max(started + seconds) FROM task WHERE item = ? AND stage = 'verify'"
    " AND state IN ('done', 'cached') AND run IN"
    " (SELECT id FROM run WHERE recipe = (SELECT recipe FROM run WHERE id = ?))"
)


@dataclass(frozen=True, slots=True)
class CategoryState:
    """One category after a run.

    Args:
        article: What became of its article; "kept" is one of an earlier run that was
            published once more, "none" where it has none.
        written: When an article of it was last in an edition, of a kept one when it
            was made; None for never.
        values: Values that are published of it.
        changed: Of those: new, or other than at the last publication.
        kept: Those that nothing proves now; they stand as they were.
        failures: What went wrong with the category itself, not with one of its pages.
    """

    name: str
    article: ArticleState
    written: float | None
    values: int = 0
    changed: int = 0
    kept: tuple[Settled, ...] = ()
    failures: tuple[ItemFailure, ...] = ()

    @property
    def is_fresh(self) -> bool:
        """Tell whether all of it is of this run."""
        is_old = self.article in ("kept", "failed")
        return not (self.kept or self.failures or is_old)


def read_category_states(
    db: apsw.Connection,
    run: str,
    tasks: Sequence[Task],
    failures: Sequence[ItemFailure],
) -> tuple[CategoryState, ...]:
    """Return the categories of a run by name.

    Args:
        tasks: Of that run.
        failures: Of that run.
    """
    names = sorted(str(name) for (name,) in db.execute(_NAMES, (run,)))
    settled = {one.category: one.settled for one in _settlements(db, run)}
    ended = {(task.stage, task.item): task.state for task in tasks}
    older = {one.category: one.generated_at for one in read_kept(db, run)}
    return tuple(
        _state(
            name,
            {stage: ended.get((stage, name), "") for stage in OF_CATEGORIES},
            settled.get(name, ()),
            older.get(name) or _last_written(db, run, name),
            [one for one in failures if _is_of(one, name)],
            is_older=name in older,
        )
        for name in names
    )


@dataclass(frozen=True, slots=True)
class _Settlement:
    category: str
    settled: tuple[Settled, ...]


def _settlements(db: apsw.Connection, run: str) -> list[_Settlement]:
    return list(iter_values(db, run, "settle", _Settlement))


def _last_written(db: apsw.Connection, run: str, name: str) -> float | None:
    written = db.execute(_WRITTEN, (name, run)).get
    return None if written is None else float(written)


def _is_of(failure: ItemFailure, name: str) -> bool:
    return failure.stage in OF_CATEGORIES and failure.item == name


def _state(
    name: str,
    stages: dict[str, str],
    settled: Sequence[Settled],
    written: float | None,
    failures: Sequence[ItemFailure],
    *,
    is_older: bool,
) -> CategoryState:
    return CategoryState(
        name=name,
        article="kept" if is_older else _article(stages),
        written=written,
        values=len(settled),
        changed=sum(one.status in ("new", "changed") for one in settled),
        kept=tuple(one for one in settled if not one.is_confirmed),
        failures=tuple(failures),
    )


def _article(stages: dict[str, str]) -> ArticleState:
    states = {stages["draft"], stages["verify"], stages["review"]}
    if "failed" in states:
        return "failed"
    if stages["verify"] not in ("done", "cached"):
        return "none"
    return "written" if "done" in states else "unchanged"
