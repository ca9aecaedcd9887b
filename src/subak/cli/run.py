"""`subak run`: run a recipe, or go on where it stopped."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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
    from subak.api import Prepared
    from subak.views.summary import RunSummary

EXAMPLES = (
    ("subak run my-topic", "run the recipe in the folder my-topic"),
    ("subak run tax --items germany", "only what is about Germany"),
    ("subak run tax --refresh facts", "ask for all facts anew"),
)


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("recipe")
@click.option("--model", metavar="SPEC", help="Model to ask instead of the recipe's.")
@click.option("--only", metavar="STAGE", help="Stop behind this stage.")
@click.option("--items", metavar="GLOB", help="Only items or entities like this.")
@click.option(
    "--limit", type=click.IntRange(min=1), help="At most that many pages of a source."
)
@click.option(
    "--refresh",
    multiple=True,
    metavar="STAGE",
    help="Make this stage anew; repeatable.",
)
@max_parallel_option
@log_style_option
@click.option("--seed", type=int, default=0, help="Of everything random.")
@click.option(
    "--deadline",
    metavar="HH:MM",
    help="Be done by then instead of the recipe's time; none for no limit.",
)
@click.option(
    "--scheduled",
    is_flag=True,
    help="Only if the recipe's [schedule] says so now; timers use it.",
)
@trace_dir_option
@telemetry_options
@json_option
@loudness_options
def run(
    recipe: str,
    model: str | None,
    only: str | None,
    items: str | None,
    limit: int | None,
    refresh: tuple[str, ...],
    max_parallel: int | None,
    log_style: str | None,
    seed: int,
    deadline: str | None,
    scheduled: bool,
    trace_dir: Path | None,
    as_json: bool,
) -> int:
    """Run RECIPE: a TOML file, a folder with a recipe.toml, or a shipped name.

    The same line goes on after a stop, a crash or kill -9, and repeats no finished
    call. What has not changed since the last run costs nothing. Exit code 0: done,
    3: some items failed, 4: model or network not reachable, 130: interrupted.
    """
    from subak.api import RunRequest, prepare
    from subak.cli.conduct import be_nice
    from subak.cli.ending import end, stand_back
    from subak.errors import NotNow

    output = Output.current()
    request = RunRequest(
        recipe=recipe,
        model=model,
        max_parallel=max_parallel,
        only=only,
        items=items,
        limit=limit,
        refresh=frozenset(refresh),
        seed=seed,
        deadline=deadline,
        is_scheduled=scheduled,
    )
    prepared = prepare(request)
    be_nice(prepared.recipe.machine.nice)
    style = log_style or prepared.settings.log_style
    try:
        summary = _work(prepared, style, trace_dir, output)
    except NotNow as reason:
        return stand_back(reason, prepared.recipe.name, output, as_json=as_json)
    return end(summary, output, as_json=as_json)


def _work(
    prepared: Prepared, log_style: str, trace_dir: Path | None, output: Output
) -> RunSummary:
    """Run with everybody listening who was asked to."""
    from subak.api import arun, expected_tasks
    from subak.cli.conduct import conduct
    from subak.cli.progress import watch

    expected = expected_tasks(prepared)
    watching = watch(output, log_style=log_style, expected=expected)
    traces = tracing(trace_dir, prepared.workspace.journal, output)
    telling = telemetry(prepared.workspace, prepared.settings.telemetry, output)
    with telling as heard, traces as files, watching as listener:
        return conduct(
            lambda control: arun(
                prepared.request,
                listeners=[listener, *files, *heard],
                control=control,
                on_wait=lambda busy: output.note(f"waiting: {busy.message}"),
            ),
            output,
        )
