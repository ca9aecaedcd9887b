"""Member: one server of a pool, with what is known of it."""

from __future__ import annotations

import asyncio
import math
from random import Random
from typing import TYPE_CHECKING

from subak.engine.clock import Clock
from subak.engine.ending import Ending, EndingKind
from subak.engine.gate import Gate
from subak.errors import NotConnected, Overloaded, SubakError, TimedOut, Unreachable
from subak.llm.hang_detector import HangDetector
from subak.llm.health import Health
from subak.llm.model import Endpoint, EndpointInfo
from subak.llm.server_speed import ServerSpeed

if TYPE_CHECKING:
    from subak.llm.sending import Sending

_FEW = 2
_GRACE_S = 0.5  # in which others that live are heard of


class Member:
    """A server and what calls have taught about it.

    Args:
        endpoint: How it is talked to.
        clock: Tells the time.
        seed: Of its rests.
        tier: 0 for servers asked first, 1 for those asked when none of them is there.
    """

    def __init__(
        self, endpoint: Endpoint, clock: Clock, *, seed: int = 0, tier: int = 0
    ) -> None:
        self.endpoint = endpoint
        self.model_id = endpoint.model_id
        self.tier = tier
        self.gate: Gate | None = None
        self.info: EndpointInfo | None = None
        self.health = Health(Random(seed), clock.monotonic())
        self.hang_detector = HangDetector()
        self.speed = ServerSpeed()
        self.sendings: dict[int, Sending] = {}
        self.lost = 0
        self.heard_at = -math.inf
        self.succeeded_at = clock.monotonic()
        self._clock = clock
        self._looking = asyncio.Lock()

    @property
    def name(self) -> str:
        """Return the server's address, or the model's id where it has none."""
        return self.endpoint.url or self.model_id

    @property
    def blames_item(self) -> bool:
        """Tell whether a timeout now is the call's own fault, not that of the load."""
        if self.gate is None:
            return len(self.sendings) <= _FEW
        return self.gate.controller.blames_item()

    async def probe(self) -> EndpointInfo:
        """Ask the server about itself; note whether it is there.

        Raises:
            Unreachable: Nothing answers there.
            UserError: It answers, but has no such model.
        """
        try:
            self.info = await self.endpoint.probe()
        except Unreachable:
            self.rest()
            raise
        self.health.answered()
        return self.info

    async def judge(self, error: SubakError, *, is_lost: bool) -> Ending:
        """Return what a failed call tells of the server's load; note its health.

        Args:
            error: How it failed.
            is_lost: It was not taken, or lost before an answer began; ``lost`` counts
                all calls of which this is being judged.
        """
        if isinstance(error, Overloaded):
            self.health.answered()
            kind: EndingKind = "turned_away"
            if error.is_rate_limit:
                kind = "rate_limited"
            return Ending(kind, retry_after_s=error.retry_after_s)
        if isinstance(error, TimedOut):
            return Ending("timed_out")
        if not is_lost:
            return Ending("failed")
        lost_at = self._clock.monotonic()
        is_there = not isinstance(error, NotConnected) and await self._is_there()
        # Overload turns one call away while others live on. Where all go at once the
        # server died, or was restarted, and that says nothing about load.
        if len(self.sendings) > self.lost:
            await self._clock.sleep(_GRACE_S)
        if self.heard_at > lost_at:
            return Ending("turned_away")
        if not is_there:
            self.rest()
        return Ending("failed")

    def rest(self) -> None:
        """Note that nobody is there, once for all who find out at the same time."""
        now = self._clock.monotonic()
        if self.health.is_up or now >= self.health.rests_until:
            self.health.failed(now)

    async def _is_there(self) -> bool:
        """Look, once for all calls that were lost at the same time."""
        asked = self._clock.monotonic()
        async with self._looking:
            if not self.health.is_up and self.health.down_since >= asked:
                return False
            try:
                await self.endpoint.probe()
            except SubakError:
                return False
            return True
