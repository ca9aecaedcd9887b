"""BatchServer: a fluid model of inference servers.

One engine step takes ``(base + stream * writing + prompt * chunk [if one is read])``
seconds, gives each writing stream one token and the first prompt in line ``chunk``
tokens. So n streams give ``n / (base + stream * n)`` tokens/s: perfect scaling below
the knee at ``base / stream``, a ceiling of ``1 / stream`` above. Between events all
rates are constant. With few slots it is Ollama or llama.cpp, with many vLLM.
"""

from __future__ import annotations

import heapq
import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from bench.simulator.request import Request
from bench.simulator.server import Happening, Refusal
from subak.engine.ending import RateLimits

_NOISE_EVERY_S = 2.0
_NOISE_KEPT = 0.8
_NOISE_FRESH = 0.6
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class BatchSpec:
    """What a server is like.

    Args:
        base_s: Seconds of a step apart from its streams.
        stream_s: Seconds each writing stream adds to it.
        prompt_s: Seconds a prompt token costs.
        chunk: Prompt tokens read in a step.
        slots: Requests worked on at once; more wait in line.
        queue: Requests that may wait, None for any number.
        connections: Requests in the house above which it resets connections.
        cache_tokens: Tokens of all requests that fit its memory, None for any number;
            beyond it preempts the youngest, as vLLM does.
        thrash: Requests above which it slows down, and by which share for each.
        timeout_s: Seconds after which it gives a request up, None for never.
        noise: Standard deviation of the log of its speed.
    """

    base_s: float
    stream_s: float
    prompt_s: float
    chunk: int
    slots: int
    queue: int | None = None
    connections: int | None = None
    cache_tokens: float | None = None
    thrash: tuple[int, float] | None = None
    timeout_s: float | None = None
    noise: float = 0.05


