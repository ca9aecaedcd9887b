"""`python -m bench.server [SETTINGS]`: serve until stdin closes; print the port."""

from __future__ import annotations

import asyncio
import resource
import sys

import msgspec

from bench.server.settings import Settings
from bench.server.stand import Stand


async def serve(settings: Settings) -> None:
    """Serve until whoever started this process is gone."""
    loop = asyncio.get_running_loop()
    stand = Stand(loop, settings)
    await stand.listen()
    print(stand.port, flush=True)
    over = asyncio.Event()
    # The end of stdin tells that the parent has ended, however that came.
    loop.add_reader(sys.stdin.fileno(), over.set)
    await over.wait()


def main() -> None:
    """Read the settings and serve."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    text = sys.argv[1] if len(sys.argv) > 1 else "{}"
    asyncio.run(serve(msgspec.json.decode(text, type=Settings)))


if __name__ == "__main__":
    main()
