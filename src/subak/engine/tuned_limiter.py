"""TunedLimiter: a Limiter whose number is found by a Tuner."""

from __future__ import annotations

import math
from contextlib import AbstractAsyncContextManager

from subak.engine.clock import Clock
from subak.engine.gate import Gate, GateSlot, Teller
from subak.engine.limiter import NO_NEED, CallNeed, LimiterStatistics
from subak.engine.steering import Steering
from subak.engine.turnstile import Turnstile


class TunedLimiter:
    """Let as many calls run at once as the tuner finds good.

    Guarantees:
        Never more slots handed out than ``tuner.limit`` permits at that moment; calls
        already sent stay when it falls. No slot unused while somebody waits and the
        tuner permits it. Waiters are served in the order of WaitingQueue. The tuner
        is ticked while calls are in flight, and only then.
    Assumes:
        One event loop. Holders bound the time they hold a slot; waiting for one has
        no time limit of its own.
    """

    def __init__(
        self, name: str, tuner: Steering, clock: Clock, events: Teller | None = None
    ) -> None:
        self._gate = Gate(name, tuner, clock, events)
        self._turnstile = Turnstile(clock, _Lone(self._gate))
        self._turnstile.add([self._gate])

    def slot(self, need: CallNeed = NO_NEED) -> AbstractAsyncContextManager[GateSlot]:
        """Hold a slot for the length of an ``async with`` block."""
        return self._turnstile.seat(need)

    def statistics(self) -> LimiterStatistics:
        """Return the present numbers."""
        return self._gate.statistics(self._turnstile.waiting)


class _Lone:
    """A Doorkeeper with one gate."""

    def __init__(self, gate: Gate) -> None:
        self._gate = gate

    def choose(
        self,
        now: float,
        backlog: int,  # noqa: ARG002 - with one gate there is nothing to weigh
        but_not: Gate | None = None,
    ) -> Gate | None:
        gate = self._gate
        is_open = gate.opens_at(now) <= now and gate is not but_not
        return gate if is_open else None

    def opens_at(self, now: float) -> float:
        moment = self._gate.opens_at(now)
        return moment if moment > now else math.inf

    def tick(self, now: float) -> None:
        pass
