"""Pool: the servers that answer for one model, each with a limit of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from subak.engine.call_scheduler import CallScheduler
from subak.engine.clock import Clock
from subak.engine.controller import Controller
from subak.engine.gate import Gate, GateSlot
from subak.engine.limiter import LimiterStatistics
from subak.errors import SubakError, Unreachable
from subak.llm.call import Answered, Call, Failed, Outcome, left_undone
from subak.llm.call_log import CallLog
from subak.llm.dispatch import Straggler, pick_copy
from subak.llm.hedge import Hedge
from subak.llm.load_balancer import LoadBalancer
from subak.llm.member import Member
from subak.llm.model import Endpoint, EndpointInfo, ModelId
from subak.llm.sending import Sending


class ControllerMaker(Protocol):
    """Whoever knows how to steer a server."""

    def make(self, endpoint: Endpoint, info: EndpointInfo | None) -> Controller:
        """Return who decides how many calls an endpoint gets."""
        ...

    def keep(self) -> None:
        """Remember what was found."""
        ...


class Pool:
    """Sends calls to servers, in tiers: the next one is asked when one is away.

    Guarantees:
        One queue for all: a slow server never holds back what another could do. No
        server gets more calls than its limit. With one server a call costs no task of
        its own; with several, an idle one may take a copy of a call that another is
        late with, but only while nobody waits.
    Assumes:
        One event loop.
    """

    def __init__(
        self,
        members: Sequence[Member],
        controllers: ControllerMaker,
        log: CallLog,
        clock: Clock,
        *,
        cap: int | None = None,
    ) -> None:
        self.members = tuple(members)
        self._controllers = controllers
        self._log = log
        self._clock = clock
        self._balancer = LoadBalancer(self.members, cap)
        self._scheduler = CallScheduler(clock, _Keeper(self._balancer, self._ticked))
        self._by_gate: dict[Gate, Member] = {}
        self._hedges: dict[Sending, Hedge] = {}
        self._opening = asyncio.Lock()
        self._is_open = False
        self._is_draining = False
        self._most: int | None = None

    @property
    def id(self) -> ModelId:
        """Identify the model by the server asked first."""
        return self.members[0].model_id

    @property
    def succeeded_at(self) -> float:
        """Return when a call was last answered."""
        return max(member.succeeded_at for member in self.members)

    @property
    def waiting(self) -> int:
        """Return how many calls wait for a place."""
        return self._scheduler.waiting

    async def send(self, call: Call) -> Outcome:
        """Wait for a place, send the call, return how that ended."""
        if self._is_draining:
            return Failed(left_undone())
        try:
            if not self._is_open:
                await self._open()
            if len(self.members) == 1:
                return await self._send(call)
            hedge = Hedge(call)
            return await hedge.run(lambda: self._send(call, hedge))
        except SubakError as error:
            return Failed(error)

    async def probe(self) -> EndpointInfo:
        """Ask the server that is asked first about itself."""
        return await self.members[0].endpoint.probe()

    def ease(self, most: int | None) -> None:
        """Let at most so many calls be in flight to each server, None for no bound.

        What is in flight finishes; with 0 all others wait until the bound is lifted.
        """
        if self._most == 0 and most != 0:
            now = self._clock.monotonic()
            for member in self.members:  # while nothing was sent nobody was silent
                member.succeeded_at = max(member.succeeded_at, now)
        self._most = most
        for gate in self._by_gate:
            gate.most = most
        self._scheduler.move()

    def drain(self) -> None:
        """Send nothing more; what is under way finishes."""
        self._is_draining = True
        self._scheduler.turn_away(left_undone())

    async def close(self) -> None:
        """Let go of all servers; remember what was learned of them."""
        self._controllers.keep()
        for member in self.members:
            await member.endpoint.close()

    def statistics(self) -> tuple[LimiterStatistics, ...]:
        """Return the present numbers, an entry for each server asked so far."""
        waiting = self._scheduler.waiting
        return tuple(gate.statistics(waiting) for gate in self._by_gate)

    async def _send(self, call: Call, hedge: Hedge | None = None) -> Outcome:
        scheduler, avoid = self._scheduler, call.avoid
        try:
            slot = await scheduler.take(
                call.need, avoid=avoid, is_again=avoid is not None
            )
            try:
                return await self._deliver(call, slot, hedge)
            finally:
                scheduler.give_back(slot)
        except SubakError as error:  # turned away while it waited
            return Failed(error)

    async def _deliver(
        self, call: Call, slot: GateSlot, hedge: Hedge | None
    ) -> Outcome:
        member = self._by_gate[slot.gate]
        sending = Sending(call, member, slot, self._log, self._clock)
        if hedge is not None:
            hedge.first = sending
            self._hedges[sending] = hedge
        try:
            outcome = await sending.run()
        finally:
            if hedge is not None:
                hedge.first = None
                self._hedges.pop(sending, None)
        self._settled(call, slot, outcome)
        return outcome

    def _settled(self, call: Call, slot: GateSlot, outcome: Outcome) -> None:
        if isinstance(outcome, Answered):
            self._balancer.answered(outcome.completion.usage.tokens_out)
        else:
            call.avoid = slot.gate
            if not self._balancer.check(self._clock.monotonic()):
                self._is_open = False
                self._scheduler.turn_away(_nobody_left(outcome.error))

    def _ticked(self, now: float) -> None:
        self._log.passed()
        for member in self.members:
            if member.sendings:
                for watch in member.hang_detector.find_hung(now):
                    member.sendings[watch.order].give_up()
        if self._hedges and not self._scheduler.waiting:
            self._copy_straggler(now)

    def _copy_straggler(self, now: float) -> None:
        """Send what another server is late with to one that has nothing to do."""
        places = [self._balancer.place(member, now) for member in self.members]
        if self._balancer.is_full or not any(place.is_open for place in places):
            return
        late = [
            (sending, hedge)
            for sending, hedge in self._hedges.items()
            if hedge.can_be_copied
        ]
        index = {member: place for place, member in enumerate(self.members)}
        stragglers = [
            _straggler(sending, index[sending.member], now) for sending, _ in late
        ]
        found = pick_copy(stragglers, places, self._balancer.mean_tokens)
        if found is not None:
            hedge, target = late[found[0]][1], self.members[found[1]]
            hedge.copy(lambda: self._send_copy(hedge.call, target))

    async def _send_copy(self, call: Call, member: Member) -> Outcome | None:
        gate, now = member.gate, self._clock.monotonic()
        if gate is None or gate.opens_at(now) > now or self._scheduler.waiting:
            return None
        slot = self._scheduler.enter(gate, call.need, now)
        try:
            sending = Sending(call, member, slot, self._log, self._clock)
            return await sending.run()
        finally:
            self._scheduler.give_back(slot)

    async def _open(self) -> None:
        """Look who is there before the first call; nobody ends the run, not the item.

        Raises:
            Unreachable: No server of any tier answers.
            UserError: One answers, but has no such model.
        """
        async with self._opening:
            if self._is_open:
                return
            self._balancer.hope_again()
            first: Unreachable | None = None
            while (tier := self._balancer.tier) is not None:
                away = await self._look(self._balancer.of(tier))
                if len(away) < len(self._balancer.of(tier)):
                    self._is_open = True
                    return
                first = first or away[0]
                self._balancer.give_up(tier)
            raise first or _nobody_left(None)

    async def _look(self, members: Sequence[Member]) -> list[Unreachable]:
        away: list[Unreachable] = []
        errors: list[SubakError] = []

        async def look(member: Member) -> None:
            try:
                await member.probe()
            except Unreachable as error:
                away.append(error)
            except SubakError as error:
                errors.append(error)

        async with asyncio.TaskGroup() as group:
            for member in members:
                group.create_task(look(member))
        if errors:
            raise errors[0]
        if len(away) < len(members):
            self._admit(self.members)
        return away

    def _admit(self, members: Sequence[Member]) -> None:
        for member in members:
            if member.gate is None:
                controller = self._controllers.make(member.endpoint, member.info)
                member.gate = Gate(
                    str(member.model_id), controller, self._clock, self._log
                )
                member.gate.most = self._most
                self._by_gate[member.gate] = member
                self._scheduler.add([member.gate])


class _Keeper:
    """The LoadBalancer as Balancer, with what else a tick is for."""

    def __init__(self, balancer: LoadBalancer, ticked: Callable[[float], None]) -> None:
        self.choose = balancer.choose
        self.opens_at = balancer.opens_at
        self.tick = ticked


def _straggler(sending: Sending, place: int, now: float) -> Straggler:
    watch = sending.watch
    begun_s = None if watch.begun is None else now - watch.begun
    return Straggler(place, now - watch.sent, begun_s, watch.tokens)


def _nobody_left(error: SubakError | None) -> Unreachable:
    if error is None:
        return Unreachable("no model server answers", hint="see: subak doctor")
    return Unreachable(
        f"the model server does not answer any more ({error.message})",
        where=error.where,
        hint="start it, then the same command goes on where this one stopped",
    )
