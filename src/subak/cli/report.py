"""`subak report`: one self-contained HTML file about a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from subak.cli.command import (
    Command,
    json_option,
    loudness_options,
    run_option,
    workspace_argument,
)
from subak.cli.output import Output
from subak.cli.reading import is_at_work, reading
from subak.engine.clock import SystemClock, publication_time
from subak.engine.workspace import Workspace

if TYPE_CHECKING:
    from subak.views.report import Report


@click.command(
    "report",
    cls=Command,
    examples=[
        ("subak report --open", "write .subak/report.html and show it"),
        ("subak report --format md", "in a few lines: what is fresh, what to do"),
        ("subak report taxes --open", "that of another workspace"),
        ("subak report --out run.html", "write it somewhere else"),
        ("subak report --out -", "print it"),
    ],
)
@run_option
@click.option("--open", "opens", is_flag=True, help="Show it in the browser.")
@click.option(
    "--out",
    "target",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="Where to write it, - for stdout.  [default: DIR/.subak/report.html]",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "md"]),
    default="html",
    show_default=True,
    help="The whole as HTML, or the short of it as Markdown, printed.",
)
@workspace_argument
@json_option
@loudness_options
def report(
    run: str,
    opens: bool,
    target: Path | None,
    form: str,
    folder: Path,
    as_json: bool,
) -> None:
    """Write one HTML file with a run's timeline, speed, failures and results.

    It begins with what is fresh, what is old and what needs a person. It needs no
    network and no script; send it to whomever it concerns.
    """
    from subak.views.report import read_report, render_report, write_report

    out = Output.current()
    with reading(folder) as db:
        now = publication_time(SystemClock())
        found = read_report(db, run, now=now, is_alive=is_at_work(folder))
    if form == "md":
        _give_brief(out, found, target, as_json=as_json)
        return
    if target == Path("-"):
        out.line(render_report(found))
        return
    path = target or Workspace(folder).state / "report.html"
    write_report(found, path)
    if as_json:
        out.json({"version": 1, "run": found.status.summary.run, "path": str(path)})
    else:
        out.line(str(path))
    if opens:
        click.launch(str(path.resolve()))


def _give_brief(
    out: Output, found: Report, target: Path | None, *, as_json: bool
) -> None:
    """Print the short of it, or write it where it is wanted."""
    from subak.engine.atomic import write_atomically
    from subak.views.brief import brief

    is_here = found.workspace.resolve() == Path.cwd()
    text = brief(found.status, found.bulletin, None if is_here else found.workspace)
    if target is not None and target != Path("-"):
        write_atomically(target, text.encode("utf-8", "replace"))
        out.line(str(target))
    elif as_json:
        run = found.status.summary.run
        out.json({"version": 1, "run": run, **found.bulletin.to_json()})
    else:
        out.line(text.rstrip())
