"""Gateway: a hosted service in front of a server, with limits a minute or at once."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bench.simulator.batch_server import BatchServer
from bench.simulator.request import Request
from bench.simulator.server import Happening, Refusal
from subak.engine.ending import RateLimits

_BURST_S = 10.0


@dataclass(frozen=True, slots=True)
class GatewaySpec:
    """What it allows; None for no such bound.

    Args:
        tells_wait: Refusals carry Retry-After, in whole seconds as in practice.
        tells_limits: Answers carry x-ratelimit headers.
    """

    requests_per_minute: float | None = None
    tokens_per_minute: float | None = None
    at_once: int | None = None
    tells_wait: bool = False
    tells_limits: bool = False


class Gateway:
    """Bound requests and tokens by buckets that hold ten seconds' worth."""

    def __init__(self, inner: BatchServer, spec: GatewaySpec) -> None:
        self._inner = inner
        self._spec = spec
        self._requests = _Bucket(spec.requests_per_minute)
        self._tokens = _Bucket(spec.tokens_per_minute)

    def submit(self, request: Request, now: float) -> Refusal | None:
        """Take a request, or say why not."""
        spec = self._spec
        self._requests.fill(now)
        self._tokens.fill(now)
        cost = request.tokens_in + request.tokens_out
        if spec.at_once is not None and self._inner.in_house >= spec.at_once:
            return Refusal("rate_limited")
        wait_s = max(self._requests.wait_s(1), self._tokens.wait_s(cost))
        if wait_s > 0:
            asked = max(1.0, math.ceil(wait_s)) if spec.tells_wait else None
            return Refusal("rate_limited", asked, self.limits())
        self._requests.take(1)
        self._tokens.take(cost)
        return self._inner.submit(request, now)

    def limits(self) -> RateLimits | None:
        """Return what the headers of an answer say, None for no such headers."""
        if not self._spec.tells_limits:
            return None
        return RateLimits(self._spec.requests_per_minute, self._spec.tokens_per_minute)

    def cancel(self, request: Request, now: float) -> None:
        """Free what a request holds: its client hung up."""
        self._inner.cancel(request, now)

    def next_time(self) -> float:
        """Return when something will happen by itself, infinity for never."""
        return self._inner.next_time()

    def process(self, now: float) -> list[tuple[Happening, Request]]:
        """Advance to now, and tell what happened."""
        return self._inner.process(now)

    def written(self, request: Request, now: float) -> int:
        """Return the tokens of an answer that exist by now."""
        return self._inner.written(request, now)

    def slots(self) -> int | None:
        """Return None: hosted services don't tell."""
        return None


class _Bucket:
    def __init__(self, per_minute: float | None) -> None:
        self._per_s = per_minute / 60 if per_minute else 0.0
        self._most = max(1.0, self._per_s * _BURST_S)
        self._level = self._per_s * _BURST_S
        self._filled_at = 0.0

    def fill(self, now: float) -> None:
        gained = (now - self._filled_at) * self._per_s
        self._level = min(self._most, self._level + gained)
        self._filled_at = now

    def wait_s(self, amount: float) -> float:
        """Return seconds until the amount is there; more than all counts as all."""
        if not self._per_s:
            return 0.0
        needed = min(amount, self._per_s * _BURST_S)
        return max(0.0, (needed - self._level) / self._per_s)

    def take(self, amount: float) -> None:
        self._level -= amount
