"""The summary of a run: the object that ``run --json`` ends with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import dropwhile

import apsw

from subak.engine.events import Scalar
from subak.views.call_totals import CallTotals, read_call_totals
from subak.views.deadline import RunDeadline, read_deadline
from subak.views.ended_tasks import EndedTask, iter_ended
from subak.views.failed_sites import FailedSite, failed_sites
from subak.views.fetches import FetchCounts, read_fetches, read_reasons
from subak.views.item_failure import ItemFailure as ItemFailure
from subak.views.parallel import Parallel
from subak.views.proof import Proof, read_proof
from subak.views.runs import Run, get_run, list_runs, read_sessions
from subak.views.stored_events import iter_events
from subak.views.tallies import StageTally, read_tallies
from subak.views.tasks import FailedAttempt, Task, iter_attempts, read_failed_sources
from subak.views.wording import text_of

AnyTask = Task | EndedTask

_SOURCE = (
    "SELECT json_extract(labels, '$.source') FROM task"
    " WHERE +run = ? AND +stage = ? AND item = ?"
)


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
    """Values that were proved by a quote, and values that were not.

    Args:
        changed: Of those published: other than at the last publication.
        kept: Published before and not confirmed now.
        conflicts: Stated otherwise by another document.
    """

    proved: int = 0
    refused: int = 0
    changed: int = 0
    kept: int = 0
    conflicts: int = 0


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
    fetch: FetchCounts = field(default_factory=FetchCounts)
    deadline: RunDeadline | None = None

    @property
    def failed_sites(self) -> tuple[FailedSite, ...]:
        """Return the sites behind the failed pages."""
        return failed_sites(self.failures)

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
            "fetch": asdict(self.fetch),
            "failed_sites": [site.to_json() for site in self.failed_sites],
            **({} if self.deadline is None else {"deadline": self.deadline.to_json()}),
        }


def run_summary(db: apsw.Connection, run: str, *, status: str = "") -> RunSummary:
    """Return the summary of a run, as far as it has come.

    What is held grows with the failures of the run, not with its tasks and calls.

    Args:
        status: The status to state; the journal's by default, which is "running"
            until the run was ended there.

    Raises:
        UserError: There is no such run.
    """
    record = get_run(db, run)
    sessions = read_sessions(db, record)
    totals = read_call_totals(db, record.id, sessions)
    tallies = read_tallies(db, record.id)
    tasks = _Tasks(db, record.id)
    proof = read_proof(db, record.id, iter_ended(db, record.id))
    return RunSummary(
        run=record.id,
        recipe=record.recipe,
        status=status or record.status,
        seconds=round(sum(session.seconds for session in sessions), 3),
        tasks=count_states(tasks.states, tallies),
        calls=count_calls(totals),
        tokens=TokenCounts(totals.tokens_in, totals.tokens_out, totals.tokens_cached),
        parallel=totals.parallel,
        facts=_count_facts(db, record.id, proof),
        failures=_failures(db, record.id, tasks.failed, tallies),
        outputs=read_outputs(db, record),
        fetch=read_fetches(db, record.id),
        deadline=read_deadline(db, record.id),
    )


class _Tasks:
    """The tasks of a run, counted in one pass; those that failed are kept."""

    def __init__(self, db: apsw.Connection, run: str) -> None:
        self.states: Counter[str] = Counter()
        failed: list[EndedTask] = []
        for task in iter_ended(db, run):
            self.states[task.state] += 1
            if task.state == "failed":
                failed.append(task)
        failed.sort(key=lambda task: task.started)
        self.failed: list[AnyTask] = [*failed]
        for source in read_failed_sources(db, run):
            self.states["failed"] += 1
            self.failed.append(source)


def count_tasks(tasks: Iterable[AnyTask], tallies: Sequence[StageTally]) -> TaskCounts:
    """Return how many tasks ended in each state."""
    return count_states(Counter(task.state for task in tasks), tallies)


def count_states(
    states: Mapping[str, int], tallies: Sequence[StageTally]
) -> TaskCounts:
    """Return how many tasks ended in each state, those only counted among them."""
    total = Counter(states)
    for tally in tallies:
        total += tally.to_counter()
    return TaskCounts(total["done"], total["cached"], total["failed"], total["skipped"])


def count_calls(totals: CallTotals) -> CallCounts:
    """Return what became of the calls."""
    return CallCounts(
        sent=totals.sent,
        succeeded=totals.succeeded,
        retried=totals.retried,
        repeated=totals.repeated,
        rejected=totals.rejected,
    )


def _count_facts(db: apsw.Connection, run: str, proof: Proof) -> FactCounts:
    """Return what became of values; of those published, as was told last."""
    told: Mapping[str, Scalar] = {}
    for stored in iter_events(db, run, kinds=("facts.settled",)):
        told = stored.event.data
    return FactCounts(
        proved=proof.proved,
        refused=len(proof.refused),
        changed=_whole(told.get("changed")),
        kept=_whole(told.get("kept")),
        conflicts=_whole(told.get("conflicts")),
    )


def _whole(value: Scalar) -> int:
    return value if isinstance(value, int) else 0


def find_failures(
    tasks: Iterable[AnyTask],
    attempts: Iterable[FailedAttempt],
    tallies: Sequence[StageTally] = (),
) -> tuple[ItemFailure, ...]:
    """Return the failed tasks, each with the reason of its last attempt.

    Where tasks have no rows the newest failed attempts stand for them, as many as
    failed.
    """
    failed = [task for task in tasks if task.state == "failed"]
    wanted = {(task.stage, task.item) for task in failed}
    tallied = {tally.stage for tally in tallies if tally.failed}
    last: dict[tuple[str, str], FailedAttempt] = {}
    for attempt in attempts:
        place = (attempt.stage, attempt.item)
        if place not in wanted and attempt.stage not in tallied:
            continue
        if attempt.kind == "task" or place not in last or last[place].kind != "task":
            last[place] = attempt
    failures = [_failure(task, last.get((task.stage, task.item))) for task in failed]
    for tally in tallies:
        of_tasks = [
            one
            for one in last.values()
            if one.stage == tally.stage and one.kind == "task"
        ]
        of_tasks.sort(key=lambda one: one.ts)
        newest = of_tasks[-tally.failed :] if tally.failed else []
        failures += [
            ItemFailure(one.item, one.stage, one.message, one.hint, one.error)
            for one in newest
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


def _failures(
    db: apsw.Connection,
    run: str,
    failed: Sequence[AnyTask],
    tallies: Sequence[StageTally],
) -> tuple[ItemFailure, ...]:
    """Return the failures of a run, those of pages with the source they are of."""
    found = find_failures(failed, iter_attempts(db, run), tallies)
    reasons = read_reasons(db, run) if found else {}
    return tuple(
        replace(
            one,
            source=_source(db, run, one),
            reason=reasons.get((one.stage, one.item), ""),
        )
        for one in found
    )


def _source(db: apsw.Connection, run: str, failure: ItemFailure) -> str:
    values = (run, failure.stage, failure.item)
    return text_of(db.execute(_SOURCE, values).get)


def _failure(task: AnyTask, attempt: FailedAttempt | None) -> ItemFailure:
    if attempt is None:
        hint = f"subak logs --failed, or subak why {task.item}"
        return ItemFailure(task.item, task.stage, "failed, no reason recorded", hint)
    return ItemFailure(
        task.item,
        task.stage,
        attempt.message,
        attempt.hint,
        attempt.error,
        where=attempt.where,
    )
