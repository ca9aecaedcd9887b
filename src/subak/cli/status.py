"""`subak status`: how a run stands."""

from __future__ import annotations

from pathlib import Path

import click

from subak.cli.command import (
    Command,
    json_option,
    loudness_options,
    run_option,
    workspace_argument,
)
from subak.cli.ending import SHOWN_SITES, pages_line, site_words
from subak.cli.output import Output, table
from subak.cli.reading import is_at_work, reading
from subak.cli.style import Style
from subak.cli.watch_status import watch_status
from subak.views.costs import StageCosts
from subak.views.failed_sites import is_of_a_site
from subak.views.freshness import read_freshness
from subak.views.runs import Run, list_runs
from subak.views.sources import SourceFigures
from subak.views.status import Status, read_status
from subak.views.summary import RunSummary
from subak.views.wording import (
    count,
    duration,
    middle,
    moment,
    near,
    shorten,
    time_of_day,
)

_MOST_LINES = 5
_HEAD = ("stage", "done", "cached", "failed", "calls", "tokens", "model time")
_RIGHT = frozenset(range(1, len(_HEAD)))


@click.command(
    "status",
    cls=Command,
    examples=[
        ("subak status", "how the newest run stands, stage by stage"),
        ("subak status taxes", "that of another workspace"),
        ("subak status --watch", "the same, shown anew until the run ends"),
        ("subak status --all", "every run of this workspace"),
        ("subak status --json", "the same for programs"),
    ],
)
@run_option
@click.option("--all", "wants_all", is_flag=True, help="List all runs instead.")
@click.option(
    "-w", "--watch", "watches", is_flag=True, help="Show it anew until the run ends."
)
@workspace_argument
@json_option
@loudness_options
def status(
    run: str, wants_all: bool, watches: bool, folder: Path, as_json: bool
) -> None:
    """Show how a run stands: its stages, its calls, what failed, what it wrote."""
    out = Output.current()
    with reading(folder) as db:
        if wants_all:
            _show_runs(out, list_runs(db, limit=1000), as_json=as_json)
            return
        if watches:
            style = out.style
            lines_of = None if as_json else lambda one: status_lines(one, style)
            watch_status(out, db, run, folder, lines_of)
            return
        found = read_status(db, run, is_alive=is_at_work(folder))
        if as_json:
            out.json(found.to_json())
            return
        summary = found.summary
        is_over = summary.status in ("done", "partial")
        is_whole = not summary.failures
        fresh = read_freshness(db, summary.run, is_whole=is_whole) if is_over else ""
    for line in status_lines(found, out.style, fresh):
        out.line(line)


def status_lines(status: Status, style: Style, fresh: str = "") -> list[str]:
    """Return how a run stands as lines for people.

    Args:
        fresh: How fresh what is published is, "" where that is not known.
    """
    summary = status.summary
    head = (
        f"{style.strong(summary.recipe)}  {summary.run}  {style.state(summary.status)}"
    )
    when = f"began {moment(status.started)}, worked {duration(summary.seconds)}"
    return [
        head,
        style.faint(when),
        *([fresh] if fresh else []),
        "",
        *_stage_lines(status.stages, style),
        "",
        *_number_lines(summary),
        *_deadline_lines(status),
        *_limit_lines(status),
        *_source_lines(status),
        *_running_lines(status),
        *_failure_lines(summary, style),
        *_output_lines(summary),
        *_next_lines(summary, style),
    ]


def _stage_lines(stages: tuple[StageCosts, ...], style: Style) -> list[str]:
    rows = [_HEAD, *(_stage_row(stage) for stage in stages)]
    head, *lines = table(rows, right=_RIGHT)
    return [style.faint(head), *lines]


def _stage_row(stage: StageCosts) -> tuple[str, ...]:
    numbers = (stage.done, stage.cached, stage.failed, stage.calls)
    done, cached, failed, calls = (count(n) if n else "-" for n in numbers)
    tokens = stage.tokens_in + stage.tokens_out
    return (
        stage.stage,
        done,
        cached,
        failed,
        calls,
        count(tokens) if tokens else "-",
        duration(stage.call_seconds) if stage.calls else "-",
    )


def _number_lines(summary: RunSummary) -> list[str]:
    calls, parallel, facts = summary.calls, summary.parallel, summary.facts
    lines = [
        f"calls   {count(calls.sent)} sent, {count(calls.succeeded)} answered,"
        f" {count(calls.retried)} retried, {count(calls.repeated)} repeated"
    ]
    if parallel.peak:
        lines.append(
            f"speed   {parallel.speedup:.1f} x one at a time"
            f" ({duration(parallel.serial_seconds)} of calls,"
            f" at most {parallel.peak} at once, {parallel.mean:.1f} on average)"
        )
    if facts.proved or facts.refused:
        lines.append(
            f"facts   {count(facts.proved)} proved, {count(facts.refused)} refused"
        )
    return lines


