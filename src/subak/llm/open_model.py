"""open_model: from the text a user gives to a Model that steers itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from subak.engine.clock import Clock
from subak.engine.controller import Controller
from subak.engine.fixed_controller import FixedController
from subak.engine.tuning.tuner import Tuner
from subak.llm.call_log import CallJournal, CallLog
from subak.llm.client import Model
from subak.llm.machine import this_machine
from subak.llm.member import Member
from subak.llm.model import Endpoint, EndpointInfo
from subak.llm.open import open_endpoint
from subak.llm.options import EndpointOptions
from subak.llm.pool import Pool
from subak.llm.pool_spec import parse_pool
from subak.llm.spec import ModelSpec
from subak.llm.tuning_memory import TuningMemory

ECHO_LIMIT = 64
_WORTH_KEEPING = 16
_DEFAULTS = EndpointOptions()


def open_model(
    text: str,
    *,
    journal: CallJournal,
    clock: Clock,
    cap: int | None = None,
    options: EndpointOptions = _DEFAULTS,
    memory: TuningMemory | None = None,
) -> Model:
    """Return the model a spec names; nothing is sent or started yet.

    Args:
        text: A model spec; or several joined by " + " (the same model on several
            servers) and " | " (asked when none of those before is there).
        journal: Where answers are found and kept.
        clock: Tells the time.
        cap: Most calls at once, all servers together.
        options: For each endpoint.
        memory: What earlier runs learned; None to neither use nor keep any.

    Raises:
        UserError: A spec, the key or the model's name is wrong.
    """
    members = [
        Member(
            open_endpoint(spec, _fitted(spec, options, cap), clock),
            clock,
            seed=number,
            tier=tier,
        )
        for number, (tier, spec) in enumerate(
            (tier, spec)
            for tier, specs in enumerate(parse_pool(text).tiers)
            for spec in specs
        )
    ]
    return pool_model(members, journal=journal, clock=clock, cap=cap, memory=memory)


def pool_model(
    members: Sequence[Member],
    *,
    journal: CallJournal,
    clock: Clock,
    cap: int | None = None,
    memory: TuningMemory | None = None,
    limit: int | None = None,
) -> Model:
    """Return a model over servers that are already opened.

    Args:
        limit: Calls at once for each of them, instead of having the number found.
    """
    log = CallLog(journal, clock)
    controllers = Tuners(members, clock, cap, memory) if limit is None else Fixed(limit)
    pool = Pool(members, controllers, log, clock, cap=cap)
    return Model(pool, log, clock)


class Fixed:
    """Gives each server the same number of calls."""

    def __init__(self, limit: int) -> None:
        self._limit = limit

    def make(self, endpoint: Endpoint, info: EndpointInfo | None) -> Controller:  # noqa: ARG002
        """Return the number."""
        return FixedController(self._limit)

    def keep(self) -> None:
        """Have nothing to remember."""


class Tuners:
    """Makes each server's tuner with what is remembered; remembers what they found."""

    def __init__(
        self,
        members: Sequence[Member],
        clock: Clock,
        cap: int | None,
        memory: TuningMemory | None,
    ) -> None:
        self._members = tuple(members)
        self._clock = clock
        self._cap = cap
        self._memory = memory
        self._tuners: dict[Endpoint, Tuner] = {}

    def make(self, endpoint: Endpoint, info: EndpointInfo | None) -> Controller:
        """Return who decides how many calls an endpoint gets."""
        if endpoint.model_id.startswith("echo"):
            return FixedController(min(self._cap or ECHO_LIMIT, ECHO_LIMIT))
        memory = self._memory
        tuner = self._tuners[endpoint] = Tuner(
            is_streaming=endpoint.is_streaming,
            slots=None if info is None else info.slots,
            cap=_cap_of(endpoint, info, self._cap),
            memory=memory.find(endpoint.model_id, self._clock.now())
            if memory is not None
            else None,
        )
        return tuner

    def keep(self) -> None:
        """Remember what was found where there were calls enough to find something."""
        for member in self._members:
            tuner = self._tuners.get(member.endpoint)
            gate = member.gate
            if self._memory is None or tuner is None or gate is None:
                continue
            if gate.calls >= _WORTH_KEEPING:
                self._memory.keep(member.model_id, tuner.memory(), self._clock.now())


def _cap_of(
    endpoint: Endpoint, info: EndpointInfo | None, cap: int | None
) -> int | None:
    """Let no call wait inside our own server.

    Elsewhere one waits there, to bridge the way between us. Ours is a millisecond
    away, and a call sent when a slot gets free meets that slot with the beginning of
    its prompt still in the cache.
    """
    if info is None or info.slots is None:
        return cap
    if not endpoint.model_id.startswith("embedded"):
        return cap
    return info.slots if cap is None else min(cap, info.slots)


def _fitted(
    spec: ModelSpec, options: EndpointOptions, cap: int | None
) -> EndpointOptions:
    """Return the options with the slots our own server is to have."""
    if spec.provider != "embedded" or options.slots is not None:
        return options
    slots = this_machine().slots
    return replace(options, slots=slots if cap is None else min(cap, slots))