class BatchServer:
    """Serve requests in order of arrival, many at a time.

    Args:
        slowness: How many times slower it is at a moment, for throttling.
    """

    def __init__(
        self,
        spec: BatchSpec,
        seed: int,
        slowness: Callable[[float], float] = lambda now: 1.0,  # noqa: ARG005
    ) -> None:
        self._spec = spec
        self._rng = Random(f"srv-{seed}")
        self._throttle = slowness
        self._now = 0.0
        self._clock = 0.0  # tokens that a stream writing since time zero would have
        self._writing: list[tuple[float, int, Request]] = []  # heap
        self._writers = 0
        self._reading: deque[Request] = deque()
        self._queue: deque[Request] = deque()
        self._deadlines: deque[Request] = deque()
        self._order = 0
        self._step = 0.0
        self._noise = 0.0
        self._next_noise = 0.0
        self._slowness = 1.0
        self._make_noise()

    @property
    def in_house(self) -> int:
        """Return the requests worked on or waiting."""
        return self._worked_on + len(self._queue)

    def submit(self, request: Request, now: float) -> Refusal | None:
        """Take a request, or say why not."""
        self._advance(now)
        spec = self._spec
        if spec.connections is not None and self.in_house >= spec.connections:
            return Refusal("turned_away")
        is_full = self._worked_on >= spec.slots
        if spec.queue is not None and is_full and len(self._queue) >= spec.queue:
            return Refusal("turned_away")
        self._order += 1
        request.order = self._order
        request.arrived_at = now
        self._queue.append(request)
        if spec.timeout_s is not None:
            request.deadline = now + spec.timeout_s
            self._deadlines.append(request)
        if self._next_noise < now:
            self._make_noise()
        self._admit()
        return None

    def cancel(self, request: Request, now: float) -> None:
        """Free what a request holds: its client hung up."""
        self._advance(now)
        self._drop(request)
        self._admit()

    def next_time(self) -> float:
        """Return when something will happen by itself, infinity for never."""
        times = [math.inf]
        if self._step > 0:
            times.append(self._next_noise)
            if self._reading:
                unread = max(0.0, self._reading[0].unread)
                times.append(self._now + unread * self._step / self._spec.chunk)
            self._clear_gone()
            if self._writing:
                left = max(0.0, self._writing[0][0] - self._clock)
                times.append(self._now + left * self._step)
        while self._deadlines and self._deadlines[0].state == "gone":
            self._deadlines.popleft()
        if self._deadlines:
            times.append(self._deadlines[0].deadline)
        return min(times)

    def process(self, now: float) -> list[tuple[Happening, Request]]:
        """Advance to now, and tell what happened."""
        self._advance(now)
        happened = [*self._finish_reading(now), *self._finish_writing()]
        happened += self._time_out(now)
        if now >= self._next_noise - 1e-9:
            self._make_noise()
            self._preempt()
        self._admit()
        return happened

    def written(self, request: Request, now: float) -> int:
        """Return the tokens of an answer that exist by now."""
        self._advance(now)
        if request.state != "writing":
            return int(request.written)
        return int(request.written + self._clock - request.begins_at + _TINY)

    def limits(self) -> RateLimits | None:
        """Return None: a local server has no limits to tell."""
        return None

    def slots(self) -> int | None:
        """Return the slots, as llama.cpp publishes them."""
        return self._spec.slots

    @property
    def _worked_on(self) -> int:
        return self._writers + len(self._reading)

    def _make_noise(self) -> None:
        fresh = _NOISE_FRESH * self._spec.noise * self._rng.gauss(0, 1)
        self._noise = _NOISE_KEPT * self._noise + fresh
        self._slowness = self._throttle(self._now) * math.exp(self._noise)
        self._next_noise = self._now + _NOISE_EVERY_S

    def _set_rate(self) -> None:
        spec, busy = self._spec, self._worked_on
        if not busy:
            self._step = 0.0
            return
        step = spec.base_s + spec.stream_s * self._writers
        if self._reading:
            step += spec.prompt_s * spec.chunk
        step *= self._slowness
        if spec.thrash is not None:
            knee, slope = spec.thrash
            step *= 1 + slope * max(0, busy - knee)
        self._step = step

    def _advance(self, now: float) -> None:
        if now > self._now and self._step > 0:
            steps = (now - self._now) / self._step
            if self._writers:
                self._clock += steps
            if self._reading:
                self._reading[0].unread -= steps * self._spec.chunk
        self._now = now

    def _admit(self) -> None:
        while self._queue and self._worked_on < self._spec.slots:
            request = self._queue[0]
            size = request.tokens_in + request.written
            cache = self._spec.cache_tokens
            if cache is not None and self._worked_on and self._cached() + size > cache:
                break
            self._queue.popleft()
            request.active_at = self._now
            request.state = "reading"
            request.unread = size
            self._reading.append(request)
        self._set_rate()

    def _cached(self) -> float:
        used = float(sum(request.tokens_in for request in self._reading))
        for _, _, each in self._writing:
            if each.state == "writing":
                so_far = each.written + self._clock - each.begins_at
                used += each.tokens_in + so_far
        return used

    def _clear_gone(self) -> None:
        while self._writing and self._writing[0][2].state != "writing":
            heapq.heappop(self._writing)

    def _finish_reading(self, now: float) -> list[tuple[Happening, Request]]:
        happened: list[tuple[Happening, Request]] = []
        while (
            self._reading and self._reading[0].unread <= self._spec.chunk * 1e-7 + _TINY
        ):
            request = self._reading.popleft()
            request.state = "writing"
            request.begins_at = self._clock
            left = max(1e-9, request.tokens_out - request.written)
            request.ends_at = self._clock + left
            self._writers += 1
            heapq.heappush(self._writing, (request.ends_at, request.order, request))
            if request.first_at is None:
                request.first_at = now
                happened.append(("first", request))
        return happened

    def _finish_writing(self) -> list[tuple[Happening, Request]]:
        happened: list[tuple[Happening, Request]] = []
        self._clear_gone()
        while self._writing and self._writing[0][0] <= self._clock + _TINY:
            request = heapq.heappop(self._writing)[2]
            request.state = "gone"
            self._writers -= 1
            happened.append(("answered", request))
            self._clear_gone()
        return happened

    def _time_out(self, now: float) -> list[tuple[Happening, Request]]:
        happened: list[tuple[Happening, Request]] = []
        while self._deadlines:
            request = self._deadlines[0]
            if request.state != "gone" and request.deadline > now + 1e-9:
                break
            self._deadlines.popleft()
            if request.state != "gone":
                self._drop(request)
                happened.append(("timed_out", request))
        return happened

    def _drop(self, request: Request) -> None:
        if request.state == "reading":
            self._reading.remove(request)
        elif request.state == "writing":
            self._writers -= 1
        elif request.state == "queued" and request in self._queue:
            self._queue.remove(request)
        request.state = "gone"

    def _preempt(self) -> None:
        cache = self._spec.cache_tokens
        while cache is not None and self._writers > 1 and self._cached() > cache:
            live = [each for _, _, each in self._writing if each.state == "writing"]
            youngest = max(live, key=lambda each: each.order)
            youngest.written += self._clock - youngest.begins_at
            youngest.state = "queued"
            kept = [each for each in self._writing if each[2] is not youngest]
            self._writing = kept
            heapq.heapify(self._writing)
            self._writers -= 1
            self._queue.appendleft(youngest)
