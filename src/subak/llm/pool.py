"""Pool: the servers that answer for one model, each with a limit of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from subak.engine.clock import Clock
from subak.engine.gate import Gate, GateSlot
from subak.engine.limiter import LimiterStatistics
from subak.engine.steering import Steering
from subak.engine.turnstile import Turnstile
from subak.errors import SubakError, Unreachable
from subak.llm.call import Answered, Call, Failed, Outcome, left_undone
from subak.llm.dispatch import Straggler, pick_copy
from subak.llm.ledger import Ledger
from subak.llm.member import Member
from subak.llm.model import Endpoint, EndpointInfo, ModelId
from subak.llm.race import Race
from subak.llm.roster import Roster
from subak.llm.sending import Sending


class SteeringMaker(Protocol):
    """Whoever knows how to steer a server."""

    def make(self, endpoint: Endpoint, info: EndpointInfo | None) -> Steering:
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
        steerings: SteeringMaker,
        ledger: Ledger,
        clock: Clock,
        *,
        cap: int | None = None,
    ) -> None:
        self.members = tuple(members)
        self._steerings = steerings
        self._ledger = ledger
        self._clock = clock
        self._roster = Roster(self.members, cap)
        self._turnstile = Turnstile(clock, _Keeper(self._roster, self._ticked))
        self._by_gate: dict[Gate, Member] = {}
        self._races: dict[Sending, Race] = {}
        self._opening = asyncio.Lock()
        self._is_open = False
        self._is_draining = False

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
        return self._turnstile.waiting

    async def send(self, call: Call) -> Outcome:
        """Wait for a place, send the call, return how that ended."""
        if self._is_draining:
            return Failed(left_undone())
        try:
            if not self._is_open:
                await self._open()
            if len(self.members) == 1:
                return await self._send(call)
            race = Race(call)
            return await race.run(lambda: self._send(call, race))
        except SubakError as error:
            return Failed(error)

    async def probe(self) -> EndpointInfo:
        """Ask the server that is asked first about itself."""
        return await self.members[0].endpoint.probe()

    def drain(self) -> None:
        """Send nothing more; what is under way finishes."""
        self._is_draining = True
        self._turnstile.turn_away(left_undone())

    async def close(self) -> None:
        """Let go of all servers; remember what was learned of them."""
        self._steerings.keep()
        for member in self.members:
            await member.endpoint.close()

    def statistics(self) -> tuple[LimiterStatistics, ...]:
        """Return the present numbers, an entry for each server asked so far."""
        waiting = self._turnstile.waiting
        return tuple(gate.statistics(waiting) for gate in self._by_gate)

    async def _send(self, call: Call, race: Race | None = None) -> Outcome:
        turnstile, avoid = self._turnstile, call.avoid
        try:
            slot = await turnstile.take(
                call.need, avoid=avoid, is_again=avoid is not None
            )
            try:
                return await self._deliver(call, slot, race)
            finally:
                turnstile.give_back(slot)
        except SubakError as error:  # turned away while it waited
            return Failed(error)

    async def _deliver(self, call: Call, slot: GateSlot, race: Race | None) -> Outcome:
        member = self._by_gate[slot.gate]
        sending = Sending(call, member, slot, self._ledger, self._clock)
        if race is not None:
            race.first = sending
            self._races[sending] = race
        try:
            outcome = await sending.run()
        finally:
            if race is not None:
                race.first = None
                self._races.pop(sending, None)
        self._settled(call, slot, outcome)
        return outcome

    def _settled(self, call: Call, slot: GateSlot, outcome: Outcome) -> None:
        if isinstance(outcome, Answered):
            self._roster.answered(outcome.completion.usage.tokens_out)
        else:
            call.avoid = slot.gate
            if not self._roster.check(self._clock.monotonic()):
                self._is_open = False
                self._turnstile.turn_away(_nobody_left(outcome.error))

    def _ticked(self, now: float) -> None:
        for member in self.members:
            if member.sendings:
                for watch in member.patience.find_hung(now):
                    member.sendings[watch.order].give_up()
        if self._races and not self._turnstile.waiting:
            self._copy_straggler(now)

    def _copy_straggler(self, now: float) -> None:
        """Send what another server is late with to one that has nothing to do."""
        places = [self._roster.place(member, now) for member in self.members]
        if self._roster.is_full or not any(place.is_open for place in places):
            return
        late = [
            (sending, race)
            for sending, race in self._races.items()
            if race.can_be_copied
        ]
        index = {member: place for place, member in enumerate(self.members)}
        stragglers = [
            _straggler(sending, index[sending.member], now) for sending, _ in late
        ]
        found = pick_copy(stragglers, places, self._roster.mean_tokens)
        if found is not None:
            race, target = late[found[0]][1], self.members[found[1]]
            race.copy(lambda: self._send_copy(race.call, target))

    async def _send_copy(self, call: Call, member: Member) -> Outcome | None:
        gate, now = member.gate, self._clock.monotonic()
        if gate is None or gate.opens_at(now) > now or self._turnstile.waiting:
            return None
        slot = self._turnstile.enter(gate, call.need, now)
        try:
            sending = Sending(call, member, slot, self._ledger, self._clock)
            return await sending.run()
        finally:
            self._turnstile.give_back(slot)

    async def _open(self) -> None:
        """Look who is there before the first call; nobody ends the run, not the item.

        Raises:
            Unreachable: No server of any tier answers.
            UserError: One answers, but has no such model.
        """
        async with self._opening:
            if self._is_open:
                return
            self._roster.hope_again()
            first: Unreachable | None = None
            while (tier := self._roster.tier) is not None:
                away = await self._look(self._roster.of(tier))
                if len(away) < len(self._roster.of(tier)):
                    self._is_open = True
                    return
                first = first or away[0]
                self._roster.give_up(tier)
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
                steering = self._steerings.make(member.endpoint, member.info)
                member.gate = Gate(
                    str(member.model_id), steering, self._clock, self._ledger
                )
                self._by_gate[member.gate] = member
                self._turnstile.add([member.gate])


class _Keeper:
    """The roster as Doorkeeper, with what else a tick is for."""

    def __init__(self, roster: Roster, ticked: Callable[[float], None]) -> None:
        self.choose = roster.choose
        self.opens_at = roster.opens_at
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