def _deadline_lines(status: Status) -> list[str]:
    """Return whether the run will be done in time, and what it left."""
    prospect = status.prospect
    if prospect is None:
        return []
    deadline = prospect.deadline
    is_over = status.ended is not None
    words = {
        True: "met" if is_over else "will be met",
        False: "missed" if is_over or deadline.is_passed else "will be missed",
        None: "nobody can know yet",
    }[prospect.is_met]
    at_work = "" if is_over or prospect.end is None else time_of_day(prospect.end)
    expected = f", done about {at_work} here" if at_work else ""
    lines = [f"until   {deadline.told} {deadline.zone}: {words}{expected}"]
    if deadline.left:
        lines.append(f"left    {shorten(', '.join(deadline.left), 100)}")
    return lines


def _limit_lines(status: Status) -> list[str]:
    """Return how many calls each endpoint is allowed at once now, and why."""
    return [
        f"limit   {count(one.limit)} at once for {middle(one.name, 60)}"
        + (f": {shorten(one.reason, 80)}" if one.reason else "")
        for one in status.limits[:_MOST_LINES]
    ]


def _source_lines(status: Status) -> list[str]:
    """Return what the sources gave, and which have given nothing for long."""
    fetch, sources = status.summary.fetch, status.sources
    lines = [pages_line(fetch, 7)] if fetch.pages else []
    if not sources:
        return lines
    failed = sum(source.has_failed for source in sources)
    # One that never gave anything stands among the failures already.
    quiet = [one for one in sources if one.is_quiet and one.last_success is not None]
    how = f"{count(failed)} with failures" if failed else "all well"
    lines.append(f"sources {count(len(sources))}, {how}")
    lines += [f"quiet   {_quiet_words(source)}" for source in quiet[:_MOST_LINES]]
    if len(quiet) > _MOST_LINES:
        more = count(len(quiet) - _MOST_LINES)
        lines.append(f"        and {more} more: subak report --open")
    return lines


def _quiet_words(source: SourceFigures) -> str:
    name = shorten(source.source, 40)
    return f"{name} has given nothing for {source.quiet_days:.0f} days"


def _running_lines(status: Status) -> list[str]:
    if not status.running:
        return []
    names = [f"{task.stage}/{task.item}" for task in status.running]
    shown = ", ".join(shorten(name, 40) for name in names[:_MOST_LINES])
    more = f" and {len(names) - _MOST_LINES} more" if len(names) > _MOST_LINES else ""
    verb = "at work" if status.summary.status == "running" else "left off"
    return [f"{verb} {shown}{more}"]


def _failure_lines(summary: RunSummary, style: Style) -> list[str]:
    sites = summary.failed_sites
    lines = [f"{style.bad('failed')}  {site_words(one)}" for one in sites[:SHOWN_SITES]]
    if len(sites) > SHOWN_SITES:
        more = len(sites) - SHOWN_SITES
        lines.append(f"        and {more} more sites: subak report --open")
    failures = [one for one in summary.failures if not is_of_a_site(one)]
    lines += [
        f"{style.bad('failed')}  {failure.stage}/{failure.item}:"
        f" {shorten(failure.error, 100)}"
        for failure in failures[:_MOST_LINES]
    ]
    if len(failures) > _MOST_LINES:
        more = len(failures) - _MOST_LINES
        lines.append(f"        and {more} more: subak logs --failed")
    return lines


def _output_lines(summary: RunSummary) -> list[str]:
    paths = summary.outputs
    here = Path.cwd()
    lines = [f"wrote   {near(path, here)}" for path in paths[:_MOST_LINES]]
    if len(paths) > _MOST_LINES:
        lines.append(f"        and {count(len(paths) - _MOST_LINES, 'file')} more")
    return lines


def _next_lines(summary: RunSummary, style: Style) -> list[str]:
    commands = {
        "running": "subak logs -f",
        "interrupted": "the same `subak run` goes on where it stopped",
        "partial": "subak logs --failed   |   subak report --open",
        "failed": "subak logs --failed",
    }
    return [f"{style.faint('next')}    {commands.get(summary.status, 'subak report')}"]


def _show_runs(out: Output, runs: list[Run], *, as_json: bool) -> None:
    if as_json:
        rows = [
            {
                "run": run.id,
                "recipe": run.recipe,
                "status": run.status,
                "started": run.started,
                "ended": run.ended,
            }
            for run in runs
        ]
        out.json({"version": 1, "runs": rows})
        return
    cells = [(run.id, run.recipe, run.status, moment(run.started)) for run in runs]
    for line in table([("run", "recipe", "status", "began"), *cells]):
        out.line(line)
