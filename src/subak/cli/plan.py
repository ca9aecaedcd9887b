"""`subak plan`: what a run would do, what it would cost, and why."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from subak.cli.command import Command, json_option, loudness_options
from subak.cli.output import Output, table

if TYPE_CHECKING:
    from subak.recipes.plan import Plan, StagePlan
    from subak.recipes.source_plan import SourcePlan

EXAMPLES = (
    ("subak plan my-topic", "what is cached, what is to do"),
    ("subak plan my-topic --why", "with the reason for each item"),
)


@click.command(cls=Command, examples=EXAMPLES)
@click.argument("recipe")
@click.option("--why", is_flag=True, help="Tell the reason for every item to do.")
@click.option("--model", metavar="SPEC", help="Model to ask instead of the recipe's.")
@json_option
@loudness_options
def plan(recipe: str, why: bool, model: str | None, as_json: bool) -> int:
    """Say what running RECIPE would do now. Nothing is fetched, nothing is asked.

    The journal tells what is known. Where the work of one stage decides what comes
    to the next, the last known result stands in for the coming one.
    """
    from subak.api import RunRequest, aplan

    output = Output.current()
    planned = asyncio.run(aplan(RunRequest(recipe, model=model)))
    if as_json:
        output.json(planned.to_json())
        return 0
    _tell(planned, output)
    if planned.outlook is not None:
        from subak.cli.outlook_words import outlook_lines

        for line in outlook_lines(planned.outlook):
            output.line(line)
    if why:
        for task in planned.tasks:
            if task.state == "to do":
                output.line(f"  {task.stage:<10} {task.item}: {task.reason}")
    return 0


def _tell(planned: Plan, output: Output) -> None:
    from subak.views.wording import count, duration

    output.line(f"recipe {planned.recipe}, model {planned.model}")
    for line in _source_lines(planned.sources):
        output.line(line)
    rows = [["stage", "cached", "to do"], *map(_row, planned.stages)]
    for line in table(rows, right=frozenset({1, 2})):
        output.line(line)
    if planned.calls is None:
        output.line("cost   not known yet: this machine has no history of such work")
        return
    output.line(
        f"cost   about {count(planned.calls, 'call')}, {planned.tokens_in} tokens in, "
        f"{planned.tokens_out} out, {duration(planned.seconds)} of model time"
    )


def _source_lines(sources: Sequence[SourcePlan]) -> list[str]:
    """Return a line for each kind of source, and what is known of its pages."""
    head = ["source", "number", "pages known", "would ask for", "would spare"]
    rows = [
        [each.kind, *map(str, (each.sources, each.pages, each.asked, each.spared))]
        for each in sources
    ]
    return [*table([head, *rows], right=frozenset({1, 2, 3, 4})), ""] if rows else []


def _row(stage: StagePlan) -> list[str]:
    more = "+" if stage.is_open else ""
    return [stage.stage, str(stage.cached), f"{stage.to_do}{more}"]
