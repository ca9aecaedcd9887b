"""Endpoint: a server, its controller and what a client knows of both."""

from __future__ import annotations

import math

from bench.simulator.controller import Controller
from bench.simulator.server import Server
from subak.llm.dispatch import Place

_KEPT = 0.8
_SPEED_KEPT = 0.95


class Endpoint:
    """Keep the averages that dispatch needs."""

    def __init__(self, server: Server, controller: Controller) -> None:
        self.server = server
        self.controller = controller
        self.in_flight = 0
        self.tokens = 0  # told by all streams so far
        self.wakes_at = math.inf
        self.duration_s: float | None = None
        self.first_token_s: float | None = None
        self.tokens_per_s: float | None = None  # of one stream
        self._looked_at = (0.0, 0)
        self._stream_tokens = 0.0
        self._stream_s = 0.0

    def place(self, now: float, mean_output: float | None, *, is_open: bool) -> Place:
        """Return what dispatch looks at."""
        return Place(
            self.in_flight,
            self.controller.limit(now),
            is_open,
            self._expected_s(mean_output),
            self.first_token_s,
            self.tokens_per_s,
        )

    def saw_duration(self, seconds: float) -> None:
        """Take the duration of an answered call into account."""
        self.duration_s = _average(self.duration_s, seconds, _KEPT)

    def saw_first_token(self, seconds: float) -> None:
        """Take the wait for a first token into account."""
        self.first_token_s = _average(self.first_token_s, seconds, _KEPT)

    def saw_streams(self, now: float, streams: int) -> None:
        """Take the tokens told since the last look into account."""
        at, had = self._looked_at
        self._stream_tokens = _SPEED_KEPT * self._stream_tokens + self.tokens - had
        self._stream_s = _SPEED_KEPT * self._stream_s + (now - at) * streams
        self._looked_at = (now, self.tokens)
        if self._stream_s > 0:
            self.tokens_per_s = self._stream_tokens / self._stream_s

    def _expected_s(self, mean_output: float | None) -> float | None:
        """Return how long a call will take, None if nothing is known yet."""
        if self.duration_s is not None:
            return self.duration_s
        if self.tokens_per_s and mean_output is not None:
            return mean_output / self.tokens_per_s + (self.first_token_s or 0.0)
        return None


def _average(before: float | None, value: float, kept: float) -> float:
    return value if before is None else kept * before + (1 - kept) * value
