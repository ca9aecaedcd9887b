"""`subak eval`: how right extraction is, on documents whose answers are known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from subak.cli.command import (
    Command,
    json_option,
    log_style_option,
    loudness_options,
    max_parallel_option,
    workspace_option,
)
from subak.cli.output import Output

if TYPE_CHECKING:
    from subak.evaluation.trial import Design

EXAMPLES = (
    ("subak eval", "the set that ships, with the model of the settings"),
    ("subak eval --model embedded --model ollama:qwen2.5", "two models side by side"),
    ("subak eval --design facts --design one-prompt", "two designs side by side"),
    ("subak eval my-set --misses", "documents of your own, with what went wrong"),
)


@click.command("eval", cls=Command, examples=EXAMPLES)
@click.argument("labelled", metavar="[SET]", default="tax")
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="SPEC",
    help="Model to try; several are compared.  [default: that of the settings]",
)
@click.option(
    "--design",
    "designs",
    type=click.Choice(["facts", "one-prompt"]),
    multiple=True,
    default=["facts"],
    help="facts: what ships. one-prompt: one big prompt whose answer is believed.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Only the first documents.")
@click.option("--refresh", is_flag=True, help="Ask for all answers anew.")
@click.option("--misses", is_flag=True, help="List every value that is not right.")
@max_parallel_option
@workspace_option
@log_style_option
@json_option
@loudness_options
def evaluate(
    labelled: str,
    models: tuple[str, ...],
    designs: tuple[str, ...],
    limit: int | None,
    refresh: bool,
    misses: bool,
    max_parallel: int | None,
    folder: Path,
    log_style: str | None,
    as_json: bool,
) -> int:
    """Run the facts stage on the documents of SET and compare with what they say.

    SET is a folder with documents/, schema.toml and gold.json, or "tax", which ships.
    Answers are kept in the workspace: a second run sends no call. Exit code 3: a
    document could not be read.
    """
    import os

    from subak.cli.conduct import conduct
    from subak.cli.ending import EXIT_CODES
    from subak.cli.progress import watch
    from subak.cli.scoreboard import miss_lines, score_lines, to_json
    from subak.evaluation.evaluate import EvaluationRequest
    from subak.evaluation.evaluate import evaluate as run
    from subak.recipes.settings import load_settings

    output = Output.current()
    request = EvaluationRequest(
        labelled=labelled,
        models=models,
        designs=cast("tuple[Design, ...]", designs),
        limit=limit,
        folder=folder,
        refresh=refresh,
        max_parallel=max_parallel,
    )
    style = log_style or load_settings(folder, os.environ, {}).settings.log_style
    with watch(output, log_style=style) as listener:
        trials = conduct(
            lambda control: run(request, listeners=[listener], control=control), output
        )
    if as_json:
        output.json(to_json(trials))
    else:
        for line in score_lines(trials):
            output.line(line)
        for trial in trials if misses else ():
            for line in miss_lines(trial):
                output.line(line)
    codes = [EXIT_CODES.get(trial.status, 1) for trial in trials]
    return max(codes, default=0)
