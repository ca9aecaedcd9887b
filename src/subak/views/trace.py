"""The story of a run: every task with its attempts and calls, in order."""

from __future__ import annotations

import fnmatch
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import apsw

from subak.views.calls import Call, read_calls
from subak.views.runs import Run, get_run
from subak.views.tasks import (
    FailedAttempt,
    Task,
    read_attempts,
    read_running,
    read_tasks,
    stage_order,
)


@dataclass(frozen=True, slots=True)
class TracedTask:
    """A task with everything that happened on its behalf."""

    task: Task
    attempts: tuple[FailedAttempt, ...]
    calls: tuple[Call, ...]

    def to_json(self) -> dict[str, object]:
        """Return the task with the names of the outer contract."""
        return {
            "stage": self.task.stage,
            "item": self.task.item,
            "state": self.task.state,
            "started": self.task.started,
            "seconds": round(self.task.seconds, 3),
            "attempts": self.task.attempts,
            "failures": [attempt.to_json() for attempt in self.attempts],
            "calls": [call_json(call) for call in self.calls],
        }


@dataclass(frozen=True, slots=True)
class Trace:
    """The tasks of a run, stage by stage."""

    run: Run
    tasks: tuple[TracedTask, ...]

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract."""
        return {
            "version": 1,
            "run": self.run.id,
            "recipe": self.run.recipe,
            "status": self.run.status,
            "tasks": [traced.to_json() for traced in self.tasks],
        }


def read_trace(db: apsw.Connection, run: str = "", *, items: str = "*") -> Trace:
    """Return the story of a run.

    Args:
        items: Only tasks whose item, or stage and item, matches this pattern.
    """
    record = get_run(db, run)
    running = read_running(db, record.id) if record.ended is None else []
    tasks = {(task.stage, task.item): task for task in read_tasks(db, record.id)}
    for task in running:
        tasks[task.stage, task.item] = task
    calls = _by_place(read_calls(db, record.id))
    attempts: defaultdict[tuple[str, str], list[FailedAttempt]] = defaultdict(list)
    for attempt in read_attempts(db, record.id):
        attempts[attempt.stage, attempt.item].append(attempt)
    order = {name: place for place, name in enumerate(stage_order(db, record.id))}
    chosen = [task for task in tasks.values() if _matches(task, items)]
    chosen.sort(key=lambda task: (order.get(task.stage, len(order)), task.started))
    return Trace(
        record,
        tuple(
            TracedTask(
                task,
                tuple(attempts[task.stage, task.item]),
                tuple(calls.get((task.stage, task.item), ())),
            )
            for task in chosen
        ),
    )


def call_json(call: Call) -> dict[str, object]:
    """Return a call with the names of the outer contract."""
    return {
        "key": call.key,
        "state": call.state,
        "started": call.started,
        "seconds": round(call.seconds, 3),
        "first_token_s": call.first_token_s,
        "slot": call.slot,
        "endpoint": call.endpoint,
        "model": call.model,
        "tokens": {
            "in": call.tokens_in,
            "out": call.tokens_out,
            "cached": call.tokens_cached,
        },
        "retried": call.is_retry,
        "repeated": call.is_repeat,
        "error": call.error,
        "message": call.message,
    }


def _by_place(calls: Sequence[Call]) -> dict[tuple[str, str], list[Call]]:
    found: dict[tuple[str, str], list[Call]] = {}
    for call in calls:
        found.setdefault((call.stage, call.item), []).append(call)
    return found


def _matches(task: Task, pattern: str) -> bool:
    names = (task.item, f"{task.stage}/{task.item}")
    return any(fnmatch.fnmatchcase(name.lower(), pattern.lower()) for name in names)
