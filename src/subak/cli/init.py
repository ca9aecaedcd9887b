"""`subak init`: write a recipe folder to edit."""

from __future__ import annotations

from pathlib import Path

import click

from subak.cli.command import Command, loudness_options
from subak.cli.output import Output

EXAMPLES = (
    ("subak init taxes --from tax", "a folder `taxes` with the tax recipe"),
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
    help="Shipped recipe to start from.",
)
@loudness_options
def init(folder: Path | None, origin: str) -> int:
    """Copy a shipped recipe and its prompts into DIR, by default named like it.

    Files that are there already are never overwritten.
    """
    from subak.recipes.starter import write_starter

    output = Output.current()
    target = folder or Path(origin)
    for path in write_starter(origin, target):
        output.line(str(path))
    output.note(f"next: edit {target / 'recipe.toml'}, then: subak plan {target}")
    return 0
