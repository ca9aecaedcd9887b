"""Host: how one host is treated during a run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from subak.engine.clock import Clock
from subak.engine.limiter import FixedLimiter
from subak.errors import ConnectionLost, Overloaded, Refused, SubakError, TimedOut

CONNECTIONS = 2
FAILURES = 3
_IN_PLACE_S = 30.0  # a longer pause is left to the task's retry
_PATIENCE_S = 120.0  # a still longer one would hold up the run for one host
_DEFAULT_REST_S = 1.0


class Host:
    """Limits, pauses and failures of one host.

    Guarantees: at most two requests at once, one with a crawl-delay, which passes
    between the end of one request and the start of the next; after three failures in
    a row no request is sent in this run.
    """

    def __init__(self, name: str, clock: Clock) -> None:
        self.name = name
        self._clock = clock
        self._limiter = FixedLimiter(f"host:{name}", CONNECTIONS)
        self._lane = FixedLimiter(f"host:{name}", 1)
        self._failures = 0
        self._last_failure = ""
        self._free_at = 0.0
        self._last_end: float | None = None

    @asynccontextmanager
    async def turn(self, delay_s: float) -> AsyncIterator[None]:
        """Wait until a request may be sent, and note how it ends.

        Raises:
            Refused: The host rests for the run.
            Overloaded: It asked for a pause too long to be waited for here.
        """
        self._check_rest()
        async with self._limiter.slot():
            if delay_s > 0:
                async with self._lane.slot(), self._request(delay_s):
                    yield
            else:
                async with self._request(0.0):
                    yield

    def rest(self, seconds: float | None) -> None:
        """Send nothing for that long, because the host asked for it.

        Raises:
            Refused: That is longer than a run waits for one host.
        """
        pause_s = _DEFAULT_REST_S if seconds is None else seconds
        self._free_at = max(self._free_at, self._clock.monotonic() + pause_s)
        self._check_patience(pause_s)

    @asynccontextmanager
    async def _request(self, delay_s: float) -> AsyncIterator[None]:
        self._check_rest()
        await self._wait(delay_s)
        try:
            yield
        except (ConnectionLost, TimedOut) as error:
            self._note_failure(error)
            raise
        except SubakError:
            self._failures = 0  # it answered, only not with what we can use
            raise
        else:
            self._failures = 0
        finally:
            self._last_end = self._clock.monotonic()

    async def _wait(self, delay_s: float) -> None:
        now = self._clock.monotonic()
        rest_s = self._free_at - now
        self._check_patience(rest_s)
        if rest_s > _IN_PLACE_S:
            raise Overloaded(
                f"{self.name} asked for a pause of {rest_s:.0f} s more",
                where=self.name,
                hint="the next run tries again; a copy fetched before is kept",
                retry_after_s=rest_s,
            )
        pace_s = 0.0 if self._last_end is None else self._last_end + delay_s - now
        if (wait_s := max(rest_s, pace_s)) > 0:
            await self._clock.sleep(wait_s)

    def _check_patience(self, pause_s: float) -> None:
        if pause_s > _PATIENCE_S:
            raise Refused(
                f"{self.name} asked for a pause of {pause_s:.0f} s, "
                "longer than a run waits for one host",
                where=self.name,
                hint="the next run tries again; a copy fetched before is kept",
            )

    def _note_failure(self, error: SubakError) -> None:
        self._failures += 1
        self._last_failure = error.message

    def _check_rest(self) -> None:
        if self._failures >= FAILURES:
            raise Refused(
                f"{self.name} rests for this run: {FAILURES} failures in a row, "
                f"the last one: {self._last_failure}",
                where=self.name,
                hint="the next run tries again; a copy fetched before is kept",
            )
