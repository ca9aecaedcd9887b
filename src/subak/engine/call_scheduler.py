"""CallScheduler: one queue of calls before one or more servers' gates, in asyncio.

Knows when to look again, not which server is best: that is decided by a Balancer.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from subak.engine.clock import Alarm, Clock, alarms_of
from subak.engine.context import current_task
from subak.engine.gate import Gate, GateSlot
from subak.engine.limiter import CallNeed
from subak.engine.waiting_queue import WaitingQueue
from subak.errors import SubakError

TICK_S = 0.25


class Balancer(Protocol):
    """Decides through which gate the next call goes."""

    def choose(
        self, now: float, backlog: int, but_not: Gate | None = None
    ) -> Gate | None:
        """Return the gate for the next call, None while it has to wait."""
        ...

    def opens_at(self, now: float) -> float:
        """Return when to look again; infinity: once a call has left."""
        ...

    def tick(self, now: float) -> None:
        """Note that time has passed while calls are in flight."""
        ...


@dataclass(slots=True, eq=False)
class _Call:
    need: CallNeed
    avoid: Gate | None
    granted: asyncio.Future[GateSlot]


class CallScheduler:
    """Lets calls through as the gates permit.

    Guarantees:
        Nobody waits while a gate is open for the next call: whatever may open one (a
        call that leaves or begins to answer, a tick, a moment named by a gate) lets
        the queue move. Order is that of WaitingQueue. A slot granted in the moment of
        a cancel goes on to the next. Without calls in flight or waiting there is no
        alarm set.
    Assumes:
        One event loop. Holders bound the time they hold a slot.
    """

    def __init__(self, clock: Clock, balancer: Balancer) -> None:
        self._clock = clock
        self._alarms = alarms_of(clock)
        self._balancer = balancer
        self._gates: list[Gate] = []
        self._queue: WaitingQueue[_Call] = WaitingQueue()
        self._in_use = 0
        self._opening: Alarm | None = None
        self._opening_at = math.inf
        self._ticking: Alarm | None = None
        self._tick_due = -math.inf

    @property
    def waiting(self) -> int:
        """Return how many calls wait."""
        return len(self._queue)

    def add(self, gates: Iterable[Gate]) -> None:
        """Let calls through these too."""
        for gate in gates:
            gate.on_room = self.move
            self._gates.append(gate)
        self.move()

    async def take(
        self, need: CallNeed, *, avoid: Gate | None = None, is_again: bool = False
    ) -> GateSlot:
        """Wait for a slot; to be given back by ``give_back``.

        Args:
            need: What the call tells of itself.
            avoid: Gate not to take if another one is open.
            is_again: The call was sent before: it waits at the head of its class.
        """
        if not self._queue:
            now = self._clock.monotonic()
            gate = self._choose(now, 0, avoid)
            if gate is not None:
                return self.enter(gate, need, now)
        return await self._wait(need, avoid, is_again)

    def enter(self, gate: Gate, need: CallNeed, now: float) -> GateSlot:
        """Take a slot of a gate that is open, past the queue."""
        self._queue.began(need.prefix)
        self._in_use += 1
        slot = gate.enter(need, now)
        if self._ticking is None:
            self._start_ticking(now)
        return slot

    def give_back(self, slot: GateSlot) -> None:
        """Let go of a slot."""
        self._in_use -= 1
        slot.leave()
        prefix = slot.need.prefix
        slot.gate.after = prefix
        self._queue.ended(prefix)
        self.move()
        if not self._in_use:
            self._stop_ticking()

    def move(self) -> None:
        """Let through whoever may pass now."""
        queue = self._queue
        if not queue:
            self._look_at(math.inf, 0.0)
            return
        now = self._clock.monotonic()
        while queue:
            gate = self._balancer.choose(now, len(queue))
            if gate is None:
                self._look_at(self._balancer.opens_at(now), now)
                return
            call = queue.pop(gate.after)
            if call.granted.done():  # cancelled, and not awake yet
                continue
            gate.after = ""
            if call.avoid is gate:
                gate = self._balancer.choose(now, len(queue), gate) or gate
            call.granted.set_result(self.enter(gate, call.need, now))
        self._look_at(math.inf, now)

    def turn_away(self, error: SubakError) -> None:
        """Have all who wait raise an error."""
        while self._queue:
            self._queue.pop().granted.set_exception(error)
        self._look_at(math.inf, 0.0)

    async def _wait(
        self, need: CallNeed, avoid: Gate | None, is_again: bool
    ) -> GateSlot:
        granted: asyncio.Future[GateSlot]
        granted = asyncio.get_running_loop().create_future()
        waiter = self._queue.push(
            _Call(need, avoid, granted),
            priority=current_task().priority,
            prefix=need.prefix,
            is_again=is_again,
        )
        if len(self._queue) == 1:  # whoever waited before has looked already
            self.move()
        try:
            return await granted
        except asyncio.CancelledError:
            if granted.done() and not granted.cancelled():
                if granted.exception() is None:  # granted just before the cancel
                    self.give_back(granted.result())
            else:
                self._queue.drop(waiter)
                self.move()
            raise

    def _choose(self, now: float, backlog: int, avoid: Gate | None) -> Gate | None:
        gate = self._balancer.choose(now, backlog, avoid)
        if gate is None and avoid is not None:
            gate = self._balancer.choose(now, backlog)
        return gate

    def _look_at(self, moment: float, now: float) -> None:
        """Keep one alarm, for the moment when a gate opens by itself."""
        if moment == self._opening_at:
            return
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        self._opening_at = moment
        if moment < math.inf:
            self._opening = self._alarms.call_later(moment - now, self._open)

    def _open(self) -> None:
        self._opening = None
        self._opening_at = math.inf
        self.move()

    def _tick(self) -> None:
        self._ticking = None
        now = self._clock.monotonic()
        self._tick_due = now + TICK_S
        for gate in self._gates:
            if gate.in_use:
                gate.tick(now, len(self._queue))
        self._balancer.tick(now)
        self.move()
        if self._in_use and self._ticking is None:
            self._start_ticking(now)

    def _start_ticking(self, now: float) -> None:
        if self._tick_due < now - TICK_S:  # after a pause
            self._tick_due = now + TICK_S
        left_s = max(0.0, self._tick_due - now)
        self._ticking = self._alarms.call_later(left_s, self._tick)

    def _stop_ticking(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
