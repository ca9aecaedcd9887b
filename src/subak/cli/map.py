"""`subak map`: one prompt over every row of a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from subak.cli.command import (
    Command,
    json_option,
    log_style_option,
    loudness_options,
    max_parallel_option,
)
from subak.cli.output import Output
from subak.cli.telemetry import telemetry, telemetry_options
from subak.cli.trace_dir import trace_dir_option, tracing

if TYPE_CHECKING:
    from subak.mapping.map_request import MapRequest
    from subak.mapping.map_result import MapResult
    from subak.mapping.row_source import RowFormat

EXAMPLES = (
    (
        "subak map rows.jsonl --prompt p.txt --out out.jsonl",
        "ask p.txt, with {fields} of the row, about every row",
    ),
    (
        "subak map rows.csv --prompt p.txt --schema s.json --out out.csv",
        "answers as JSON under a schema, a column each",
    ),
    (
        "cat rows.jsonl | subak map - --prompt p.txt --limit 5 --out -",
        "try the prompt on five rows",
    ),
)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("input", metavar="INPUT")
@click.option(
    "--prompt",
    type=_FILE,
    required=True,
    metavar="FILE",
    help="Text to ask; {field}, {field.sub} or {row} show the row, {{ is a brace.",
)
@click.option(
    "--schema", type=_FILE, metavar="FILE", help="JSON Schema of every answer."
)
@click.option(
    "--model", metavar="SPEC", help="Model to ask.  [default: that of the settings]"
)
@click.option(
    "--out",
    required=True,
    metavar="FILE",
    help="Output rows, CSV if it ends in .csv, else JSONL; - is stdout.",
)
@max_parallel_option
@click.option(
    "--max-tokens",
    type=click.IntRange(min=1),
    default=1024,
    show_default=True,
    help="Longest answer.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Only the first rows.")
@click.option("--refresh", is_flag=True, help="Ask for all answers anew.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "csv"]),
    help="Format of INPUT, where its name does not tell.",
)
@click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Folder of the journal.  [default: the current directory]",
)
@log_style_option
@trace_dir_option
@telemetry_options
@json_option
@loudness_options
def map(  # noqa: A001 - the command's name
    input: str,  # noqa: A002 - the argument's name
    prompt: Path,
    schema: Path | None,
    model: str | None,
    out: str,
    max_parallel: int | None,
    max_tokens: int,
    limit: int | None,
    refresh: bool,
    form: str | None,
    folder: Path,
    log_style: str | None,
    trace_dir: Path | None,
    as_json: bool,
) -> int:
    """Ask one prompt about every row of INPUT: JSONL, CSV with a header, or - (stdin).

    Output rows come in the order of the input: {"id", "output", "error", "usage"}; the
    id is the row's field "id", else its line. A bad row gets an error there and stops
    no other. The same line goes on after a stop, a crash or kill -9, and repeats no
    finished call. Exit code 0: done, 2: something to mend, 3: some rows failed, 4: the
    model can't be reached, 130: interrupted.
    """
    from subak.mapping.map_request import MapRequest

    if out == "-" and as_json:
        raise click.UsageError("--json and --out - both want stdout")
    request = MapRequest(
        rows=None if input == "-" else Path(input),
        prompt=prompt,
        schema=schema,
        model=model,
        out=None if out == "-" else Path(out),
        stream=sys.stdout.buffer if out == "-" else None,
        folder=folder,
        max_parallel=max_parallel,
        max_tokens=max_tokens,
        limit=limit,
        form=cast("RowFormat | None", form),
        refresh=refresh,
    )
    return _run(request, log_style, trace_dir, as_json=as_json)


def _run(
    request: MapRequest,
    log_style: str | None,
    trace_dir: Path | None,
    *,
    as_json: bool,
) -> int:
    import os

    from subak.cli.conduct import conduct
    from subak.cli.ending import EXIT_CODES
    from subak.cli.progress import watch
    from subak.engine.events import Listener
    from subak.engine.workspace import Workspace
    from subak.mapping.run_map import run_map
    from subak.recipes.settings import load_settings

    output = Output.current()
    settings = load_settings(request.folder, os.environ, {}).settings
    style = log_style or settings.log_style
    workspace = Workspace(request.folder)
    telling = telemetry(workspace, settings.telemetry, output)
    traces = tracing(trace_dir, workspace.journal, output)
    with telling as heard, traces as files, watch(output, log_style=style) as listener:
        listeners: list[Listener] = [listener, *files, *heard]
        result = conduct(
            lambda control: run_map(request, listeners=listeners, control=control),
            output,
        )
    if as_json:
        output.json(result.summary.to_json())
    else:
        for line in _told(result, output):
            # Rows may be going to stdout.
            (output.line if request.stream is None else output.note)(line)
    return EXIT_CODES.get(result.summary.status, 1)


def _told(result: MapResult, output: Output) -> list[str]:
    from subak.cli.ending import SHOWN_FAILURES, last_lines, parallel_line
    from subak.views.wording import count, duration

    summary, style = result.summary, output.style
    rows, calls, tokens = summary.tasks, summary.calls, summary.tokens
    lines = [
        f"{style.state(summary.status, f'{summary.status:<12}')} "
        f"{count(calls.sent, 'call')}, {calls.repeated} repeated, "
        f"{duration(summary.seconds)}",
        f"{'rows':<12} {count(rows.done)} done, {count(rows.cached)} cached, "
        f"{count(rows.failed)} failed",
    ]
    if calls.sent:
        lines += [
            f"{'tokens':<12} {count(tokens.tokens_in)} in, "
            f"{count(tokens.tokens_cached)} of them cached, "
            f"{count(tokens.tokens_out)} out",
            parallel_line(summary.parallel),
        ]
    for failure in summary.failures[:SHOWN_FAILURES]:
        lines.append(f"{style.bad('failed')}       {failure.item}: {failure.error}")
        if failure.hint:
            lines.append(f"             next: {failure.hint}")
    lines += last_lines(summary, rows.failed)
    if summary.status != "interrupted" and result.path is not None:
        lines.append(f"{'out':<12} {result.path}")
    return lines
