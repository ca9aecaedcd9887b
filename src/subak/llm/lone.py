"""Lone: one server behind a limiter that was given from outside."""

from __future__ import annotations

import asyncio

from subak.engine.clock import Clock
from subak.engine.limiter import Limiter, LimiterStatistics
from subak.errors import SubakError, Unreachable
from subak.llm.call import Call, Failed, Outcome, left_undone
from subak.llm.ledger import Ledger
from subak.llm.member import Member
from subak.llm.model import EndpointInfo, ModelId
from subak.llm.roster import PATIENCE_S
from subak.llm.sending import Sending


class Lone:
    """Sends calls to one server, as many at once as its limiter lets through.

    Guarantees:
        The server is looked for before the first call. One that goes away is waited
        for up to a minute.
    Assumes:
        One event loop. Nobody ticks here: hung calls end by the endpoint's deadlines.
    """

    is_tuned = False

    def __init__(
        self, member: Member, limiter: Limiter, ledger: Ledger, clock: Clock
    ) -> None:
        self.members = (member,)
        self._member = member
        self._limiter = limiter
        self._ledger = ledger
        self._clock = clock
        self._looking = asyncio.Lock()
        self._is_open = False
        self._is_draining = False

    @property
    def id(self) -> ModelId:
        """Identify the model."""
        return self._member.model_id

    @property
    def succeeded_at(self) -> float:
        """Return when a call was last answered."""
        return self._member.succeeded_at

    @property
    def waiting(self) -> int:
        """Return how many calls wait for a place."""
        return self._limiter.statistics().waiting

    async def send(self, call: Call) -> Outcome:
        """Wait for a slot, send the call, return how that ended."""
        member = self._member
        if self._is_draining:
            return Failed(left_undone())
        try:
            if not self._is_open:
                await self._look_once()
            if not member.health.is_up:
                await self._rest()
        except SubakError as error:
            return Failed(error)
        async with self._limiter.slot(call.need) as slot:
            if self._has_drained():  # while it waited
                return Failed(left_undone())
            sending = Sending(call, member, slot, self._ledger, self._clock)
            return await sending.run()

    async def probe(self) -> EndpointInfo:
        """Ask the server about itself."""
        return await self._member.endpoint.probe()

    def drain(self) -> None:
        """Send nothing more; what is under way finishes."""
        self._is_draining = True

    async def close(self) -> None:
        """Let go of the server."""
        await self._member.endpoint.close()

    def statistics(self) -> tuple[LimiterStatistics, ...]:
        """Return the present numbers."""
        return (self._limiter.statistics(),)

    def _has_drained(self) -> bool:
        return self._is_draining

    async def _look_once(self) -> None:
        async with self._looking:
            if not self._is_open:
                await self._member.probe()
                self._is_open = True

    async def _rest(self) -> None:
        health, now = self._member.health, self._clock.monotonic()
        if now - health.down_since >= PATIENCE_S:
            self._is_open = False
            raise Unreachable(
                "the model server does not answer any more",
                where=self._member.name,
                hint="start it, then the same command goes on where this one stopped",
            )
        await self._clock.sleep(max(0.0, health.rests_until - now))
