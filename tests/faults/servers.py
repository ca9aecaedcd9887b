"""Servers: model servers in a thread, which a test takes away and brings back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from types import TracebackType

from subak.testing.model_server import FakeModelServer
from tests.mapping.serving import spec

_WAIT_S = 30.0
_LOOK_S = 0.002

Step = Callable[[], Coroutine[object, object, None]]


class Servers:
    """Use as a context manager; what is planned is played while a command runs."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._started: list[FakeModelServer] = []
        self._plans: list[Future[None]] = []

    def __enter__(self) -> Servers:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            for plan in self._plans:
                if kind is None:
                    plan.result(_WAIT_S)
                else:
                    plan.cancel()
        finally:
            for server in self._started:
                self._wait(server.stop())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_WAIT_S)
            self._loop.close()

    def start(self, server: FakeModelServer, name: str = "fake") -> str:
        """Serve a model and return the spec to name it by."""
        self._wait(server.start())
        self._started.append(server)
        return spec(server).replace(":fake@", f":{name}@")

    def stop(self, server: FakeModelServer) -> None:
        """Take a server away; its address stays its own."""
        self._wait(server.stop())

    def when(self, condition: Callable[[], bool], *steps: Step) -> None:
        """Do these steps, in the background, as soon as the condition holds."""
        play = self._play(condition, steps)
        self._plans.append(asyncio.run_coroutine_threadsafe(play, self._loop))

    async def _play(
        self, condition: Callable[[], bool], steps: tuple[Step, ...]
    ) -> None:
        async with asyncio.timeout(_WAIT_S):
            while not condition():  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(_LOOK_S)
            for step in steps:
                await step()

    def _wait(self, coroutine: Coroutine[object, object, None]) -> None:
        asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(_WAIT_S)


def pause(seconds: float) -> Step:
    """Return a step that waits."""
    return lambda: asyncio.sleep(seconds)
