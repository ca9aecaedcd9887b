"""A site and a model server that live in a thread, outside of any run's loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path

from subak.testing.model_server import FakeModelServer
from subak.testing.site import FakeSite
from tests.job.pages import COUNTRIES, FACTS, pages, source


@contextmanager
def serving(*servers: AbstractAsyncContextManager[object]) -> Iterator[None]:
    """Serve all of them while the block runs."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def wait(coroutine: Coroutine[object, object, object]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, loop).result(20)

    for server in servers:
        wait(_begin(server))
    try:
        yield
    finally:
        for server in reversed(servers):
            wait(_end(server))
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _begin(server: AbstractAsyncContextManager[object]) -> None:
    await server.__aenter__()


async def _end(server: AbstractAsyncContextManager[object]) -> None:
    await server.__aexit__(None, None, None)


@contextmanager
def served(
    server: FakeModelServer | None = None,
) -> Iterator[tuple[FakeSite, FakeModelServer]]:
    """Serve the pages of the main job and a model while the block runs."""
    site, model = FakeSite(pages()), server or FakeModelServer()
    with serving(site, model):
        yield site, model


def write_job(folder: Path, site: FakeSite, model: str) -> Path:
    """Write the main job's recipe for that site and model; return its path."""
    folder.mkdir(exist_ok=True)
    sources = "".join(source(site.url(f"/{name.lower()}"), name) for name in COUNTRIES)
    path = folder / "recipe.toml"
    path.write_text(f'name = "job"\n[model]\nuse = "{model}"\n{sources}{FACTS}')
    return path
