"""map_summary: what a map came to, in memory that does not grow with its rows."""

from __future__ import annotations

from collections.abc import Sequence

import apsw

from subak.views.call_totals import read_call_totals
from subak.views.runs import get_run, read_sessions
from subak.views.summary import (
    CallCounts,
    FactCounts,
    ItemFailure,
    RunSummary,
    TokenCounts,
    count_tasks,
    read_outputs,
)
from subak.views.tallies import read_tallies


def map_summary(
    db: apsw.Connection, name: str, status: str, failures: Sequence[ItemFailure]
) -> RunSummary:
    """Return the summary of a map's run.

    Args:
        failures: The rows that failed, as many as are to be told.
    """
    run = get_run(db, name)
    sessions = read_sessions(db, run)
    totals = read_call_totals(db, name, sessions)
    return RunSummary(
        run=run.id,
        recipe=run.recipe,
        status=status,
        seconds=round(sum(session.seconds for session in sessions), 3),
        tasks=count_tasks((), read_tallies(db, name)),
        calls=CallCounts(
            totals.sent,
            totals.succeeded,
            totals.retried,
            totals.repeated,
            totals.rejected,
        ),
        tokens=TokenCounts(totals.tokens_in, totals.tokens_out, totals.tokens_cached),
        parallel=totals.parallel,
        facts=FactCounts(),
        failures=tuple(failures),
        outputs=read_outputs(db, run),
    )
