"""LoadBalancer: a model's servers by tier, and which takes the next call."""

from __future__ import annotations

import math
from collections.abc import Sequence

from subak.engine.gate import Gate
from subak.llm.dispatch import Place, pick
from subak.llm.member import Member

PATIENCE_S = 60.0
LATER_TRIAL_S = 30.0


class LoadBalancer:
    """A Balancer over members in tiers.

    Guarantees:
        Calls go to the first tier that is not given up. A tier is given up when none
        of its members has been there for a minute, and taken back as soon as one is.
        A server that is down gets one call at a time, after its rest; if it is of a
        tier that was given up, at most one in half a minute.
    Assumes:
        Gates are only asked about with the time of now.
    """

    def __init__(self, members: Sequence[Member], cap: int | None = None) -> None:
        self.members = tuple(members)
        self._cap = cap or math.inf
        self.mean_tokens: float | None = None
        self._lone = self.members[0] if len(self.members) == 1 else None
        self._tokens = 0
        self._answers = 0
        self._given_up: set[int] = set()
        self._tried: dict[int, float] = {}
        self._tiers = sorted({member.tier for member in members})

    @property
    def tier(self) -> int | None:
        """Return the tier that is asked now, None when all were given up."""
        self._take_back()
        return next((tier for tier in self._tiers if tier not in self._given_up), None)

    @property
    def is_full(self) -> bool:
        """Tell whether as many calls are in flight as there may be in all."""
        gates = [member.gate for member in self.members]
        return sum(gate.in_use for gate in gates if gate is not None) >= self._cap

    def of(self, tier: int) -> tuple[Member, ...]:
        """Return the members of a tier."""
        return tuple(member for member in self.members if member.tier == tier)

    def give_up(self, tier: int) -> None:
        """Ask the next tier from now on."""
        self._given_up.add(tier)

    def hope_again(self) -> None:
        """Forget which tiers were given up."""
        self._given_up.clear()

    def answered(self, tokens: int) -> None:
        """Count an answer's tokens."""
        self._tokens += tokens
        self._answers += 1
        self.mean_tokens = self._tokens / self._answers

    def check(self, now: float) -> bool:
        """Give up tiers that have been away too long; tell whether any is left."""
        while (tier := self.tier) is not None:
            members = self.of(tier)
            if any(member.health.is_up for member in members):
                return True
            down_since = max(member.health.down_since for member in members)
            if now - down_since < PATIENCE_S:
                return True
            self.give_up(tier)
            for member in self.members:
                if member.tier > tier and not member.health.is_up:
                    member.health.down_since = now
        return False

    def choose(
        self, now: float, backlog: int, but_not: Gate | None = None
    ) -> Gate | None:
        """Return the gate for the next call, None while it has to wait."""
        lone = self._lone
        if lone is not None:
            gate = lone.gate
            is_open = _opens_at(lone, now) <= now and gate is not but_not
            return gate if is_open else None
        if self.is_full:
            return None
        trial = self._overdue(now)
        if trial is not None and trial.gate is not but_not:
            self._tried[id(trial)] = now
            return trial.gate
        members = self._asked()
        places = [
            self.place(member, now, is_barred=member.gate is but_not)
            for member in members
        ]
        index = pick(places, max(backlog, 1))
        return None if index is None else members[index].gate

    def opens_at(self, now: float) -> float:
        """Return when to look again; infinity: once a call has left."""
        lone = self._lone
        if lone is not None:
            moment = _opens_at(lone, now)
            return moment if moment > now else math.inf
        if self.is_full:
            return math.inf
        moments = [_opens_at(member, now) for member in self._asked()]
        return min((moment for moment in moments if moment > now), default=math.inf)

    def place(self, member: Member, now: float, *, is_barred: bool = False) -> Place:
        """Return how a member stands."""
        gate, speed = member.gate, member.speed
        if gate is None:
            return Place(0, 0, is_open=False)
        return Place(
            in_use=gate.in_use,
            limit=gate.limit,
            is_open=not is_barred and _opens_at(member, now) <= now,
            expected_s=speed.expected_s(self.mean_tokens),
            first_token_s=speed.first_token_s,
            tokens_per_s=speed.tokens_per_s,
        )

    def _asked(self) -> tuple[Member, ...]:
        tier = self.tier
        return () if tier is None else self.of(tier)

    def _overdue(self, now: float) -> Member | None:
        """Return a server of a tier given up that should be tried again."""
        if not self._given_up:
            return None
        for member in self.members:
            is_due = now - self._tried.get(id(member), -math.inf) >= LATER_TRIAL_S
            if (
                member.tier in self._given_up
                and is_due
                and now - member.health.down_since >= LATER_TRIAL_S
                and _opens_at(member, now) <= now
            ):
                return member
        return None

    def _take_back(self) -> None:
        if self._given_up:
            up = {member.tier for member in self.members if member.health.is_up}
            self._given_up -= up


def _opens_at(member: Member, now: float) -> float:
    gate, health = member.gate, member.health
    if gate is None:
        return math.inf
    if health.is_up:
        return gate.opens_at(now)
    if gate.in_use:  # somebody is trying it, or calls from before have not ended
        return math.inf
    return max(health.rests_until, gate.opens_at(now))
