"""Gate: one server's calls in flight, counted and told to whoever steers them."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from typing import Protocol

from subak.engine.clock import Clock
from subak.engine.controller import Controller
from subak.engine.ending import CANCELLED, Ending
from subak.engine.events import EventSink, Scalar
from subak.engine.limiter import CallNeed, LimiterStatistics


class Teller(EventSink, Protocol):
    """Where events are told, and where such as nobody need keep."""

    def tell(
        self, kind: str, *, stage: str = "", item: str = "", **data: Scalar
    ) -> None:
        """Tell that something happened, to those who listen now."""
        ...


class GateSlot:
    """A call's place at a server."""

    __slots__ = ("_call", "_ending", "gate", "need", "number")

    def __init__(self, gate: Gate, number: int, call: int, need: CallNeed) -> None:
        self.gate = gate
        self.number = number
        self.need = need
        self._call = call
        self._ending = CANCELLED

    def first_token(self) -> None:
        """Tell that the answer has begun."""
        self.gate.begin(self._call)

    def tokens(self, count: int) -> None:
        """Tell that ``count`` more tokens arrived."""
        gate = self.gate
        gate.controller.tokens(self._call, gate.clock.monotonic(), count)

    def finish(self, ending: Ending) -> None:
        """Tell how the call ended; a slot given back without it was cancelled."""
        self._ending = ending

    def leave(self) -> None:
        """Give the place back."""
        self.gate.leave(self._call, self.number, self._ending)


class Gate:
    """Counts the calls of one server.

    ``after`` is the prefix of the call that left last, for whoever is next; ``most``
    holds it below what its controller would let through, None for no such bound.

    Guarantees:
        Slot numbers in use differ, and a new one is the smallest that is free. What
        is told of the level is at most a tick old while calls are in flight, and
        right as soon as none is.
    """

    def __init__(
        self, name: str, controller: Controller, clock: Clock, teller: Teller | None
    ) -> None:
        self.name = name
        self.controller = controller
        self.clock = clock
        self.in_use = 0
        self.peak = 0
        self.after = ""
        self.on_room: Callable[[], None] | None = None
        self.most: int | None = None
        self.limit = controller.limit(clock.monotonic())
        self._teller = teller
        self.calls = 0
        self._free: list[int] = []
        self._told = (0, 0)

    def opens_at(self, now: float) -> float:
        """Return when the next call may be sent; infinity: once another has left."""
        limit = self.controller.limit(now)
        if self.most is not None and limit > self.most:
            limit = self.most
        self.limit = limit
        return math.inf if self.in_use >= limit else self.controller.ready_at(now)

    def enter(self, need: CallNeed, now: float) -> GateSlot:
        """Send a call."""
        self.calls += 1
        number = heapq.heappop(self._free) if self._free else self.in_use + 1
        self.in_use += 1
        if self.in_use > self.peak:
            self.peak = self.in_use
        self.controller.send(self.calls, now, need.tokens_in)
        if self.in_use == 1:
            self.tell_level()
        return GateSlot(self, number, self.calls, need)

    def begin(self, call: int) -> None:
        """Note that a call's answer begins."""
        now = self.clock.monotonic()
        self.controller.first_token(call, now)
        if self.on_room is not None and self.in_use < self.controller.limit(now):
            self.on_room()

    def leave(self, call: int, number: int, ending: Ending) -> None:
        """Note that a call left."""
        self.in_use -= 1
        if self.in_use:
            heapq.heappush(self._free, number)
        else:
            self._free.clear()
        self.controller.end(call, self.clock.monotonic(), ending)
        if not self.in_use:
            self.note_changes()
            self.tell_level()

    def tick(self, now: float, backlog: int) -> None:
        """Note that time has passed."""
        # Held back from outside it would learn nothing of more calls.
        is_held = self.most is not None
        self.controller.tick(now, 0 if is_held else backlog)
        self.opens_at(now)
        self.note_changes()
        self.tell_level()

    def note_changes(self) -> None:
        """Tell what the controller has changed, and why; what came at once as one."""
        changes = self.controller.take_changes()
        if self._teller is None or not changes:
            return
        first, last = changes[0], changes[-1]
        if last.after == first.before and len(changes) > 1:
            return
        self._teller.emit(
            "limiter.changed",
            name=self.name,
            before=first.before,
            limit=last.after,
            reason=last.reason,
        )

    def tell_level(self) -> None:
        """Tell how many calls are in flight, where that is news."""
        level = (self.in_use, self.limit)
        if self._teller is not None and level != self._told:
            self._told = level
            self._teller.tell(
                "limiter.level", name=self.name, in_use=self.in_use, limit=self.limit
            )

    def statistics(self, waiting: int) -> LimiterStatistics:
        """Return the present numbers."""
        known = self.controller.statistics()
        return LimiterStatistics(
            name=self.name,
            limit=self.limit,
            in_use=self.in_use,
            waiting=waiting,
            peak=self.peak,
            phase=known.phase,
            slots=known.slots,
            ceiling=known.ceiling,
            pace_per_s=known.pace_per_s,
            tokens_per_s=known.tokens_per_s,
            reason=known.reason,
        )
