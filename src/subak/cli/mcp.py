"""`subak mcp`: what a workspace knows, for agents."""

from __future__ import annotations

import json
import shutil
import signal
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from subak.cli.command import Command, loudness_options
from subak.cli.event_loop import run
from subak.cli.output import Output
from subak.errors import MissingExtra


@click.command(
    "mcp",
    cls=Command,
    examples=[
        ("subak mcp taxes --config", "what to paste into an agent's settings"),
        ("subak mcp taxes", "serve one agent; it starts this itself"),
    ],
)
@click.argument(
    "folder",
    metavar="[DIR]",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
)
@click.option("--config", is_flag=True, help="Print the settings of a client, as JSON.")
@loudness_options
def mcp(folder: Path, config: bool) -> None:
    """Let an agent read a workspace by the Model Context Protocol, on stdin and stdout.

    The tools search, ask, get_document, get_fact and list_changes only read; none
    starts a run. What pages say is marked as foreign. A run may go on meanwhile. It
    ends when the agent closes stdin.
    """
    out = Output.current()
    if config:
        out.line(json.dumps(client_config(folder), indent=2, ensure_ascii=False))
        return
    if find_spec("mcp") is None:
        raise MissingExtra("mcp", "subak mcp")
    from subak.engine.clock import SystemClock
    from subak.mcp.server import serve_agents

    if sys.stdin.isatty():
        out.note(
            "waiting for an agent on stdin; `subak mcp --config` helps to set one up"
        )
    # A reader of stdin cannot be woken: Ctrl-C ends the process, there is nothing to
    # save.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    run(serve_agents(folder.resolve(), SystemClock()))


def client_config(folder: Path) -> dict[str, object]:
    """Return the settings by which clients start the server for a workspace."""
    command = shutil.which("subak")
    start = [command] if command else [sys.executable, "-m", "subak"]
    place = folder.resolve()
    name = f"subak-{place.name}" if place.name else "subak"
    server = {"command": start[0], "args": [*start[1:], "mcp", str(place)]}
    return {"mcpServers": {name: server}}
