"""tune: measure how many calls at once bring a server to its full speed.

A closed loop: each level holds the server full for a few seconds of streamed tokens
(finding the knee by doubling, then one bisection).
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Literal

from subak.engine.clock import Clock
from subak.errors import Retryable, Unreachable
from subak.llm.callers import Callers
from subak.llm.curve import Curve, Told, cap_of
from subak.llm.gauge import Gauge, Window
from subak.llm.model import Endpoint, EndpointInfo

Ended = Literal["flat", "refusing", "cap", "time", "interrupted"]
_LEVELS = 12
_LONGEST_HOLD_S = 5.0
_ENOUGH_ANSWERS = 20
_LOOKS = 40
_FULL = 0.9


@dataclass(frozen=True, slots=True)
class TunePlan:
    """How to measure.

    Args:
        seconds: Time for all levels; the first one is measured whatever it takes.
        max_parallel: Never more calls at once.
        seed: Decides the prompts; a new one keeps the server's caches out.
        stop: Ends the measurement when it is set.
    """

    seconds: float = 60.0
    max_parallel: int | None = None
    seed: int = 0
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def hold_s(self) -> float:
        """Return how long to hold a level."""
        return min(_LONGEST_HOLD_S, self.seconds / _LEVELS)


@dataclass(frozen=True, slots=True)
class Tuning:
    """What was measured.

    Args:
        info: What the server says about itself.
        load_s: Time of the first call, which may have loaded the model.
        ended: Why no higher level was measured.
        refusal: What the server said when it refused, "" when it did not.
    """

    info: EndpointInfo
    curve: Curve
    load_s: float
    ended: Ended
    refusal: str = ""

    @property
    def slots(self) -> int | None:
        """Return the server's slots: published, or seen in its streams."""
        return self.info.slots or self.curve.slots_seen()


def _ignore(_: object) -> None:
    """Tell nobody."""


async def tune(
    endpoint: Endpoint, clock: Clock, plan: TunePlan, told: Told = _ignore
) -> Tuning:
    """Measure the throughput curve of an endpoint; it is left open.

    Args:
        told: Is given each level as soon as it is measured.

    Raises:
        Unreachable: Nothing answers, or not even one call at a time.
        UserError: It has no such model, or lets nobody in.
    """
    info = await endpoint.probe()
    gauge = Gauge(clock, is_streaming=endpoint.is_streaming)
    callers = Callers(endpoint, gauge, clock, plan.seed)
    began = clock.monotonic()
    try:
        await callers.call_once()
    except Retryable as error:
        raise _hopeless(error) from error
    load_s = clock.monotonic() - began
    # Some tell more once the model is loaded; a port of our own is no address.
    info = replace(await endpoint.probe(), url=info.url)
    climb = _Climb(Curve(slots=info.slots), callers, gauge, clock, plan)
    async with callers:
        ended = await climb.climb(cap_of(info.slots, plan.max_parallel), told)
    refusal = callers.fault or callers.refusal
    if not climb.curve.levels and refusal is not None:
        raise _hopeless(refusal) if isinstance(refusal, Retryable) else refusal
    said = refusal.message if refusal else ""
    return Tuning(info, climb.curve, load_s, ended, said)


class _Climb:
    """Goes up the levels until there is nothing more to gain."""

    def __init__(
        self,
        curve: Curve,
        callers: Callers,
        gauge: Gauge,
        clock: Clock,
        plan: TunePlan,
    ) -> None:
        self.curve = curve
        self._repeated: set[int] = set()
        self._is_bisected = False
        self._callers = callers
        self._gauge = gauge
        self._clock = clock
        self._plan = plan
        self._deadline = clock.monotonic() + plan.seconds

    async def climb(self, cap: int, told: Told) -> Ended:
        """Measure level after level, doubtful ones twice, one between the best two."""
        while (parallel := self._next(cap)) is not None:
            if not await self._measure(parallel, told):
                break
        if self._plan.stop.is_set():
            return "interrupted"
        if self.curve.is_refusing or self._callers.fault is not None:
            return "refusing"
        if self.curve.next_level(cap) is not None:
            return "time"
        return "flat" if self.curve.is_flat else "cap"

    def _next(self, cap: int) -> int | None:
        """Return the level to measure now, None after the last one."""
        up = self.curve.next_level(cap)
        if up is not None:
            return up
        for parallel in self.curve.doubtful():
            if parallel not in self._repeated:
                self._repeated.add(parallel)
                return parallel
        middle = None if self._is_bisected else self.curve.middle()
        self._is_bisected = True
        return middle

    async def _measure(self, parallel: int, told: Told) -> bool:
        """Measure one level; tell whether it was held long enough to count."""
        if self._is_over(self._plan.hold_s):
            return False
        self._callers.resize(parallel)
        await self._settle(parallel)
        window = Window(self._gauge)
        while not self._is_over() and not self._is_enough(window, parallel):
            await self._look()
        if not self._counts(window, parallel):
            return False
        level = window.level(parallel)
        if not self.curve.levels and level.tokens_per_s <= 0:
            return False
        self.curve = self.curve.with_level(level)
        told(level)
        return True

    async def _settle(self, parallel: int) -> None:
        """Wait until the server has as much to do as it will take."""
        span = Window(self._gauge)
        hold_s = self._plan.hold_s
        while not self._is_over() and span.seconds < 2 * hold_s:
            is_full = self._gauge.active >= _FULL * parallel
            if is_full and span.seconds >= hold_s / 10:
                return
            if len(span.answers) >= max(2, parallel // 2):
                return
            await self._look()

    def _is_enough(self, window: Window, parallel: int) -> bool:
        hold_s, seconds = self._plan.hold_s, window.seconds
        count = len(window.answers) + window.errors
        if seconds >= 4 * hold_s:
            return count > 0
        if seconds >= hold_s:
            return count >= (1 if self._gauge.is_streaming else max(3, parallel))
        return seconds >= hold_s / 2 and count >= max(_ENOUGH_ANSWERS, 4 * parallel)

    def _counts(self, window: Window, parallel: int) -> bool:
        """Tell whether a window that may have been cut short says anything.

        Without a whole answer it may hold no prompt, and so be too fast.
        """
        if self._is_enough(window, parallel):
            return True
        return bool(window.answers) and window.seconds >= self._plan.hold_s / 2

    def _is_over(self, needed_s: float = 0.0) -> bool:
        """Tell whether to stop: asked to, or no time left for this long.

        The first level may take longer than planned, as long as the user waits.
        """
        if self._plan.stop.is_set() or self._callers.fault is not None:
            return True
        is_late = self._clock.monotonic() + needed_s > self._deadline
        return is_late and bool(self.curve.levels)

    async def _look(self) -> None:
        await self._clock.sleep(self._plan.hold_s / _LOOKS)


def _hopeless(error: Retryable) -> Unreachable:
    return Unreachable(
        f"the server does not answer even one call at a time ({error.message})",
        where=error.where,
        hint=error.hint or "subak doctor shows which servers answer",
    )
