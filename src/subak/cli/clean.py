"""`subak clean`: a workspace loses what nobody needs any more."""

from __future__ import annotations

import re
from pathlib import Path

import click

from subak.cli.command import (
    Command,
    json_option,
    loudness_options,
    workspace_argument,
)
from subak.cli.output import Output, table
from subak.errors import UserError

_PERIOD = re.compile(r"(\d{1,5})([hdw])")
_SECONDS = {"h": 3_600.0, "d": 86_400.0, "w": 604_800.0}
_NOUNS = {
    "run": "runs",
    "task": "tasks",
    "result": "results",
    "call": "calls",
    "event": "events",
    "attempt": "failures",
    "document": "documents",
    "body": "page bodies",
    "backup": "backups of older journals",
}


@click.command(
    "clean",
    cls=Command,
    examples=[
        ("subak clean --dry-run", "what would go, and how much room that makes"),
        ("subak clean --keep 30d", "let go what is older than 30 days"),
        ("subak clean intel --keep 12w", "another workspace, 12 weeks"),
    ],
)
@click.option(
    "--keep",
    default="30d",
    show_default=True,
    metavar="PERIOD",
    help="How far back everything stays: 48h, 30d, 12w.",
)
@click.option("--dry-run", is_flag=True, help="Only tell what would go.")
@workspace_argument
@json_option
@loudness_options
def clean(keep: str, dry_run: bool, folder: Path, as_json: bool) -> None:
    """Remove old runs, calls, events, failures, documents and page bodies.

    What the next run, the newest runs of each recipe, a published value or a citation
    needs always stays. A run at work is not disturbed: the command says so and ends.
    """
    from subak.engine.clock import SystemClock
    from subak.engine.workspace import Workspace
    from subak.recipes.cleaning import clean as clean_workspace
    from subak.recipes.cleaning import rehearse_clean
    from subak.views.wording import size

    out, workspace, keep_s = Output.current(), Workspace(folder), _period(keep)
    work = rehearse_clean if dry_run else clean_workspace
    cleaned = work(workspace, keep_s, SystemClock())
    if as_json:
        out.json(cleaned.to_json())
        return
    gone = {kind: one for kind, one in cleaned.amounts.items() if one.rows}
    rows = [
        (f"{one.rows:,}", _NOUNS[kind], size(one.size_bytes))
        for kind, one in gone.items()
    ]
    for line in table(rows, right=frozenset({0, 2})):
        out.line(line)
    if not gone:
        out.line(f"nothing is older than {keep} and needed by nobody")
    elif cleaned.freed_bytes is None:
        out.line(f"would go: about {size(cleaned.size_bytes)}; nothing was changed")
    else:
        out.line(f"gone; the files are {size(cleaned.freed_bytes)} smaller")


def _period(text: str) -> float:
    """Return a period in seconds.

    Raises:
        UserError: It is none.
    """
    found = _PERIOD.fullmatch(text.strip().lower())
    if found is None:
        raise UserError(
            f"'{text}' is no period",
            where="--keep",
            hint="write hours, days or weeks: 48h, 30d, 12w",
        )
    return int(found[1]) * _SECONDS[found[2]]
