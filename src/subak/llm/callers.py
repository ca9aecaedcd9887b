"""Callers: as many as told, each sending its next prompt when its answer is whole."""

from __future__ import annotations

import asyncio
from types import TracebackType

from subak.engine.clock import Clock
from subak.errors import LoopingAnswer, Overloaded, Retryable, SubakError
from subak.llm.gauge import Gauge
from subak.llm.model import Endpoint
from subak.llm.tune_prompts import TunePrompts

_REST_S = 0.25
_LONGEST_REST_S = 2.0


class Callers:
    """Use as an async context manager; leaving it gives up what is under way.

    Guarantees:
        Never more calls under way than the size last set, calls given up apart.
        Refusals are counted and rested on; what would fail again is kept as
        ``fault`` and ends all callers.
    Assumes:
        One event loop.
    """

    def __init__(
        self, endpoint: Endpoint, gauge: Gauge, clock: Clock, seed: int
    ) -> None:
        self.refusal: Retryable | None = None
        self.fault: SubakError | None = None
        self._endpoint = endpoint
        self._gauge = gauge
        self._clock = clock
        self._prompts = TunePrompts(seed)
        self._group = asyncio.TaskGroup()
        self._callers: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Callers:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.resize(0)
        await self._group.__aexit__(kind, error, trace)

    def resize(self, count: int) -> None:
        """Have so many callers from now on; the newest go first."""
        while len(self._callers) > count:
            self._callers.pop().cancel()
        while len(self._callers) < count:
            self._callers.append(self._group.create_task(self._call_on()))

    async def call_once(self) -> None:
        """Make one call that is not counted; the first one loads the model.

        Raises:
            SubakError: It failed.
        """
        unused = Gauge(self._clock, is_streaming=self._gauge.is_streaming)
        try:
            prompt = self._prompts.next(is_first=True)
            await self._endpoint.complete(prompt, unused.begin())
        except LoopingAnswer:
            return

    async def _call_on(self) -> None:
        is_first = True
        while self.fault is None:
            await self._call(is_first=is_first)
            is_first = False

    async def _call(self, *, is_first: bool) -> None:
        call = self._gauge.begin(is_first=is_first)
        rest_s = 0.0
        try:
            prompt = self._prompts.next(is_first=is_first)
            call.answered(await self._endpoint.complete(prompt, call))
        except LoopingAnswer:
            call.answered(None)
        except Retryable as error:
            self._gauge.errors += 1
            self.refusal = error
            rest_s = _rest_s(error)
        except SubakError as error:
            self.fault = error
        finally:
            call.leave()
        if rest_s:
            await self._clock.sleep(rest_s)


def _rest_s(error: Retryable) -> float:
    asked = error.retry_after_s if isinstance(error, Overloaded) else None
    return min(_LONGEST_REST_S, _REST_S if asked is None else max(_REST_S, asked))
