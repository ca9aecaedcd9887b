"""`subak logs`: what happened, line by line."""

from __future__ import annotations

import time
from pathlib import Path

import apsw
import click

from subak.cli.call_words import call_lines
from subak.cli.command import (
    Command,
    json_option,
    loudness_options,
    run_option,
    workspace_argument,
)
from subak.cli.output import Output
from subak.cli.reading import is_at_work, reading
from subak.cli.style import Style
from subak.views.exchange import get_exchange
from subak.views.logs import FAILURES, describe, event_json, newest_of, read_logs
from subak.views.runs import Run, get_run
from subak.views.stored_events import EventTail, StoredEvent
from subak.views.tasks import FailedAttempt, read_attempts
from subak.views.wording import time_of_day

_FOLLOW_EVERY_S = 0.5


@click.command(
    "logs",
    cls=Command,
    examples=[
        ("subak logs -f", "follow the run that is going on"),
        ("subak logs --failed", "every failure, where it was and what to do"),
        ("subak logs --call 3fa9c1", "one call's full prompt and answer"),
    ],
)
@run_option
@click.option("--failed", is_flag=True, help="Only what failed, with reason and hint.")
@click.option("-f", "--follow", is_flag=True, help="Wait for more until the run ends.")
@click.option(
    "--call", "call", default="", metavar="ID", help="One call: its prompt and answer."
)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=0),
    default=200,
    show_default=True,
    help="Only the newest so many; 0 means all.",
)
@workspace_argument
@json_option
@loudness_options
def logs(
    run: str,
    failed: bool,
    follow: bool,
    call: str,
    limit: int,
    folder: Path,
    as_json: bool,
) -> None:
    """Show what happened in a run, one line an event.

    With --json it is one object; with --json -f it is one object a line.
    """
    out = Output.current()
    with reading(folder) as db:
        if call:
            _show_call(out, db, call, as_json=as_json)
            return
        record = get_run(db, run)
        if follow:
            _follow(out, db, record, folder, (limit, failed, as_json))
        elif failed:
            _show_failed(out, db, record, limit, as_json=as_json)
        else:
            _show(out, record, read_logs(db, record.id, limit=limit), as_json=as_json)


def log_line(stored: StoredEvent, style: Style) -> str:
    """Return an event as one line: the time of day, then what happened."""
    event = stored.event
    words = describe(event)
    if event.kind in FAILURES:
        words = style.warn(words) if event.kind == "task.retried" else style.bad(words)
    return f"{style.faint(time_of_day(event.ts))} {words}"


def failure_lines(attempt: FailedAttempt, style: Style) -> list[str]:
    """Return a failed attempt as lines: what, where, what to do next."""
    place = "/".join(part for part in (attempt.stage, attempt.item) if part)
    lines = [
        f"{style.faint(time_of_day(attempt.ts))} {style.strong(place or attempt.kind)}"
        f"  {attempt.kind} attempt {attempt.number}: {style.bad(attempt.error)}",
        f"         {attempt.message}",
    ]
    if attempt.kind == "call" and attempt.key:
        lines.append(f"         {style.faint('trace')} {attempt.key[:12]}")
    if attempt.where and attempt.where != place:
        lines.append(f"         {style.faint('where')} {attempt.where}")
    if attempt.hint:
        lines.append(f"         {style.faint('next ')} {attempt.hint}")
    return lines


def _show(out: Output, run: Run, events: list[StoredEvent], *, as_json: bool) -> None:
    if as_json:
        rows = [event_json(stored) for stored in events]
        out.json({"version": 1, "run": run.id, "recipe": run.recipe, "events": rows})
        return
    style = out.style
    for stored in events:
        out.line(log_line(stored, style))


def _show_failed(
    out: Output, db: apsw.Connection, run: Run, limit: int, *, as_json: bool
) -> None:
    attempts = read_attempts(db, run.id)[-limit if limit else 0 :]
    if as_json:
        out.json(
            {
                "version": 1,
                "run": run.id,
                "recipe": run.recipe,
                "failures": [attempt.to_json() for attempt in attempts],
            }
        )
        return
    if not attempts:
        out.note(f"nothing failed in run {run.id}")
    for attempt in attempts:
        for line in failure_lines(attempt, out.style):
            out.line(line)
        if attempt.detail and out.is_verbose:
            out.line(attempt.detail.rstrip())


def _show_call(out: Output, db: apsw.Connection, call: str, *, as_json: bool) -> None:
    found = get_exchange(db, call)
    if as_json:
        out.json(found.to_json())
        return
    for line in call_lines(found, out.style):
        out.line(line)


def _follow(
    out: Output,
    db: apsw.Connection,
    run: Run,
    folder: Path,
    how: tuple[int, bool, bool],
) -> None:
    """Print events as they come, until the run has ended or nobody works on it."""
    limit, failed, as_json = how
    kinds = FAILURES if failed else ()
    style, tail, newest = out.style, EventTail(db, run.id), limit
    while True:
        is_last = not is_at_work(folder) or get_run(db, run.id).ended is not None
        for stored in newest_of(tail.new(kinds), newest):
            out.json(event_json(stored)) if as_json else out.line(
                log_line(stored, style)
            )
        newest = 0
        if is_last:
            return
        time.sleep(_FOLLOW_EVERY_S)
