"""Why an item was done again, or not: which part of its key changed."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import apsw

from subak.errors import UserError
from subak.views.page_visit import PageVisit, find_items, read_page_visit
from subak.views.proof import RefusedFact, read_proof
from subak.views.runs import Run, find_previous, get_run
from subak.views.summary import find_failures
from subak.views.tasks import (
    FailedAttempt,
    Task,
    read_attempts,
    read_tasks,
    stage_order,
)
from subak.views.wording import shorten

Matcher = Callable[[Task], bool]

_MOST_ITEMS = 40
_ENDS = {"failed": "failed", "skipped": "was skipped"}
_WORDS = {
    "input": "the input changed: what came in from the stage before differs",
    "run": "it is done anew in every run, because the outside world may have changed",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why one stage of one item was done, or was not.

    Args:
        state: How the task ended.
        changed: The parts of its key that differ from the run before.
        because: The reason, in words.
        refused: Values that were proposed there and not proved.
        page: Of a page's fetch: what came of the visit, for programs.
    """

    stage: str
    item: str
    state: str
    seconds: float
    attempts: int
    changed: tuple[str, ...]
    because: tuple[str, ...]
    refused: tuple[RefusedFact, ...] = ()
    error: str = ""
    hint: str = ""
    page: Mapping[str, object] | None = None

    def to_json(self) -> dict[str, object]:
        """Return the reason with the names of the outer contract."""
        return {
            "stage": self.stage,
            "item": self.item,
            "state": self.state,
            "seconds": round(self.seconds, 3),
            "attempts": self.attempts,
            "changed": list(self.changed),
            "because": list(self.because),
            "refused": [
                {"field": fact.field, "reason": fact.reason} for fact in self.refused
            ],
            "error": self.error,
            "hint": self.hint,
            **({} if self.page is None else {"page": dict(self.page)}),
        }


@dataclass(frozen=True, slots=True)
class Why:
    """The reasons of all stages of the items that were asked about."""

    run: str
    previous: str
    recipe: str
    reasons: tuple[Reason, ...]

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract."""
        return {
            "version": 1,
            "run": self.run,
            "previous": self.previous,
            "recipe": self.recipe,
            "reasons": [reason.to_json() for reason in self.reasons],
        }


def explain(db: apsw.Connection, wanted: str, *, run: str = "") -> Why:
    """Return why the stages of an item were done or not in a run.

    Args:
        wanted: An item ("germany"), a stage and an item ("facts/germany"), a page's
            URL, a document's id, a label's value, or a part of an item's name.

    Raises:
        UserError: No item of the run matches.
    """
    record = get_run(db, run)
    tasks = read_tasks(db, record.id)
    items = find_items(db, record.id, wanted)
    chosen = _choose(tasks, wanted, items, record)
    proof = read_proof(db, record.id, tasks)
    attempts = read_attempts(db, record.id)
    history = _History(db, record)
    order = {name: place for place, name in enumerate(stage_order(db, record.id))}
    chosen.sort(key=lambda task: (order.get(task.stage, len(order)), task.item))
    return Why(
        run=record.id,
        previous=history.previous.id if history.previous else "",
        recipe=record.recipe,
        reasons=tuple(
            _reason(task, history, proof.refused, attempts) for task in chosen
        ),
    )


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Return each part of a key that changed, with the change in words."""
    return {
        name: _change(name, old.get(name), new.get(name))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    }


class _History:
    """The last earlier task of a stage and item, whichever run it was in."""

    def __init__(self, db: apsw.Connection, run: Run) -> None:
        self.previous = find_previous(db, run)
        self._db = db
        self._run = run
        self._visits: dict[str, PageVisit] = {}

    def visit(self, item: str) -> PageVisit:
        """Return what happened to the item's page in the run."""
        if item not in self._visits:
            run = self._run
            span = (run.started, math.inf if run.ended is None else run.ended)
            self._visits[item] = read_page_visit(self._db, run.id, item, span)
        return self._visits[item]

    def find(self, task: Task) -> Task | None:
        row = self._db.execute(
            "SELECT task.state, task.parts FROM task JOIN run ON run.id = task.run"
            " WHERE run.recipe = ? AND stage = ? AND item = ? AND run.rowid <"
            " (SELECT rowid FROM run WHERE id = ?)"
            " ORDER BY run.rowid DESC, task.started DESC LIMIT 1",
            (self._run.recipe, task.stage, task.item, self._run.id),
        ).fetchone()
        if row is None:
            return None
        return Task(task.stage, task.item, str(row[0]), parts=json.loads(str(row[1])))


