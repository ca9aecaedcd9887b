"""`subak init`: write a recipe folder to edit."""

from __future__ import annotations

from pathlib import Path

import click

from subak.cli.command import Command, loudness_options
from subak.cli.output import Output

EXAMPLES = (
    ("subak init taxes --from tax", "a folder `taxes` with the tax recipe"),
    ("subak init --from intel", "a folder `intel`, with a list of sources"),
    ("subak plan taxes", "then: see what it would do"),
)


@click.command(cls=Command, examples=EXAMPLES)
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path)
)
@click.option(
    "--from",
    "origin",
    default="tax",
    show_default=True,
    metavar="NAME",
    help="intel, tax, enhance, research or collect.",
)
@click.option("--prompts", is_flag=True, help="Copy the prompts too, to edit them.")
@loudness_options
def init(folder: Path | None, origin: str, prompts: bool) -> int:
    """Copy a shipped recipe into DIR, by default named like it.

    intel: the morning's news of 14 categories. tax: tax rates of 51 countries, proved.
    enhance: long pages as structured texts. research: questions answered from sources.
    collect: pages as text files, without a model.

    Files that are there already are never overwritten.
    """
    from subak.recipes.starter import write_starter

    output = Output.current()
    target = folder or Path(origin)
    written = write_starter(origin, target, with_prompts=prompts)
    for path in written:
        output.line(str(path))
    lists = [path for path in written if path.name == "sources.csv"]
    edited = " and ".join(str(path) for path in (*lists, target / "recipe.toml"))
    output.note(f"next: edit {edited}, then: subak plan {target}")
    return 0
