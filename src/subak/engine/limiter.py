"""Limiter: how many calls may run at once, and who is served next.

Knows nothing of what the calls are. Model calls pass a CallScheduler instead.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from subak.engine.context import current_task
from subak.engine.ending import Ending
from subak.engine.events import EventSink
from subak.errors import UserError


class Slot(Protocol):
    """Permission for one call; told of its tokens while they arrive."""

    @property
    def number(self) -> int:
        """Return the smallest number, from 1, that no other slot in use has."""
        ...

    def first_token(self) -> None:
        """Tell that the answer has begun."""
        ...

    def tokens(self, count: int) -> None:
        """Tell that ``count`` more tokens arrived."""
        ...

    def finish(self, ending: Ending) -> None:
        """Tell how the call ended; a slot given back without it was cancelled."""
        ...


@dataclass(frozen=True, slots=True)
class LimiterStatistics:
    """A snapshot of a limiter.

    Args:
        limit: Calls it lets run at once now.
        in_use: Calls that run.
        waiting: Calls that wait.
        peak: Most calls that ever ran at once.
        phase: What it is doing ("fixed", "ramp", "bisect", "hold").
        slots: Requests the server works on at once, where that is known.
        ceiling: Calls above which the server refused, None while it did not.
        pace_per_s: Calls sent in a second at most, None for no such bound.
        tokens_per_s: Goodput measured at the present limit, None before any.
        reason: Why the limit is what it is, in words.
    """

    name: str
    limit: int
    in_use: int
    waiting: int
    peak: int
    phase: str = "fixed"
    slots: int | None = None
    ceiling: int | None = None
    pace_per_s: float | None = None
    tokens_per_s: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CallNeed:
    """What a call tells of itself when it asks for a slot.

    Args:
        tokens_in: About how many tokens its prompt has.
        prefix: Calls with the same one share the beginning of their prompts, and so
            what the server keeps of it; "" for none.
    """

    tokens_in: int = 0
    prefix: str = ""


NO_NEED = CallNeed()


class Limiter(Protocol):
    """Whoever decides how many calls run at once."""

    def slot(self, need: CallNeed = NO_NEED) -> AbstractAsyncContextManager[Slot]:
        """Hold a slot for the length of an ``async with`` block."""
        ...

    def statistics(self) -> LimiterStatistics:
        """Return the present numbers."""
        ...


@dataclass(frozen=True, slots=True)
class _FixedSlot:
    number: int

    def first_token(self) -> None:
        """Ignore it: a fixed limit learns nothing."""

    def tokens(self, count: int) -> None:
        """Ignore it: a fixed limit learns nothing."""

    def finish(self, ending: Ending) -> None:
        """Ignore it: a fixed limit learns nothing."""


@dataclass(order=True, slots=True)
class _Waiter:
    priority: tuple[int, int]
    order: int
    granted: asyncio.Future[int] = field(compare=False)


class FixedLimiter:
    """Let at most ``limit`` calls run at once.

    Guarantees:
        Never more than ``limit`` slots in use, and none unused while somebody waits.
        Waiters are served by ``current_task().priority``, then in order of arrival.
        A slot handed to a waiter that is cancelled at that moment goes to the next.

    Assumes:
        One event loop. Holders bound the time they hold a slot; waiting for one has
        no time limit of its own.
    """

    def __init__(self, name: str, limit: int, events: EventSink | None = None) -> None:
        if limit < 1:
            raise UserError(
                f"at most {limit} calls at once means none at all",
                where=name,
                hint="give a limit of 1 or more",
            )
        self._name = name
        self._limit = limit
        self._events = events
        self._free = list(range(1, limit + 1))
        self._waiters: list[_Waiter] = []
        self._waiting = 0
        self._order = 0
        self._peak = 0

    @asynccontextmanager
    async def slot(self, need: CallNeed = NO_NEED) -> AsyncIterator[Slot]:  # noqa: ARG002
        """Hold a slot for the length of an ``async with`` block."""
        number = await self._acquire()
        try:
            yield _FixedSlot(number)
        finally:
            self._release(number)

    def statistics(self) -> LimiterStatistics:
        """Return the present numbers."""
        return LimiterStatistics(
            self._name, self._limit, self._in_use, self._waiting, self._peak
        )

    @property
    def _in_use(self) -> int:
        return self._limit - len(self._free)

    async def _acquire(self) -> int:
        if self._free:  # release() serves waiters first, so nobody is passed over
            number = heapq.heappop(self._free)
            self._tell()
            return number
        granted: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        waiter = _Waiter(current_task().priority, self._order, granted)
        self._order += 1
        heapq.heappush(self._waiters, waiter)
        self._waiting += 1
        try:
            return await granted
        except asyncio.CancelledError:
            if not granted.cancelled():  # it was handed over just before the cancel
                self._release(granted.result())
            raise
        finally:
            self._waiting -= 1

    def _release(self, number: int) -> None:
        while self._waiters:
            granted = heapq.heappop(self._waiters).granted
            if not granted.done():
                granted.set_result(number)
                return
        heapq.heappush(self._free, number)
        self._tell()

    def _tell(self) -> None:
        self._peak = max(self._peak, self._in_use)
        if self._events is not None:
            self._events.emit(
                "limiter.level",
                name=self._name,
                in_use=self._in_use,
                limit=self._limit,
            )
