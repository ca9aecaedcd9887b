"""`subak trace`: the full story of a run, an item or a call."""

from __future__ import annotations

import re
from pathlib import Path

import apsw
import click

from subak.cli.call_words import call_lines
from subak.cli.command import (
    Command,
    json_option,
    loudness_options,
    run_option,
    workspace_option,
)
from subak.cli.output import Output
from subak.cli.reading import reading
from subak.cli.style import Style
from subak.engine.workspace import Workspace
from subak.errors import UserError
from subak.views.calls import Call
from subak.views.exchange import find_call_key, get_exchange
from subak.views.trace import Trace, TracedTask, read_trace
from subak.views.wording import count, duration, middle, shorten, time_of_day

_HEX = re.compile(r"[0-9a-fA-F]{6,64}")
_RUN = re.compile(r"\d{8}-\d{0,6}")


@click.command(
    "trace",
    cls=Command,
    examples=[
        ("subak trace", "every task of the newest run, with its calls"),
        ("subak trace 20261122-060000-ab12", "the same of another run"),
        ("subak trace germany", "one item through all stages; * and ? match"),
        ("subak trace 3fa9c1d2", "one call: its whole prompt and answer"),
        ("subak trace --otlp http://localhost:4318", "the run to OpenTelemetry"),
    ],
)
@click.argument("name", default="", metavar="[RUN|ITEM|CALL]")
@run_option
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(min=0),
    default=50,
    show_default=True,
    help="Tasks shown of each stage; 0 means all.",
)
@click.option(
    "--otlp", metavar="URL", help="Send the run's trace to this collector instead."
)
@workspace_option
@json_option
@loudness_options
def trace(
    name: str, run: str, limit: int, otlp: str | None, folder: Path, as_json: bool
) -> None:
    """Tell the story of a run, an item or a call, from the journal."""
    out = Output.current()
    if otlp is not None:
        _send(folder, name or run, otlp, out, as_json=as_json)
        return
    with reading(folder) as db:
        call = _find_call(db, name)
        if call:
            found = get_exchange(db, call)
            if as_json:
                out.json(found.to_json())
                return
            for line in call_lines(found, out.style):
                out.line(line)
            return
        story = _read(db, name, run)
    if as_json:
        out.json(story.to_json())
        return
    for line in trace_lines(story, limit, out.style):
        out.line(line)


def _send(folder: Path, run: str, url: str, out: Output, *, as_json: bool) -> None:
    """Send a run's trace to a collector and say how to find it there."""
    from subak.recipes.tracing import send_trace

    with reading(folder):  # tells what to do where nothing has run
        pass
    sent = send_trace(Workspace(folder), run, url)
    if as_json:
        out.json(sent.to_json())
        return
    out.line(f"sent {count(sent.spans, 'span')} of run {sent.run}, trace {sent.trace}")
    if not sent.is_whole:
        out.note("the run is still at work: send it again when it has ended")


def trace_lines(story: Trace, limit: int, style: Style) -> list[str]:
    """Return a run's tasks as lines, stage by stage, calls and failures below them."""
    run = story.run
    lines = [f"{style.strong(run.recipe)}  {run.id}  {style.state(run.status)}"]
    stages: dict[str, list[TracedTask]] = {}
    for traced in story.tasks:
        stages.setdefault(traced.task.stage, []).append(traced)
    for stage, tasks in stages.items():
        lines += ["", f"{style.strong(stage)}  {count(len(tasks), 'task')}"]
        shown = tasks[:limit] if limit else tasks
        for traced in shown:
            lines += _task_lines(traced, style)
        if len(shown) < len(tasks):
            more = f"  and {count(len(tasks) - len(shown))} more (--limit 0 shows all)"
            lines.append(style.faint(more))
    return lines


def _task_lines(traced: TracedTask, style: Style) -> list[str]:
    task = traced.task
    name = middle(task.item, 44)
    tries = f"  {count(task.attempts, 'attempt')}" if task.attempts > 1 else ""
    took = "" if task.state in ("cached", "skipped") else f"  {duration(task.seconds)}"
    head = (
        f"  {style.faint(time_of_day(task.started))}"
        f" {style.state(task.state, task.state.ljust(7))} {name}{took}{tries}"
    )
    failures = [
        f"      {style.bad(attempt.error)} ({attempt.kind} attempt {attempt.number}):"
        f" {shorten(attempt.message, 120)}"
        for attempt in traced.attempts
    ]
    return [head, *(_call_line(call, style) for call in traced.calls), *failures]


def _call_line(call: Call, style: Style) -> str:
    marks = "".join(
        f", {word}"
        for word, is_so in (("retried", call.is_retry), ("repeated", call.is_repeat))
        if is_so
    )
    if call.state == "answered":
        result = f"{duration(call.seconds)}, {call.tokens_in} in, {call.tokens_out} out"
    elif call.state == "failed":
        result = style.bad(call.error)
    else:
        result = style.warn("no answer yet")
    return f"      call {call.key[:12]} slot {call.slot}: {result}{marks}"


def _find_call(db: apsw.Connection, name: str) -> str:
    """Return the key when the name is a call's, "" when it is something else."""
    return (find_call_key(db, name) or "") if _HEX.fullmatch(name) else ""


def _read(db: apsw.Connection, name: str, run: str) -> Trace:
    if not name or (_RUN.match(name) and not run):
        return read_trace(db, name or run)
    story = read_trace(db, run, items=name)
    if not story.tasks:
        story = read_trace(db, run, items=f"*{name}*")
    if not story.tasks:
        raise UserError(
            f"no run, item or call '{name}'",
            where=story.run.id,
            hint="`subak trace` lists the newest run's items,"
            " `subak status --all` the runs",
        )
    return story
