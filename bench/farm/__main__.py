"""`python -m bench.farm [--port N] [--day 1|2]`: serve the farm until stopped."""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import socket
import sys

from bench.farm.mix import SITES
from bench.farm.pages import Pages
from bench.farm.planned import CONTROL_HOST, plan_sites, replay_sites
from bench.farm.press import Press
from bench.farm.replay import ReplayPages
from bench.farm.server import Server

PORT = 8410


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.farm", description=__doc__)
    parser.add_argument("--port", type=int, default=PORT, help="0 takes a free one")
    parser.add_argument("--day", type=int, choices=(1, 2), default=1)
    parser.add_argument("--sites", type=int, default=SITES, help="fewer: a small farm")
    parser.add_argument("--speed", type=float, default=1.0, help="factor of latencies")
    parser.add_argument("--replay", type=int, default=0, help="pages a site, no faults")
    parser.add_argument("--piped", action="store_true", help="end when stdin does")
    return parser.parse_args()


def make_server(given: argparse.Namespace, port: int) -> Server:
    """Return the farm that the arguments describe, all pages rendered."""
    if given.replay:
        sites = replay_sites(port, given.sites)
        replayed = ReplayPages(sites, given.replay)
        return Server(sites, replayed, port, day=given.day, speed=given.speed)
    sites = plan_sites(port, given.sites)
    pages = Pages(Press(sites))
    pages.render_all(sites)
    return Server(sites, pages, port, day=given.day, speed=given.speed)


def free_port() -> int:
    """Return a port that nobody uses on the farm's own address."""
    with socket.socket() as found:
        found.bind((CONTROL_HOST, 0))
        return int(found.getsockname()[1])


async def serve(given: argparse.Namespace) -> None:
    """Serve until whoever started this process is gone, or for ever."""
    port = given.port or free_port()
    server = make_server(given, port)
    await server.listen()
    print(port, flush=True)
    over = asyncio.Event()
    if given.piped:
        loop = asyncio.get_running_loop()
        loop.add_reader(sys.stdin.fileno(), over.set)
    await over.wait()
    await server.close()


def main() -> None:
    """Serve."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        asyncio.run(serve(_read_arguments()))
    except KeyboardInterrupt:
        os._exit(130)


if __name__ == "__main__":
    main()