def _reason(
    task: Task,
    history: _History,
    refused: Iterable[RefusedFact],
    attempts: Sequence[FailedAttempt],
) -> Reason:
    before = history.find(task)
    changed = differences(before.parts, task.parts) if before else {}
    failure = next(iter(find_failures([task], attempts)), None)
    mine = (task.stage, task.item)
    visit = history.visit(task.item)
    said = visit.because(task.stage) if task.state in ("done", "cached") else ()
    because = _because(task, before, changed, history.previous)
    if said and task.stage == "fetch":
        because = []  # every page is looked at in every run: the visit says how
    return Reason(
        stage=task.stage,
        item=task.item,
        state=task.state,
        seconds=task.seconds,
        attempts=task.attempts,
        changed=tuple(changed),
        because=(*because, *said),
        refused=tuple(fact for fact in refused if (fact.stage, fact.item) == mine),
        error=f"{failure.kind}: {failure.error}" if failure else "",
        hint=failure.hint if failure else "",
        page=visit.data if task.stage == "fetch" else None,
    )


def _because(
    task: Task, before: Task | None, changed: Mapping[str, str], previous: Run | None
) -> list[str]:
    if task.state == "skipped":
        return ["it was left out: a stage before it failed, or it was not selected"]
    if task.state == "cached" and changed and "run" not in changed:
        return [
            "it was not selected for this run; its last result was used, although:",
            *changed.values(),
        ]
    if task.state == "cached":
        return ["nothing it depends on changed; the journal had the result"]
    if previous is None:
        return ["this is the first run of the recipe in this workspace"]
    if before is None:
        return ["no earlier run had this item"]
    if changed:
        return list(changed.values())
    if before.state in ("failed", "skipped"):
        return [f"nothing changed, but the time before it {_ENDS[before.state]}"]
    return ["nothing changed, but it was asked for anew (`--refresh`)"]


def _change(name: str, old: str | None, new: str | None) -> str:
    if name in _WORDS:
        return _WORDS[name]
    if name == "version":
        return f"the stage itself changed: version {old or 'none'} -> {new or 'none'}"
    if old is None:
        return f"{name} is new: {_value(new)}"
    if new is None:
        return f"{name} is gone: {_value(old)}"
    if _is_hash(old) and _is_hash(new):
        return f"the {name} changed"
    return f"the {name} changed: {_value(old)} -> {_value(new)}"


def _value(text: str | None) -> str:
    value = text or ""
    return value[:8] + "…" if _is_hash(value) else shorten(value, 60)


def _is_hash(text: str) -> bool:
    return len(text) >= 16 and all(c in "0123456789abcdef" for c in text)


def _choose(
    tasks: Sequence[Task], wanted: str, pages: Collection[str], run: Run
) -> list[Task]:
    for matches in _matchers(wanted, pages):
        found = [task for task in tasks if matches(task)]
        if found:
            break
    else:
        raise _unknown(tasks, wanted, run)
    items = {task.item for task in found}
    if len(items) > _MOST_ITEMS:
        raise UserError(
            f"{len(items)} items match '{wanted}'",
            where=run.id,
            hint=f"give more of the name, for example `subak why '{min(items)}'`",
        )
    return found


def _matchers(wanted: str, pages: Collection[str]) -> list[Matcher]:
    low = wanted.lower()
    stage, _, item = low.partition("/")
    return [
        lambda task: task.item == wanted,
        lambda task: task.item.lower() == low,
        lambda task: (task.stage.lower(), task.item.lower()) == (stage, item),
        lambda task: task.item in pages,
        lambda task: low in (value.lower() for value in task.labels.values()),
        lambda task: low in task.item.lower(),
    ]


def _unknown(tasks: Sequence[Task], wanted: str, run: Run) -> UserError:
    names = sorted({task.item for task in tasks})
    close = difflib.get_close_matches(wanted, names, n=1, cutoff=0.5)
    hint = f"did you mean '{close[0]}'? " if close else ""
    return UserError(
        f"no item '{wanted}' in run {run.id}",
        hint=f"{hint}`subak trace {run.id}` lists its items",
    )
