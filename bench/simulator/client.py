"""simulate: one job from the first call to the last, in virtual time.

A queue of items, one or more endpoints, one controller for each.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Literal

from bench.simulator.endpoint import Endpoint
from bench.simulator.request import Request
from bench.simulator.server import Refusal
from bench.simulator.workload import Item
from subak.engine.ending import CANCELLED, Ending, EndingKind
from subak.engine.tuning.constants import TICK_S
from subak.llm.dispatch import Place, Straggler, pick, pick_copy

Sight = Literal["tokens", "starts", "buffered", "ends", "timings"]
"""What the client sees of answers; "buffered": a stream that comes at its end."""

_HALF_TRIP_S = 0.01
_MOST_TIMEOUTS = 6
_LONGEST_WAIT_S = 60.0


@dataclass(slots=True)
class Outcome:
    """How a job went."""

    makespan_s: float = 0.0
    succeeded: int = 0
    failed: int = 0
    sent: int = 0
    refused: int = 0
    timeouts: int = 0
    copies: int = 0
    peak: int = 0


@dataclass(slots=True, eq=False)
class Call:
    """One item on its way to an endpoint."""

    endpoint: Endpoint
    item: Item
    request: Request
    sent_at: float
    first_at: float | None = None
    told: int = 0


@dataclass(slots=True)
class Attempts:
    """What happened to one item so far."""

    refusals: int = 0
    timeouts: int = 0
    is_done: bool = False
    calls: list[Call] = field(default_factory=list)


class Simulation:
    """Run one job.

    Args:
        seed: For the jitter of back-offs.
        sight: What controllers are told of answers.
        copies: Run copies of stragglers where endpoints are idle at the end.
    """

    def __init__(
        self,
        items: Sequence[Item],
        endpoints: Sequence[Endpoint],
        *,
        seed: int,
        sight: Sight = "tokens",
        copies: bool = False,
    ) -> None:
        self.outcome = Outcome()
        self._endpoints = endpoints
        self._sight = sight
        self._copies = copies and len(endpoints) > 1
        self._rng = Random(f"client-{seed}")
        self._queue = deque(items)
        self._total = len(items)
        self._attempts = [Attempts() for _ in items]
        self._calls: dict[int, Call] = {}
        self._number = 0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = 0
        self._now = 0.0
        self._tokens = 0
        for endpoint in endpoints:
            if endpoint.controller.is_patient:
                self._at(TICK_S, partial(self._tick, endpoint))

    def run(self) -> Outcome:
        """Run to the end of the job."""
        outcome = self.outcome
        while outcome.succeeded + outcome.failed < self._total:
            self._dispatch()
            self._step()
        return outcome

    def _step(self) -> None:
        times = [each.server.next_time() for each in self._endpoints]
        soonest = min(times)
        heard = self._events[0][0] if self._events else math.inf
        if soonest == heard == math.inf:
            raise RuntimeError(f"nothing will ever happen after {self._now:.1f} s")
        if soonest <= heard:
            self._now = max(self._now, soonest)
            server = self._endpoints[times.index(soonest)].server
            for kind, request in server.process(self._now):
                arrival = partial(self._hear, kind, request.number)
                self._at(self._now + _HALF_TRIP_S, arrival)
            return
        at, _, happen = heapq.heappop(self._events)
        self._now = max(self._now, at)
        happen()

    def _at(self, at: float, happen: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self._events, (at, self._order, happen))

    # sending

    def _dispatch(self) -> None:
        while self._queue:
            chosen = pick(self._places(), len(self._queue))
            if chosen is None:
                return
            item = self._queue.popleft()
            if not self._attempts[item.number].is_done:
                self._send(self._endpoints[chosen], item)

    def _places(self) -> list[Place]:
        mean = self._mean_output()
        return [
            each.place(self._now, mean, is_open=self._is_free(each))
            for each in self._endpoints
        ]

    def _is_free(self, endpoint: Endpoint) -> bool:
        controller = endpoint.controller
        if endpoint.in_flight >= controller.limit(self._now):
            return False
        ready = controller.ready_at(self._now)
        if ready <= self._now + 1e-9:
            return True
        if ready < endpoint.wakes_at - 1e-9 or endpoint.wakes_at <= self._now:
            endpoint.wakes_at = ready
            self._at(ready, partial(self._wake, endpoint))
        return False

    def _wake(self, endpoint: Endpoint) -> None:
        endpoint.wakes_at = math.inf

    def _send(self, endpoint: Endpoint, item: Item) -> None:
        self._number += 1
        number = self._number
        request = Request(number, item.tokens_in, item.tokens_out)
        call = self._calls[number] = Call(endpoint, item, request, self._now)
        self._attempts[item.number].calls.append(call)
        endpoint.in_flight += 1
        in_flight = sum(each.in_flight for each in self._endpoints)
        self.outcome.peak = max(self.outcome.peak, in_flight)
        self.outcome.sent += 1
        endpoint.controller.send(number, self._now, item.tokens_in)
        self._at(self._now + _HALF_TRIP_S, partial(self._arrive, number))

    def _arrive(self, number: int) -> None:
        call = self._calls.get(number)
        if call is None:
            return
        refusal = call.endpoint.server.submit(call.request, self._now)
        if refusal is not None:
            call.request.state = "gone"
            hear = partial(self._refused, number, refusal)
            self._at(self._now + _HALF_TRIP_S, hear)

    # hearing

    def _hear(self, kind: str, number: int) -> None:
        call = self._calls.get(number)
        if call is None:
            return
        if kind == "first":
            self._first(call)
        elif kind == "answered":
            self._answered(call)
        else:
            self._timed_out(call)

    def _first(self, call: Call) -> None:
        if self._sight not in ("tokens", "starts"):
            return
        call.first_at = self._now
        call.endpoint.saw_first_token(self._now - call.sent_at)
        self._tell_tokens(call.endpoint)
        call.endpoint.controller.first_token(call.request.number, self._now)
        self._maybe_copy()

    def _tell_tokens(self, endpoint: Endpoint) -> None:
        """Tell each token that has arrived, as chunk by chunk from a network."""
        if self._sight != "tokens":
            return
        for call in self._calls.values():
            if call.endpoint is endpoint and call.first_at is not None:
                self._tell(call, endpoint.server.written(call.request, self._now))

    def _tell(self, call: Call, written: int) -> None:
        tokens, number = call.endpoint.controller.tokens, call.request.number
        fresh = max(0, written - call.told)
        for _ in range(fresh):
            tokens(number, self._now, 1)
        call.told += fresh
        call.endpoint.tokens += fresh

    def _answered(self, call: Call) -> None:
        number, controller = call.request.number, call.endpoint.controller
        tokens_out = call.item.tokens_out
        if self._sight == "tokens":
            self._tell(call, tokens_out)
        elif self._sight in ("starts", "buffered"):
            controller.first_token(number, self._now)
            controller.tokens(number, self._now, tokens_out)
        queue_s = None
        if self._sight == "timings":
            queue_s = call.request.active_at - call.request.arrived_at
        attempts = self._attempts[call.item.number]
        attempts.is_done = True
        self.outcome.succeeded += 1
        self.outcome.makespan_s = self._now
        self._tokens += tokens_out
        call.endpoint.saw_duration(self._now - call.sent_at)
        for other in [each for each in attempts.calls if each is not call]:
            other.endpoint.server.cancel(other.request, self._now)
            self._end(other, CANCELLED)
        limits = call.endpoint.server.limits()
        tokens_in = call.item.tokens_in
        self._end(
            call,
            Ending("answered", tokens_in, tokens_out, queue_s=queue_s, limits=limits),
        )
        self._maybe_copy()

    def _timed_out(self, call: Call) -> None:
        attempts = self._attempts[call.item.number]
        self.outcome.timeouts += 1
        attempts.timeouts += call.endpoint.controller.blames_item()
        if attempts.timeouts >= _MOST_TIMEOUTS:
            attempts.is_done = True
            self.outcome.failed += 1
        elif len(attempts.calls) == 1:
            self._queue.append(call.item)
        self._end(call, Ending("timed_out"))

    def _refused(self, number: int, refusal: Refusal) -> None:
        call = self._calls.get(number)
        if call is None:
            return
        self.outcome.refused += 1
        holds_slot = not call.endpoint.controller.is_patient
        if holds_slot:
            wait_s = self._back_off_s(call, refusal.retry_after_s)
            self._at(self._now + wait_s, partial(self._return, call))
        else:
            self._queue.appendleft(call.item)
        kind: EndingKind = refusal.kind
        ending = Ending(
            kind, retry_after_s=refusal.retry_after_s, limits=refusal.limits
        )
        self._end(call, ending, holds_slot=holds_slot)

    def _back_off_s(self, call: Call, asked_s: float | None) -> float:
        attempts = self._attempts[call.item.number]
        attempts.refusals += 1
        if asked_s is not None:
            return asked_s * self._rng.uniform(1.0, 1.2)
        wait_s = min(_LONGEST_WAIT_S, 2.0 ** min(attempts.refusals - 1, 6))
        return wait_s * self._rng.uniform(0.5, 1.5)

    def _return(self, call: Call) -> None:
        call.endpoint.in_flight -= 1
        self._queue.appendleft(call.item)

    def _end(self, call: Call, ending: Ending, *, holds_slot: bool = False) -> None:
        del self._calls[call.request.number]
        self._attempts[call.item.number].calls.remove(call)
        if not holds_slot:
            call.endpoint.in_flight -= 1
        call.endpoint.controller.end(call.request.number, self._now, ending)

    def _tick(self, endpoint: Endpoint) -> None:
        self._tell_tokens(endpoint)
        if self._sight in ("tokens", "starts"):
            streams = sum(
                call.endpoint is endpoint and call.first_at is not None
                for call in self._calls.values()
            )
            endpoint.saw_streams(self._now, streams)
        endpoint.controller.tick(self._now, len(self._queue))
        self._at(self._now + TICK_S, partial(self._tick, endpoint))
        self._maybe_copy()

    # copies of stragglers

    def _mean_output(self) -> float | None:
        done = self.outcome.succeeded
        return self._tokens / done if done else None

    def _maybe_copy(self) -> None:
        while self._copies and not self._queue:
            calls = [
                call
                for call in self._calls.values()
                if len(self._attempts[call.item.number].calls) == 1
            ]
            stragglers = [self._straggler(call) for call in calls]
            chosen = pick_copy(stragglers, self._places(), self._mean_output())
            if chosen is None:
                return
            number, place = chosen
            self.outcome.copies += 1
            self._send(self._endpoints[place], calls[number].item)

    def _straggler(self, call: Call) -> Straggler:
        return Straggler(
            self._endpoints.index(call.endpoint),
            self._now - call.sent_at,
            None if call.first_at is None else self._now - call.first_at,
            call.told,
        )
