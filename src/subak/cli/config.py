"""`subak config`: the settings in force, and where each one comes from."""

from __future__ import annotations

import os
from pathlib import Path

import click

from subak.cli.command import (
    Command,
    json_option,
    loudness_options,
    workspace_option,
)
from subak.cli.output import Output, table

EXAMPLES = (("subak config --origin", "every setting and who set it"),)


@click.command(cls=Command, examples=EXAMPLES)
@click.option("--origin", is_flag=True, help="Tell where each value was read.")
@workspace_option
@json_option
@loudness_options
def config(origin: bool, folder: Path, as_json: bool) -> int:
    """Show the settings: subak.toml, the user's config, SUBAK_* and flags, in order.

    A later source wins. Keys of a recipe are not settings; see `subak plan`.
    """
    from subak.recipes.settings import load_settings, user_config_path

    output = Output.current()
    loaded = load_settings(folder, os.environ, {})
    if as_json:
        rows = [
            {"key": each.key, "value": each.value, "origin": each.source}
            for each in loaded.origins
        ]
        output.json({"version": 1, "settings": rows})
        return 0
    shown = [
        [each.key, each.value, *([each.source] if origin else [])]
        for each in loaded.origins
    ]
    for line in table(shown):
        output.line(line)
    output.note(f"files: {folder / 'subak.toml'}, {user_config_path()}")
    return 0
