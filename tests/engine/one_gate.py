"""OneGate: a scheduler before a single gate, to hold its slots by ``async with``."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from subak.engine.call_scheduler import CallScheduler
from subak.engine.clock import Clock
from subak.engine.controller import Controller
from subak.engine.gate import Gate, GateSlot, Teller
from subak.engine.limiter import NO_NEED, CallNeed, LimiterStatistics


class OneGate:
    """A Limiter that lets through what a controller permits."""

    def __init__(
        self,
        name: str,
        controller: Controller,
        clock: Clock,
        events: Teller | None = None,
    ) -> None:
        self._gate = Gate(name, controller, clock, events)
        self._scheduler = CallScheduler(clock, _Only(self._gate))
        self._scheduler.add([self._gate])

    @asynccontextmanager
    async def slot(self, need: CallNeed = NO_NEED) -> AsyncIterator[GateSlot]:
        """Hold a slot for the length of an ``async with`` block."""
        slot = await self._scheduler.take(need)
        try:
            yield slot
        finally:
            self._scheduler.give_back(slot)

    def statistics(self) -> LimiterStatistics:
        """Return the present numbers."""
        return self._gate.statistics(self._scheduler.waiting)


class _Only:
    """A Balancer with one gate."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def choose(
        self, now: float, backlog: int, but_not: Gate | None = None
    ) -> Gate | None:
        """Return the gate while it is open."""
        gate = self._gate
        is_open = gate.opens_at(now) <= now and gate is not but_not
        return gate if is_open else None

    def opens_at(self, now: float) -> float:
        """Return when it opens by itself."""
        moment = self._gate.opens_at(now)
        return moment if moment > now else math.inf

    def tick(self, now: float) -> None:
        """Do nothing."""
