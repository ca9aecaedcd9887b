"""`subak serve`: the dashboard of one or more workspaces, on this machine only."""

from __future__ import annotations

from pathlib import Path

import click

from subak.cli.command import Command, json_option, loudness_options
from subak.cli.event_loop import run
from subak.cli.output import Output

_PORT = 8628


@click.command(
    "serve",
    cls=Command,
    examples=[
        ("subak serve --open", "show this workspace in the browser"),
        ("subak serve ~/recipes", "all workspaces in that folder"),
        ("subak serve --token-file t", "keep the same address for ever"),
    ],
)
@click.argument(
    "folder",
    metavar="[DIR]",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=_PORT,
    show_default=True,
    help="Where to listen; 0 takes a free one.",
)
@click.option("--open", "opens", is_flag=True, help="Show it in the browser.")
@click.option(
    "--token-file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Read the token there; written if there is none.  [default: a new one]",
)
@json_option
@loudness_options
def serve(
    folder: Path, port: int, opens: bool, token_file: Path | None, as_json: bool
) -> None:
    """Show how runs go, live: stages, categories, speed, failures, facts, articles.

    Runs can be started, stopped and repeated from there; none ends with this server.
    It listens on 127.0.0.1 only and lets in who opens the address it prints. Programs
    read /api/v1 there (see /api/v1/openapi.json) with the header `Authorization:
    Bearer TOKEN`. Ctrl-C ends it.
    """
    from subak.web.secret import Secret, read_secret
    from subak.web.server import serve as serve_dashboard

    out = Output.current()
    secret = Secret.make() if token_file is None else read_secret(token_file)

    def tell(address: str, once: str) -> None:
        if as_json:
            out.json({"version": 1, "url": address})
        else:
            out.line(address)
            out.note("Only who has this address is let in. Ctrl-C ends the server.")
        if opens:
            click.launch(once)

    run(serve_dashboard(folder, port, secret, tell))
