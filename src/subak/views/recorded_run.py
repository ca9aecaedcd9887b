"""RecordedRun: all that the journal holds about a run, read once."""

from __future__ import annotations

from dataclasses import dataclass

import apsw

from subak.views.calls import Call, read_calls
from subak.views.proof import Proof, read_proof
from subak.views.runs import Run, Session, get_run, read_sessions
from subak.views.tasks import FailedAttempt, Task, read_attempts, read_tasks


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """A run with its spans of work, tasks, calls, failed attempts and proof.

    Args:
        tasks: Without what their keys were made of.
    """

    run: Run
    sessions: tuple[Session, ...]
    tasks: tuple[Task, ...]
    calls: tuple[Call, ...]
    attempts: tuple[FailedAttempt, ...]
    proof: Proof


def read_recorded_run(db: apsw.Connection, name: str = "") -> RecordedRun:
    """Return the run of that id, by default the newest.

    Raises:
        UserError: There is no such run.
    """
    run = get_run(db, name)
    tasks = read_tasks(db, run.id, with_parts=False)
    return RecordedRun(
        run=run,
        sessions=tuple(read_sessions(db, run)),
        tasks=tuple(tasks),
        calls=tuple(read_calls(db, run.id)),
        attempts=tuple(read_attempts(db, run.id)),
        proof=read_proof(db, run.id, tasks),
    )
