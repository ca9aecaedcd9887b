"""`subak run`: run a recipe, or go on where it stopped."""

from __future__ import annotations

import click

from subak.cli.command import (
    Command,
    json_option,
    log_style_option,
    loudness_options,
    max_parallel_option,
)
from subak.cli.output import Output

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
    as_json: bool,
) -> int:
    """Run RECIPE: a TOML file, a folder with a recipe.toml, or a shipped name.

    The same line goes on after a stop, a crash or kill -9, and repeats no finished
    call. What has not changed since the last run costs nothing. Exit code 0: done,
    3: some items failed, 4: the model or the network can't be reached, 130:
    interrupted.
    """
    from subak.api import RunRequest, arun, expected_tasks, prepare
    from subak.cli.conduct import conduct
    from subak.cli.ending import end
    from subak.cli.progress import watch

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
    )
    prepared = prepare(request)
    style = log_style or prepared.settings.log_style
    expected = expected_tasks(prepared)
    with watch(output, log_style=style, expected=expected) as listener:
        summary = conduct(
            lambda control: arun(request, listeners=[listener], control=control), output
        )
    return end(summary, output, as_json=as_json)
