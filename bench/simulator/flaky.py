"""Flaky: a server that refuses now and then, whatever is sent."""

from __future__ import annotations

from random import Random

from bench.simulator.batch_server import BatchServer
from bench.simulator.request import Request
from bench.simulator.server import Refusal


class Flaky(BatchServer):
    """Refuse a share of requests by chance."""

    def fail(self, share: float, refusal: Refusal, seed: int) -> Flaky:
        """Set what is refused, and how; return the server."""
        self._share = share
        self._refusal = refusal
        self._chance = Random(f"flaky-{seed}")
        return self

    def submit(self, request: Request, now: float) -> Refusal | None:
        """Take a request, or say why not."""
        if self._chance.random() < self._share:
            return self._refusal
        return super().submit(request, now)
