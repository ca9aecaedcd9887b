"""The summary of a run: the object that ``run --json`` ends with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import dropwhile

import apsw

from subak.views.calls import Call
from subak.views.parallel import Parallel, measure_parallel
from subak.views.recorded_run import RecordedRun, read_recorded_run
from subak.views.runs import Run, list_runs
from subak.views.stored_events import iter_events
from subak.views.tallies import StageTally
from subak.views.tasks import FailedAttempt, Task
from subak.views.wording import text_of


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How many tasks ended in each state."""

    done: int = 0
    cached: int = 0
    failed: int = 0
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class CallCounts:
    """What became of the calls.

    Args:
        retried: Sent after the same request had failed in this run.
        repeated: Sent although the answer was already in the journal.
        rejected: Turned away by an overloaded server.
    """

    sent: int = 0
    succeeded: int = 0
    retried: int = 0
    repeated: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class TokenCounts:
    """Tokens as the servers counted them."""

    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0


@dataclass(frozen=True, slots=True)
class FactCounts:
    """Values that were proved by a quote, and values that were not."""

    proved: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class ItemFailure:
    """One item that could not be done.

    Args:
        kind: Class of the error.
    """

    item: str
    stage: str
    error: str
    hint: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RunSummary:
    """Everything a run comes down to."""

    run: str
    recipe: str
    status: str
    seconds: float
    tasks: TaskCounts
    calls: CallCounts
    tokens: TokenCounts
    parallel: Parallel
    facts: FactCounts
    failures: tuple[ItemFailure, ...]
    outputs: tuple[str, ...]

    def to_json(self) -> dict[str, object]:
        """Return the versioned object of the outer contract."""
        return {
            "version": 1,
            "run": self.run,
            "recipe": self.recipe,
            "status": self.status,
            "seconds": self.seconds,
            "tasks": asdict(self.tasks),
            "calls": asdict(self.calls),
            "tokens": {
                "in": self.tokens.tokens_in,
                "out": self.tokens.tokens_out,
                "cached": self.tokens.tokens_cached,
            },
            "parallel": asdict(self.parallel),
            "facts": asdict(self.facts),
            "failures": [
                {
                    "item": failure.item,
                    "stage": failure.stage,
                    "error": failure.error,
                    "hint": failure.hint,
                }
                for failure in self.failures
            ],
            "outputs": list(self.outputs),
        }


def run_summary(db: apsw.Connection, run: str, *, status: str = "") -> RunSummary:
    """Return the summary of a run, as far as it has come.

    Args:
        status: The status to state; the journal's by default, which is "running"
            until the run was ended there.

    Raises:
        UserError: There is no such run.
    """
    return summarise(db, read_recorded_run(db, run), status=status)


def summarise(
    db: apsw.Connection, recorded: RecordedRun, *, status: str = ""
) -> RunSummary:
    """Return the summary of a run that was read already; see ``run_summary``."""
    run, proof = recorded.run, recorded.proof
    return RunSummary(
        run=run.id,
        recipe=run.recipe,
        status=status or run.status,
        seconds=round(sum(session.seconds for session in recorded.sessions), 3),
        tasks=count_tasks(recorded.tasks, recorded.tallies),
        calls=count_calls(recorded.calls),
        tokens=count_tokens(recorded.calls),
        parallel=measure_parallel(recorded.calls, recorded.sessions),
        facts=FactCounts(proof.proved, len(proof.refused)),
        failures=find_failures(recorded.tasks, recorded.attempts, recorded.tallies),
        outputs=read_outputs(db, run),
    )


def count_tasks(
    tasks: Sequence[Task], tallies: Sequence[StageTally] = ()
) -> TaskCounts:
    """Return how many tasks ended in each state."""
    states = Counter(task.state for task in tasks)
    for tally in tallies:
        states += tally.to_counter()
    return TaskCounts(
        states["done"], states["cached"], states["failed"], states["skipped"]
    )


def count_calls(calls: Sequence[Call]) -> CallCounts:
    """Return what became of the calls."""
    return CallCounts(
        sent=len(calls),
        succeeded=sum(call.state == "answered" for call in calls),
        retried=sum(call.is_retry for call in calls),
        repeated=sum(call.is_repeat for call in calls),
        rejected=sum(call.error == "Overloaded" for call in calls),
    )


def count_tokens(calls: Sequence[Call]) -> TokenCounts:
    """Return the tokens of all answered calls."""
    return TokenCounts(
        sum(call.tokens_in for call in calls),
        sum(call.tokens_out for call in calls),
        sum(call.tokens_cached for call in calls),
    )


def find_failures(
    tasks: Sequence[Task],
    attempts: Sequence[FailedAttempt],
    tallies: Sequence[StageTally] = (),
) -> tuple[ItemFailure, ...]:
    """Return the failed tasks, each with the reason of its last attempt.

    Where tasks have no rows the newest failed attempts stand for them, as many as
    failed.
    """
    last: dict[tuple[str, str], FailedAttempt] = {}
    for attempt in attempts:
        place = (attempt.stage, attempt.item)
        if attempt.kind == "task" or place not in last or last[place].kind != "task":
            last[place] = attempt
    failures = [
        _failure(task, last.get((task.stage, task.item)))
        for task in tasks
        if task.state == "failed"
    ]
    for tally in tallies:
        of_tasks = [
            one
            for one in last.values()
            if one.stage == tally.stage and one.kind == "task"
        ]
        of_tasks.sort(key=lambda one: one.ts)
        failed = of_tasks[-tally.failed :] if tally.failed else []
        failures += [
            ItemFailure(one.item, one.stage, one.message, one.hint, one.error)
            for one in failed
        ]
    return tuple(failures)


def read_outputs(db: apsw.Connection, run: Run) -> tuple[str, ...]:
    """Return the files that stand for the run, in the order of writing.

    A run whose publishing was taken from the journal stands by the files that the
    run before it wrote.
    """
    runs = list_runs(db, recipe=run.recipe)
    for record in [run, *dropwhile(lambda one: one.id != run.id, runs)]:
        if paths := _written(db, record.id):
            return paths
    return ()


def _written(db: apsw.Connection, run: str) -> tuple[str, ...]:
    written = iter_events(db, run, kinds=("output.written",))
    paths = (text_of(stored.event.data.get("path")) for stored in written)
    return tuple(dict.fromkeys(paths))


def _failure(task: Task, attempt: FailedAttempt | None) -> ItemFailure:
    if attempt is None:
        hint = f"subak logs --failed, or subak why {task.item}"
        return ItemFailure(task.item, task.stage, "failed, no reason recorded", hint)
    return ItemFailure(
        task.item, task.stage, attempt.message, attempt.hint, attempt.error
    )
