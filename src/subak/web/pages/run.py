"""Run: one run in figures: its stages, failures, slowest calls, files."""

from __future__ import annotations

from subak.views.call_list import list_calls
from subak.views.costs import read_costs
from subak.views.past_runs import read_summary
from subak.views.runs import find_previous, get_run
from subak.views.tasks import read_running
from subak.web.page import Asked, Page, Shown

_SLOWEST = 10
_MOST = 50
_OF_PAGES = ("listing", "fetch", "extract")


def read_run(asked: Asked) -> Shown:
    """Read a run as it ended, or as it stands."""
    run = get_run(asked.db, asked.path["run"])
    is_running = asked.is_alive and run.ended is None
    begun = read_running(asked.db, run.id) if run.ended is None else []
    is_dead = run.status == "running" and not is_running
    values = {
        "run": run,
        "status": "interrupted" if is_dead else run.status,
        "summary": read_summary(asked.db, run),
        "previous": find_previous(asked.db, run),
        "is_running": is_running,
        "stages": read_costs(asked.db, run.id, begun=begun, is_dead=is_dead),
        "slowest": list_calls(asked.db, run.id, order="slowest", size=_SLOWEST).rows,
        "of_pages": _OF_PAGES,
        "most": _MOST,
    }
    return Shown("run.html.j2", values, title=f"Run {run.id}")


RUN = Page("run", "runs/{run}", "Run", read_run, under="runs")
