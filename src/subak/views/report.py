"""Report: everything about one run as one self-contained HTML file."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import apsw

from subak.engine.atomic import write_atomically
from subak.views import wording
from subak.views.bulletin import Bulletin, read_bulletin
from subak.views.call_spans import read_call_spans, read_servers
from subak.views.calls import Call
from subak.views.chart import AreaChart
from subak.views.failed_sites import is_of_a_site
from subak.views.limits import LimitCurve, limit_curves
from subak.views.machine import Machine, read_machine
from subak.views.machine_care import MachineCare, read_machine_care
from subak.views.page import render_page
from subak.views.past_runs import PastRun, list_past_runs
from subak.views.proof import RefusedFact
from subak.views.recorded_run import read_recorded_run
from subak.views.runs import Run
from subak.views.speed_charts import read_limit, speed_charts
from subak.views.status import Status, read_status
from subak.views.summary import RunSummary
from subak.views.timeline import Timeline, make_timeline
from subak.views.timescale import Timescale, scale_of

_SLOWEST = 10
_HISTORY = 12
_MOST_ROWS = 50
_MOST_SOURCES = 200


@dataclass(frozen=True, slots=True)
class Report:
    """What the page shows.

    Args:
        written: When the report was made.
        bulletin: What a person has to know first.
        models: Each model with the endpoint that answered for it.
        care: How the machine fared meanwhile.
        charts: Empty when no call was made.
        limits: How many calls were allowed at once, and why; one for each endpoint
            whose number changed.
    """

    status: Status
    bulletin: Bulletin
    written: float
    timeline: Timeline | None
    charts: tuple[AreaChart, ...]
    limits: tuple[LimitCurve, ...]
    slowest: tuple[Call, ...]
    refused: tuple[RefusedFact, ...]
    models: tuple[tuple[str, str], ...]
    machine: Machine
    care: MachineCare
    history: tuple[PastRun, ...]
    workspace: Path


def read_report(
    db: apsw.Connection, run: str = "", *, now: float, is_alive: bool = False
) -> Report:
    """Return the report of a run, by default the newest.

    Args:
        now: When the report is made, seconds since the epoch.
        is_alive: Whether a process holds the workspace.
    """
    recorded = read_recorded_run(db, run)
    status = read_status(db, recorded.run.id, is_alive=is_alive)
    tasks, calls = recorded.tasks, recorded.calls
    scale = scale_of(recorded.sessions)
    attempts = [one for one in recorded.attempts if one.kind == "task"]
    is_worked = scale.seconds > 0 and any(t.state in ("done", "failed") for t in tasks)
    ended = [call for call in calls if call.ended is not None]
    return Report(
        status=status,
        bulletin=read_bulletin(db, status, recorded),
        written=now,
        timeline=make_timeline(status.stages, tasks, attempts, scale)
        if is_worked
        else None,
        charts=_charts(db, recorded.run, scale),
        limits=limit_curves(db, recorded.run, scale),
        slowest=tuple(sorted(ended, key=lambda one: -one.seconds)[:_SLOWEST]),
        refused=recorded.proof.refused,
        models=read_servers(db, recorded.run.id),
        machine=read_machine(Path(db.filename).parent),
        care=read_machine_care(db, recorded.run.id),
        history=_history(db, recorded.run),
        workspace=Path(db.filename).parent.parent,
    )


def render_report(report: Report, links: Mapping[str, str] | None = None) -> str:
    """Return the report as HTML.

    Args:
        links: Where each output file lies, seen from the report.
    """
    return render_page(
        "report.html.j2",
        report=report,
        summary=report.status.summary,
        links=links or {},
        near=lambda path: wording.near(path, report.workspace),
        lead=_lead,
        task_words=_task_words,
        source_words=_source_words,
        other_failures=[
            one for one in report.status.summary.failures if not is_of_a_site(one)
        ],
        most=_MOST_ROWS,
        most_sources=_MOST_SOURCES,
    )


def write_report(report: Report, path: Path) -> None:
    """Write the report, whole or not at all.

    Raises:
        StorageError: The file cannot be written.
    """
    html = render_report(report, _links(report.status.summary.outputs, path))
    write_atomically(path, html.encode())


def _links(outputs: Sequence[str], path: Path) -> dict[str, str]:
    found = {}
    for output in outputs:
        if Path(output).exists():
            place = os.path.relpath(Path(output).resolve(), path.resolve().parent)
            found[output] = quote(Path(place).as_posix())
    return found


def _charts(db: apsw.Connection, run: Run, scale: Timescale) -> tuple[AreaChart, ...]:
    names = {word for server in read_servers(db, run.id) for word in server}
    limit = read_limit(db, run.id, names, scale)
    return speed_charts(read_call_spans(db, run.id), limit, scale)


def _history(db: apsw.Connection, run: Run) -> tuple[PastRun, ...]:
    return list_past_runs(db, recipe=run.recipe, size=_HISTORY).rows


def _lead(summary: RunSummary) -> str:
    """Return the run in one or two sentences."""
    tasks, ended = summary.tasks, wording.duration(summary.seconds)
    total = tasks.done + tasks.cached + tasks.failed + tasks.skipped
    good = tasks.done + tasks.cached
    words = f"{wording.count(good)} of {wording.count(total, 'task')} done in {ended}"
    if tasks.cached:
        words += f", {wording.count(tasks.cached)} of them taken from the journal"
    if tasks.failed:
        words += f"; {wording.count(tasks.failed)} failed"
    if not summary.calls.sent:
        return f"{words}. No model call was needed."
    return words + "."


def _task_words(summary: RunSummary) -> str:
    tasks = summary.tasks
    pairs = (
        (tasks.cached, "cached"),
        (tasks.failed, "failed"),
        (tasks.skipped, "skipped"),
    )
    words = [f"{wording.count(number)} {word}" for number, word in pairs if number]
    return ", ".join(words) or "none cached, none failed"


def _source_words(status: Status) -> str:
    """Return what became of the pages of all sources."""
    fetch, sources = status.summary.fetch, status.sources
    pairs = (
        (fetch.new, "new"),
        (fetch.changed, "changed"),
        (fetch.spared, "not asked for, because nothing said that they changed"),
        (fetch.removed, "gone"),
    )
    told = [f"{wording.count(number)} {word}" for number, word in pairs if number]
    failed = sum(source.has_failed for source in sources)
    words = f"{wording.count(fetch.pages, 'page')} of {wording.count(len(sources))}"
    words += " sources" if len(sources) != 1 else " source"
    words += f": {', '.join(told)}." if told else "."
    return (
        f"{words} {wording.count(failed)} with failures come first."
        if failed
        else words
    )
